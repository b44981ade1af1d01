using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application;

/// <summary>
/// Every status change goes through here: the row, its history line, its audit entry and the announcement belong together.
/// </summary>
public static class WithdrawalChanges
{
    public const string Subject = "withdrawal";

    public static void Start(this WorkScope scope, Withdrawal withdrawal, WithdrawalStatus status)
    {
        scope.Db.Withdrawals.Add(withdrawal);
        scope.Db.StatusChanges.Add(withdrawal.Start(status, scope.Actor, scope.Now));
        scope.Announce(ChangeKind.Withdrawal, withdrawal.Id);
        scope.Announce(ChangeKind.Account, withdrawal.AccountId);
    }

    public static void Move(
        this WorkScope scope, Withdrawal withdrawal, WithdrawalStatus status, string? reasonCode, string? evidence = null, object? details = null)
    {
        var from = withdrawal.Status;
        scope.Db.StatusChanges.Add(withdrawal.MoveTo(status, scope.Actor, scope.Now, reasonCode, evidence));
        scope.Record(Entry(withdrawal, from, status, reasonCode, evidence, details));
        scope.Announce(ChangeKind.Withdrawal, withdrawal.Id);
        scope.Announce(ChangeKind.Account, withdrawal.AccountId);
    }

    /// <summary>
    /// The same for many at once, past the change tracker: one statement moves the rows, and each gets its history line and its audit entry.
    /// </summary>
    /// <returns>How many moved.</returns>
    public static async Task<int> MoveManyAsync(
        this WorkScope scope, IQueryable<Withdrawal> which, WithdrawalStatus from, WithdrawalStatus status, string? reasonCode, string? evidence, object? details, CancellationToken cancellation)
    {
        if (!WithdrawalTransitions.Allows(from, status))
        {
            throw new InvalidOperationException($"A withdrawal does not go from {from} to {status}.");
        }
        var ids = await which.Where(w => w.Status == from).Select(static w => w.Id).ToHashSetAsync(cancellation);
        DateTimeOffset? final = WithdrawalTransitions.IsFinal(status) ? scope.Now : null;
        await which.Where(w => w.Status == from).ExecuteUpdateAsync(
            set => set.SetProperty(static w => w.Status, status)
                .SetProperty(static w => w.ReasonCode, reasonCode)
                .SetProperty(static w => w.Version, static w => w.Version + 1)
                .SetProperty(static w => w.FinalAt, final)
                .SetProperty(static w => w.ClaimedBy, (string?)null)
                .SetProperty(static w => w.ClaimedUntil, (DateTimeOffset?)null),
            cancellation);
        // Read after the statement: the rows are locked now, and their versions are the ones it gave them.
        var moved = (await which.AsNoTracking().Where(w => w.Status == status).OrderBy(static w => w.SubmissionNumber).ToListAsync(cancellation)).FindAll(w => ids.Contains(w.Id));
        if (moved.Count != ids.Count)
        {
            throw new DbUpdateConcurrencyException("Withdrawals changed while they were moved together.");
        }
        await scope.Db.InsertManyAsync(moved.Select(w => StatusChange.Of(w, from, scope.Actor, scope.Now, reasonCode, evidence)), cancellation);
        foreach (var withdrawal in moved)
        {
            scope.Record(Entry(withdrawal, from, status, reasonCode, evidence, details));
        }
        scope.Announce(ChangeKind.Withdrawal);
        scope.Announce(ChangeKind.Account);
        return moved.Count;
    }

    private static AuditDraft Entry(Withdrawal withdrawal, WithdrawalStatus from, WithdrawalStatus status, string? reasonCode, string? evidence, object? details) =>
        new(ActionOf(from, status), Subject, withdrawal.Id.ToString())
        {
            Result = status is WithdrawalStatus.NotSent or WithdrawalStatus.Rejected ? AuditResult.Refused
                : status == WithdrawalStatus.Failed ? AuditResult.Failed : AuditResult.Ok,
            Reason = reasonCode,
            Before = AuditTrail.ToJson(new { Status = from }),
            After = AuditTrail.ToJson(new
            {
                Status = status,
                withdrawal.ProviderReference,
                Settled = withdrawal.Settled?.ToString(),
            }),
            Details = AuditTrail.ToJson(new { Evidence = evidence, More = details }),
            CorrelationId = withdrawal.Id.ToString(),
        };

    private static string ActionOf(WithdrawalStatus from, WithdrawalStatus to) => to switch
    {
        WithdrawalStatus.AwaitingApproval => AuditActions.WithdrawalRequested,
        WithdrawalStatus.Scheduled => from == WithdrawalStatus.Sending ? AuditActions.WithdrawalRescheduled : AuditActions.WithdrawalApproved,
        WithdrawalStatus.Sending => AuditActions.WithdrawalSending,
        WithdrawalStatus.Processing => AuditActions.WithdrawalAccepted,
        WithdrawalStatus.OutcomeUnknown => AuditActions.WithdrawalOutcomeUnknown,
        WithdrawalStatus.Succeeded => AuditActions.WithdrawalSucceeded,
        WithdrawalStatus.Failed => AuditActions.WithdrawalFailed,
        WithdrawalStatus.NotSent => AuditActions.WithdrawalNotSent,
        WithdrawalStatus.Rejected => AuditActions.WithdrawalRejected,
        WithdrawalStatus.Expired => AuditActions.WithdrawalExpired,
        WithdrawalStatus.Cancelled => AuditActions.WithdrawalCancelled,
    };
}
