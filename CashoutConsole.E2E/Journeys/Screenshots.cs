using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>
/// Pictures of every page, wide and narrow, light and dark, in both languages, for people to look at: CASHOUT_E2E_SCREENSHOTS names the
/// folder. Without it only the pages' drawing is tried, once.
/// </summary>
[Collection(Consoles.Money)]
public sealed class Screenshots(RehearsalFixture fixture) : SharedConsole(fixture)
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("CASHOUT_E2E_SCREENSHOTS");

    private static readonly (string Name, int Width, int Height, ColorScheme Colours, string Locale)[] Looks = Folder is null
        ? [("wide", 1440, 900, ColorScheme.Light, "en-US")]
        : [("wide", 1440, 900, ColorScheme.Light, "en-US"), ("dark-zh", 1440, 900, ColorScheme.Dark, "zh-CN"), ("phone", 390, 844, ColorScheme.Light, "en-US"), ("phone-dark-zh", 390, 844, ColorScheme.Dark, "zh-CN")];

    [Fact]
    public async Task Every_page_is_drawn()
    {
        var request = await AskAsync();
        foreach (var (name, width, height, colours, locale) in Looks)
        {
            var treasury = await Fixture.Browser.NewPageAsync(width, height, locale, colours);
            await treasury.GotoAsync(Rehearsal.Url + "/sign-in");
            await ShootAsync(treasury, $"sign-in-{name}");
            await SignInByDemoAsync(treasury, "treasury", name);
            foreach (var path in new[] { "accounts", "withdrawals", "members", "providers" })
            {
                await treasury.GotoAsync($"{Rehearsal.Url}/{path}");
                await treasury.WaitForCircuitAsync();
                await ShootAsync(treasury, $"{path}-{name}");
            }
            var admin = await Fixture.Browser.NewPageAsync(width, height, locale, colours);
            await admin.GotoAsync(Rehearsal.Url + "/sign-in");
            await SignInByDemoAsync(admin, "admin", null);
            await admin.OpenFailedNoticesAsync(Rehearsal.Url);
            await ShootAsync(admin, $"notices-{name}");
            await ShootAllAsync(admin, name, ("policy", "policy"), ("policy-edit", "policy/edit"));
            await ShootSummaryAsync(treasury, name);
            await ShootAllAsync(treasury, name, ("approvals-mine", "approvals?tab=Mine"), ("withdrawals-open", "withdrawals?open=true"));
            var supervisor = await Fixture.Browser.NewPageAsync(width, height, locale, colours);
            await supervisor.GotoAsync(Rehearsal.Url + "/sign-in");
            await SignInByDemoAsync(supervisor, "supervisor", null);
            await ShootAllAsync(supervisor, name, ("approval", $"approvals/{request}"), ("approvals", "approvals"));
            await supervisor.Locator(".bar input").CheckAsync();
            await ShootAsync(supervisor, $"approvals-selected-{name}");
            await supervisor.Locator(".bar .btn-danger-quiet").ClickAsync();
            await ShootAsync(supervisor, $"approvals-rejecting-{name}");
            var auditor = await Fixture.Browser.NewPageAsync(width, height, locale, colours);
            await auditor.GotoAsync(Rehearsal.Url + "/sign-in");
            await SignInByDemoAsync(auditor, "auditor", null);
            await ShootSecurityAsync(auditor, name);
            await auditor.GotoAsync(Rehearsal.Url + "/audit");
            await auditor.WaitForCircuitAsync();
            await ShootAsync(auditor, $"audit-{name}");
        }
    }

    [Fact]
    public async Task Selecting_accounts_is_drawn()
    {
        foreach (var (name, width, height, colours, locale) in Looks)
        {
            var page = await Fixture.Browser.NewPageAsync(width, height, locale, colours);
            await page.GotoAsync(Rehearsal.Url + "/sign-in");
            await SignInByDemoAsync(page, "treasury", null);
            await page.Locator("tbody .tick").Nth(1).ClickAsync();
            await page.Locator("tbody .tick").Nth(3).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
            await ShootAsync(page, $"selection-some-{name}");
            await page.Locator(".selection-actions button").Nth(1).ClickAsync();
            await page.Locator("#bulk-amount").FillAsync("50");
            await ShootAsync(page, $"selection-leave-{name}");
            await page.Locator("dialog .dialog-footer button").First.ClickAsync();
            await page.Locator("th .tick").ClickAsync();
            await page.Locator(".selection-blocks > summary").ClickAsync();
            await ShootAsync(page, $"selection-all-{name}");
            await page.Locator(".selection-actions button").First.ClickAsync();
            await page.Locator("#bulk-amount").WaitForAsync();
            await ShootAsync(page, $"selection-each-{name}");
            await page.Locator("dialog .dialog-footer button").First.ClickAsync();
            await page.Locator(".filters .chip").First.ClickAsync();
            await page.Locator(".selection-notice").WaitForAsync();
            await ShootAsync(page, $"selection-cleared-{name}");
            await page.Locator(".source-main").First.ClickAsync();
            await page.Locator(".cash-out > button").ClickAsync();
            await ShootAsync(page, $"cash-out-menu-{name}");
            await page.Locator(".cash-out .menu-item").First.ClickAsync();
            await page.Locator("#bulk-title").WaitForAsync();
            await ShootAsync(page, $"cash-out-all-{name}");
        }
    }

    /// <summary>By the demo panel's own buttons, whose names are the same in both languages.</summary>
    private static async Task SignInByDemoAsync(IPage page, string userName, string? look)
    {
        await page.Locator($"form:has(input[value='{userName}']) button").ClickAsync();
        await page.WaitForURLAsync("**/sign-in/code*");
        if (look is not null)
        {
            await ShootAsync(page, $"sign-in-code-{look}");
        }
        await page.UseDemoCodeAsync();
        await page.WaitForURLAsync("**/accounts");
        await page.WaitForCircuitAsync();
    }

    /// <summary>Two large withdrawals that wait for others. The id of the newer one's request.</summary>
    private async Task<string> AskAsync()
    {
        var page = await Fixture.Browser.NewPageAsync();
        await page.SignInAsync(Rehearsal.Url, "treasury", fresh: true);
        var accounts = new AccountsScreen(page, Rehearsal.Url);
        foreach (var (place, amount) in new[] { (0, "5000.00"), (1, "6200.50") })
        {
            await accounts.FindAsync((await AccountPicker.RichestAsync(Rehearsal.Sandbox, place)).Id);
            var dialog = await accounts.OpenDialogAsync();
            await dialog.FillAsync(amount, "Quarterly sweep of the advertising cards");
            await dialog.ConfirmLargeAsync(amount);
        }
        await ShootAsync(page, "withdrawal-waiting");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the request" }).ClickAsync();
        await page.WaitForURLAsync("**/approvals/*");
        return new Uri(page.Url).Segments[^1];
    }

    private async Task ShootAllAsync(IPage page, string look, params (string Name, string Path)[] stops)
    {
        foreach (var (name, path) in stops)
        {
            await page.GotoAsync($"{Rehearsal.Url}/{path}");
            await page.WaitForCircuitAsync();
            await ShootAsync(page, $"{name}-{look}");
        }
    }

    /// <summary>The withdrawal dialog with an amount that others must approve, before it is confirmed.</summary>
    private async Task ShootSummaryAsync(IPage page, string look)
    {
        var account = await AccountPicker.RichestAsync(Rehearsal.Sandbox);
        await page.GotoAsync($"{Rehearsal.Url}/accounts?q={account.Id}");
        await page.Locator(".withdraw-cell button").First.ClickAsync();
        await page.Locator("#withdraw-amount").FillAsync("5000");
        await page.Locator("#withdraw-reason").FillAsync("Quarterly sweep");
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await page.Locator("#withdraw-again").WaitForAsync();
        await ShootAsync(page, $"summary-approval-{look}");
    }

    private async Task ShootSecurityAsync(IPage page, string look)
    {
        await page.GotoAsync(Rehearsal.Url + "/security");
        await page.WaitForCircuitAsync();
        await ShootAsync(page, $"security-{look}");
        await page.Locator(".actions button").Nth(1).ClickAsync();
        await page.Locator("dialog .demo-code").WaitForAsync();
        await ShootAsync(page, $"step-up-{look}");
        await page.AnswerStepUpAsync(page.Locator("dialog.dialog"), page.Locator("dialog .demo-code button"));
        await page.Locator(".codes").WaitForAsync();
        await ShootAsync(page, $"recovery-codes-{look}");
        await page.Locator(".actions button").First.ClickAsync();
        await page.Locator(".qr").WaitForAsync();
        await ShootAsync(page, $"two-factor-{look}");
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
