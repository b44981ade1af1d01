using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Withdrawals.Domain;

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
        scope.Record(new AuditDraft(ActionOf(from, status), Subject, withdrawal.Id.ToString())
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
        });
        scope.Announce(ChangeKind.Withdrawal, withdrawal.Id);
        scope.Announce(ChangeKind.Account, withdrawal.AccountId);
    }

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
