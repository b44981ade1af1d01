using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Data.Sqlite;

namespace CashoutConsole.E2E.Journeys;

/// <summary>
/// SIGKILL of the console while a withdrawal is on its way; the sandbox lives on with the money. Started again, the withdrawal is
/// OutcomeUnknown, then settled by look-up, and never sent a second time.
/// </summary>
public sealed class KilledConsoleJourneys
{
    private static readonly string[] Names = ["pikabao", "keysecure", "uqpay", "uncash", "memberwallet"];

    [Fact]
    public async Task Killed_while_sending_at_every_provider_nothing_is_paid_twice_or_lost()
    {
        var browser = new BrowserFixture();
        await browser.InitializeAsync();
        await using var rehearsal = await Rehearsal.StartAsync(WithPatience);
        try
        {
            var sent = new Dictionary<string, (Guid Id, SandboxAccount Account)>(StringComparer.Ordinal);
            foreach (var name in Names)
            {
                // The money moves at once; the answer waits for longer than the console will live.
                await rehearsal.Sandbox.FaultAsync(name, "withdraw", "delay", new { ms = 150_000 });
                var kind = name switch { "keysecure" => "holder", "memberwallet" => "member", _ => "card" };
                var account = await AccountPicker.PickAsync(rehearsal.Sandbox, name, kind, name == "keysecure" ? "approved" : "active");
                var page = await browser.NewPageAsync();
                await page.SignInAsync(rehearsal.Url, "treasury");
                var accounts = new AccountsScreen(page, rehearsal.Url);
                await accounts.FindAsync(account.Id);
                var dialog = await accounts.OpenDialogAsync();
                await dialog.FillAsync("31.00", "Killed while sending");
                sent[name] = (await dialog.ConfirmAsync(), account);
                await new WithdrawalScreen(page, rehearsal.Url).ShowsAsync("Sending");
            }
            await rehearsal.KillConsoleAsync();

            Assert.All(sent.Values, one => Assert.Equal("Sending", StatusOf(rehearsal.DatabaseFile, one.Id)));
            await rehearsal.StartConsoleAsync();
            var after = await browser.NewPageAsync();
            await after.SignInAsync(rehearsal.Url, "treasury");
            foreach (var (name, (id, account)) in sent)
            {
                var screen = new WithdrawalScreen(after, rehearsal.Url);
                await screen.OpenAsync(id);
                await screen.ShowsAsync("Succeeded", 90_000);
                await screen.HistoryShowsAsync("Outcome unknown");
                var effects = (await rehearsal.Sandbox.LedgerAsync(name, account.Id)).Where(static entry => entry.Kind == "withdrawal");
                Assert.Equal(31m, Assert.Single(effects).Amount);
            }
        }
        finally
        {
            await browser.DisposeAsync();
        }
    }

    /// <summary>Five people's clicks fit into one send's time-out.</summary>
    private static void WithPatience(Rehearsal rehearsal)
    {
        foreach (var key in rehearsal.Settings.Keys.Where(static key => key.EndsWith(":BaseUrl", StringComparison.Ordinal)).ToList())
        {
            rehearsal.Settings[key.Replace(":BaseUrl", ":SendTimeoutSeconds", StringComparison.Ordinal)] = "140";
        }
    }

    private static string StatusOf(string file, Guid id)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT status FROM withdrawals WHERE id = $id";
        command.Parameters.AddWithValue("$id", id.ToString().ToUpperInvariant());
        return (string)command.ExecuteScalar()!;
    }
}
