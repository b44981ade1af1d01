using System.Text;
using System.Text.Json;
using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>
/// The sandbox answers with full card numbers and CVVs, as the real lists do. After people have used the console, none of them stands in
/// its database, log, pages, addresses or exports.
/// </summary>
[Collection(Consoles.Money)]
public sealed class CardNumberCanary(RehearsalFixture fixture) : SharedConsole(fixture)
{
    [Fact]
    public async Task No_full_card_number_or_cvv_leaves_the_adapter()
    {
        var (numbers, cvvs) = Planted();
        Assert.True(numbers.Count > 20, "The sandbox plants card numbers.");
        var seen = new StringBuilder();
        var page = await Fixture.Browser.NewPageAsync();
        page.FrameNavigated += (_, frame) => seen.AppendLine(frame.Url);
        await page.SignInAsync(Rehearsal.Url, "treasury");
        var account = await AccountPicker.PickAsync(Rehearsal.Sandbox, "pikabao", "card", "active");
        var accounts = new AccountsScreen(page, Rehearsal.Url);
        await accounts.FindAsync(account.Id);
        seen.AppendLine(await page.ContentAsync());

        // Typed where people type: refused, and in no address.
        await page.GetByLabel("Search accounts").FillAsync(numbers[0]);
        await Assertions.Expect(page.GetByText("full card number", new() { Exact = false }).First).ToBeVisibleAsync();
        seen.AppendLine(page.Url);
        await accounts.FindAsync(account.Id);
        var dialog = await accounts.OpenDialogAsync();
        await dialog.Amount.FillAsync("15.00");
        await dialog.Reason.FillAsync("for " + numbers[0]);
        await dialog.Continue.ClickAsync();
        await Assertions.Expect(dialog.Dialog.GetByText("full card number", new() { Exact = false }).First).ToBeVisibleAsync();
        await dialog.FillAsync("15.00", "Canary");
        await dialog.ConfirmAsync();
        await new WithdrawalScreen(page, Rehearsal.Url).ShowsAsync("Succeeded");
        seen.AppendLine(await page.ContentAsync());

        var csv = await page.APIRequest.GetAsync(Rehearsal.Url + "/exports/withdrawals.csv");
        seen.AppendLine(await csv.TextAsync()).AppendLine(Rehearsal.Console!.Output).AppendLine(StoredText());
        var text = seen.ToString();

        Assert.All(numbers, number => Assert.DoesNotContain(number, text, StringComparison.Ordinal));
        Assert.All(cvvs, cvv => Assert.DoesNotContain($"\"cvv\":\"{cvv}\"", text, StringComparison.OrdinalIgnoreCase));
    }

    /// <summary>What the sandbox holds as the providers would.</summary>
    private (List<string> Numbers, List<string> Cvvs) Planted()
    {
        var numbers = new List<string>();
        var cvvs = new List<string>();
        foreach (var details in Read(Rehearsal.SandboxFile, "SELECT details FROM accounts"))
        {
            using var json = JsonDocument.Parse(details);
            if (json.RootElement.TryGetProperty("number", out var number) && number.GetString() is { Length: >= 13 } full)
            {
                numbers.Add(full);
            }
            if (json.RootElement.TryGetProperty("cvv", out var cvv) && cvv.GetString() is { } secret)
            {
                cvvs.Add(secret);
            }
        }
        return (numbers, cvvs);
    }

    /// <summary>Every text of every table of the console's database.</summary>
    private string StoredText()
    {
        var text = new StringBuilder();
        foreach (var table in Read(Rehearsal.DatabaseFile, "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite%'").ToList())
        {
            foreach (var column in Read(Rehearsal.DatabaseFile, $"SELECT name FROM pragma_table_info('{table}')").ToList())
            {
                text.AppendJoin('\n', Read(Rehearsal.DatabaseFile, $"SELECT \"{column}\" FROM \"{table}\" WHERE typeof(\"{column}\") = 'text'")).AppendLine();
            }
        }
        return text.ToString();
    }

    private static List<string> Read(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<string>();
        while (reader.Read())
        {
            rows.Add(reader.GetString(0));
        }
        return rows;
    }
}
