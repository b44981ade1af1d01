using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>Who may steer a batch: its maker, or who may cancel anyone's withdrawal.</summary>
internal static class BatchAccess
{
    public static async Task<Result<Batch>> SteerAsync(WorkScope scope, Guid batchId, CancellationToken cancellation)
    {
        var batch = await scope.Db.Batches.SingleOrDefaultAsync(b => b.Id == batchId, cancellation);
        if (batch is null)
        {
            return new Error("BatchNotFound");
        }
        return batch.MakerId == scope.Actor.Id || await AccessGate.HoldsAsync(scope.Db, scope.Actor, Permission.CancelAnyWithdrawal, cancellation)
            ? batch
            : AccessGate.Forbidden;
    }
}

/// <summary>Holds back what is not yet sent of a batch, or lets it go on.</summary>
[UseCase(Permission.CancelOwnWithdrawal)]
public sealed class PauseBatch(AccessGate gate, UnitOfWork work)
{
    /// <param name="Pause">False = let it go on.</param>
    public sealed record Command(Guid BatchId, bool Pause, string Reason);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.CancelOwnWithdrawal, nameof(PauseBatch), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            var found = await BatchAccess.SteerAsync(scope, command.BatchId, cancellation);
            if (!found.IsSuccess)
            {
                return found.Error;
            }
            var batch = found.Value;
            if (batch.State != BatchState.Submitted || batch.PausedAt is not null == command.Pause)
            {
                return new Error(command.Pause ? "BatchNotRunning" : "BatchNotPaused");
            }
            batch.PausedAt = command.Pause ? scope.Now : null;
            batch.PausedBy = command.Pause ? StorableText.Of(scope.Actor.Name, 100) : null;
            batch.PauseReason = command.Pause ? StorableText.Of(command.Reason.Trim()) : null;
            batch.Touch();
            scope.Record(BatchRules.Entry(command.Pause ? AuditActions.BatchPaused : AuditActions.BatchResumed, batch) with { Reason = command.Reason.Trim() });
            scope.Announce(ChangeKind.Batch, batch.Id);
            // The senders look at once.
            scope.Announce(ChangeKind.Withdrawal);
            return Done.Value;
        }, cancellation);
    }
}

/// <summary>Takes back everything of a batch that is not yet sent. Before it was decided, the request ends with it.</summary>
[UseCase(Permission.CancelOwnWithdrawal)]
public sealed class CancelBatch(AccessGate gate, UnitOfWork work, ApprovalDesk desk)
{
    public sealed record Command(Guid BatchId, string Reason);

    /// <returns>How many withdrawals were taken back.</returns>
    public async Task<Result<int>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.CancelOwnWithdrawal, nameof(CancelBatch), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<int>(actor, async scope =>
        {
            var found = await BatchAccess.SteerAsync(scope, command.BatchId, cancellation);
            if (!found.IsSuccess)
            {
                return found.Error;
            }
            var batch = found.Value;
            var withdrawals = scope.Db.Withdrawals.Where(w => w.BatchId == batch.Id);
            var waiting = await withdrawals.CountAsync(static w => w.Status == WithdrawalStatus.AwaitingApproval, cancellation);
            var reason = command.Reason.Trim();
            if (waiting > 0 && batch.ApprovalId is { } approvalId)
            {
                var request = await scope.Db.ApprovalRequests.SingleAsync(r => r.Id == approvalId, cancellation);
                await desk.EndAsync(scope, request, ApprovalStatus.Recalled, reason, cancellation);
            }
            var cancelled = waiting + await scope.MoveManyAsync(withdrawals, WithdrawalStatus.Scheduled, WithdrawalStatus.Cancelled, ReasonCodes.CancelledByOperator, reason, null, cancellation);
            if (cancelled == 0)
            {
                return new Error("NothingToCancel");
            }
            await scope.Db.Accounts.Where(a => withdrawals.Any(w => w.AccountId == a.Id))
                .ExecuteUpdateAsync(static set => set.SetProperty(static a => a.Version, static a => a.Version + 1), cancellation);
            batch.Touch();
            scope.Record(BatchRules.Entry(AuditActions.BatchCancelled, batch) with { Reason = reason, After = AuditTrail.ToJson(new { Cancelled = cancelled }) });
            scope.Announce(ChangeKind.Batch, batch.Id);
            return cancelled;
        }, cancellation);
    }
}

