using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>The pages of operators in both widths, colours and languages: axe finds nothing serious; CASHOUT_E2E_SCREENSHOTS keeps pictures.</summary>
[Collection(Consoles.Looks)]
public sealed class OperatorLooks(RehearsalFixture fixture) : SharedConsole(fixture)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("CASHOUT_E2E_SCREENSHOTS");

    [Theory]
    [InlineData("wide", 1440, ColorScheme.Light, "en-US")]
    [InlineData("phone-dark-zh", 390, ColorScheme.Dark, "zh-CN")]
    public async Task The_pages_of_operators_have_no_serious_violation(string look, int width, ColorScheme colours, string locale)
    {
        var faults = new List<string>();
        var url = Rehearsal.Url;
        var admin = await Fixture.Browser.NewPageAsync(width, 900, locale, colours);
        // In English first: the other page then comes in with the same session, whatever its language.
        await (await Fixture.Browser.NewPageAsync()).SignInAsync(url, "admin");
        await admin.SignInAsync(url, "admin");
        await admin.GotoAsync(url + "/operators");
        await admin.WaitForCircuitAsync();
        await admin.Locator(".page-actions button").ClickAsync();
        await LookAsync(admin, "operators-new", look, faults);
        await admin.Locator("dialog input[id^=operator-name]").FillAsync("Nina Novak");
        await admin.Locator("dialog input[id^=operator-user]").FillAsync("nina-" + look);
        await admin.Locator("dialog .role input").First.CheckAsync();
        await admin.Locator("dialog textarea").FillAsync("Joins the team");
        await admin.Locator("dialog button[type=submit].btn-primary").ClickAsync();
        var copy = admin.Locator("dialog [data-copy]");
        await copy.Or(admin.Locator("dialog .demo-code")).First.WaitForAsync();
        if (!await copy.IsVisibleAsync())
        {
            await admin.AnswerStepUpAsync(admin.Locator("dialog:has(.demo-code)"), admin.Locator("dialog .demo-code button"));
        }
        await copy.WaitForAsync();
        await LookAsync(admin, "operators-link", look, faults);
        var link = (await copy.GetAttributeAsync("data-copy"))!;
        await admin.Locator("dialog button[type=submit].btn-primary").ClickAsync();
        await LookAsync(admin, "operators", look, faults);
        await admin.Locator("tbody a", new() { HasText = "Nina Novak" }).First.ClickAsync();
        await admin.Locator(".changes").WaitForAsync();
        await LookAsync(admin, "operator", look, faults);
        await admin.Locator(".changes li:first-child button").FocusAsync();
        await LookAsync(admin, "operator-why", look, faults);
        var stranger = await Fixture.Browser.NewPageAsync(width, 900, locale, colours);
        await stranger.GotoAsync(link);
        await LookAsync(stranger, "invite", look, faults);
        await stranger.GotoAsync(url + "/invite/nothing");
        await LookAsync(stranger, "invite-refused", look, faults);

        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    private static async Task LookAsync(IPage page, string name, string look, List<string> faults)
    {
        await page.SettleAsync();
        await Axe.CheckAsync(page, name, faults);
        if (Folder is not null)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{look}.png") });
        }
    }
}
