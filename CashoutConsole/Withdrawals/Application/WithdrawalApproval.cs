using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application;

/// <summary>What an approval means for withdrawals: AwaitingApproval → Scheduled in the decision's own transaction, or one of the three other ends.</summary>
public sealed class WithdrawalApproval : IApprovedAction
{
    public ApprovalKind Kind => ApprovalKind.Withdrawal;

    public Permission MakerPermission => Permission.RequestWithdrawals;

    public async Task<IReadOnlyList<CanonicalLine>> LinesAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        var withdrawals = await db.Withdrawals.AsNoTracking().Where(w => w.ApprovalId == request.Id).OrderBy(static w => w.SubmissionNumber).ToListAsync(cancellation);
        return withdrawals.ConvertAll(static w => new CanonicalLine(w.Id.ToString(), WithdrawalLines.Of(w)));
    }

    public async Task<Error?> ApproveAsync(WorkScope scope, ApprovalRequest request, CancellationToken cancellation)
    {
        foreach (var withdrawal in await WaitingAsync(scope, request, cancellation))
        {
            withdrawal.NotBefore = scope.Now;
            scope.Move(withdrawal, WithdrawalStatus.Scheduled, ReasonCodes.WaitingForSender, details: new { request.Id, request.Digest });
        }
        return null;
    }

    public async Task CloseAsync(WorkScope scope, ApprovalRequest request, string? reason, CancellationToken cancellation)
    {
        var (status, code) = EndOf(request.Status);
        foreach (var withdrawal in await WaitingAsync(scope, request, cancellation))
        {
            // What it reserved is free again: dialogs that were open before are told.
            var account = await scope.Db.Accounts.SingleAsync(a => a.Id == withdrawal.AccountId, cancellation);
            account.Version++;
            scope.Move(withdrawal, status, code, reason);
        }
    }

    internal static (WithdrawalStatus Status, string ReasonCode) EndOf(ApprovalStatus end) => end switch
    {
        ApprovalStatus.Rejected => (WithdrawalStatus.Rejected, ReasonCodes.RejectedByChecker),
        ApprovalStatus.Expired => (WithdrawalStatus.Expired, ReasonCodes.NotDecidedInTime),
        _ => (WithdrawalStatus.Cancelled, ReasonCodes.CancelledByOperator),
    };

    private static Task<List<Withdrawal>> WaitingAsync(WorkScope scope, ApprovalRequest request, CancellationToken cancellation) =>
        scope.Db.Withdrawals.Where(w => w.ApprovalId == request.Id && w.Status == WithdrawalStatus.AwaitingApproval)
            .OrderBy(static w => w.SubmissionNumber).ToListAsync(cancellation);
}