/// <summary>
/// Lets the plan of one account go on after it paused: its balance is read again and becomes what the plan trusts. The approval stays, because
/// no leg can become larger than what was approved.
/// </summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class RenewPlan(AccessGate gate, UnitOfWork work, AccountReader reader, IDbContextFactory<CashoutDbContext> contexts)
{
    public sealed record Command(Guid BatchId, int Item);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(RenewPlan), cancellation) is { } refusal)
        {
            return refusal;
        }
        Guid accountId;
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            var item = await db.BatchItems.AsNoTracking().SingleOrDefaultAsync(i => i.BatchId == command.BatchId && i.Number == command.Item, cancellation);
            if (item is not { PausedAt: not null, AccountId: { } id })
            {
                return new Error("PlanNotPaused");
            }
            accountId = id;
        }
        if (await reader.ReadAsync(accountId, cancellation) is { } fault)
        {
            return new Error("ReadingFailed", fault.Kind);
        }
        return await work.RunAsync<Done>(actor, scope => WriteAsync(scope, command, cancellation), cancellation);
    }

    private static async Task<Result<Done>> WriteAsync(WorkScope scope, Command command, CancellationToken cancellation)
    {
        var batch = await scope.Db.Batches.SingleAsync(b => b.Id == command.BatchId, cancellation);
        var item = await scope.Db.BatchItems.SingleAsync(i => i.BatchId == command.BatchId && i.Number == command.Item, cancellation);
        if (item.PausedAt is null)
        {
            return new Error("PlanNotPaused");
        }
        if (!await AccessGate.HoldsAsync(scope.Db, scope.Actor, Permission.RequestWithdrawals, cancellation))
        {
            return AccessGate.Forbidden;
        }
        var account = await scope.Db.Accounts.AsNoTracking().SingleAsync(a => a.Id == item.AccountId, cancellation);
        var next = await scope.Db.Withdrawals
            .Where(w => w.BatchId == batch.Id && w.BatchItem == item.Number && w.Status == WithdrawalStatus.Scheduled)
            .OrderBy(static w => w.Leg).Select(static w => (int?)w.Leg).FirstOrDefaultAsync(cancellation);
        scope.Record(BatchRules.Entry(AuditActions.PlanRenewed, batch) with
        {
            Reason = item.PauseCode,
            Before = AuditTrail.ToJson(new { Item = item.Number, Baseline = Text(item.BaselineMillionths), item.BaselineLeg }),
            After = AuditTrail.ToJson(new { Item = item.Number, Baseline = Text(account.BalanceMillionths), BaselineLeg = next }),
        });
        item.BaselineMillionths = account.BalanceMillionths;
        item.BaselineLeg = next ?? item.BaselineLeg;
        item.PausedAt = null;
        item.PauseCode = null;
        // Whatever was counted against the plan before a person looked counts no more.
        var scopes = new[] { account.Id, account.ProviderAccountId };
        await scope.Db.CooldownClocks.Where(c => scopes.Contains(c.ScopeId)).ExecuteUpdateAsync(static set => set.SetProperty(static c => c.RefusalsInARow, 0), cancellation);
        scope.Announce(ChangeKind.Batch, batch.Id);
        scope.Announce(ChangeKind.Withdrawal);
        return Done.Value;

        string? Text(long? millionths) => millionths is { } value ? Money.FromMillionths(value, account.Currency).ToString() : null;
    }
}
