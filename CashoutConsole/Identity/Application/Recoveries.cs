using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>Operators made on the command line after set-up that two people have not acknowledged yet, for the notice on every page.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListRecoveries(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    /// <param name="FirstBy">The display name of who acknowledged it first; null = nobody yet.</param>
    /// <param name="WhyNot">Why the viewer cannot acknowledge it; null = can.</param>
    public sealed record Row(Recovery Recovery, string UserName, string DisplayName, string? FirstBy, Error? WhyNot);

    public async Task<Result<IReadOnlyList<Row>>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListRecoveries), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var open = await db.Recoveries.AsNoTracking().Where(static r => r.AcknowledgedAt == null).OrderBy(static r => r.At).ThenBy(static r => r.Id).ToListAsync(cancellation);
        if (open.Count == 0)
        {
            return Result<IReadOnlyList<Row>>.Success([]);
        }
        var people = await db.Users.AsNoTracking().ToDictionaryAsync(static u => u.Id, StringComparer.Ordinal, cancellation);
        var may = await AccessGate.HoldsAsync(db, actor, Permission.ConfirmAdministration, cancellation);
        return Result<IReadOnlyList<Row>>.Success(open.ConvertAll(recovery => new Row(
            recovery,
            people[recovery.OperatorId].UserName!,
            people[recovery.OperatorId].DisplayName,
            recovery.FirstAcknowledgedBy is { } first ? people[first].DisplayName : null,
            may ? AcknowledgeRecovery.WhyNot(recovery, open, actor.Id) : AccessGate.Forbidden)));
    }
}

/// <summary>
/// Somebody says: I know who that operator is and why they were made past the console. Two people must; none of those who were made that way
/// and are not acknowledged themselves.
/// </summary>
[UseCase(Permission.ConfirmAdministration)]
public sealed class AcknowledgeRecovery(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    public async Task<Result<Done>> ExecuteAsync(Actor actor, Guid recoveryId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ConfirmAdministration, nameof(AcknowledgeRecovery), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            await OperatorStanding.LockAsync(scope.Db, cancellation);
            if (!await AccessGate.HoldsAsync(scope.Db, actor, Permission.ConfirmAdministration, cancellation))
            {
                return AccessGate.Forbidden;
            }
            var open = await scope.Db.Recoveries.Where(static r => r.AcknowledgedAt == null).ToListAsync(cancellation);
            if (open.Find(r => r.Id == recoveryId) is not { } recovery)
            {
                return new Error("RecoveryNotOpen");
            }
            if (WhyNot(recovery, open, actor.Id) is { } obstacle)
            {
                return obstacle;
            }
            if (await StepUps.MissingAsync(scope.Db, actor, scope.Now, security, cancellation) is { } stepUp)
            {
                return stepUp;
            }
            Sign(recovery, actor.Id, scope.Now);
            scope.Record(new AuditDraft(AuditActions.RecoveryAcknowledged, OperatorStanding.Subject, recovery.OperatorId)
            {
                Details = AuditTrail.ToJson(new { Recovery = recovery.Id, recovery.FirstAcknowledgedBy, recovery.SecondAcknowledgedBy }),
            });
            scope.Announce(ChangeKind.Operator);
            return Done.Value;
        }, cancellation);
    }

    /// <summary>Null = may. Nobody who came in by the same door vouches for another.</summary>
    internal static Error? WhyNot(Recovery recovery, IEnumerable<Recovery> open, string actorId) =>
        open.Any(r => r.OperatorId == actorId) ? new Error("ConcernsYou")
        : recovery.FirstAcknowledgedBy == actorId ? new Error("AlreadyAcknowledged")
        : null;

    private static void Sign(Recovery recovery, string actorId, DateTimeOffset now)
    {
        if (recovery.FirstAcknowledgedBy is null)
        {
            recovery.FirstAcknowledgedBy = actorId;
        }
        else
        {
            recovery.SecondAcknowledgedBy = actorId;
            recovery.AcknowledgedAt = now;
        }
    }
}
