using Bunit;
using CashoutConsole.Exports;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.UI;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Withdrawals;

public sealed class WithdrawalPagesTests : PageTest
{
    [Fact]
    public async Task A_waiting_withdrawal_is_cancelled_with_a_reason()
    {
        var page = await OpenAsync(Rig.Treasury, Role.Treasury);
        page.WaitForAssertion(() => Assert.Contains("Scheduled", page.Find("h1").TextContent, StringComparison.Ordinal));
        page.Find(".page-actions button").Click();
        page.Find("dialog textarea").Input("Asked by mistake");
        page.Find("dialog form").Submit();
        page.WaitForAssertion(() => Assert.Contains("Cancelled", page.Find("h1").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("dialog"));
        Assert.Equal(WithdrawalStatus.Cancelled, (await Rig.ReadAsync(page.Instance.Id)).Status);
    }

    [Fact]
    public async Task No_reason_no_cancelling()
    {
        var page = await OpenAsync(Rig.Treasury, Role.Treasury);
        page.WaitForElement(".page-actions button").Click();
        page.Find("dialog form").Submit();
        Assert.Equal(L["Error_ReasonMissing"].Value, page.Find("dialog [role=tooltip]").TextContent);
        Assert.Equal(WithdrawalStatus.Scheduled, (await Rig.ReadAsync(page.Instance.Id)).Status);
    }

    [Fact]
    public async Task Somebody_else_is_told_why_they_cannot_cancel()
    {
        var page = await OpenAsync(Rig.OtherTreasury, Role.Treasury);
        page.WaitForAssertion(() => Assert.Equal(L["Withdrawal_CancelNotYours"].Value, page.Find(".page-actions [role=tooltip]").TextContent));
        page.Find(".page-actions button").Click();
        Assert.Empty(page.FindAll("dialog"));
    }

    [Fact]
    public async Task An_unknown_outcome_says_what_was_asked_what_settles_it_and_whether_it_is_sent_again()
    {
        SignIn(Rig.Treasury, Role.Treasury);
        var account = await Rig.AccountAsync(500m);
        Rig.Provider.Script(FakeProvider.LoseRequest);
        var id = await Rig.RequestAndSendAsync(account, 120m);
        var page = Render<WithdrawalPage>(p => p.Add(c => c.Id, id));
        page.WaitForAssertion(() => Assert.Contains(L["StatusHint_OutcomeUnknown"].Value, page.Find(".unknown").TextContent, StringComparison.Ordinal));
        var panel = page.Find(".unknown").TextContent;
        Assert.Contains("120.00", panel, StringComparison.Ordinal);
        Assert.Contains(L[$"Unknown_Replay_{Rig.Provider.Sheet.Replay}"].Value, panel, StringComparison.Ordinal);
        Assert.Contains(L[$"Unknown_Settles_{Rig.Provider.Sheet.Provider}"].Value, panel, StringComparison.Ordinal);
        Assert.Equal(L["Withdrawal_TooLateToCancel"].Value, page.Find(".page-actions [role=tooltip]").TextContent);
    }

    [Fact]
    public void A_withdrawal_that_does_not_exist_says_so()
    {
        SignIn(Rig.Treasury, Role.Treasury);
        var page = Render<WithdrawalPage>(p => p.Add(c => c.Id, Guid.NewGuid()));
        page.WaitForAssertion(() => Assert.Equal(L["Error_WithdrawalNotFound"].Value, page.Find(".empty-title").TextContent));
    }

    [Fact]
    public void Nothing_is_green_until_everything_of_the_currency_is_final()
    {
        var open = Totals(new("USD", WithdrawalStatus.Succeeded, 48, 4800m), new("USD", WithdrawalStatus.OutcomeUnknown, 1, 10m));
        Assert.Empty(open.FindAll(".dot-success"));
        var final = Totals(new("USD", WithdrawalStatus.Succeeded, 48, 4800m), new("USD", WithdrawalStatus.Failed, 1, 10m));
        Assert.Single(final.FindAll(".dot-success"));
    }

    [Theory]
    [InlineData(Role.Treasury, true)]
    [InlineData(Role.Administrator, false)]
    public async Task The_file_is_offered_only_to_those_who_may_export(Role role, bool offered)
    {
        SignIn(role == Role.Treasury ? Rig.Treasury : Rig.Administrator, role);
        await Rig.RequestAsync(await Rig.AccountAsync(500m), 120m);
        Services.GetRequiredService<NavigationManager>().NavigateTo("/withdrawals?currency=USD&open=true");
        var page = Render<WithdrawalsPage>();
        page.WaitForAssertion(() => Assert.Contains("120.00", page.Find(".total").TextContent, StringComparison.Ordinal));
        Assert.Equal(offered ? ["/exports/withdrawals.csv?open=true&currency=USD"] : [], page.FindAll("a[download]").Select(static link => link.GetAttribute("href")!), StringComparer.Ordinal);
    }

    [Fact]
    public void The_page_and_its_file_read_the_same_address_alike()
    {
        var filter = new WithdrawalFilter
        {
            Search = "a&b=ü 7",
            Provider = ProviderKind.UnCash,
            ProviderAccountId = Guid.NewGuid(),
            AccountId = Guid.NewGuid(),
            Status = WithdrawalStatus.OutcomeUnknown,
            OpenOnly = true,
            MakerId = "maker-1",
            Currency = "USD",
            From = new DateTimeOffset(2026, 11, 20, 16, 0, 0, TimeSpan.Zero),
            To = new DateTimeOffset(2026, 11, 21, 16, 0, 0, TimeSpan.Zero),
        };
        var address = "http://localhost" + WithdrawalQuery.Write(WithdrawalQuery.Csv, filter);
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(new Uri(address).Query);
        Assert.Equal(filter, WithdrawalQuery.Read(address));
        Assert.Equal(filter, ExportsSetup.WithdrawalFilterOf(request.Query));
    }

    [Fact]
    public void Every_reason_and_every_class_of_answer_has_words()
    {
        string[] keys =
        [
            .. ReasonCodes.All.Select(static code => "Reason_" + code), .. Enum.GetNames<BreakKind>().Select(static name => "Break_" + name),
            .. Enum.GetNames<AttemptState>().SelectMany(static name => new[] { "AttemptState_" + name, "AttemptStateHint_" + name }),
            .. Enum.GetNames<AttemptKind>().Select(static name => "AttemptKind_" + name),
            .. typeof(SubmissionOutcome).GetNestedTypes().Select(static type => "Outcome_" + type.Name),
            .. Enum.GetNames<ReplayRule>().Select(static name => "Unknown_Replay_" + name), .. Enum.GetNames<ProviderKind>().Select(static name => "Unknown_Settles_" + name),
        ];
        Assert.DoesNotContain(keys, key => L[key].ResourceNotFound);
    }

    private IRenderedComponent<WithdrawalTotals> Totals(params WithdrawalTotal[] totals) => Render<WithdrawalTotals>(p => p.Add(c => c.Totals, totals));

    private async Task<IRenderedComponent<WithdrawalPage>> OpenAsync(Actor viewer, Role role)
    {
        SignIn(viewer, role);
        var id = await Rig.RequestAsync(await Rig.AccountAsync(500m), 120m);
        return Render<WithdrawalPage>(p => p.Add(c => c.Id, id));
    }
}
