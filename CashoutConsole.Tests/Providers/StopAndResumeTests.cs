using Bunit;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Providers.UI;
using CashoutConsole.Tests.Support;

namespace CashoutConsole.Tests.Providers;

public sealed class StopAndResumeTests : PageTest
{
    [Fact]
    public async Task One_click_and_a_reason_stop_everything()
    {
        SignIn(Rig.Treasury, Role.Treasury);
        var bar = Render<StopSwitch>();
        bar.WaitForElement("button").Click();
        bar.Find("dialog textarea").Input("Looks wrong");
        bar.Find("dialog form").Submit();
        bar.WaitForAssertion(() => Assert.Empty(bar.FindAll("dialog")));
        var stops = (await Rig.Get<ListSendingStops>().ExecuteAsync(Rig.Treasury, CancellationToken.None)).Value;
        Assert.Equal("Looks wrong", Assert.Single(stops).Stop.Reason);
    }

    [Fact]
    public void Who_may_not_stop_sending_sees_no_switch()
    {
        SignIn(Rig.Auditor, Role.Auditor);
        Assert.Empty(Render<StopSwitch>().Markup.Trim());
    }

    [Fact]
    public async Task Every_page_says_what_is_stopped_by_whom_and_why()
    {
        SignIn(Rig.Auditor, Role.Auditor);
        await StopAsync("Bank says no");
        var notice = Render<StopNotice>();
        notice.WaitForAssertion(() => Assert.Contains("Bank says no", notice.Find("[role=alert]").TextContent, StringComparison.Ordinal));
        Assert.Contains(L["Stop_By", "tina"].Value, notice.Markup, StringComparison.Ordinal);
        Assert.Equal(L["Resume_WhoProposes"].Value, notice.Find("[role=tooltip]").TextContent);
    }

    [Fact]
    public async Task Who_proposed_to_resume_cannot_confirm_it()
    {
        SignIn(Rig.Supervisor, Role.Supervisor);
        await StopAsync("Checking");
        await ProposeAsync(Rig.Supervisor);
        var notice = Render<StopNotice>();
        notice.WaitForAssertion(() => Assert.Equal(L["Error_SecondPersonNeeded"].Value, notice.Find("[role=tooltip]").TextContent));
        notice.Find(".callout button").Click();
        Assert.Empty(notice.FindAll("dialog"));
    }

    [Fact]
    public async Task A_second_person_confirms_and_sending_goes_on()
    {
        SignIn(Rig.Administrator, Role.Administrator);
        await StopAsync("Checking");
        await ProposeAsync(Rig.Supervisor);
        var notice = Render<StopNotice>();
        notice.WaitForElement(".callout button").Click();
        notice.Find("dialog form").Submit();
        Assert.Empty((await Rig.Get<ListSendingStops>().ExecuteAsync(Rig.Auditor, CancellationToken.None)).Value);
    }

    [Fact]
    public void A_provider_account_shows_what_it_can_do_in_words()
    {
        SignIn(Rig.Treasury, Role.Treasury);
        var page = Render<ProvidersPage>();
        page.WaitForAssertion(() => Assert.Single(page.FindAll(".provider")));
        Assert.Contains(L["Sheet_Replay_Safe"].Value, page.Find(".provider").TextContent, StringComparison.Ordinal);
        Assert.Contains($"/withdrawals?providerAccount={Rig.ProviderAccount.Id}&status=OutcomeUnknown", page.FindAll("a.count").Select(static link => link.GetAttribute("href")), StringComparer.Ordinal);
    }

    [Fact]
    public void Every_capability_has_words()
    {
        string[] keys =
        [
            .. Enum.GetNames<ReplayRule>().Select(static name => "Sheet_Replay_" + name), .. Enum.GetNames<ProviderKind>().Select(static name => "Sheet_Lookup_" + name),
            .. Enum.GetNames<ProviderAccountState>().SelectMany(static name => new[] { "ProviderState_" + name, "ProviderStateHint_" + name }),
            "Sheet_Cooldown_" + CooldownScope.Account, "Sheet_Cooldown_" + CooldownScope.ProviderAccount,
        ];
        Assert.DoesNotContain(keys, key => L[key].ResourceNotFound);
    }

    private async Task StopAsync(string reason) =>
        Assert.True((await Rig.Get<StopSending>().ExecuteAsync(Rig.Treasury, new StopSending.Command(SendingStop.EverythingId, reason), CancellationToken.None)).IsSuccess);

    private async Task ProposeAsync(Actor actor) =>
        Assert.True((await Rig.Get<ProposeResume>().ExecuteAsync(actor, new ProposeResume.Command(SendingStop.EverythingId, "Checked"), CancellationToken.None)).IsSuccess);
}
