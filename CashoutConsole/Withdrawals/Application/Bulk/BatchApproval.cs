using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>What an approval means for a batch: all its withdrawals move together, in the decision's own transaction.</summary>
public sealed class BatchApproval : IApprovedAction
{
    public ApprovalKind Kind => ApprovalKind.Batch;

    public Permission MakerPermission => Permission.RequestWithdrawals;

    public async Task<IReadOnlyList<CanonicalLine>> LinesAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        var withdrawals = await Of(db, request).AsNoTracking().OrderBy(static w => w.SubmissionNumber).ToListAsync(cancellation);
        return withdrawals.ConvertAll(static w => new CanonicalLine(w.Id.ToString(), WithdrawalLines.Of(w)));
    }

    public async Task<Error?> ApproveAsync(WorkScope scope, ApprovalRequest request, CancellationToken cancellation)
    {
        // The plan starts when it is approved: its times move by as long as the decision took.
        var waited = (long)(scope.Now - request.CreatedAt).TotalMicroseconds;
        await scope.Db.Database.ExecuteSqlAsync($"UPDATE withdrawals SET not_before = not_before + {waited} WHERE approval_id = {request.Id} AND status = 'AwaitingApproval'", cancellation);
        var batchId = Guid.Parse(request.SubjectId);
        var batch = await scope.Db.Batches.SingleAsync(b => b.Id == batchId, cancellation);
        batch.FinishAt += scope.Now - request.CreatedAt;
        batch.Touch();
        await scope.MoveManyAsync(Of(scope.Db, request), WithdrawalStatus.AwaitingApproval, WithdrawalStatus.Scheduled, ReasonCodes.WaitingForSender, null, new { request.Id, request.Digest }, cancellation);
        Announce(scope, request);
        return null;
    }

    public async Task CloseAsync(WorkScope scope, ApprovalRequest request, string? reason, CancellationToken cancellation)
    {
        var (status, code) = WithdrawalApproval.EndOf(request.Status);
        await scope.MoveManyAsync(Of(scope.Db, request), WithdrawalStatus.AwaitingApproval, status, code, reason, new { request.Id }, cancellation);
        // What they reserved is free again: dialogs that were open before are told.
        await scope.Db.Accounts.Where(a => scope.Db.Withdrawals.Any(w => w.ApprovalId == request.Id && w.AccountId == a.Id))
            .ExecuteUpdateAsync(static set => set.SetProperty(static a => a.Version, static a => a.Version + 1), cancellation);
        Announce(scope, request);
    }

    private static IQueryable<Withdrawal> Of(CashoutDbContext db, ApprovalRequest request) => db.Withdrawals.Where(w => w.ApprovalId == request.Id);

    private static void Announce(WorkScope scope, ApprovalRequest request) => scope.Announce(ChangeKind.Batch, Guid.Parse(request.SubjectId));
}
