using System.Globalization;
using System.Text.RegularExpressions;
using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>
/// Everything at all five providers as one plan: explained before, approved by somebody else, spread over the hour that UnCash's pause takes,
/// across a killed console and a purchase on the way, until nothing is left.
/// </summary>
public sealed class CashOutEverythingJourneys : IAsyncLifetime
{
    private static readonly string[] Providers = ["pikabao", "keysecure", "uqpay", "uncash", "memberwallet"];
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(930);

    private readonly BrowserFixture _browser = new();
    private Rehearsal _rehearsal = null!;
    private SandboxAccount _card = null!;

    public async Task InitializeAsync()
    {
        await _browser.InitializeAsync();
        _rehearsal = await Rehearsal.StartAsync(startConsole: false);
        _rehearsal.ShareClock();
        // An hour passes between two clicks.
        _rehearsal.Settings["Security:IdleMinutes"] = "600";
        // One card with a plan; beside it those that have a reason to be left out. Others would only stand in the same queue; 88.00 is in the other wallet.
        foreach (var account in await _rehearsal.Sandbox.AccountsAsync("uncash"))
        {
            switch (account)
            {
                case { Kind: "card", Balance: 30_000.50m }:
                    _card = account;
                    break;
                case { Kind: "card", Status: "active", Balance: >= 1 and not 88 }:
                    await _rehearsal.Sandbox.ChangeAsync(account, new { balance = 0m });
                    break;
            }
        }
        await _rehearsal.StartConsoleAsync();
    }

    public async Task DisposeAsync()
    {
        await _rehearsal.DisposeAsync();
        await _browser.DisposeAsync();
    }

    [Fact]
    public async Task Everything_comes_home_from_five_providers_in_one_plan()
    {
        // High enough that every row is drawn.
        var (treasury, supervisor) = (await _browser.NewPageAsync(height: 9000), await _browser.NewPageAsync());
        await supervisor.SignInAsync(_rehearsal.Url, "supervisor");
        await treasury.SignInAsync(_rehearsal.Url, "treasury");
        var batch = new BatchScreen(treasury, _rehearsal.Url);
        await batch.CashOutEverythingAsync("Everything home");
        await ThePlanExplainsItselfAsync(treasury, batch);

        await Assertions.Expect(treasury.GetByText("You type the number of withdrawals and prove that it is you.").First).ToBeVisibleAsync();
        await batch.ConfirmAsync("Close the quarter");
        await Assertions.Expect(batch.Title).ToContainTextAsync("Awaiting approval");
        Assert.Empty(await PaidAsync());
        await supervisor.GotoAsync(_rehearsal.Url + "/approvals");
        Assert.Contains("Approved", await new InboxScreen(supervisor).ApproveAsync("Everything home"), StringComparison.Ordinal);

        await OnlyWaitingAsync(batch, parts: 3);
        Assert.Single(await PartsAsync());
        await _rehearsal.Sandbox.PurchaseAsync(_card, 3.20m);
        await NextPartAsync(2);
        await OnlyWaitingAsync(batch, parts: 2);

        // The console dies while the third part waits, and time goes on without it.
        var address = treasury.Url;
        await _rehearsal.KillConsoleAsync();
        await _rehearsal.Sandbox.AdvanceClockAsync(TimeSpan.FromMinutes(5));
        await _rehearsal.StartConsoleAsync();
        await treasury.SignInAsync(_rehearsal.Url, "treasury");
        await treasury.GotoAsync(address);
        await OnlyWaitingAsync(batch, parts: 2);
        await NextPartAsync(3);
        await OnlyWaitingAsync(batch, parts: 1);
        await NextPartAsync(4);

        await Assertions.Expect(batch.Title).ToContainTextAsync("Finished", new() { Timeout = 60_000 });
        await Assertions.Expect(batch.Headline.Locator(".outcome")).ToHaveCountAsync(1);
        await Assertions.Expect(batch.Headline).ToContainTextAsync("paid");
        var parts = await PartsAsync();
        Assert.Equal([10_000m, 10_000m, 4998.65m, 4998.65m], parts.Select(static part => part.Amount));
        Assert.All(parts.Zip(parts.Skip(1)), static pair => Assert.True(pair.Second.At - pair.First.At >= Pause, $"{pair.First.At:O} and {pair.Second.At:O} are too close."));
        Assert.Equal(0m, (await _rehearsal.Sandbox.AccountsAsync("uncash")).Single(account => account.Id == _card.Id && account.Credential == _card.Credential).Balance);
        Assert.Equal(await PaidAsync(), await batch.TotalsAsync());
    }

