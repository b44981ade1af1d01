using AngleSharp.Dom;
using Bunit;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.UI;
using CashoutConsole.Tests.Approvals;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Identity;

/// <summary>The pages of operators say what is, what waits, and why something cannot be done.</summary>
public sealed class OperatorPagesTests : PageTest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    [Fact]
    public void Everybody_stands_in_the_list_with_roles_and_state()
    {
        var page = OpenList(Rig.Supervisor, Role.Supervisor);

        page.WaitForAssertion(() => Assert.Equal(6, page.FindAll("tbody tr").Count), Patience);
        Assert.Contains("Auditor", page.FindAll("tbody tr")[0].TextContent, StringComparison.Ordinal);
        Assert.Equal(L["Operators_AdministratorOnly"].Value, page.Find(".page-actions [role=tooltip]").TextContent);
    }

    [Fact]
    public async Task What_waits_for_a_second_person_is_marked_and_leads_to_the_request()
    {
        var id = (await Rig.ProposeRolesAsync(Rig.Administrator, Rig.Auditor, Role.Auditor, Role.Treasury)).Value;
        var page = OpenList(Rig.Supervisor, Role.Supervisor);

        page.WaitForAssertion(() => Assert.Equal("Waiting: Treasury · Auditor", page.Find($"a[href='/approvals/{id}']").TextContent.Trim()), Patience);
    }

    [Fact]
    public void Who_neither_makes_nor_confirms_changes_sees_nobody()
    {
        var page = OpenList(Rig.Treasury, Role.Treasury);

        page.WaitForAssertion(() => Assert.Equal(L["Error_Forbidden"].Value, page.Find(".empty-title").TextContent), Patience);
        Assert.Empty(page.FindAll("table"));
    }

    [Fact]
    public async Task An_administrator_makes_an_operator_and_sees_the_link_once()
    {
        await Rig.StepUpAsync(Rig.Administrator);
        var page = OpenList(Rig.Administrator, Role.Administrator);
        page.WaitForElement(".page-actions button", Patience).Click();
        page.WaitForElement("dialog input[id^=operator-name]", Patience).Input("Nina Novak");
        page.Find("dialog input[id^=operator-user]").Input("nina");
        page.FindAll("dialog .role input")[0].Change(true);
        page.Find("dialog textarea").Input("Joins the team");
        page.Find("dialog form").Submit();

        var link = page.WaitForElement("dialog [data-copy]", Patience).GetAttribute("data-copy")!;
        Assert.StartsWith("http://localhost/invite/", link, StringComparison.Ordinal);
        page.Find("dialog form").Submit();
        page.WaitForAssertion(() => Assert.Equal(7, page.FindAll("tbody tr").Count), Patience);
        Assert.Empty(page.FindAll("[data-copy]"));
    }

    [Fact]
    public void Nobody_is_offered_to_change_themselves()
    {
        var page = OpenOne(Rig.Administrator, Rig.Administrator, Role.Administrator);

        page.WaitForAssertion(() => Assert.NotEmpty(page.FindAll(".changes [role=tooltip]")), Patience);
        Assert.All(page.FindAll(".changes [role=tooltip]"), tip => Assert.Equal(L["Error_CannotChangeSelf"].Value, tip.TextContent));
        Assert.All(page.FindAll(".changes button"), static button => Assert.Equal("true", button.GetAttribute("aria-disabled")));
    }

    [Fact]
    public async Task Roles_are_proposed_with_a_reason_and_then_wait()
    {
        await Rig.StepUpAsync(Rig.Administrator);
        var page = OpenOne(Rig.Administrator, Rig.Auditor, Role.Administrator);
        Button(page, "Operators_ChangeRoles").Click();
        page.WaitForElement("dialog .role input", Patience);
        page.FindAll("dialog .role input")[0].Change(true);
        page.Find("dialog textarea").Input("Helps out");
        page.Find("dialog form").Submit();

        page.WaitForAssertion(() => Assert.Contains("Waiting: Treasury · Auditor", page.Find(".callout-pending").TextContent, StringComparison.Ordinal), Patience);
        page.WaitForAssertion(() => Assert.Contains(L["Error_OperatorRequestPending"].Value, page.Find(".changes li:first-child [role=tooltip]").TextContent, StringComparison.Ordinal), Patience);
    }

    [Fact]
    public async Task A_refused_disabling_names_the_counter_example_and_what_to_do_meanwhile()
    {
        await Rig.StepUpAsync(Rig.Administrator);
        await Rig.DisableAsync(Rig.OtherSupervisor);
        var page = OpenOne(Rig.Administrator, Rig.Supervisor, Role.Administrator);
        Button(page, "Operators_Disable").Click();
        page.WaitForElement("dialog textarea", Patience).Input("Left");
        page.Find("dialog form").Submit();

        page.WaitForAssertion(() => Assert.Contains("tina", page.Find("dialog .callout-danger").TextContent, StringComparison.Ordinal), Patience);
        Assert.Contains("stop sending", page.Find("dialog .callout-danger").TextContent, StringComparison.Ordinal);
        Assert.False((await Rig.PersonAsync(Rig.Supervisor.Id)).IsDisabled);
    }

    [Fact]
    public async Task Without_a_step_up_the_code_is_asked_for_first()
    {
        await Rig.GiveTwoFactorAsync(Rig.Administrator);
        var page = OpenOne(Rig.Administrator, Rig.Auditor, Role.Administrator);
        Button(page, "Operators_Disable").Click();
        page.WaitForElement("dialog textarea", Patience).Input("Left");
        page.Find("dialog form").Submit();

        page.WaitForAssertion(() => Assert.Contains(page.FindAll("dialog h2"), title => title.TextContent == L["SignIn_StepUpTitle"].Value), Patience);
        Assert.False((await Rig.PersonAsync(Rig.Auditor.Id)).IsDisabled);
    }

    [Fact]
    public async Task A_recovery_is_shown_on_every_page_until_two_have_acknowledged_it()
    {
        await Rig.RequestAsync(await Rig.AccountAsync(100), 10);
        var directory = Rig.Get<CashoutConsole.Identity.Application.OperatorDirectory>();
        await directory.RecoverAsync(Actor.Console, new("eve", "Eve", [Role.Administrator], OperatorRig.Password), CancellationToken.None);
        await Rig.StepUpAsync(Rig.Supervisor);
        SignIn(Rig.Supervisor, Role.Supervisor);
        var notice = Render<RecoveryNotice>();
        notice.WaitForElement(".callout-danger button", Patience).Click();
        notice.WaitForElement("dialog form", Patience).Submit();

        notice.WaitForAssertion(() => Assert.Contains(L["RecoveredOperator_FirstBy", "sam"].Value, notice.Find(".callout").TextContent, StringComparison.Ordinal), Patience);
        Assert.Equal(L["Error_AlreadyAcknowledged"].Value, notice.Find(".callout [role=tooltip]").TextContent);
        Assert.Equal(1, await Rig.QueryAsync(static db => db.Recoveries.CountAsync(static r => r.FirstAcknowledgedBy != null && r.AcknowledgedAt == null)));
    }

    private IElement Button(IRenderedComponent<OperatorPage> page, string key)
    {
        page.WaitForState(() => page.FindAll(".changes button").Count > 0, Patience);
        return page.FindAll(".changes button").Single(button => button.TextContent.Trim() == L[key].Value);
    }

    private IRenderedComponent<OperatorsPage> OpenList(Actor actor, params Role[] roles)
    {
        SignIn(actor, roles);
        return Render<OperatorsPage>();
    }

    private IRenderedComponent<OperatorPage> OpenOne(Actor actor, Actor about, params Role[] roles)
    {
        SignIn(actor, roles);
        return Render<OperatorPage>(parameters => parameters.Add(static p => p.Id, about.Id));
    }
}
