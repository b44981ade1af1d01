using Bunit;
using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Approvals.UI;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Approvals;

public sealed class PolicyPagesTests : PageTest
{
    private NavigationManager Navigation => Services.GetRequiredService<NavigationManager>();

    [Fact]
    public async Task The_rules_are_told_in_words_with_todays_use_and_the_proof()
    {
        await Rig.PolicyAsync("Asia/Shanghai", (PolicyMeasure.ItemAmount, 0, 0), (PolicyMeasure.ItemAmount, 5000, 1), (PolicyMeasure.OperatorPerDay, 1000, 0));
        await Rig.RequestAsync(await Rig.AccountAsync(900), 400);
        SignIn(Rig.Supervisor, Role.Supervisor);
        var page = Render<PolicyPage>();
        page.WaitForElement(".rules");
        foreach (var words in new[]
        {
            L["RuleWords_ItemAmount", "5,000.00", "USD", L["Policy_Checkers_1"].Value].Value, L["Policy_UsedToday", "tina", "400.00", "600.00"].Value,
            L["Policy_AllApprovable"].Value, L["Policy_TimeZoneIs", "Asia/Shanghai"].Value,
        })
        {
            Assert.Contains(words, page.Markup, StringComparison.Ordinal);
        }
        Assert.Empty(page.FindAll(".page-actions button"));
    }

