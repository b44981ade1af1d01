using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application;

/// <summary>Takes back a withdrawal that has not been sent: one's own, or anyone's with the wider permission.</summary>
[UseCase(Permission.CancelOwnWithdrawal)]
public sealed class CancelWithdrawal(AccessGate gate, UnitOfWork work, ApprovalDesk desk)
{
    public sealed record Command(Guid WithdrawalId, string Reason);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.CancelOwnWithdrawal, nameof(CancelWithdrawal), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        var result = await work.RunAsync<Done>(actor, async scope =>
        {
            var withdrawal = await scope.Db.Withdrawals.SingleOrDefaultAsync(w => w.Id == command.WithdrawalId, cancellation);
            if (withdrawal is null)
            {
                return new Error("WithdrawalNotFound");
            }
            if (withdrawal.MakerId != actor.Id && !await AccessGate.HoldsAsync(scope.Db, actor, Permission.CancelAnyWithdrawal, cancellation))
            {
                return AccessGate.Forbidden;
            }
            if (!WithdrawalTransitions.Allows(withdrawal.Status, WithdrawalStatus.Cancelled))
            {
                return new Error("TooLateToCancel", withdrawal.Status);
            }
            if (withdrawal is { Status: WithdrawalStatus.AwaitingApproval, BatchId: not null })
            {
                return new Error("PartOfBatch");
            }
            if (withdrawal is { Status: WithdrawalStatus.AwaitingApproval, ApprovalId: { } approvalId })
            {
                // Taken back before it was decided: the request ends with it.
                var request = await scope.Db.ApprovalRequests.SingleAsync(r => r.Id == approvalId, cancellation);
                await desk.EndAsync(scope, request, ApprovalStatus.Recalled, command.Reason.Trim(), cancellation);
                return Done.Value;
            }
            var account = await scope.Db.Accounts.SingleAsync(a => a.Id == withdrawal.AccountId, cancellation);
            account.Version++;
            scope.Move(withdrawal, WithdrawalStatus.Cancelled, ReasonCodes.CancelledByOperator, command.Reason.Trim());
            return Done.Value;
        }, cancellation);
        // The refusal inside left no trace, because its transaction rolled back: the gate puts it on record.
        return result.Error == AccessGate.Forbidden
            ? await gate.RefusalAsync(actor, Permission.CancelAnyWithdrawal, nameof(CancelWithdrawal), cancellation) ?? AccessGate.Forbidden
            : result;
    }
}
