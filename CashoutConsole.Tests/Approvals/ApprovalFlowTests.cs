using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Approvals;

/// <summary>A large withdrawal and the people around it: what moves it on, and everything that must not.</summary>
public sealed class ApprovalFlowTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_large_withdrawal_is_sent_after_another_person_approved_it_and_both_names_are_on_record(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (id, request) = await rig.LargeAsync();
        Assert.Equal(WithdrawalStatus.AwaitingApproval, (await rig.ReadAsync(id)).Status);
        await rig.SendAsync(id);
        Assert.Empty(rig.Provider.Effects);

        var decided = await rig.ApproveAsync(rig.Supervisor, request);
        Assert.Equal(ApprovalStatus.Approved, decided.Value);
        await rig.SendAsync(id);

        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        Assert.Equal(ApprovalRig.Large, Assert.Single(rig.Provider.Effects).Amount);
        var actors = await rig.QueryAsync(db => db.AuditEntries.Where(e => e.CorrelationId == id.ToString()).Select(e => new { e.Action, e.ActorId }).ToListAsync());
        Assert.Contains(actors, entry => entry.Action == "withdrawal.requested" && entry.ActorId == rig.Treasury.Id);
        Assert.Contains(actors, entry => entry.Action == "approval.approved" && entry.ActorId == rig.Supervisor.Id);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_approves_what_they_made_whatever_roles_they_hold_or_get(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var both = await rig.OperatorAsync("bo", Role.Treasury, Role.Supervisor, Role.Administrator);
        var (id, own) = await rig.LargeAsync(both);
        Assert.Equal("OwnRequest", (await rig.ApproveAsync(both, own)).Error?.Code);
        Assert.Equal("OwnRequest", (await rig.RejectAsync(both, own)).Error?.Code);

        // Also after a change of role, and from a second session.
        var (_, before) = await rig.LargeAsync();
        await rig.ChangeAsync(db =>
        {
            db.OperatorRoles.Add(new CashoutConsole.Identity.Domain.OperatorRole { OperatorId = rig.Treasury.Id, Role = Role.Supervisor, GrantedAt = rig.Clock.Now() });
            return Task.CompletedTask;
        });
        Assert.Equal("OwnRequest", (await rig.ApproveAsync(rig.Treasury, before)).Error?.Code);
        var second = await rig.OtherSessionAsync(rig.Treasury);
        Assert.Equal("OwnRequest", (await rig.ApproveAsync(second, before)).Error?.Code);

        Assert.Equal(WithdrawalStatus.AwaitingApproval, (await rig.ReadAsync(id)).Status);
        Assert.Equal(2, await rig.AuditedAsync("approval.refused", own.Id.ToString(), "OwnRequest"));
        Assert.Equal(0, await rig.QueryAsync(static db => db.ApprovalDecisions.CountAsync()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_decision_needs_a_fresh_step_up_of_the_very_session(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (_, request) = await rig.LargeAsync();
        Assert.Equal("StepUpNeeded", (await rig.ApproveAsync(rig.Supervisor, request, stepUp: false)).Error?.Code);
        var other = await rig.OtherSessionAsync(rig.Supervisor);
        await rig.StepUpAsync(other);
        Assert.Equal("StepUpNeeded", (await rig.ApproveAsync(rig.Supervisor, request, stepUp: false)).Error?.Code);
        await rig.StepUpAsync(rig.Supervisor);
        rig.Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("StepUpNeeded", (await rig.ApproveAsync(rig.Supervisor, request, stepUp: false)).Error?.Code);
        Assert.True((await rig.ApproveAsync(rig.Supervisor, request)).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_request_above_the_step_up_amount_needs_a_step_up_of_its_maker(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100_000);
        Assert.Equal("StepUpNeeded", (await rig.TryRequestAsync(account, 5000)).Error?.Code);
        Assert.True((await rig.TryRequestAsync(account, 4999.99m)).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Expired_recalled_and_rejected_requests_are_not_approved(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (expiredId, expired) = await rig.LargeAsync();
        rig.Clock.Advance(TimeSpan.FromHours(24));
        Assert.Equal("ApprovalExpired", (await rig.ApproveAsync(rig.Supervisor, expired)).Error?.Code);
        Assert.Equal(1, await rig.Get<ApprovalExpiry>().ExpireAsync(CancellationToken.None));
        Assert.Equal(WithdrawalStatus.Expired, (await rig.ReadAsync(expiredId)).Status);
        Assert.Equal("AlreadyDecided", (await rig.ApproveAsync(rig.Supervisor, expired)).Error?.Code);

        var (recalledId, recalled) = await rig.LargeAsync();
        var recall = rig.Get<RecallApproval>();
        Assert.Equal("Forbidden", (await recall.ExecuteAsync(rig.OtherTreasury, new(recalled.Id, "Mine?"), CancellationToken.None)).Error?.Code);
        Assert.True((await recall.ExecuteAsync(rig.Treasury, new(recalled.Id, "A mistake"), CancellationToken.None)).IsSuccess);
        Assert.Equal(WithdrawalStatus.Cancelled, (await rig.ReadAsync(recalledId)).Status);
        Assert.Equal("AlreadyDecided", (await rig.ApproveAsync(rig.Supervisor, recalled)).Error?.Code);

        var (rejectedId, rejected) = await rig.LargeAsync();
        Assert.Equal("ReasonMissing", (await rig.RejectAsync(rig.Supervisor, rejected, "")).Error?.Code);
        Assert.True((await rig.RejectAsync(rig.Supervisor, rejected)).IsSuccess);
        Assert.Equal(WithdrawalStatus.Rejected, (await rig.ReadAsync(rejectedId)).Status);
        Assert.Equal("AlreadyDecided", (await rig.ApproveAsync(rig.OtherSupervisor, rejected)).Error?.Code);
        foreach (var id in new[] { expiredId, recalledId, rejectedId })
        {
            await rig.SendAsync(id);
        }
        Assert.Empty(rig.Provider.Effects);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Cancelling_a_waiting_withdrawal_recalls_its_request(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (id, request) = await rig.LargeAsync();
        Assert.True((await rig.Get<CancelWithdrawal>().ExecuteAsync(rig.Treasury, new(id, "No longer needed"), CancellationToken.None)).IsSuccess);
        Assert.Equal(ApprovalStatus.Recalled, (await rig.ReloadAsync(request)).Status);
        Assert.Equal(WithdrawalStatus.Cancelled, (await rig.ReadAsync(id)).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_request_whose_row_was_changed_is_not_approved(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (_, request) = await rig.LargeAsync();
        await rig.Database.DropTriggersAsync();
        await rig.Database.ExecuteAsync("UPDATE withdrawals SET amount_millionths = 90000000000");

        Assert.Equal("ApprovalMismatch", (await rig.ApproveAsync(rig.Supervisor, request)).Error?.Code);
        Assert.Equal(1, await rig.AuditedAsync("approval.refused", request.Id.ToString(), "ApprovalMismatch"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_checker_who_saw_something_else_has_not_approved_this(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (_, request) = await rig.LargeAsync();
        await rig.StepUpAsync(rig.Supervisor);
        var other = new DecisionCommand(request.Id, new string('0', 64), Verdict.Approve, null);
        Assert.Equal("ApprovalMismatch", (await rig.Get<DecideWithdrawal>().ExecuteAsync(rig.Supervisor, other, CancellationToken.None)).Error?.Code);
    }

    [Theory]
    [OnSqlite("amount_millionths = 6000000001"), OnSqlite("external_account_id = 'account99'"), OnSqlite("currency = 'EUR'"), OnSqlite("mode = 'NativeAll'"), OnSqlite("idempotency_key = 'x'"), OnSqlite("required_checkers = 0, approval_id = NULL")]
    [OnPostgres("amount_millionths = 6000000001"), OnPostgres("external_account_id = 'account99'"), OnPostgres("required_checkers = 0, approval_id = NULL")]
    public async Task A_row_that_was_changed_after_its_approval_is_not_sent(DatabaseKind kind, string change)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (id, request) = await rig.LargeAsync();
        await rig.AccountAsync(100_000, "account99");
        Assert.True((await rig.ApproveAsync(rig.Supervisor, request)).IsSuccess);
        // The triggers refuse it; whoever can take them away is caught by the digest.
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => rig.Database.ExecuteAsync($"UPDATE withdrawals SET {change}"));
        await rig.Database.DropTriggersAsync();
        await rig.Database.ExecuteAsync($"UPDATE withdrawals SET {change}");

        await rig.SendAsync(id);

        Assert.Equal(WithdrawalStatus.NotSent, (await rig.ReadAsync(id)).Status);
        Assert.Empty(rig.Provider.Effects);
    }

    [Theory]
    [OnSqlite("maker", "MakerNotAllowed"), OnSqlite("checker", "CheckerNotAllowed"), OnPostgres("maker", "MakerNotAllowed"), OnPostgres("checker", "CheckerNotAllowed")]
    public async Task Nothing_is_sent_once_the_maker_or_a_checker_may_no_longer_act(DatabaseKind kind, string who, string code)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (id, request) = await rig.LargeAsync();
        Assert.True((await rig.ApproveAsync(rig.Supervisor, request)).IsSuccess);
        await rig.DisableAsync(who == "maker" ? rig.Treasury : rig.Supervisor);

        await rig.SendAsync(id);

        var withdrawal = await rig.ReadAsync(id);
        Assert.Equal((WithdrawalStatus.NotSent, code), (withdrawal.Status, withdrawal.ReasonCode));
        Assert.Empty(rig.Provider.Effects);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_a_disabled_maker_asked_for_can_be_rejected_but_not_approved(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (_, request) = await rig.LargeAsync();
        await rig.DisableAsync(rig.Treasury);
        Assert.Equal("MakerNoLongerAllowed", (await rig.ApproveAsync(rig.Supervisor, request)).Error?.Code);
        Assert.True((await rig.RejectAsync(rig.Supervisor, request)).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_checkers_are_two_people(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 1000, 1), (PolicyMeasure.ItemAmount, 5000, 2));
        var (id, request) = await rig.LargeAsync();
        Assert.Equal(2, request.RequiredCheckers);
        Assert.Equal(ApprovalStatus.Pending, (await rig.ApproveAsync(rig.Supervisor, request)).Value);
        Assert.Equal("AlreadyDecidedByYou", (await rig.ApproveAsync(rig.Supervisor, request)).Error?.Code);
        Assert.Equal("AlreadyDecidedByYou", (await rig.ApproveAsync(await rig.OtherSessionAsync(rig.Supervisor), request)).Error?.Code);
        await rig.SendAsync(id);
        Assert.Empty(rig.Provider.Effects);

        Assert.Equal(ApprovalStatus.Approved, (await rig.ApproveAsync(rig.OtherSupervisor, request)).Value);
        await rig.SendAsync(id);
        Assert.Single(rig.Provider.Effects);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_first_of_two_checkers_counts_no_more_once_disabled(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 1000, 2));
        var third = await rig.OperatorAsync("sid", Role.Supervisor);
        var (id, request) = await rig.LargeAsync();
        await rig.ApproveAsync(rig.Supervisor, request);
        await rig.DisableAsync(rig.Supervisor);

        Assert.Equal(ApprovalStatus.Pending, (await rig.ApproveAsync(rig.OtherSupervisor, request)).Value);
        Assert.Equal(ApprovalStatus.Approved, (await rig.ApproveAsync(third, request)).Value);
        // Whether what the disabled one approved may still go is judged at the send: it may not.
        await rig.SendAsync(id);
        Assert.Equal("CheckerNotAllowed", (await rig.ReadAsync(id)).ReasonCode);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_request_is_taken_up_again_once_by_its_maker_and_the_trail_is_kept(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100_000);
        var (_, first) = await rig.LargeAsync(account: account);
        Assert.Equal("CannotFollow", (await rig.TryRequestAsync(await rig.ReadAccountAsync(account.Id), 6000, follows: first.Id)).Error?.Code);
        await rig.RejectAsync(rig.Supervisor, first);

        await rig.StepUpAsync(rig.OtherTreasury);
        Assert.Equal("CannotFollow", (await rig.TryRequestAsync(await rig.ReadAccountAsync(account.Id), 6000, rig.OtherTreasury, follows: first.Id)).Error?.Code);
        var again = await rig.TryRequestAsync(await rig.ReadAccountAsync(account.Id), 6000, follows: first.Id);
        Assert.Equal(first.Id, (await rig.RequestOfAsync(again.Value)).PreviousId);
        Assert.Equal("CannotFollow", (await rig.TryRequestAsync(await rig.ReadAccountAsync(account.Id), 6000, follows: first.Id)).Error?.Code);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_approved_too_long_ago_is_not_sent(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (id, request) = await rig.LargeAsync();
        await rig.ApproveAsync(rig.Supervisor, request);
        rig.Clock.Advance(request.ExecuteBy - rig.Clock.Now());
        await rig.SendAsync(id);

        Assert.Equal(WithdrawalStatus.Expired, (await rig.ReadAsync(id)).Status);
        Assert.Empty(rig.Provider.Effects);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_inbox_shows_each_person_what_they_may_decide(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100_000);
        await rig.RequestAndSendAsync(account, 10);
        var (_, request) = await rig.LargeAsync(account: account);
        var list = rig.Get<ListApprovals>();

        var row = Assert.Single((await list.ExecuteAsync(rig.Supervisor, ApprovalTab.ForMe, 0, 10, CancellationToken.None)).Value.Rows);
        Assert.Equal((6000m, 99_990m, 1, 10m), (row.Money!.Amount.Amount, row.Money.Balance, row.Money.RecentCount, row.Money.RecentSum));
        Assert.Equal((PolicyMeasure?)PolicyMeasure.ItemAmount, row.Fired[0].Measure);
        Assert.Null(row.WhyNot);
        Assert.Equal(1, (await rig.Get<CountApprovals>().ExecuteAsync(rig.Supervisor, CancellationToken.None)).Value);
        foreach (var other in new[] { rig.Treasury, rig.OtherTreasury, rig.Auditor, rig.Administrator })
        {
            Assert.Equal(0, (await rig.Get<CountApprovals>().ExecuteAsync(other, CancellationToken.None)).Value);
            Assert.NotNull((await rig.Get<ShowApproval>().ExecuteAsync(other, request.Id, CancellationToken.None)).Value.Row.WhyNot);
        }
        Assert.Single((await list.ExecuteAsync(rig.Treasury, ApprovalTab.Mine, 0, 10, CancellationToken.None)).Value.Rows);
        await rig.ApproveAsync(rig.Supervisor, request);
        Assert.Equal(0, (await rig.Get<CountApprovals>().ExecuteAsync(rig.Supervisor, CancellationToken.None)).Value);
        Assert.Single((await list.ExecuteAsync(rig.Auditor, ApprovalTab.Closed, 0, 10, CancellationToken.None)).Value.Rows);
    }
}
