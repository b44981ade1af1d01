using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;

namespace CashoutConsole.E2E.Journeys;

/// <summary>The main job at each provider: find the account, withdraw, confirm, watch it settle, find it in the audit trail.</summary>
[Collection(Consoles.Money)]
public sealed class EveryProviderJourneys(RehearsalFixture fixture) : SharedConsole(fixture)
{
    private const string Amount = "21.50";

    public static TheoryData<string, string, string> Providers => new()
    {
        { "pikabao", "card", "active" },
        { "keysecure", "holder", "approved" },
        { "uqpay", "card", "active" },
        { "uncash", "card", "active" },
        { "memberwallet", "member", "active" },
    };

    [Theory]
    [MemberData(nameof(Providers))]
    public async Task A_person_withdraws_and_every_book_agrees(string provider, string kind, string status)
    {
        var rehearsal = Rehearsal;
        var account = await AccountPicker.PickAsync(rehearsal.Sandbox, provider, kind, status);
        var page = await Fixture.Browser.NewPageAsync();
        await page.SignInAsync(rehearsal.Url, "treasury");

        var accounts = new AccountsScreen(page, rehearsal.Url);
        await accounts.FindAsync(account.Id);
        var dialog = await accounts.OpenDialogAsync();
        await dialog.FillAsync(Amount, "Journey");
        var id = await dialog.ConfirmAsync();
        await new WithdrawalScreen(page, rehearsal.Url).ShowsAsync("Succeeded");

        var effects = (await rehearsal.Sandbox.LedgerAsync(provider, account.Id)).Where(static e => e.Kind == "withdrawal").ToList();
        Assert.Equal(21.50m, Assert.Single(effects).Amount);
        Assert.Equal(account.Currency, effects[0].Currency);
        await AuditNamesAsync(id);
    }

    /// <summary>The auditor filters by the withdrawal and downloads exactly its entries.</summary>
    private async Task AuditNamesAsync(Guid id)
    {
        var page = await Fixture.Browser.NewPageAsync();
        await page.SignInAsync(Rehearsal.Url, "auditor");
        await page.GotoAsync($"{Rehearsal.Url}/audit?subject={id}");
        await page.WaitForCircuitAsync();
        var download = page.GetByRole(Microsoft.Playwright.AriaRole.Link, new() { NameRegex = new("CSV") });
        var csv = await page.RunAndWaitForDownloadAsync(() => download.ClickAsync());
        var lines = await File.ReadAllLinesAsync((await csv.PathAsync())!);

        Assert.StartsWith("sequence,time,", lines[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.All(
            new[] { "withdrawal.requested", "withdrawal.sending", "withdrawal.succeeded" },
            action => Assert.Single(lines, line => line.Contains($",{action},", StringComparison.Ordinal)));
        Assert.All(lines.Skip(1), line => Assert.Contains(id.ToString(), line, StringComparison.Ordinal));
    }
}
