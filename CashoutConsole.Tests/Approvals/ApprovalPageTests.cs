using Bunit;
using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Approvals.UI;
using CashoutConsole.Foundation;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.UI;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Approvals;

public sealed class ApprovalPageTests : PageTest
{
    [Fact]
    public async Task It_shows_exactly_what_was_hashed()
    {
        var (id, request) = await Rig.LargeAsync();
        var page = Open(request.Id, Rig.Supervisor, Role.Supervisor);
        var shown = page.WaitForElement(".lines").QuerySelectorAll("tr").Select(static row => (row.Children[0].TextContent, row.Children[1].TextContent)).ToList();
        Assert.Equal(WithdrawalLines.Of(await Rig.ReadAsync(id)), ApprovalDigest.TextOf(shown));
        Assert.Contains(request.Digest, page.Find(".digest").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_maker_is_offered_recall_and_no_decision()
    {
        var (id, request) = await Rig.LargeAsync();
        var page = Open(request.Id, Rig.Treasury, Role.Treasury);
        Assert.Equal([L["Approval_Recall"].Value], page.WaitForElement(".page-actions").QuerySelectorAll("button").Select(static button => button.TextContent.Trim()), StringComparer.Ordinal);
        page.Find(".page-actions button").Click();
        page.Find("dialog textarea").Input("Wrong card");
        await page.Find("dialog form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains(L["ApprovalHint_Recalled"], page.Markup, StringComparison.Ordinal));
        Assert.Equal(WithdrawalStatus.Cancelled, (await Rig.ReadAsync(id)).Status);
    }

    [Fact]
    public async Task Who_may_not_decide_is_told_why()
    {
        var (_, request) = await Rig.LargeAsync();
        var page = Open(request.Id, Rig.Auditor, Role.Auditor);
        page.WaitForAssertion(() => Assert.Equal(2, page.FindAll(".page-actions [role=tooltip]").Count));
        Assert.All(page.FindAll(".page-actions [role=tooltip]"), tip => Assert.Equal(L["Reason_NotAllowed"], tip.TextContent));
        page.FindAll(".page-actions button")[^1].Click();
        Assert.Empty(page.FindAll("dialog"));
    }

    [Fact]
    public async Task Of_two_needed_approvals_the_first_is_named_and_the_second_sends_it()
    {
        await Rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 0, 0), (PolicyMeasure.ItemAmount, 5000, 2));
        var (id, request) = await Rig.LargeAsync();
        Assert.True((await Rig.ApproveAsync(Rig.Supervisor, request)).IsSuccess);
        await Rig.StepUpAsync(Rig.OtherSupervisor);
        var page = Open(request.Id, Rig.OtherSupervisor, Role.Supervisor);
        page.WaitForAssertion(() => Assert.Contains(L["Approval_Given", 1, 2], page.Markup, StringComparison.Ordinal));
        Assert.Contains("sam", page.Find(".timeline").TextContent, StringComparison.Ordinal);
        page.Find(".page-actions .btn-primary").Click();
        await page.Find("dialog form").SubmitAsync();
        Assert.Equal(WithdrawalStatus.Scheduled, (await Rig.ReadAsync(id)).Status);
        await page.Find("dialog form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains("su", page.Find(".timeline").TextContent, StringComparison.Ordinal));

        var withdrawal = Render<WithdrawalPage>(p => p.Add(c => c.Id, id));
        withdrawal.WaitForAssertion(() => Assert.Equal(
            ["tina", "sam", "su", "su"],
            withdrawal.FindAll(".timeline")[^1].QuerySelectorAll(".timeline-by").Select(static by => by.TextContent), StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_rejected_withdrawal_is_requested_again_with_what_it_said_and_names_the_first()
    {
        var (id, request) = await Rig.LargeAsync();
        Assert.True((await Rig.RejectAsync(Rig.Supervisor, request, "Ask for less")).IsSuccess);
        await Rig.StepUpAsync(Rig.Treasury);
        SignIn(Rig.Treasury, Role.Treasury);
        var page = Render<WithdrawalPage>(p => p.Add(c => c.Id, id));
        page.WaitForAssertion(() => Assert.Contains("Ask for less", page.Markup, StringComparison.Ordinal));
        page.Find(".page-actions .btn-primary").Click();
        Assert.Equal("6000.00", page.WaitForElement("#withdraw-amount").GetAttribute("value"));
        Assert.Equal("Bring it home", page.Find("#withdraw-reason").GetAttribute("value"));
        page.Find("#withdraw-amount").Input("5500");
        await page.Find("dialog form").SubmitAsync();
        page.WaitForElement("#withdraw-again").Input("5500");
        await page.InvokeAsync(() => { });
        Clock.Advance(WithdrawDialog.Settle);
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("dialog [role=tooltip]")));
        await page.Find("dialog form").SubmitAsync();
        var navigation = Services.GetRequiredService<NavigationManager>();
        page.WaitForState(() => navigation.Uri.Contains("/withdrawals/", StringComparison.Ordinal));
        var next = await Rig.RequestOfAsync(Guid.Parse(new Uri(navigation.Uri).Segments[^1]));
        Assert.Equal(request.Id, next.PreviousId);

        var chained = Open(next.Id, Rig.Supervisor, Role.Supervisor);
        chained.WaitForAssertion(() => Assert.Contains($"/approvals/{request.Id}", chained.Markup, StringComparison.Ordinal));
        var first = Open(request.Id, Rig.Supervisor, Role.Supervisor);
        first.WaitForAssertion(() => Assert.Contains($"/approvals/{next.Id}", first.Markup, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Somebody_elses_rejected_withdrawal_is_not_taken_up()
    {
        var (id, request) = await Rig.LargeAsync();
        Assert.True((await Rig.RejectAsync(Rig.Supervisor, request)).IsSuccess);
        SignIn(Rig.OtherTreasury, Role.Treasury);
        var page = Render<WithdrawalPage>(p => p.Add(c => c.Id, id));
        page.WaitForElement(".timeline");
        Assert.Empty(page.FindAll(".page-actions button"));
    }

    [Fact]
    public async Task A_waiting_withdrawal_says_for_how_many_and_how_long_and_offers_recall()
    {
        var (id, request) = await Rig.LargeAsync();
        SignIn(Rig.Treasury, Role.Treasury);
        var page = Render<WithdrawalPage>(p => p.Add(c => c.Id, id));
        page.WaitForAssertion(() => Assert.Contains(L["ApprovalHint_Pending", 1], page.Markup, StringComparison.Ordinal));
        Assert.Contains($"/approvals/{request.Id}", page.Markup, StringComparison.Ordinal);
        Assert.Equal(L["Approval_Recall"], page.Find(".page-actions button").TextContent.Trim());
    }

    private IRenderedComponent<ApprovalPage> Open(Guid request, Actor viewer, params Role[] roles)
    {
        SignIn(viewer, roles);
        return Render<ApprovalPage>(p => p.Add(c => c.Id, request));
    }
}
