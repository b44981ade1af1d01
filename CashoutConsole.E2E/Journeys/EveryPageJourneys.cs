using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>
/// On every page and in what opens on it: axe finds no serious or critical violation, and the browser has nothing to complain of, its
/// content security policy included.
/// </summary>
[Collection(Consoles.Looks)]
public sealed class EveryPageJourneys(RehearsalFixture fixture) : SharedConsole(fixture)
{
    private static readonly string[] Themes = ["system", "light", "dark"];

    [Theory]
    [InlineData(1440, ColorScheme.Light)]
    [InlineData(390, ColorScheme.Dark)]
    public async Task No_page_has_a_serious_violation_or_a_complaint_of_the_browser(int width, ColorScheme colours)
    {
        var faults = new List<string>();
        var (treasury, treasuryFaults) = await OpenAsync(width, colours);
        var (auditor, auditorFaults) = await OpenAsync(width, colours);
        var (supervisor, supervisorFaults) = await OpenAsync(width, colours);
        var (admin, adminFaults) = await OpenAsync(width, colours);

        await EveryPage.WalkAsync(Rehearsal, treasury, auditor, LookAsync);
        await EveryPage.DecideAsync(Rehearsal, supervisor, admin, LookAsync);
        await admin.OpenFailedNoticesAsync(Rehearsal.Url);
        await LookAsync(admin, "notices");

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
        Assert.Empty(new[] { treasuryFaults, auditorFaults, supervisorFaults, adminFaults }.SelectMany(static f => f.All));

        async Task LookAsync(IPage page, string name)
        {
            await page.SettleAsync();
            await Axe.CheckAsync(page, name, faults);
            await SwitchThemesAsync(page);
        }
    }

    private async Task<(IPage Page, PageFaults Faults)> OpenAsync(int width, ColorScheme colours)
    {
        var page = await Fixture.Browser.NewPageAsync(width, 900, "en-US", colours);
        return (page, await PageFaults.WatchAsync(page));
    }

    /// <summary>Once around, back to the one that axe looks at: every page is drawn in each of them.</summary>
    private static async Task SwitchThemesAsync(IPage page)
    {
        if (await page.Locator("dialog[open]").CountAsync() == 0)
        {
            foreach (var _ in Themes)
            {
                await page.Locator("[data-theme-switch]").First.ClickAsync();
            }
        }
    }
}
