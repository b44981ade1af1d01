using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application.Operators;

/// <summary>What the requests about operators have in common.</summary>
internal static class OperatorRequests
{
    /// <summary>Null, or the refusal: one request of a kind about one operator at a time.</summary>
    public static async Task<Error?> PendingAsync(CashoutDbContext db, ApprovalKind kind, string operatorId, CancellationToken cancellation) =>
        await db.ApprovalRequests.AnyAsync(r => r.Kind == kind && r.SubjectId == operatorId && r.Status == ApprovalStatus.Pending, cancellation)
            ? new Error("OperatorRequestPending")
            : null;

    public static async Task<Guid> OpenAsync(WorkScope scope, ApprovalKind kind, Operator row, string line, string reason, CancellationToken cancellation)
    {
        var hours = (await PolicyBook.ActiveAsync(scope.Db, cancellation))?.DecideWithinHours ?? PolicyBook.FirstDecideWithinHours;
        scope.Announce(ChangeKind.Operator);
        return ApprovalDesk.Open(scope, new ApprovalDraft(Guid.CreateVersion7(scope.Now), kind, reason, [new CanonicalLine(row.Id, line)])
        {
            DecideWithin = TimeSpan.FromHours(hours),
        }).Id;
    }

    /// <summary>The line as it was stored when the request was made: what was asked for stands there alone.</summary>
    public static Task<string> StoredLineAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation) =>
        db.ApprovalLines.AsNoTracking().Where(line => line.RequestId == request.Id && line.Number == 1).Select(static line => line.Text).SingleAsync(cancellation);

    /// <summary>As it is now, for comparing; nothing of it is written.</summary>
    public static Task<Operator?> ReadAsync(CashoutDbContext db, string operatorId, CancellationToken cancellation) =>
        db.Users.AsNoTracking().Include(static u => u.Roles).SingleOrDefaultAsync(u => u.Id == operatorId, cancellation);

    /// <summary>
    /// Takes the lock of operators' standing in the decision's transaction and asks again what could have changed while this waited: whether
    /// maker and checker still may, and whether the operator is still as the request says.
    /// </summary>
    public static async Task<Result<Operator>> BeginAsync(IApprovedAction action, WorkScope scope, ApprovalRequest request, CancellationToken cancellation)
    {
        await OperatorStanding.LockAsync(scope.Db, cancellation);
        if (!await AccessGate.HoldsAsync(scope.Db, scope.Actor, Permission.ConfirmAdministration, cancellation))
        {
            return AccessGate.Forbidden;
        }
        if (!await AccessGate.HoldsAsync(scope.Db, request.MakerId, action.MakerPermission, cancellation))
        {
            return new Error("MakerNoLongerAllowed");
        }
        var stored = await StoredLineAsync(scope.Db, request, cancellation);
        return (await action.LinesAsync(scope.Db, request, cancellation)).Any(line => line.Text == stored)
            ? (await OperatorStanding.FindAsync(scope.Db, request.SubjectId, cancellation))!
            : ApprovalDesk.Mismatch;
    }

    /// <summary>The people as they would be with this operator in these roles, enabled.</summary>
    public static Func<List<ActingPerson>, List<ActingPerson>> With(Operator row, IEnumerable<Role> roles) => people =>
        [.. people.Where(person => person.Id != row.Id), new ActingPerson(row.Id, row.DisplayName, roles.ToHashSet())];

    /// <summary>The people as they would be without this operator.</summary>
    public static Func<List<ActingPerson>, List<ActingPerson>> Without(Operator row) => people => [.. people.Where(person => person.Id != row.Id)];
}
