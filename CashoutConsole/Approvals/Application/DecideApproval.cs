using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

/// <param name="Digest">Of what the checker saw: anything else is not what they decided on.</param>
/// <param name="Reason">Needed for a rejection.</param>
public sealed record DecisionCommand(Guid RequestId, string Digest, Verdict Verdict, string? Reason);

/// <summary>Approves or rejects a withdrawal that somebody else requested.</summary>
[UseCase(Permission.Approve)]
public sealed class DecideWithdrawal(AccessGate gate, ApprovalDecisions decisions)
{
    public async Task<Result<ApprovalStatus>> ExecuteAsync(Actor actor, DecisionCommand command, CancellationToken cancellation) =>
        await gate.RefusalAsync(actor, Permission.Approve, nameof(DecideWithdrawal), cancellation) is { } refusal
            ? refusal
            : await decisions.DecideAsync(actor, command, static kind => ApprovalRequest.AboutMoney.Contains(kind), cancellation);
}

/// <summary>Confirms or declines an administrative change that somebody else made: policy, roles, resets, endpoints.</summary>
[UseCase(Permission.ConfirmAdministration)]
public sealed class DecideChange(AccessGate gate, ApprovalDecisions decisions)
{
    public async Task<Result<ApprovalStatus>> ExecuteAsync(Actor actor, DecisionCommand command, CancellationToken cancellation) =>
        await gate.RefusalAsync(actor, Permission.ConfirmAdministration, nameof(DecideChange), cancellation) is { } refusal
            ? refusal
            : await decisions.DecideAsync(actor, command, static kind => !ApprovalRequest.AboutMoney.Contains(kind), cancellation);
}

/// <summary>
/// Takes one checker's decision in a transaction of its own. Two checkers at once: the second is judged again on what the first left, so
/// that one of two needed approvals is not lost and a decided request says so. A refusal goes on record.
/// </summary>
public sealed class ApprovalDecisions(UnitOfWork work, ApprovalDesk desk)
{
    private const int Tries = 5;

    /// <summary>Refusals of people who may decide in general, on this request; losing a race or lacking a step-up is none.</summary>
    private static readonly HashSet<string> OnRecord = new(StringComparer.Ordinal)
    {
        "OwnRequest", "ConcernsYou", "ApprovalExpired", "ApprovalMismatch", "AlreadyDecided", "MakerNoLongerAllowed", "Forbidden",
    };

    internal async Task<Result<ApprovalStatus>> DecideAsync(Actor actor, DecisionCommand command, Func<ApprovalKind, bool> wanted, CancellationToken cancellation)
    {
        if (FaultOf(command) is { } fault)
        {
            return fault;
        }
        Result<ApprovalStatus> result = UnitOfWork.Conflict;
        for (var attempt = 0; attempt < Tries && result.Error == UnitOfWork.Conflict; attempt++)
        {
            result = await work.RunAsync<ApprovalStatus>(actor, async scope =>
            {
                var request = await scope.Db.ApprovalRequests.SingleOrDefaultAsync(r => r.Id == command.RequestId, cancellation);
                return request is null || !wanted(request.Kind)
                    ? new Error("ApprovalNotFound")
                    : await desk.DecideAsync(scope, request, command.Verdict, command.Digest, command.Reason, cancellation);
            }, cancellation);
        }
        if (result.Error is { } refusal && OnRecord.Contains(refusal.Code))
        {
            await work.RecordAsync(actor, new AuditDraft(AuditActions.ApprovalRefused, ApprovalDesk.Subject, command.RequestId.ToString())
            {
                Result = AuditResult.Refused,
                Reason = refusal.Code,
                Details = AuditTrail.ToJson(new { command.Verdict, command.Digest }),
            }, cancellation);
        }
        return result;
    }

    private static Error? FaultOf(DecisionCommand command) => command.Verdict == Verdict.Reject || !string.IsNullOrWhiteSpace(command.Reason)
        ? TextRules.FaultOf(command.Reason)
        : null;
}

/// <summary>Takes a request back before it is decided: one's own; a supervisor also anyone's withdrawal.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class RecallApproval(AccessGate gate, UnitOfWork work, ApprovalDesk desk)
{
    public sealed record Command(Guid RequestId, string Reason);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(RecallApproval), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        var result = await work.RunAsync<Done>(actor, async scope =>
        {
            var request = await scope.Db.ApprovalRequests.SingleOrDefaultAsync(r => r.Id == command.RequestId, cancellation);
            if (request is null)
            {
                return new Error("ApprovalNotFound");
            }
            if (request.MakerId != actor.Id
                && !(ApprovalRequest.AboutMoney.Contains(request.Kind) && await AccessGate.HoldsAsync(scope.Db, actor, Permission.CancelAnyWithdrawal, cancellation)))
            {
                return AccessGate.Forbidden;
            }
            if (request.Status != ApprovalStatus.Pending)
            {
                return new Error("AlreadyClosed", request.Status);
            }
            await desk.EndAsync(scope, request, ApprovalStatus.Recalled, command.Reason.Trim(), cancellation);
            return Done.Value;
        }, cancellation);
        return result.Error == AccessGate.Forbidden
            ? await gate.RefusalAsync(actor, Permission.CancelAnyWithdrawal, nameof(RecallApproval), cancellation) ?? AccessGate.Forbidden
            : result;
    }
}

/// <summary>Ends requests that nobody decided in time. Run by a loop; deciding refuses them anyway.</summary>
public sealed class ApprovalExpiry(UnitOfWork work, ApprovalDesk desk)
{
    private static readonly Actor Expiry = Actor.System("approval-expiry");

    /// <returns>How many were ended.</returns>
    public async Task<int> ExpireAsync(CancellationToken cancellation)
    {
        var ended = 0;
        while (true)
        {
            // One per transaction: a decision that comes in between wins, and the rest is not held up.
            var result = await work.RunAsync<bool>(Expiry, async scope =>
            {
                var due = await scope.Db.ApprovalRequests
                    .Where(r => r.Status == ApprovalStatus.Pending && r.ExpiresAt <= scope.Now)
                    .OrderBy(static r => r.ExpiresAt).FirstOrDefaultAsync(cancellation);
                if (due is not null)
                {
                    await desk.EndAsync(scope, due, ApprovalStatus.Expired, null, cancellation);
                }
                return due is not null;
            }, cancellation);
            if (!result.IsSuccess || !result.Value)
            {
                return ended;
            }
            ended++;
        }
    }
}
