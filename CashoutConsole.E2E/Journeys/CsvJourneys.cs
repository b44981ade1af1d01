using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>A file of withdrawals: told at the cell what is wrong, paid once however often it is uploaded, and taken home as a file again.</summary>
public sealed class CsvJourneys(RehearsalFixture fixture) : IClassFixture<RehearsalFixture>
{
    private const string Header = "provider_account,account,amount,currency,client_reference,note";
    private const string CardNumber = "4111 1111 1111 1111";
    private const string PaidBefore = "The same row was uploaded before and is paid or on its way.";

    private Rehearsal Rehearsal => fixture.Rehearsal;

    [Fact]
    public async Task A_file_with_faults_is_mended_paid_and_never_paid_twice()
    {
        var accounts = await PickAsync();
        var file = FileOf(accounts);
        var page = await fixture.Browser.NewPageAsync();
        await page.SignInAsync(Rehearsal.Url, "treasury");
        var upload = new UploadScreen(page, Rehearsal.Url);
        var batch = new BatchScreen(page, Rehearsal.Url);

        // A provider's first list can take longer than signing in.
        foreach (var account in accounts)
        {
            await new AccountsScreen(page, Rehearsal.Url).FindAsync(account.Id);
        }
        await upload.SendAsync("november.csv", file, "November file");
        await batch.OpenTabAsync("Rows with faults");
        await FaultsStandAtTheirCellsAsync(upload, page);
        await upload.FixAsync(7, "amount", "11.00");
        await Assertions.Expect(page.GetByText("4 rows with faults")).ToBeVisibleAsync();
        await upload.ContinueWithoutFaultsAsync();
        await batch.OpenTabAsync("Planned");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Confirm 5 withdrawals" })).ToBeVisibleAsync();
        Assert.All(await PaidAsync(accounts), static paid => Assert.Empty(paid.Value));

        // The provider refuses one of them, once.
        await Rehearsal.Sandbox.FaultAsync("keysecure", "withdraw", "refuse", new { code = 1004 });
        await batch.ConfirmAsync("Bring the November money home");
        await Assertions.Expect(batch.Title).ToContainTextAsync("Finished", new() { Timeout = 120_000 });
        await Assertions.Expect(batch.Headline).ToContainTextAsync("4 paid");
        await Assertions.Expect(batch.Headline).ToContainTextAsync("1 failed");
        await IsPaidAsync(accounts, 12.50m, 8m, 10m, null, 11m);

        var all = await upload.DownloadAsync("All rows");
        Assert.Equal(["Paid", "Paid", "Paid", "Failed", "Dropped", "Paid", "Dropped", "Dropped", "Dropped"], StatusesOf(all));
        Assert.DoesNotContain(CardNumber, all, StringComparison.Ordinal);
        var failed = await upload.DownloadAsync("Failed rows");
        Assert.Equal(["Failed"], StatusesOf(failed));

        // What failed goes up again, as it came down.
        await upload.SendAsync("failed.csv", failed, "November once more");
        await batch.ConfirmAsync("The refused one again");
        await Assertions.Expect(batch.Title).ToContainTextAsync("Finished", new() { Timeout = 120_000 });
        await Assertions.Expect(batch.Headline).ToContainTextAsync("1 paid");
        await IsPaidAsync(accounts, 12.50m, 8m, 10m, 7m, 11m);

        // The whole file again, as it was typed and as it was downloaded.
        await upload.SendAsync("november.csv", file, "November by mistake");
        await IsLeftOutAsync(upload, batch, page, paid: 4);
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Confirm 0 withdrawals" })).ToHaveAttributeAsync("aria-disabled", "true");
        await upload.SendAsync("all.csv", all, "November by mistake again");
        await IsLeftOutAsync(upload, batch, page, paid: 5);
        // The row that nobody paid, without the card number in its note.
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Confirm 1 withdrawal" })).ToBeVisibleAsync();
        await IsPaidAsync(accounts, 12.50m, 8m, 10m, 7m, 11m);
    }

