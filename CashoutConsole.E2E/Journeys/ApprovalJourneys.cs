using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>Large withdrawals go out only when somebody else allowed them, and everybody sees who did.</summary>
[Collection(Consoles.Approvals)]
public sealed class ApprovalJourneys(RehearsalFixture fixture) : SharedConsole(fixture)
{
    private const string Amount = "5000.00";

    [Fact]
    public async Task A_supervisor_sees_it_without_reloading_approves_and_it_is_sent_once()
    {
        var account = await AccountPicker.RichestAsync(Rehearsal.Sandbox, place: 1);
        var (treasury, supervisor) = (await Fixture.Browser.NewPageAsync(), await Fixture.Browser.NewPageAsync());
        await supervisor.SignInAsync(Rehearsal.Url, "supervisor");
        await treasury.SignInAsync(Rehearsal.Url, "treasury");
        var inbox = new InboxScreen(supervisor);
        await inbox.OpenAsync();
        await Assertions.Expect(supervisor.GetByText("Nothing waits for you")).ToBeVisibleAsync();

        var id = await RequestAsync(treasury, account.Id, "Quarterly sweep");
        await new WithdrawalScreen(treasury, Rehearsal.Url).ShowsAsync("Awaiting approval");
        await Assertions.Expect(treasury.GetByText("Still needed: 1")).ToBeVisibleAsync();
        Assert.DoesNotContain(await Rehearsal.Sandbox.LedgerAsync("uqpay", account.Id), static entry => entry.Kind == "withdrawal");

        await Assertions.Expect(inbox.Badge).ToContainTextAsync("1");
        await Assertions.Expect(inbox.RowOf("Quarterly sweep")).ToContainTextAsync("5,000.00");
        Assert.Contains("Approved", await inbox.ApproveAsync("Quarterly sweep"), StringComparison.Ordinal);
        await Assertions.Expect(inbox.Badge).ToHaveCountAsync(0);

        await new WithdrawalScreen(treasury, Rehearsal.Url).ShowsAsync("Succeeded");
        var names = new[] { await NameOfAsync(treasury), await NameOfAsync(supervisor) };
        foreach (var name in names)
        {
            await Assertions.Expect(treasury.Locator("main").GetByText(name, new() { Exact = true }).First).ToBeVisibleAsync();
        }
        await supervisor.GotoAsync($"{Rehearsal.Url}/audit?subject={id}");
        await supervisor.WaitForCircuitAsync();
        foreach (var name in names)
        {
            await Assertions.Expect(supervisor.GetByRole(AriaRole.Grid).GetByText(name).First).ToBeVisibleAsync();
        }
        Assert.Equal(5000m, Assert.Single(await Rehearsal.Sandbox.LedgerAsync("uqpay", account.Id), static entry => entry.Kind == "withdrawal").Amount);
    }

    [Fact]
    public async Task Rejected_with_a_reason_and_requested_again_keeps_the_trail()
    {
        var account = await AccountPicker.RichestAsync(Rehearsal.Sandbox);
        var (treasury, supervisor) = (await Fixture.Browser.NewPageAsync(), await Fixture.Browser.NewPageAsync(width: 390, height: 844));
        await treasury.SignInAsync(Rehearsal.Url, "treasury");
        await supervisor.SignInAsync(Rehearsal.Url, "supervisor");
        var first = await RequestAsync(treasury, account.Id, "Too early");
        await supervisor.GotoAsync(Rehearsal.Url + "/approvals");

        Assert.Contains("Rejected", await new InboxScreen(supervisor).RejectAsync("Too early", "Wait for the statement"), StringComparison.Ordinal);

        await new WithdrawalScreen(treasury, Rehearsal.Url).ShowsAsync("Rejected");
        await Assertions.Expect(treasury.GetByText("Wait for the statement").First).ToBeVisibleAsync();
        await treasury.GetByRole(AriaRole.Button, new() { Name = "Request again" }).ClickAsync();
        var dialog = new WithdrawScreen(treasury);
        await Assertions.Expect(dialog.Amount).ToHaveValueAsync(Amount);
        await Assertions.Expect(dialog.Reason).ToHaveValueAsync("Too early");
        await dialog.FillAsync(Amount, "The statement is here");
        await dialog.AmountAgain.FillAsync(Amount);
        await dialog.Confirm.ClickAsync();
        await treasury.WaitForURLAsync(address => !address.Contains(first.ToString(), StringComparison.Ordinal));
        await treasury.GetByRole(AriaRole.Link, new() { Name = "Open the request" }).ClickAsync();
        await treasury.GetByRole(AriaRole.Link, new() { Name = "Takes up an earlier request again" }).ClickAsync();
        await Assertions.Expect(treasury.GetByText("Wait for the statement").First).ToBeVisibleAsync();
        await Assertions.Expect(treasury.GetByRole(AriaRole.Link, new() { Name = "Taken up again by a later request" })).ToBeVisibleAsync();
        Assert.DoesNotContain(await Rehearsal.Sandbox.LedgerAsync("uqpay", account.Id), static entry => entry.Kind == "withdrawal");
    }

    [Fact]
    public async Task The_maker_is_offered_no_decision_and_no_editor_of_the_policy()
    {
        var account = await AccountPicker.RichestAsync(Rehearsal.Sandbox);
        var treasury = await Fixture.Browser.NewPageAsync();
        await treasury.SignInAsync(Rehearsal.Url, "treasury");
        await RequestAsync(treasury, account.Id, "Mine alone");

        await treasury.GetByRole(AriaRole.Link, new() { Name = "Open the request" }).ClickAsync();
        await treasury.GetByRole(AriaRole.Button, new() { Name = "Recall" }).WaitForAsync();
        Assert.Equal(0, await treasury.GetByRole(AriaRole.Button, new() { NameRegex = new("^(Approve|Reject)") }).CountAsync());
        await treasury.GotoAsync(Rehearsal.Url + "/policy/edit");
        await Assertions.Expect(treasury.GetByText("You do not have access to this page")).ToBeVisibleAsync();
        Assert.Equal(0, await treasury.Locator("main input, main select, main textarea").CountAsync());
    }

    private async Task<Guid> RequestAsync(IPage page, string account, string reason)
    {
        var accounts = new AccountsScreen(page, Rehearsal.Url);
        await accounts.FindAsync(account);
        var dialog = await accounts.OpenDialogAsync();
        await dialog.FillAsync(Amount, reason);
        await Assertions.Expect(dialog.Dialog.GetByText("Needs 1 approval by another person")).ToBeVisibleAsync();
        return await dialog.ConfirmLargeAsync(Amount);
    }

    private static Task<string> NameOfAsync(IPage page) => page.Locator(".user-name").InnerTextAsync();
}
