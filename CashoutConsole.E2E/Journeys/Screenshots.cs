using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>
/// Pictures of every page, wide and narrow, light and dark, in both languages, for people to look at: CASHOUT_E2E_SCREENSHOTS names the
/// folder. Without it only the pages' drawing is tried, once.
/// </summary>
public sealed class Screenshots(RehearsalFixture fixture) : IClassFixture<RehearsalFixture>
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("CASHOUT_E2E_SCREENSHOTS");

    [Fact]
    public async Task Every_page_is_drawn()
    {
        (string Name, int Width, int Height, ColorScheme Colours, string Locale)[] looks = Folder is null
            ? [("wide", 1440, 900, ColorScheme.Light, "en-US")]
            : [("wide", 1440, 900, ColorScheme.Light, "en-US"), ("dark-zh", 1440, 900, ColorScheme.Dark, "zh-CN"), ("phone", 390, 844, ColorScheme.Light, "en-US"), ("phone-dark-zh", 390, 844, ColorScheme.Dark, "zh-CN")];
        foreach (var (name, width, height, colours, locale) in looks)
        {
            var treasury = await fixture.Browser.NewPageAsync(width, height, locale, colours);
            await treasury.GotoAsync(fixture.Rehearsal.Url + "/sign-in");
            await ShootAsync(treasury, $"sign-in-{name}");
            await SignInByDemoAsync(treasury, "treasury");
            foreach (var path in new[] { "accounts", "withdrawals", "members", "providers" })
            {
                await treasury.GotoAsync($"{fixture.Rehearsal.Url}/{path}");
                await treasury.WaitForCircuitAsync();
                await ShootAsync(treasury, $"{path}-{name}");
            }
            var admin = await fixture.Browser.NewPageAsync(width, height, locale, colours);
            await admin.GotoAsync(fixture.Rehearsal.Url + "/sign-in");
            await SignInByDemoAsync(admin, "admin");
            await admin.OpenFailedNoticesAsync(fixture.Rehearsal.Url);
            await ShootAsync(admin, $"notices-{name}");
            var auditor = await fixture.Browser.NewPageAsync(width, height, locale, colours);
            await auditor.GotoAsync(fixture.Rehearsal.Url + "/sign-in");
            await SignInByDemoAsync(auditor, "auditor");
            await auditor.GotoAsync(fixture.Rehearsal.Url + "/audit");
            await auditor.WaitForCircuitAsync();
            await ShootAsync(auditor, $"audit-{name}");
        }
    }

    /// <summary>By the demo panel's own buttons, whose names are the same in both languages.</summary>
    private static async Task SignInByDemoAsync(IPage page, string userName)
    {
        await page.Locator($"form:has(input[value='{userName}']) button").ClickAsync();
        await page.WaitForURLAsync("**/accounts");
        await page.WaitForCircuitAsync();
    }

    private static async Task ShootAsync(IPage page, string name)
    {
        if (Folder is not null)
        {
            // Rows come in after the first drawing; a picture of placeholders shows nothing.
            await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
            await page.WaitForTimeoutAsync(1500);
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png") });
        }
    }
}
