using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>A batch in each of its states, wide and narrow, light and dark, in both languages: axe finds nothing serious; CASHOUT_E2E_SCREENSHOTS keeps pictures.</summary>
public sealed class BatchLooks(RehearsalFixture fixture) : IClassFixture<RehearsalFixture>
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("CASHOUT_E2E_SCREENSHOTS");

    private Rehearsal Rehearsal => fixture.Rehearsal;

    [Fact]
    public async Task A_batch_is_drawn_in_each_of_its_states()
    {
        (string Name, int Width, int Height, ColorScheme Colours, string Locale)[] looks = Folder is null
            ? [("wide", 1440, 1400, ColorScheme.Light, "en-US"), ("phone-dark-zh", 390, 2000, ColorScheme.Dark, "zh-CN")]
            : [("wide", 1440, 1400, ColorScheme.Light, "en-US"), ("dark-zh", 1440, 1400, ColorScheme.Dark, "zh-CN"), ("phone", 390, 2000, ColorScheme.Light, "en-US"), ("phone-dark-zh", 390, 2000, ColorScheme.Dark, "zh-CN")];
        var faults = new List<string>();
        var treasury = await fixture.Browser.NewPageAsync();
        await treasury.SignInAsync(Rehearsal.Url, "treasury");
        var everything = await EverythingAsync(treasury);
        var batch = new BatchScreen(treasury, Rehearsal.Url);
        // First: what is requested later counts against the same person, and would make this one wait for approval.
        await batch.CashOutAsync("provider=Pikabao&min=1&max=1500&sort=balance", 3, "Small cards");
        await batch.ConfirmAsync("Small balances come home");
        var finished = treasury.Url;
        await Assertions.Expect(batch.Title).ToContainTextAsync("Finished", new() { Timeout = 120_000 });
        await batch.CashOutAsync("provider=Uqpay&currency=USD", 4, "Advertising cards");
        await batch.ConfirmAsync("Quarterly sweep of the advertising cards");
        var waiting = treasury.Url;
        await batch.CashOutAsync("provider=UnCash", 5, "Wallet queue");
        await batch.ConfirmAsync("The wallets are closed at the end of the month");
        var queue = treasury.Url;
        foreach (var (name, width, height, colours, locale) in looks)
        {
            var page = await fixture.Browser.NewPageAsync(width, height, locale, colours);
            await page.SignInAsync(Rehearsal.Url, "treasury");
            await LookAsync(page, faults, $"batches-{name}", Rehearsal.Url + "/batches");
            await LookAsync(page, faults, $"batch-draft-{name}", everything);
            await LookAsync(page, faults, $"batch-draft-left-out-{name}", everything + "?tab=LeftOut");
            await page.GotoAsync(everything);
            await page.Locator("#batch-reason").FillAsync("Quarterly sweep");
            await page.Locator("tbody tr[aria-rowindex] .tick").First.ClickAsync();
            await page.Locator(".columns .btn-block").ClickAsync();
            await page.Locator("dialog .money-large").First.WaitForAsync();
            await LookAsync(page, faults, $"batch-confirm-{name}");
            await LookAsync(page, faults, $"batch-waiting-{name}", waiting);
            await LookAsync(page, faults, $"batch-queue-{name}", queue);
            await LookAsync(page, faults, $"batch-finished-{name}", finished);
        }
        await DecidedAsync(looks, queue, faults);
        Assert.True(faults.Count == 0, string.Join(Environment.NewLine, faults));
    }

    /// <summary>The inbox and the request of the queue; approved, its parts stand in line behind one cooldown.</summary>
    private async Task DecidedAsync(IReadOnlyList<(string Name, int Width, int Height, ColorScheme Colours, string Locale)> looks, string queue, List<string> faults)
    {
        var supervisor = await fixture.Browser.NewPageAsync();
        await supervisor.SignInAsync(Rehearsal.Url, "supervisor");
        await supervisor.GotoAsync(queue);
        var request = await supervisor.Locator("dd a[href^='/approvals/']").GetAttributeAsync("href");
        foreach (var (name, width, height, colours, locale) in looks)
        {
            var page = await fixture.Browser.NewPageAsync(width, height, locale, colours);
            await page.SignInAsync(Rehearsal.Url, "supervisor");
            await LookAsync(page, faults, $"batch-inbox-{name}", Rehearsal.Url + "/approvals");
            await LookAsync(page, faults, $"batch-request-{name}", Rehearsal.Url + request);
        }
        await supervisor.GotoAsync(Rehearsal.Url + "/approvals");
        await new InboxScreen(supervisor).ApproveAsync("Wallet queue");
        await supervisor.GotoAsync(queue);
        await supervisor.Locator(".outcome").Filter(new() { HasText = "paid" }).WaitForAsync(new() { Timeout = 60_000 });
        foreach (var (name, width, height, colours, locale) in looks)
        {
            var page = await fixture.Browser.NewPageAsync(width, height, locale, colours);
            await page.SignInAsync(Rehearsal.Url, "treasury");
            await LookAsync(page, faults, $"batch-running-{name}", queue);
        }
    }

    /// <summary>A draft of all accounts there are. Its address.</summary>
    private async Task<string> EverythingAsync(IPage page)
    {
        await page.GotoAsync(Rehearsal.Url + "/accounts");
        await page.WaitForCircuitAsync();
        await page.Locator("tbody .tick").First.WaitForAsync();
        await page.Locator(".cash-out > button").ClickAsync();
        await page.Locator(".cash-out .menu-item").Last.ClickAsync();
        await new BatchScreen(page, Rehearsal.Url).PreviewAsync("Everything");
        return page.Url;
    }

    private static async Task LookAsync(IPage page, List<string> faults, string name, string? address = null)
    {
        if (address is not null)
        {
            await page.GotoAsync(address);
            await page.WaitForCircuitAsync();
        }
        await page.SettleAsync();
        await Axe.CheckAsync(page, name, faults);
        if (Folder is not null)
        {
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, name + ".png"), FullPage = true });
        }
    }
}
