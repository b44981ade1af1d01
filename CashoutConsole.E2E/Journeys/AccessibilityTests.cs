using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>axe finds no serious or critical violation on any page, nor in what opens on it.</summary>
public sealed class AccessibilityTests(RehearsalFixture fixture) : IClassFixture<RehearsalFixture>
{
    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task No_page_has_a_serious_violation(int width, ColorScheme colours)
    {
        var faults = new List<string>();
        var treasury = await fixture.Browser.NewPageAsync(width, 900, "en-US", colours);
        var auditor = await fixture.Browser.NewPageAsync(width, 900, "en-US", colours);

        await EveryPage.WalkAsync(fixture.Rehearsal, treasury, auditor, (page, name) => CheckAsync(page, name, faults));
        var supervisor = await fixture.Browser.NewPageAsync(width, 900, "en-US", colours);
        var admin = await fixture.Browser.NewPageAsync(width, 900, "en-US", colours);
        await EveryPage.DecideAsync(fixture.Rehearsal, supervisor, admin, (page, name) => CheckAsync(page, name, faults));
        await admin.OpenFailedNoticesAsync(fixture.Rehearsal.Url);
        await CheckAsync(admin, "notices", faults);

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private static async Task CheckAsync(IPage page, string name, List<string> faults)
    {
        await page.SettleAsync();
        var result = await page.RunAxe(new AxeRunOptions());
        faults.AddRange(
            from violation in result.Violations
            where violation.Impact is "serious" or "critical"
            from node in violation.Nodes
            select $"{name}: {violation.Id} ({violation.Impact}) {node.Html}");
    }
}
