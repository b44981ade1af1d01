using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>axe finds no serious or critical violation on any page, nor in the dialog.</summary>
public sealed class AccessibilityTests(RehearsalFixture fixture) : IClassFixture<RehearsalFixture>
{
    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task No_page_has_a_serious_violation(int width, ColorScheme colours)
    {
        var faults = new List<string>();
        var page = await fixture.Browser.NewPageAsync(width, 900, "en-US", colours);
        await page.GotoAsync(fixture.Rehearsal.Url + "/sign-in");
        await CheckAsync(page, "sign-in", faults);
        await page.SignInAsync(fixture.Rehearsal.Url, "treasury");
        foreach (var path in new[] { "accounts", "withdrawals", "members", "providers" })
        {
            await page.GotoAsync($"{fixture.Rehearsal.Url}/{path}");
            await page.WaitForCircuitAsync();
            await CheckAsync(page, path, faults);
        }
        var account = await AccountPicker.PickAsync(fixture.Rehearsal.Sandbox, "uqpay", "card", "active");
        var accounts = new AccountsScreen(page, fixture.Rehearsal.Url);
        await accounts.FindAsync(account.Id);
        var dialog = await accounts.OpenDialogAsync();
        await CheckAsync(page, "dialog", faults);
        await dialog.FillAsync("10.00", "Accessibility");
        await CheckAsync(page, "summary", faults);
        await dialog.ConfirmAsync();
        await page.WaitForCircuitAsync();
        await CheckAsync(page, "withdrawal", faults);
        var auditor = await fixture.Browser.NewPageAsync(width, 900, "en-US", colours);
        await auditor.SignInAsync(fixture.Rehearsal.Url, "auditor");
        await auditor.GotoAsync(fixture.Rehearsal.Url + "/audit");
        await auditor.WaitForCircuitAsync();
        await CheckAsync(auditor, "audit", faults);

        Assert.Empty(faults);
    }

    private static async Task CheckAsync(IPage page, string name, List<string> faults)
    {
        var result = await page.RunAxe(new AxeRunOptions());
        faults.AddRange(
            from violation in result.Violations
            where violation.Impact is "serious" or "critical"
            from node in violation.Nodes
            select $"{name}: {violation.Id} ({violation.Impact}) {node.Html}");
    }
}
