using Bunit;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Approvals.UI;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Tests.Approvals;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using CashoutConsole.Withdrawals.UI;
using CashoutConsole.Withdrawals.UI.Bulk;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

/// <summary>The list of batches, their words, and where else they show.</summary>
public sealed class BatchWordsTests : PageTest
{
    private static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public async Task The_list_names_what_became_of_each_batch_and_offers_the_upload_to_makers_only()
    {
        var id = await Rig.DraftAsync(BatchRig.These(await Rig.AccountAsync(100), await Rig.AccountAsync(50)));
        Assert.True((await Rig.SubmitAsync(id)).IsSuccess);
        Assert.True(await Rig.SendAsync((await Rig.LegsAsync(id))[0].Id));
        SignIn(Rig.Treasury, Role.Treasury);
        var page = Render<BatchesPage>();
        page.WaitForAssertion(() =>
        {
            var row = page.Find(".vtable tbody tr[aria-rowindex]").TextContent;
            Assert.Contains(L.CountOf(OutcomeGroup.Paid, 1), row, StringComparison.Ordinal);
            Assert.Contains(L.CountOf(OutcomeGroup.Waiting, 1), row, StringComparison.Ordinal);
            Assert.Contains("150.00", row, StringComparison.Ordinal);
        });
        Assert.Empty(page.FindAll(".outcome-success, .progress-success, .badge-success"));
        Assert.Equal("1", page.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
        Assert.Single(page.FindAll("a[href='/batches/upload']"));
    }

    [Fact]
    public void Who_may_not_request_is_told_why_there_is_no_upload()
    {
        SignIn(Rig.Auditor, Role.Auditor);
        var page = Render<BatchesPage>();
        page.WaitForAssertion(() => Assert.Equal(L["Reason_NotAllowed"], page.Find(".page-actions [role=tooltip]").TextContent));
        Assert.Empty(page.FindAll("a[href='/batches/upload']"));
    }

    [Fact]
    public async Task The_inbox_shows_a_batch_with_its_money_and_approves_all_of_it()
    {
        await Rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 40, 1));
        var id = await Rig.DraftAsync(BatchRig.These(await Rig.AccountAsync(100), await Rig.AccountAsync(50.5m)));
        Assert.True((await Rig.SubmitAsync(id)).IsSuccess);
        SignIn(Rig.Supervisor, Role.Supervisor);
        await Rig.StepUpAsync(Rig.Supervisor);
        var page = Render<ApprovalsPage>();
        var row = page.WaitForElement("article");
        Assert.Contains("150.50", row.QuerySelector(".headline")!.TextContent, StringComparison.Ordinal);
        Assert.Contains(L["Batch_Withdrawals", 2], row.TextContent, StringComparison.Ordinal);
        Assert.Equal($"/batches/{id}", row.QuerySelector(".facts a")!.GetAttribute("href"));
        page.Find("article .btn-primary").Click();
        Assert.Equal("150.50 USD", page.Find("dialog .totals").TextContent);
        await page.Find("dialog form").SubmitAsync();
        page.WaitForElement("dialog .good");
        Assert.All(await Rig.LegsAsync(id), static w => Assert.Equal(WithdrawalStatus.Scheduled, w.Status));
    }

    [Fact]
    public async Task A_withdrawal_says_which_batch_it_is_part_of_and_a_ceiling_is_up_to_its_amount_until_it_is_sent()
    {
        var account = await Rig.AccountAsync(100);
        var id = await Rig.DraftAsync(BatchRig.These(account));
        await Rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 40, 1));
        Assert.True((await Rig.SubmitAsync(id)).IsSuccess);
        var leg = Assert.Single(await Rig.LegsAsync(id));
        Assert.True(leg.IsCeiling);
        SignIn(Rig.Treasury, Role.Treasury);
        var page = Render<WithdrawalPage>(p => p.Add(c => c.Id, leg.Id));
        page.WaitForAssertion(() => Assert.StartsWith(L["Amount_UpTo", "100.00 USD"], page.Find("h1").TextContent, StringComparison.Ordinal));
        Assert.Single(page.FindAll($"a[href='/batches/{id}']"));
        Assert.True((await Rig.ApproveAsync(Rig.Supervisor, await Rig.RequestOfBatchAsync(id))).IsSuccess);
        Rig.Provider.Put(Rig.Provider.Account(account.ExternalId) with { Balance = 98 });
        Assert.True(await Rig.SendAsync(leg.Id));
        var after = Render<WithdrawalPage>(p => p.Add(c => c.Id, leg.Id));
        after.WaitForAssertion(() => Assert.StartsWith("98.00 USD", after.Find("h1").TextContent, StringComparison.Ordinal));
        Assert.Contains(L["Withdrawal_Planned", "100.00"], after.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public void Legs_are_told_by_amount_and_rhythm()
    {
        Assert.Equal("10,000.00 + 5,000.25 + 5,000.25", Plan(15.5, 10_000m, 5_000.25m, 5_000.25m).Amounts);
        Assert.Equal("5 × 10,000.00 + 1.50", Plan(15.5, 10_000m, 10_000m, 10_000m, 10_000m, 10_000m, 1.5m).Amounts);
        Assert.Equal(TimeSpan.FromMinutes(15.5), Plan(15.5, 1, 1, 1).Every);
        Assert.Null(Plan(0, 1, 1).Every);
        Assert.Null(Plan(15.5, 1).Every);
        Assert.Equal("15 min 30 s", L.DurationOf(TimeSpan.FromMinutes(15.5)));
        Assert.Equal("2 h 5 min", L.DurationOf(TimeSpan.FromMinutes(125)));
    }

    [Theory]
    [InlineData("", null, null)]
    [InlineData("?tab=LeftOut", BatchItemTab.LeftOut, null)]
    [InlineData("?group=failed", null, OutcomeGroup.Failed)]
    [InlineData("?tab=17&group=nonsense", null, null)]
    public void The_address_holds_tab_and_group(string query, BatchItemTab? tab, OutcomeGroup? group)
    {
        var read = BatchQuery.Read("http://localhost/batches/x" + query);
        Assert.Equal(new BatchQuery(tab, group), read);
        Assert.Equal(read, BatchQuery.Read("http://localhost" + read.AddressOf(Guid.Empty)));
    }

    [Fact]
    public void Every_term_of_batches_has_words()
    {
        string[] keys =
        [
            .. Enum.GetNames<BatchPhase>().Select(static name => "BatchPhase_" + name), .. Enum.GetNames<BatchSource>().Select(static name => "BatchSource_" + name),
            .. Enum.GetNames<OutcomeGroup>().SelectMany(static name => new[] { "OutcomeGroup_" + name, "OutcomeCount_" + name }),
            .. Enum.GetNames<BatchItemTab>().SelectMany(static name => new[] { "BatchTab_" + name, "Batch_None_" + name }),
        ];
        Assert.DoesNotContain(keys, key => L[key].ResourceNotFound);
        Assert.DoesNotContain(LeftOutCodes.All, code => L.LeftOutOf(code).StartsWith("LeftOut_", StringComparison.Ordinal) || L.LeftOutOf(code).StartsWith("Blocked_", StringComparison.Ordinal));
    }

    private static LegPlan Plan(double minutes, params decimal[] amounts) => new([.. amounts.Select((amount, index) => new PlannedLeg(amount, Noon.AddMinutes(minutes * index)))]);
}