    private static async Task ThePlanExplainsItselfAsync(IPage page, BatchScreen batch)
    {
        var row = batch.RowOf("10,000.00 + 10,000.00 + 5,000.25 + 5,000.25");
        await Assertions.Expect(row).ToContainTextAsync("every 15 min 30 s");
        await row.ClickAsync();
        var parts = page.GetByRole(AriaRole.Table, new() { Name = "Withdrawals" }).Locator("tbody tr");
        await Assertions.Expect(parts).ToHaveTextAsync([new Regex("1 of 4[\\s\\S]*10,000.00"), new("2 of 4[\\s\\S]*10,000.00"), new("3 of 4[\\s\\S]*5,000.25"), new("4 of 4[\\s\\S]*5,000.25")]);
        var times = new List<DateTimeOffset>();
        foreach (var time in await parts.Locator("time").AllAsync())
        {
            times.Add(DateTimeOffset.Parse((await time.GetAttributeAsync("datetime"))!, CultureInfo.InvariantCulture));
        }
        Assert.All(times.Zip(times.Skip(1)), static pair => Assert.Equal(Pause, pair.Second - pair.First));
        await page.Keyboard.PressAsync("Escape");

        await batch.OpenTabAsync("Left out");
        await Assertions.Expect(batch.RowOf("320.40")).ToContainTextAsync("frozen at the provider");
        await Assertions.Expect(batch.RowOf("0.75")).ToContainTextAsync("below the provider's minimum");
        await Assertions.Expect(batch.RowOf("3,000.00")).ToContainTextAsync("This is a spending limit, not money.");
        await Assertions.Expect(page.Locator(".reasons").GetByText("There is nothing to withdraw.")).ToBeVisibleAsync();
    }

    /// <summary>All that can be sent now is final and paid; only parts of the one plan wait for their time.</summary>
    private static Task OnlyWaitingAsync(BatchScreen batch, int parts) =>
        Assertions.Expect(batch.Headline).ToHaveTextAsync(new Regex($@"^\s*\d+ paid\s*{parts} waiting\s*$"), new() { Timeout = 240_000 });

    /// <summary>Lets time run from a little before the end of the provider's own pause, slowly, so that a part that is sent too early is seen to be.</summary>
    private async Task NextPartAsync(int number)
    {
        var last = (await PartsAsync())[^1].At;
        var now = await _rehearsal.Sandbox.NowAsync();
        await _rehearsal.Sandbox.AdvanceClockAsync(last + Pause - TimeSpan.FromSeconds(35) - now);
        for (var second = 0; (await PartsAsync()).Count < number; second++)
        {
            Assert.True(second < 300, $"Part {number} was not sent.");
            await _rehearsal.Sandbox.AdvanceClockAsync(TimeSpan.FromSeconds(1));
            await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System);
        }
    }

    private async Task<List<LedgerEntry>> PartsAsync() => [.. (await _rehearsal.Sandbox.LedgerAsync("uncash", _card.Id)).Where(static entry => entry.Kind == "withdrawal")];

    /// <summary>What the providers themselves say they paid out, per currency.</summary>
    private async Task<Dictionary<string, decimal>> PaidAsync()
    {
        var paid = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var provider in Providers)
        {
            foreach (var entry in (await _rehearsal.Sandbox.LedgerAsync(provider)).Where(static entry => entry.Kind == "withdrawal"))
            {
                paid[entry.Currency] = paid.GetValueOrDefault(entry.Currency) + entry.Amount;
            }
        }
        return paid;
    }
}
