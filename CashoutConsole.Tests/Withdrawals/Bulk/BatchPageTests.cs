using AngleSharp.Dom;
using Bunit;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Approvals;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using CashoutConsole.Withdrawals.UI.Bulk;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

/// <summary>What people see and do on the page of a batch, over the real use cases.</summary>
public sealed class BatchPageTests : PageTest
{
    [Fact]
    public async Task While_balances_are_read_the_page_says_how_far_it_is_and_that_it_may_be_closed()
    {
        var account = await Rig.AccountAsync(100);
        var started = await Rig.Get<StartBatch>().ExecuteAsync(Rig.Treasury, new StartBatch.Command(Guid.NewGuid(), BatchRig.These(account), BulkAmountKind.All, 0, "Friday sweep"), CancellationToken.None);
        var page = Open(started.Value);
        page.WaitForAssertion(() => Assert.Contains(L["Batch_ReadingDetail"], page.Find(".reading").TextContent, StringComparison.Ordinal));
        Assert.Contains("Friday sweep", page.Find("h1").TextContent, StringComparison.Ordinal);
        Assert.Equal("1", page.Find("[role=progressbar]").GetAttribute("aria-valuemax"));

        Button(page, L["Batch_Discard"]).Click();
        await page.Find("dialog form").SubmitAsync();
        Assert.Equal(BatchState.Discarded, (await ReadAsync(started.Value)).State);
        Assert.EndsWith("/batches", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_preview_names_the_money_the_parts_and_why_the_others_are_left_out()
    {
        await Rig.AccountAsync(5_000.5m, "card-1");
        var frozen = await Rig.AccountAsync(70, "card-2", status: AccountStatus.Frozen);
        var id = await Rig.DraftAsync(Everything());
        var page = Open(id);
        page.WaitForAssertion(() => Assert.Contains("5,000.50", page.Find(".stat-value").TextContent, StringComparison.Ordinal));
        Assert.Contains(L.CountsOf(1, 1), page.Find(".stat-note").TextContent, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Contains("card-1", Assert.Single(Rows(page)).TextContent, StringComparison.Ordinal));
        Go($"/batches/{id}?tab=LeftOut");
        page.WaitForAssertion(() => Assert.Contains(L["Blocked_StatusFrozen"], Assert.Single(Rows(page)).TextContent, StringComparison.Ordinal));
        Assert.Equal("StatusFrozen", (await Rig.ItemsAsync(id)).Single(i => i.AccountId == frozen.Id).LeftOutCode);
    }

    [Fact]
    public async Task A_balance_that_is_not_the_one_of_the_list_is_marked_and_can_be_shown_alone()
    {
        var account = await Rig.AccountAsync(100, "card-1");
        await Rig.AccountAsync(50, "card-2");
        Rig.Provider.Put(Rig.Provider.Account(account.ExternalId) with { Balance = 80 });
        var id = await Rig.DraftAsync(Everything());
        var page = Open(id);
        page.WaitForAssertion(() => Assert.Contains(L["Batch_ChangedOne"], page.Find(".callout").TextContent, StringComparison.Ordinal));
        Go(page.Find(".callout a").GetAttribute("href")!);
        page.WaitForAssertion(() =>
        {
            var row = Assert.Single(Rows(page));
            Assert.Contains("card-1", row.TextContent, StringComparison.Ordinal);
            Assert.Equal("100.00", row.QuerySelector("s")!.TextContent);
        });
    }

    [Fact]
    public async Task A_row_is_ticked_taken_out_and_put_back()
    {
        await Rig.AccountAsync(100, "card-1");
        await Rig.AccountAsync(50, "card-2");
        var id = await Rig.DraftAsync(Everything());
        var page = Open(id);
        page.WaitForAssertion(() => Assert.Equal(2, Rows(page).Count));
        Rows(page)[0].QuerySelector(".cell-tick button")!.Click();
        Button(page, L["Batch_TakeOut"]).Click();
        page.WaitForAssertion(() => Assert.Single(Rows(page)));
        Assert.Equal(1, (await Rig.ShowAsync(id)).Dropped);

        Go($"/batches/{id}?tab=Dropped");
        page.WaitForAssertion(() => Assert.Single(Rows(page)));
        page.Find("thead .cell-tick button").Click();
        Button(page, L["Batch_PutBack"]).Click();
        page.WaitForAssertion(() => Assert.Contains(L["Batch_None_Dropped"], page.Markup, StringComparison.Ordinal));
        Assert.Equal(2, (await Rig.ShowAsync(id)).PlannedLegs);
    }

    [Fact]
    public async Task It_is_confirmed_with_a_reason_and_then_followed_on_the_same_page()
    {
        var id = await DraftAsync(100, 50);
        var page = Open(id);
        Confirm(page).Click();
        Assert.Equal(L["Error_ReasonMissing"], page.Find(".columns [role=tooltip]").TextContent);
        Assert.Empty(page.FindAll("dialog"));
        page.Find("#batch-reason").Input("Quarterly sweep");
        Confirm(page).Click();
        Assert.Contains("150.00", page.Find("dialog .money-large").TextContent, StringComparison.Ordinal);
        await page.Find("dialog form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains(L.CountOf(OutcomeGroup.Waiting, 2), page.Find(".headline").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll("dialog"));
        Assert.All(await Rig.LegsAsync(id), static w => Assert.Equal("Quarterly sweep", w.Reason));
    }

    [Fact]
    public async Task A_large_one_wants_the_number_of_withdrawals_typed_and_a_step_up()
    {
        await Rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 40, 1));
        var id = await DraftAsync(100, 50);
        var page = Open(id);
        page.WaitForAssertion(() => Assert.Contains(L["Withdraw_NeedsOne", 1], page.Find(".columns").TextContent, StringComparison.Ordinal));
        page.Find("#batch-reason").Input("Quarterly sweep");
        Confirm(page).Click();
        await page.Find("dialog form").SubmitAsync();
        Assert.Equal(L["Confirm_TypedMismatch", "2"], page.Find("dialog [role=tooltip]").TextContent);
        page.Find("dialog input").Input("2");
        await Rig.StepUpAsync(Rig.Treasury);
        await page.Find("dialog form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains(L["BatchPhase_AwaitingApproval"], page.Find("h1").TextContent, StringComparison.Ordinal));
        var request = await Rig.RequestOfBatchAsync(id);
        Assert.Contains($"/approvals/{request.Id}", page.FindAll("a").Select(static a => a.GetAttribute("href")), StringComparer.Ordinal);
        Assert.True((await Rig.ApproveAsync(Rig.Supervisor, request)).IsSuccess);
        Tell();
        page.WaitForAssertion(() => Assert.Contains(L["BatchPhase_Running"], page.Find("h1").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_changed_meanwhile_is_refused_and_the_balances_can_be_read_again()
    {
        var account = await Rig.AccountAsync(100);
        await Rig.AccountAsync(60);
        var id = await Rig.DraftAsync(Everything());
        var page = Open(id);
        page.WaitForElement("#batch-reason").Input("Sweep");
        await Rig.RequestAsync(account, 10, maker: Rig.OtherTreasury);
        Confirm(page).Click();
        await page.Find("dialog form").SubmitAsync();
        page.WaitForAssertion(() => Assert.Contains(L["Error_PreviewChanged"], page.Find(".callout-danger").TextContent, StringComparison.Ordinal));
        Assert.Empty(await Rig.LegsAsync(id));
        page.Find(".callout-danger button").Click();
        page.WaitForElement(".reading");
    }

    [Fact]
    public async Task A_daily_limit_in_the_way_is_named_before_the_confirmation()
    {
        await Rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 100_000, 1), (PolicyMeasure.OperatorPerDay, 120, 0));
        var page = Open(await DraftAsync(100, 50));
        page.WaitForElement("#batch-reason").Input("Sweep");
        Confirm(page).Click();
        Assert.Empty(page.FindAll("dialog"));
        Assert.Equal(page.Find(".columns .callout-danger .callout-body").TextContent.Trim(), page.Find(".columns [role=tooltip]").TextContent);
    }

    [Fact]
    public async Task Nothing_is_green_before_all_of_it_is_final_and_the_page_follows_by_itself()
    {
        var id = await SubmittedAsync(100, 50);
        var page = Open(id);
        page.WaitForAssertion(() => Assert.Equal(2, Rows(page).Count));
        var legs = await Rig.LegsAsync(id);
        Assert.True(await Rig.SendAsync(legs[0].Id));
        Tell();
        page.WaitForAssertion(() => Assert.Contains(L.CountOf(OutcomeGroup.Paid, 1), page.Find(".headline").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".outcome-success, .progress-success, .money-success"));
        Rig.Provider.Script(FakeProvider.RefuseWith(ProviderFaultKind.Other));
        Assert.True(await Rig.SendAsync(legs[1].Id));
        Tell();
        page.WaitForElement(".outcome-success");
        Assert.Contains(L.CountOf(OutcomeGroup.Failed, 1), page.Find(".headline").TextContent, StringComparison.Ordinal);

        page.FindAll(".chip-main").Single(chip => chip.TextContent.Contains(L.NameOf(OutcomeGroup.Failed), StringComparison.Ordinal)).Click();
        Assert.EndsWith("?group=Failed", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Single(Rows(page)));
        Assert.Contains(page.FindAll("a[download]"), link => link.GetAttribute("href")!.EndsWith("rows=failed", StringComparison.Ordinal));
        Button(page, L["Batch_Retry"]).Click();
        var next = await Rig.QueryAsync(db => db.Batches.AsNoTracking().SingleAsync(b => b.PreviousId == id));
        Assert.EndsWith($"/batches/{next.Id}", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_paused_with_a_reason_goes_on_and_the_rest_is_cancelled()
    {
        var id = await SubmittedAsync(100, 50);
        var page = Open(id);
        page.WaitForElement(".page-actions");
        await GiveReasonAsync(page, L["Batch_Pause"], "The bank calls");
        page.WaitForAssertion(() => Assert.Contains("The bank calls", page.Find(".callout-warning").TextContent, StringComparison.Ordinal));
        Assert.Equal(0, await Rig.SendDueAsync());
        await GiveReasonAsync(page, L["Batch_Resume"], "All is well");
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".callout-warning")));
        await GiveReasonAsync(page, L["Batch_CancelRest"], "Not today");
        page.WaitForAssertion(() => Assert.Contains(L["BatchPhase_Finished"], page.Find("h1").TextContent, StringComparison.Ordinal));
        Assert.All(await Rig.LegsAsync(id), static w => Assert.Equal(WithdrawalStatus.Cancelled, w.Status));
    }

    [Fact]
    public async Task Somebody_else_is_told_why_they_cannot_steer_it()
    {
        var id = await SubmittedAsync(100);
        var page = Open(id, Rig.OtherTreasury, Role.Treasury);
        page.WaitForAssertion(() => Assert.Equal([L["Batch_NotYours"].Value, L["Batch_NotYours"].Value], page.FindAll(".page-actions [role=tooltip]").Select(static tip => tip.TextContent), StringComparer.Ordinal));
        Button(page, L["Batch_Pause"]).Click();
        Assert.Empty(page.FindAll("dialog"));
    }

    [Fact]
    public async Task A_plan_that_waits_for_a_person_stands_on_top_and_goes_on_with_one_click()
    {
        var account = await Rig.AccountAsync(1_000);
        var id = await Rig.DraftAsync(BatchRig.These(account));
        Assert.True((await Rig.SubmitAsync(id)).IsSuccess);
        await Rig.ChangeAsync(async db =>
        {
            var item = await db.BatchItems.SingleAsync(i => i.BatchId == id);
            (item.PausedAt, item.PauseCode) = (Rig.Clock.Now(), ReasonCodes.DriftTooLarge);
        });
        var page = Open(id);
        page.WaitForAssertion(() => Assert.Contains(L["Reason_DriftTooLarge"], page.Find(".paused").TextContent, StringComparison.Ordinal));
        Button(page, L["Batch_Renew"]).Click();
        page.WaitForAssertion(() => Assert.Empty(page.FindAll(".paused")));
        Assert.Null(Assert.Single(await Rig.ItemsAsync(id)).PausedAt);
    }

    private static IReadOnlyList<IElement> Rows(IRenderedComponent<BatchPage> page) => page.FindAll(".vtable tbody tr[aria-rowindex]");

    private static CashoutConsole.Cards.Application.AccountSelection Everything() => CashoutConsole.Cards.Application.AccountSelection.Everything(new CashoutConsole.Cards.Application.AccountFilter());

    private static IElement Button(IRenderedComponent<BatchPage> page, string text) => page.FindAll("button").First(button => button.TextContent.Trim() == text);

    private static IElement Confirm(IRenderedComponent<BatchPage> page) => page.WaitForElement(".columns .btn-block");

    private static async Task GiveReasonAsync(IRenderedComponent<BatchPage> page, string action, string reason)
    {
        page.WaitForAssertion(() => Button(page, action).Click());
        page.Find("dialog textarea").Input(reason);
        await page.Find("dialog form").SubmitAsync();
    }

    private Task<Batch> ReadAsync(Guid id) => Rig.QueryAsync(db => db.Batches.AsNoTracking().SingleAsync(b => b.Id == id));

    private async Task<Guid> DraftAsync(params decimal[] balances)
    {
        foreach (var balance in balances)
        {
            await Rig.AccountAsync(balance);
        }
        return await Rig.DraftAsync(Everything());
    }

    private async Task<Guid> SubmittedAsync(params decimal[] balances)
    {
        var id = await DraftAsync(balances);
        Assert.True((await Rig.SubmitAsync(id)).IsSuccess);
        return id;
    }

    /// <summary>What the feed told while the clocks stood still reaches the page now.</summary>
    private void Tell()
    {
        Clock.Advance(ChangeWatch.Pause);
        Rig.Clock.Advance(ChangeWatch.Pause);
    }

    private void Go(string address) => Services.GetRequiredService<NavigationManager>().NavigateTo(address);

    private IRenderedComponent<BatchPage> Open(Guid id, Actor? viewer = null, params Role[] roles)
    {
        SignIn(viewer ?? Rig.Treasury, roles.Length == 0 ? [Role.Treasury] : roles);
        Go($"/batches/{id}");
        return Render<BatchPage>(p => p.Add(c => c.Id, id));
    }
}
