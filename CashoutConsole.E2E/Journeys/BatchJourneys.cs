using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>Many accounts at once: previewed, confirmed, approved by somebody else, followed to the last one without a reload, and paid to the cent.</summary>
public sealed class BatchJourneys(RehearsalFixture fixture) : IClassFixture<RehearsalFixture>
{
    private Rehearsal Rehearsal => fixture.Rehearsal;

    [Fact]
    public async Task Selected_accounts_are_confirmed_approved_and_all_of_their_money_comes_home()
    {
        var (treasury, supervisor) = (await fixture.Browser.NewPageAsync(), await fixture.Browser.NewPageAsync());
        await supervisor.SignInAsync(Rehearsal.Url, "supervisor");
        await treasury.SignInAsync(Rehearsal.Url, "treasury");
        var batch = new BatchScreen(treasury, Rehearsal.Url);
        await batch.CashOutAsync("provider=Uqpay&currency=USD", accounts: 6, "Friday sweep");
        await Assertions.Expect(treasury.GetByText("Needs 1 approval by another person").First).ToBeVisibleAsync();
        var planned = await treasury.Locator(".columns .stat-value .money").First.InnerTextAsync();
        Assert.Empty(await PaidAsync());

        await batch.ConfirmAsync("Bring the advertising money home");
        await Assertions.Expect(batch.Title).ToContainTextAsync("Awaiting approval");
        Assert.Empty(await PaidAsync());
        await supervisor.GotoAsync(Rehearsal.Url + "/approvals");
        var inbox = new InboxScreen(supervisor);
        await Assertions.Expect(inbox.RowOf("Friday sweep")).ToContainTextAsync(planned.Split('\u00A0')[0]);
        Assert.Contains("Approved", await inbox.ApproveAsync("Friday sweep"), StringComparison.Ordinal);

        await Assertions.Expect(batch.Title).ToContainTextAsync("Finished", new() { Timeout = 120_000 });
        await Assertions.Expect(treasury.Locator(".headline .outcome")).ToHaveCountAsync(1);
        await Assertions.Expect(batch.Headline).ToContainTextAsync("paid");
        Assert.Equal(await PaidAsync(), await batch.TotalsAsync());
    }

    /// <summary>What the provider itself says it paid out, per currency.</summary>
    private async Task<Dictionary<string, decimal>> PaidAsync() => (await Rehearsal.Sandbox.LedgerAsync("uqpay"))
        .Where(static entry => entry.Kind == "withdrawal")
        .GroupBy(static entry => entry.Currency, StringComparer.Ordinal)
        .ToDictionary(static group => group.Key, static group => group.Sum(static entry => entry.Amount), StringComparer.Ordinal);
}
