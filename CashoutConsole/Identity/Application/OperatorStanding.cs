using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>What every change of somebody else's standing has in common.</summary>
internal static class OperatorStanding
{
    public const string Subject = "operator";

    public static readonly Error CannotChangeSelf = new("CannotChangeSelf");

    public static readonly Error NotFound = new("OperatorNotFound");

    /// <summary>
    /// Until the transaction ends nobody else changes who may do what: two changes that are harmless alone and leave nobody together come
    /// one after the other, and the second is judged on what the first left. Take it before reading operators.
    /// </summary>
    public static async Task LockAsync(CashoutDbContext db, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlAsync($"INSERT INTO policy_counters (scope, scope_id, currency, number) VALUES ('operators', '', '', 0) ON CONFLICT DO NOTHING", cancellation);
        await db.Database.ExecuteSqlAsync($"UPDATE policy_counters SET number = number + 1 WHERE scope = 'operators'", cancellation);
    }

    /// <summary>
    /// Takes the lock, asks again whether the actor may, and reads the operator whom it is about, with roles. Nobody changes themselves.
    /// </summary>
    /// <param name="stepUp">Null where the safe direction must not wait for a step-up.</param>
    public static async Task<Result<Operator>> BeginAsync(
        WorkScope scope, string operatorId, Permission permission, SecurityOptions? stepUp, CancellationToken cancellation)
    {
        await LockAsync(scope.Db, cancellation);
        if (!await AccessGate.HoldsAsync(scope.Db, scope.Actor, permission, cancellation))
        {
            return AccessGate.Forbidden;
        }
        if (operatorId == scope.Actor.Id)
        {
            return CannotChangeSelf;
        }
        if (stepUp is not null && await StepUps.MissingAsync(scope.Db, scope.Actor, scope.Now, stepUp, cancellation) is { } missing)
        {
            return missing;
        }
        return await FindAsync(scope.Db, operatorId, cancellation) is { } row ? row : NotFound;
    }

    public static Task<Operator?> FindAsync(CashoutDbContext db, string operatorId, CancellationToken cancellation) =>
        db.Users.Include(static u => u.Roles).SingleOrDefaultAsync(u => u.Id == operatorId, cancellation);

    /// <summary>Ends every session; open pages close within seconds.</summary>
    public static async Task SignOutAsync(WorkScope scope, Operator row, SecurityOptions options, string why, CancellationToken cancellation)
    {
        row.RenewStamp();
        await Sessions.EndAsync(scope, Sessions.Living(scope.Db, row.Id, scope.Now, options), why, cancellation);
        scope.Announce(ChangeKind.Operator);
    }

    public static AuditDraft Entry(string action, Operator row) => new(action, Subject, row.Id);

    public static IReadOnlyList<Role> RolesOf(Operator row) => [.. row.Roles.Select(static r => r.Role).Order()];
}
