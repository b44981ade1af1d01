using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Approvals;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using CashoutConsole.Withdrawals.Infrastructure;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

/// <summary>From the selection to the last leg: what is created, what moves, and what must not.</summary>
public sealed class BatchFlowTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Everything_selected_is_explained_and_the_plan_is_sent_to_the_cent(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey with { Cooldown = TimeSpan.Zero, CooldownScope = CooldownScope.None, UnknownHoldsProviderAccount = false });
        await rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 1_000_000, 1));
        var rich = await rig.AccountAsync(30_000.50m);
        var frozen = await rig.AccountAsync(500, status: AccountStatus.Frozen);
        var empty = await rig.AccountAsync(0);
        var small = await rig.AccountAsync(0.80m);
        var id = await rig.DraftAsync(AccountSelection.Everything(new AccountFilter()));

        var view = await rig.ShowAsync(id);
        Assert.Equal(BatchState.Draft, view.Batch.State);
        Assert.Equal(4, view.PlannedLegs);
        Assert.Equal(30_000.50m, Assert.Single(view.Totals).Amount);
        var items = (await rig.ItemsAsync(id)).ToDictionary(static i => i.AccountId!.Value, static i => i.LeftOutCode);
        Assert.Equal("StatusFrozen", items[frozen.Id]);
        Assert.Equal("ZeroBalance", items[empty.Id]);
        Assert.Equal("BelowMinimum", items[small.Id]);
        Assert.Empty(await rig.LegsAsync(id));

        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        Assert.Equal([10_000m, 10_000m, 5_000.25m, 5_000.25m], (await rig.LegsAsync(id)).Select(static w => w.Amount.Amount));
        for (var leg = 0; leg < 4; leg++)
        {
            Assert.Equal(1, await rig.SendDueAsync());
        }
        Assert.Equal(0, rig.Provider.Account(rich.ExternalId).Balance);
        view = await rig.ShowAsync(id);
        Assert.True(view.Row.AllFinal);
        Assert.Equal(30_000.50m, Assert.Single(view.Row.Buckets).Amount);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_batch_that_a_rule_stops_is_approved_as_one_and_then_all_of_it_is_sent(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 5_000, 1), (PolicyMeasure.PlanTotal, 1_000, 1), (PolicyMeasure.NativeAll, 0, 0));
        var accounts = await ManyAsync(rig, 5, 400);
        var both = await rig.OperatorAsync("bo", Role.Treasury, Role.Supervisor);
        var id = await rig.DraftAsync(BatchRig.These(accounts), maker: both);
        Assert.Equal(1, (await rig.ShowAsync(id, both)).Outlook!.Checkers);
        Assert.Equal("StepUpNeeded", (await rig.SubmitAsync(id, both, stepUp: false)).Error?.Code);
        Assert.True((await rig.SubmitAsync(id, both)).IsSuccess);

        Assert.All(await rig.LegsAsync(id), static w => Assert.Equal(WithdrawalStatus.AwaitingApproval, w.Status));
        Assert.Equal(0, await rig.SendDueAsync());
        var request = await rig.RequestOfBatchAsync(id);
        // The decision takes an hour; every time of the plan moves by it, the one that people are shown too.
        var finish = (await rig.ShowAsync(id)).Batch.FinishAt!.Value;
        rig.Clock.Advance(TimeSpan.FromHours(1));
        Assert.Equal("OwnRequest", (await rig.ApproveAsync(both, request)).Error?.Code);
        Assert.Equal(ApprovalStatus.Approved, (await rig.ApproveAsync(rig.Supervisor, request)).Value);
        Assert.Equal(finish.AddHours(1), (await rig.ShowAsync(id)).Batch.FinishAt);
        Assert.Equal(5, await rig.SendDueAsync());

        Assert.All(await rig.LegsAsync(id), static w => Assert.Equal(WithdrawalStatus.Succeeded, w.Status));
        // Where people approve an amount the call without an amount is never used.
        Assert.All(await rig.LegsAsync(id), static w => Assert.Equal(WithdrawalMode.Exact, w.Mode));
        Assert.Equal(2_000, rig.Provider.Effects.Sum(static effect => effect.Amount));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_rejected_batch_moves_nothing_and_frees_its_accounts(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 100, 1));
        var accounts = await ManyAsync(rig, 3, 400);
        var id = await rig.DraftAsync(BatchRig.These(accounts));
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        var blocked = await rig.TryRequestAsync(await rig.ReadAccountAsync(accounts[0].Id), 10);
        Assert.Equal("NotWithdrawable", blocked.Error?.Code);

        Assert.True((await rig.RejectAsync(rig.Supervisor, await rig.RequestOfBatchAsync(id))).IsSuccess);
        Assert.All(await rig.LegsAsync(id), static w => Assert.Equal(WithdrawalStatus.Rejected, w.Status));
        Assert.Equal(0, await rig.SendDueAsync());
        Assert.Empty(rig.Provider.Effects);
        await rig.StepUpAsync(rig.Treasury);
        Assert.True((await rig.TryRequestAsync(await rig.ReadAccountAsync(accounts[0].Id), 10)).IsSuccess);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_row_of_an_approved_batch_that_was_changed_in_the_database_is_not_sent_and_the_others_are(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 100, 1));
        var accounts = await ManyAsync(rig, 3, 400);
        var id = await rig.DraftAsync(BatchRig.These(accounts));
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        Assert.Equal(ApprovalStatus.Approved, (await rig.ApproveAsync(rig.Supervisor, await rig.RequestOfBatchAsync(id))).Value);
        var legs = await rig.LegsAsync(id);
        Assert.True(await rig.SendAsync(legs[0].Id));

        await rig.ChangeAsync(async db =>
        {
            await db.Database.ExecuteSqlRawAsync(kind == DatabaseKind.Sqlite ? "DROP TRIGGER withdrawals_frozen" : "DROP TRIGGER withdrawals_frozen ON withdrawals");
            await db.Withdrawals.Where(w => w.Id == legs[1].Id).ExecuteUpdateAsync(set => set.SetProperty(w => w.AmountMillionths, 399_000_000L));
        });
        Assert.False(await rig.SendAsync(legs[1].Id));
        Assert.True(await rig.SendAsync(legs[2].Id));
        legs = await rig.LegsAsync(id);
        Assert.Equal((WithdrawalStatus.NotSent, ReasonCodes.ApprovalMismatch), (legs[1].Status, legs[1].ReasonCode));
        Assert.Equal(2, rig.Provider.Effects.Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_changed_since_the_preview_stops_the_confirmation_and_nothing_is_created(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var accounts = await ManyAsync(rig, 3, 40);
        var id = await rig.DraftAsync(BatchRig.These(accounts));
        await rig.RequestAsync(accounts[1], 10, maker: rig.OtherTreasury);
        Assert.Equal("PreviewChanged", (await rig.SubmitAsync(id)).Error?.Code);
        Assert.Empty(await rig.LegsAsync(id));

        Assert.True((await rig.Get<ReadBatchAgain>().ExecuteAsync(rig.Treasury, id, CancellationToken.None)).IsSuccess);
        await rig.Get<BatchReader>().StepAsync(CancellationToken.None);
        Assert.Equal(LeftOutCodes.OpenWithdrawal, (await rig.ItemsAsync(id)).Single(i => i.AccountId == accounts[1].Id).LeftOutCode);
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        Assert.Equal(2, (await rig.LegsAsync(id)).Count);

        // A lower balance no longer covers the plan; a higher one does, and no leg grows.
        var drifting = await ManyAsync(rig, 1, 40);
        var drift = await rig.DraftAsync(BatchRig.These(drifting));
        await BalanceAsync(39.99m);
        Assert.Equal("PreviewChanged", (await rig.SubmitAsync(drift)).Error?.Code);
        await BalanceAsync(45m);
        Assert.True((await rig.SubmitAsync(drift)).IsSuccess);
        Assert.Equal(40, Assert.Single(await rig.LegsAsync(drift)).Amount.Amount);

        var old = await rig.DraftAsync(BatchRig.These(await ManyAsync(rig, 1, 40)));
        rig.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal("PlanTooOld", (await rig.SubmitAsync(old)).Error?.Code);

        Task BalanceAsync(decimal balance) => rig.ChangeAsync(async db => (await db.Accounts.SingleAsync(a => a.Id == drifting[0].Id)).BalanceMillionths = Money.ToMillionths(balance));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_second_click_and_a_second_session_make_no_second_batch(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var accounts = await ManyAsync(rig, 3, 40);
        var one = await rig.DraftAsync(BatchRig.These(accounts));
        var other = await rig.DraftAsync(BatchRig.These(accounts), maker: rig.OtherTreasury);
        var results = await Task.WhenAll(rig.SubmitAsync(one), rig.SubmitAsync(one), rig.SubmitAsync(other, rig.OtherTreasury));
        Assert.True(results[0].IsSuccess || results[1].IsSuccess || results[2].IsSuccess);
        var all = await rig.QueryAsync(db => db.Withdrawals.AsNoTracking().ToListAsync());
        Assert.Equal(3, all.Count);
        Assert.Equal(3, all.Select(static w => w.AccountId).Distinct().Count());
        Assert.Equal("Forbidden", (await rig.SubmitAsync(one, rig.OtherTreasury).ContinueWith(static t => t.IsFaulted ? "Forbidden" : t.Result.Error?.Code, TaskScheduler.Default)));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_purchase_during_the_plan_strands_nothing_and_a_large_one_pauses_it_until_somebody_looks(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        await rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 1_000_000, 1));
        var card = await rig.AccountAsync(30_000.50m);
        var id = await rig.DraftAsync(BatchRig.These(card));
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        Assert.Equal(1, await rig.SendDueAsync());
        Assert.Equal(0, await rig.SendDueAsync());
        Spend(rig, card.ExternalId, 12.34m);
        rig.Clock.Advance(TimeSpan.FromMinutes(15.5));
        Assert.Equal(1, await rig.SendDueAsync());

        Spend(rig, card.ExternalId, 3_000m);
        rig.Restart();
        rig.Clock.Advance(TimeSpan.FromMinutes(15.5));
        Assert.Equal(0, await rig.SendDueAsync());
        var paused = Assert.Single((await rig.ShowAsync(id)).PausedItems);
        Assert.Equal(ReasonCodes.DriftTooLarge, paused.Item.PauseCode);
        Assert.Equal(0, await rig.SendDueAsync());

        Assert.True((await rig.Get<RenewPlan>().ExecuteAsync(rig.Treasury, new RenewPlan.Command(id, paused.Item.Number), CancellationToken.None)).IsSuccess);
        rig.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.Equal(1, await rig.SendDueAsync());
        rig.Clock.Advance(TimeSpan.FromMinutes(15.5));
        Assert.Equal(1, await rig.SendDueAsync());

        Assert.Equal(0, rig.Provider.Account(card.ExternalId).Balance);
        Assert.Equal(30_000.50m - 12.34m - 3_000m, rig.Provider.Effects.Sum(static effect => effect.Amount));
        var times = rig.Provider.Sends.Select(static send => send.At).ToList();
        Assert.All(times.Zip(times.Skip(1)), static pair => Assert.True(pair.Second - pair.First >= TimeSpan.FromMinutes(15.5)));
        Assert.All(await rig.LegsAsync(id), static w => Assert.True(w.SentMillionths <= w.AmountMillionths));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task After_a_failed_leg_a_person_looks_first_and_three_cooldown_refusals_stop_the_plan(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        await rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 1_000_000, 1));
        var card = await rig.AccountAsync(20_000m);
        var id = await rig.DraftAsync(BatchRig.These(card));
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        var refuse = FakeProvider.TryLater(ProviderFaultKind.Cooldown, TimeSpan.FromMinutes(15));
        rig.Provider.Script(refuse, refuse, refuse, FakeProvider.RefuseWith(ProviderFaultKind.Other));
        for (var attempt = 0; attempt < 3; attempt++)
        {
            Assert.Equal(1, await rig.SendDueAsync());
            rig.Clock.Advance(TimeSpan.FromMinutes(16));
        }
        Assert.Equal(0, await rig.SendDueAsync());
        Assert.Equal(ReasonCodes.CooldownRefused, Assert.Single((await rig.ShowAsync(id)).PausedItems).Item.PauseCode);

        Assert.True((await rig.Get<RenewPlan>().ExecuteAsync(rig.Treasury, new RenewPlan.Command(id, 1), CancellationToken.None)).IsSuccess);
        rig.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(1, await rig.SendDueAsync());
        Assert.Equal(WithdrawalStatus.Failed, (await rig.LegsAsync(id))[0].Status);
        rig.Clock.Advance(TimeSpan.FromMinutes(16));
        Assert.Equal(0, await rig.SendDueAsync());
        Assert.Equal(ReasonCodes.EarlierLegFailed, Assert.Single((await rig.ShowAsync(id)).PausedItems).Item.PauseCode);
        Assert.Empty(rig.Provider.Effects);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_paused_batch_sends_nothing_until_it_goes_on_and_the_rest_can_be_cancelled(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.DraftAsync(BatchRig.These(await ManyAsync(rig, 4, 40)));
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        Assert.True(await rig.SendAsync((await rig.LegsAsync(id))[0].Id));
        var pause = rig.Get<PauseBatch>();
        Assert.Equal("Forbidden", (await pause.ExecuteAsync(rig.OtherTreasury, new PauseBatch.Command(id, true, "wait"), CancellationToken.None)).Error?.Code);
        Assert.True((await pause.ExecuteAsync(rig.Supervisor, new PauseBatch.Command(id, true, "wait"), CancellationToken.None)).IsSuccess);
        Assert.Equal(0, await rig.SendDueAsync());
        Assert.False(await rig.SendAsync((await rig.LegsAsync(id))[1].Id));
        Assert.True((await pause.ExecuteAsync(rig.Treasury, new PauseBatch.Command(id, false, "go on"), CancellationToken.None)).IsSuccess);
        rig.Clock.Advance(TimeSpan.FromSeconds(11));
        Assert.True(await rig.SendAsync((await rig.LegsAsync(id))[1].Id));

        var cancelled = await rig.Get<CancelBatch>().ExecuteAsync(rig.Treasury, new CancelBatch.Command(id, "enough"), CancellationToken.None);
        Assert.Equal(2, cancelled.Value);
        Assert.Equal(0, await rig.SendDueAsync());
        Assert.Equal(2, rig.Provider.Effects.Count);
        Assert.Equal("NothingToCancel", (await rig.Get<CancelBatch>().ExecuteAsync(rig.Treasury, new CancelBatch.Command(id, "enough"), CancellationToken.None)).Error?.Code);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_what_certainly_did_not_happen_is_tried_again_with_new_keys(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        var accounts = await ManyAsync(rig, 3, 40);
        rig.Provider.Script(FakeProvider.RefuseWith(ProviderFaultKind.Other), FakeProvider.PayAndLoseAnswer, FakeProvider.Accept);
        var id = await rig.DraftAsync(BatchRig.These(accounts), BulkAmountKind.Each, 25);
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        Assert.Equal(3, await rig.SendDueAsync());
        var legs = await rig.LegsAsync(id);
        var retry = Guid.NewGuid();
        Assert.Equal(retry, (await rig.Get<RetryBatch>().ExecuteAsync(rig.Treasury, new RetryBatch.Command(id, retry), CancellationToken.None)).Value);
        await rig.Get<BatchReader>().StepAsync(CancellationToken.None);
        var item = Assert.Single(await rig.ItemsAsync(retry));
        Assert.Equal(legs.Single(static w => w.Status == WithdrawalStatus.Failed).AccountId, item.AccountId);
        Assert.True((await rig.SubmitAsync(retry)).IsSuccess);
        Assert.DoesNotContain(Assert.Single(await rig.LegsAsync(retry)).IdempotencyKey, legs.Select(static w => w.IdempotencyKey), StringComparer.Ordinal);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_batch_is_judged_like_its_withdrawals_one_by_one_and_again_at_the_send(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 1_000, 1), (PolicyMeasure.MakerTotal, 200, 2), (PolicyMeasure.OperatorPerDay, 250, 0));
        var accounts = await ManyAsync(rig, 5, 40);
        var id = await rig.DraftAsync(BatchRig.These(accounts));
        // 5 × 40 = 200 reaches the maker's total with the last of them.
        var outlook = (await rig.ShowAsync(id)).Outlook!;
        Assert.Equal(2, outlook.Checkers);
        Assert.Equal(PolicyMeasure.MakerTotal, Assert.Single(outlook.Fired).Measure);
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        var legs = await rig.LegsAsync(id);
        Assert.Equal(legs.Select(static w => w.SubmissionNumber).Order(), legs.Select(static w => w.SubmissionNumber));
        foreach (var leg in legs)
        {
            var judged = await rig.QueryAsync(async db => await Submissions.JudgeAsync(
                db,
                (await PolicyBook.ActiveAsync(db, CancellationToken.None))!,
                new Submission(leg.MakerId, leg.AccountId, leg.ProviderAccountId, ProviderKind.MemberWallet, leg.Currency, leg.Amount.Amount, Money.ToDecimal(leg.PlanTotalMillionths!.Value)),
                leg.CreatedAt, leg.SubmissionNumber, CancellationToken.None));
            Assert.True(judged.Judgement.Checkers <= leg.RequiredCheckers);
        }
        var more = await rig.DraftAsync(BatchRig.These(await ManyAsync(rig, 2, 40)));
        Assert.Equal("LimitReached", (await rig.SubmitAsync(more)).Error?.Code);
        Assert.Empty(await rig.LegsAsync(more));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Batches_and_single_withdrawals_take_turns(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var one = await rig.DraftAsync(BatchRig.These(await ManyAsync(rig, 8, 40)));
        var other = await rig.DraftAsync(BatchRig.These(await ManyAsync(rig, 8, 40)));
        Assert.True((await rig.SubmitAsync(one)).IsSuccess);
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.True((await rig.SubmitAsync(other)).IsSuccess);
        var single = await rig.RequestAsync(await rig.AccountAsync(50), 10);
        var due = await rig.Get<SendQueue>().DueAsync(rig.ProviderAccount.Id, 0, rig.Clock.Now(), CancellationToken.None);
        Assert.Contains(due.Take(3), w => w.Id == single);
        Assert.Equal(2, due.Take(4).Where(static w => w.BatchId is not null).Select(static w => w.BatchId).Distinct().Count());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_who_may_request_starts_one_and_a_draft_is_its_makers(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(50);
        foreach (var actor in new[] { rig.Supervisor, rig.Auditor, rig.Administrator })
        {
            var refused = await rig.Get<StartBatch>().ExecuteAsync(actor, new StartBatch.Command(Guid.NewGuid(), BatchRig.These(account), BulkAmountKind.All, 0, null), CancellationToken.None);
            Assert.Equal("Forbidden", refused.Error?.Code);
        }
        var id = await rig.DraftAsync(BatchRig.These(account));
        Assert.Equal("BatchNotFound", (await rig.Get<ShowBatch>().ExecuteAsync(rig.OtherTreasury, id, CancellationToken.None)).Error?.Code);
        Assert.Equal("Forbidden", (await rig.Get<DiscardBatch>().ExecuteAsync(rig.OtherTreasury, id, CancellationToken.None)).Error?.Code);
        Assert.True((await rig.Get<DropItems>().ExecuteAsync(rig.Treasury, new DropItems.Command(id, [1], true), CancellationToken.None)).IsSuccess);
        Assert.Equal("NothingPlanned", (await rig.SubmitAsync(id)).Error?.Code);
        Assert.True((await rig.Get<DropItems>().ExecuteAsync(rig.Treasury, new DropItems.Command(id, [1], false), CancellationToken.None)).IsSuccess);
        Assert.Equal(1, (await rig.ShowAsync(id)).PlannedLegs);
        Assert.True((await rig.Get<DiscardBatch>().ExecuteAsync(rig.Treasury, id, CancellationToken.None)).IsSuccess);
        Assert.Equal("BatchClosed", (await rig.Get<DropItems>().ExecuteAsync(rig.Treasury, new DropItems.Command(id, [1], true), CancellationToken.None)).Error?.Code);
    }

    [Fact]
    public void The_breaker_rests_after_five_silent_answers_and_then_tries_one()
    {
        var clock = new FakeTimeProvider();
        var breaker = new ProviderBreaker(new ChangeFeed(clock), clock);
        var provider = Guid.NewGuid();
        for (var failure = 0; failure < ProviderBreaker.Threshold; failure++)
        {
            Assert.Equal(4, breaker.Allow(provider, 4, 0));
            breaker.Note(provider, ProviderHealthSign.Silent);
        }
        Assert.Equal(0, breaker.Allow(provider, 4, 0));
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(1, breaker.Allow(provider, 4, 0));
        Assert.Equal(0, breaker.Allow(provider, 4, 1));
        breaker.Note(provider, ProviderHealthSign.Silent);
        clock.Advance(TimeSpan.FromSeconds(31));
        Assert.Equal(0, breaker.Allow(provider, 4, 0));
        clock.Advance(TimeSpan.FromSeconds(31));
        breaker.Note(provider, ProviderHealthSign.Answered);
        Assert.Equal(4, breaker.Allow(provider, 4, 0));
        Assert.Null(breaker.StateOf(provider).OpenUntil);
    }

    private static void Spend(ConsoleRig rig, string externalId, decimal amount)
    {
        var account = rig.Provider.Account(externalId);
        rig.Provider.Put(account with { Balance = account.Balance - amount });
    }

    private static async Task<CashoutConsole.Cards.Domain.Account[]> ManyAsync(ConsoleRig rig, int count, decimal balance)
    {
        var accounts = new List<CashoutConsole.Cards.Domain.Account>();
        for (var index = 0; index < count; index++)
        {
            accounts.Add(await rig.AccountAsync(balance));
        }
        return [.. accounts];
    }
}
