using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>
/// Decides whether an actor may do something, from what the database says now, never from what a cookie or circuit remembers. A
/// refusal goes on record.
/// </summary>
public sealed class AccessGate(IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work)
{
    public static readonly Error Forbidden = new("Forbidden");

    /// <summary>Null when allowed; else the refusal, already on record. Call it first in every use case.</summary>
    public async Task<Error?> RefusalAsync(Actor actor, Permission permission, string useCase, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await HoldsAsync(db, actor, permission, cancellation))
        {
            return null;
        }
        await work.RecordAsync(
            actor,
            new AuditDraft(AuditActions.PermissionRefused, "use-case", useCase) { Result = AuditResult.Refused, Reason = permission.ToString() },
            cancellation);
        return Forbidden;
    }

    /// <summary>
    /// Re-reads roles and standing in the caller's own transaction: money actions ask again here. A session that was ended allows nothing
    /// from that moment on, whatever its pages still show.
    /// </summary>
    public static async Task<bool> HoldsAsync(CashoutDbContext db, Actor actor, Permission permission, CancellationToken cancellation) =>
        actor.Kind == ActorKind.Operator
        && await HoldsAsync(db, actor.Id, permission, cancellation)
        && (actor.SessionId is not { } session || await db.OperatorSessions.AnyAsync(s => s.Id == session && s.OperatorId == actor.Id && s.EndedAt == null, cancellation));

    public static async Task<bool> HoldsAsync(CashoutDbContext db, string operatorId, Permission permission, CancellationToken cancellation)
    {
        var roles = await db.OperatorRoles
            .Where(role => role.OperatorId == operatorId && db.Users.Any(user => user.Id == operatorId && user.DisabledAt == null))
            .Select(static role => role.Role)
            .ToListAsync(cancellation);
        return RolePermissions.Grants(roles, permission);
    }
}