    private static async Task FaultsStandAtTheirCellsAsync(UploadScreen upload, IPage page)
    {
        await Assertions.Expect(page.GetByText("5 rows with faults")).ToBeVisibleAsync();
        await Assertions.Expect(page.Locator(".row-faults .field-error")).ToHaveCountAsync(5);
        await Assertions.Expect(upload.FaultAt(6, "amount")).ToContainTextAsync("The amount is negative");
        await Assertions.Expect(upload.FaultAt(7, "amount")).ToContainTextAsync("1250.00, not 1,250.00");
        await Assertions.Expect(upload.FaultAt(8, "account")).ToContainTextAsync("has no such account");
        await Assertions.Expect(upload.FaultAt(9, "note")).ToContainTextAsync("full card number");
        await Assertions.Expect(upload.FaultAt(10, "account")).ToContainTextAsync("line 3", new() { IgnoreCase = true });
        foreach (var (line, column) in new[] { (6, "amount"), (7, "amount"), (8, "account"), (9, "note"), (10, "account") })
        {
            await Assertions.Expect(upload.Cell(line, column)).ToHaveAttributeAsync("aria-invalid", "true");
        }
        Assert.DoesNotContain("1111 1111", await upload.Cell(9, "note").InputValueAsync(), StringComparison.Ordinal);
    }

    private static async Task IsLeftOutAsync(UploadScreen upload, BatchScreen batch, IPage page, int paid)
    {
        await batch.OpenTabAsync("Rows with faults");
        await upload.ContinueWithoutFaultsAsync();
        await batch.OpenTabAsync("Left out");
        await Assertions.Expect(page.GetByRole(AriaRole.Grid).GetByText(PaidBefore)).ToHaveCountAsync(paid);
    }

    /// <summary>The accounts of the rows that are right in the end, and the one whose row stays wrong.</summary>
    private async Task<List<SandboxAccount>> PickAsync() =>
    [
        await AccountPicker.PickAsync(Rehearsal.Sandbox, "pikabao", "card", "active"),
        await AccountPicker.PickAsync(Rehearsal.Sandbox, "pikabao", "card", "active"),
        await AccountPicker.PickAsync(Rehearsal.Sandbox, "memberwallet", "member", "active"),
        await AccountPicker.PickAsync(Rehearsal.Sandbox, "keysecure", "holder", "approved"),
        await AccountPicker.PickAsync(Rehearsal.Sandbox, "pikabao", "card", "active"),
        await AccountPicker.PickAsync(Rehearsal.Sandbox, "pikabao", "card", "active"),
        await AccountPicker.PickAsync(Rehearsal.Sandbox, "pikabao", "card", "active"),
    ];

    private static string FileOf(List<SandboxAccount> accounts)
    {
        string[] rows =
        [
            Header,
            Row(accounts[0], "12.50", "ADV-1"),
            Row(accounts[1], "8.00"),
            Row(accounts[2], "10.00", "ADV-2"),
            Row(accounts[3], "7.00", "ADV-3"),
            Row(accounts[5], "-5.00"),
            Row(accounts[4], "\"1,000.00\"", "ADV-4"),
            "Pikabao:main,no-such-card,5.00,USD,,",
            Row(accounts[6], "5.00", note: $"from {CardNumber}"),
            Row(accounts[1], "8.00"),
        ];
        return string.Join("\r\n", rows) + "\r\n";
    }

    private static string Row(SandboxAccount account, string amount, string reference = "", string note = "")
    {
        var provider = account.Provider switch
        {
            "pikabao" => "Pikabao:main",
            "keysecure" => "KeySecure:main",
            _ => account.Currency == "THB" ? "MemberWallet:thb" : "MemberWallet:php",
        };
        return $"{provider},{account.Id},{amount},{account.Currency},{reference},{note}";
    }

    /// <summary>The sandbox's ledger is the oracle: exactly one withdrawal of this amount from each account, or none.</summary>
    private async Task IsPaidAsync(List<SandboxAccount> accounts, params decimal?[] amounts)
    {
        var paid = await PaidAsync(accounts);
        for (var index = 0; index < accounts.Count; index++)
        {
            decimal[] expected = index < amounts.Length && amounts[index] is { } amount ? [amount] : [];
            Assert.Equal(expected, paid[accounts[index].Id]);
        }
    }

    private async Task<Dictionary<string, decimal[]>> PaidAsync(List<SandboxAccount> accounts)
    {
        var paid = new Dictionary<string, decimal[]>(StringComparer.Ordinal);
        foreach (var account in accounts)
        {
            paid[account.Id] = [.. (await Rehearsal.Sandbox.LedgerAsync(account.Provider, account.Id)).Where(static entry => entry.Kind == "withdrawal").Select(static entry => entry.Amount)];
        }
        return paid;
    }

    private static List<string> StatusesOf(string csv)
    {
        var lines = csv.TrimStart('\uFEFF').Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.StartsWith(Header + ",result_status,", lines[0], StringComparison.Ordinal);
        return [.. lines.Skip(1).Select(static line => line.Split(',')[6])];
    }
}