    [Fact]
    public async Task The_counter_example_is_named()
    {
        await Rig.DisableAsync(Rig.Supervisor);
        await Rig.DisableAsync(Rig.OtherSupervisor);
        SignIn(Rig.Administrator, Role.Administrator);
        var page = Render<PolicyPage>();
        page.WaitForAssertion(() => Assert.Contains(L["Policy_NotApprovable"], page.Find(".callout-danger").TextContent, StringComparison.Ordinal));
        Assert.Contains("tina", page.Find(".callout-danger").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_change_is_judged_compared_and_proposed_and_a_second_person_sees_both_sides()
    {
        await Rig.StepUpAsync(Rig.Administrator);
        var page = Edit(Rig.Administrator, Role.Administrator);
        Assert.Equal(L["Error_ReasonMissing"].Value == Reason(page) ? L["Error_ReasonMissing"].Value : L["Policy_NothingChanged"].Value, Reason(page));
        var amount = page.FindAll("input[inputmode=decimal]")[0];
        amount.Input("4,000");
        Assert.Equal(L["Error_AmountSeparators"], page.Find(".rules .field-error").TextContent);
        Assert.Equal(L["Error_AmountSeparators"], Reason(page));
        page.FindAll("input[inputmode=decimal]")[0].Input("4000");
        Assert.Equal(L["Error_ReasonMissing"], Reason(page));
        page.Find("#policy-zone").Input("Mars/Olympus");
        page.Find("#policy-reason").Input("Lower the threshold");
        Assert.Equal(L["Error_TimeZoneUnknown"], Reason(page));
        page.Find("#policy-zone").Input("Asia/Shanghai");
        Assert.Contains(L["RuleWords_ItemAmount", "4,000.00", "USD", L["Policy_Checkers_1"].Value], page.Find(".difference").TextContent, StringComparison.Ordinal);
        Assert.Contains(L["RuleWords_ItemAmount", "5,000.00", "USD", L["Policy_Checkers_1"].Value], page.Find(".difference").TextContent, StringComparison.Ordinal);
        page.Find(".page > .row button").Click();
        page.WaitForState(() => Navigation.Uri.Contains("/approvals/", StringComparison.Ordinal));

        var id = Guid.Parse(new Uri(Navigation.Uri).Segments[^1]);
        SignIn(Rig.Supervisor, Role.Supervisor);
        await Rig.StepUpAsync(Rig.Supervisor);
        var request = Render<ApprovalPage>(p => p.Add(c => c.Id, id));
        request.WaitForAssertion(() => Assert.Equal(2, request.FindAll(".difference .changed").Count));
        request.Find(".page-actions .btn-primary").Click();
        await request.Find("dialog form").SubmitAsync();
        await request.Find("dialog form").SubmitAsync();
        Assert.Equal("Asia/Shanghai", (await Rig.QueryAsync(static db => db.Policies.SingleAsync(static p => p.State == PolicyState.Active))).TimeZone);
        // Afterwards the two sides are still the old and the new one.
        request.WaitForAssertion(() => Assert.Equal(2, request.FindAll(".difference .changed").Count));
    }

    [Fact]
    public async Task Typing_the_editors_address_without_the_right_is_refused_and_on_record()
    {
        SignIn(Rig.Treasury, Role.Treasury);
        var page = Render<PolicyEditPage>();
        page.WaitForAssertion(() => Assert.Contains(L["Error_Forbidden"], page.Markup, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("input, select, textarea"));
        var refusal = await Rig.QueryAsync(db => db.AuditEntries.OrderByDescending(static e => e.Sequence).FirstAsync());
        Assert.Equal((AuditResult.Refused, Rig.Treasury.Id), (refusal.Result, refusal.ActorId));
    }

    [Fact]
    public void Leaving_with_changes_asks_first()
    {
        var page = Edit(Rig.Administrator, Role.Administrator);
        page.Find("#policy-reason").Input("Half done");
        Navigation.NavigateTo("/accounts");
        page.WaitForAssertion(() => Assert.Contains(L["Policy_LeaveTitle"], page.Find("dialog").TextContent, StringComparison.Ordinal));
        Assert.DoesNotContain("/accounts", Navigation.Uri, StringComparison.Ordinal);
        page.Find("dialog .dialog-footer .btn").Click();
        Assert.Equal("Half done", page.Find("#policy-reason").GetAttribute("value"));
        Navigation.NavigateTo("/accounts");
        page.WaitForElement("dialog form").Submit();
        page.WaitForAssertion(() => Assert.EndsWith("/accounts", Navigation.Uri, StringComparison.Ordinal));
    }

    [Fact]
    public void A_rule_that_was_added_starts_empty_and_can_be_taken_away()
    {
        var page = Edit(Rig.Administrator, Role.Administrator);
        var before = page.FindAll(".rules tbody tr").Count;
        page.Find(".card-header .btn").Click();
        Assert.Equal(before + 1, page.FindAll(".rules tbody tr").Count);
        Assert.Empty(page.FindAll(".rules .field-error"));
        Assert.Equal(L["Error_AmountMissing"], Reason(page));
        page.FindAll(".rules tbody tr .icon-btn")[^1].Click();
        Assert.Equal(before, page.FindAll(".rules tbody tr").Count);
    }

    [Fact]
    public void Rules_meet_their_like_in_a_comparison()
    {
        var old = new[] { Rule(PolicyMeasure.ItemAmount, 5000, 1), Rule(PolicyMeasure.ItemAmount, 50_000, 2), Rule(PolicyMeasure.StepUp, 5000, 0) };
        var edited = new[] { Rule(PolicyMeasure.ItemAmount, 4000, 1), Rule(PolicyMeasure.ItemAmount, 50_000, 2), Rule(PolicyMeasure.OperatorPerDay, 9000, 0) };
        var changes = PolicyComparison.Of(old, edited);
        Assert.Equal(4, changes.Count);
        Assert.Contains(new RuleChange(old[0], edited[0]), changes);
        Assert.Contains(new RuleChange(old[1], old[1]), changes);
        Assert.Contains(new RuleChange(old[2], null), changes);
        Assert.Contains(new RuleChange(null, edited[2]), changes);
    }

    [Fact]
    public void Every_rule_and_state_has_words()
    {
        string[] keys =
        [
            .. Enum.GetNames<PolicyMeasure>().SelectMany(static name => new[] { "Measure_" + name, "RuleWords_" + name }), .. Enum.GetNames<PolicyState>().Select(static name => "PolicyState_" + name),
            .. Enumerable.Range(0, PolicyJudge.MaxCheckers + 1).Select(static count => $"Policy_Checkers_{count}"), "LimitLeft_OperatorPerDay", "LimitLeft_ProviderAccountPerDay",
        ];
        Assert.DoesNotContain(keys, key => L[key].ResourceNotFound);
    }

    private static RuleDraft Rule(PolicyMeasure measure, decimal amount, int checkers) => new(measure, "USD", null, null, null, amount, checkers);

    private static string Reason(IRenderedComponent<PolicyEditPage> page) => page.Find(".page > .row [role=tooltip]").TextContent;

    private IRenderedComponent<PolicyEditPage> Edit(Actor viewer, Role role)
    {
        SignIn(viewer, role);
        var page = Render<PolicyEditPage>();
        page.WaitForElement(".rules");
        return page;
    }
}
