using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Providers.Application;

/// <summary>Stops sending, everywhere or for one provider account: one click and a reason. Checked right before each send.</summary>
[UseCase(Permission.StopSending)]
public sealed class StopSending(AccessGate gate, UnitOfWork work)
{
    /// <param name="ScopeId"><see cref="SendingStop.EverythingId"/> or a provider account.</param>
    public sealed record Command(Guid ScopeId, string Reason);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.StopSending, nameof(StopSending), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            if (await scope.Db.SendingStops.AnyAsync(s => s.ScopeId == command.ScopeId && s.Stopped && s.ResumeProposedBy == null, cancellation))
            {
                return new Error("AlreadyStopped");
            }
            await SendingStops.StopAsync(scope, command.ScopeId, command.Reason.Trim(), cancellation);
            return Done.Value;
        }, cancellation);
    }
}

/// <summary>The first half of resuming: a supervisor proposes it, with a reason.</summary>
[UseCase(Permission.ProposeResume)]
public sealed class ProposeResume(AccessGate gate, UnitOfWork work)
{
    public sealed record Command(Guid ScopeId, string Reason);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ProposeResume, nameof(ProposeResume), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            var row = await scope.Db.SendingStops.SingleOrDefaultAsync(s => s.ScopeId == command.ScopeId && s.Stopped, cancellation);
            if (row is null)
            {
                return new Error("NotStopped");
            }
            row.ResumeProposedBy = actor.Id;
            row.ResumeProposedAt = scope.Now;
            row.Version++;
            await scope.RecordStopAsync(AuditActions.ResumeProposed, row, cancellation, command.Reason.Trim());
            return Done.Value;
        }, cancellation);
    }
}

/// <summary>The second half: another person confirms, and sending goes on.</summary>
[UseCase(Permission.ConfirmResume)]
public sealed class ConfirmResume(AccessGate gate, UnitOfWork work)
{
    /// <param name="Version">The stop's version that the confirmer saw.</param>
    public sealed record Command(Guid ScopeId, long Version);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ConfirmResume, nameof(ConfirmResume), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            var row = await scope.Db.SendingStops.SingleOrDefaultAsync(s => s.ScopeId == command.ScopeId && s.Stopped, cancellation);
            if (row is null || row.ResumeProposedBy is null)
            {
                return new Error("NotProposed");
            }
            if (row.Version != command.Version)
            {
                return UnitOfWork.Conflict;
            }
            if (row.ResumeProposedBy == actor.Id)
            {
                return new Error("SecondPersonNeeded");
            }
            if (!await AccessGate.HoldsAsync(scope.Db, row.ResumeProposedBy, Permission.ProposeResume, cancellation))
            {
                return new Error("ProposerNoLongerAllowed");
            }
            row.Stopped = false;
            row.Version++;
            await scope.RecordStopAsync(AuditActions.SendingResumed, row, cancellation);
            row.ResumeProposedBy = null;
            row.ResumeProposedAt = null;
            return Done.Value;
        }, cancellation);
    }
}

/// <summary>What is stopped now, for the bar on every page.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListSendingStops(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    /// <param name="Scope">Null = everything; else the provider account's display name.</param>
    public sealed record Row(SendingStop Stop, string? Scope, string StoppedByName, string? ResumeProposedByName);

    public async Task<Result<IReadOnlyList<Row>>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListSendingStops), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var stops = await db.SendingStops.AsNoTracking().Where(static s => s.Stopped).OrderBy(static s => s.StoppedAt).ToListAsync(cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, static p => p.DisplayName, cancellation);
        var people = await db.Users.AsNoTracking().ToDictionaryAsync(static u => u.Id, static u => u.DisplayName, StringComparer.Ordinal, cancellation);
        return Result<IReadOnlyList<Row>>.Success(stops.ConvertAll(s => new Row(
            s,
            providers.GetValueOrDefault(s.ScopeId),
            people.GetValueOrDefault(s.StoppedBy, s.StoppedBy),
            s.ResumeProposedBy is { } by ? people.GetValueOrDefault(by, by) : null)));
    }
}

/// <summary>Stops in the caller's transaction, and puts stops and resumes on record.</summary>
internal static class SendingStops
{
    /// <summary>Stops, or stops anew with this reason: a resume that was proposed before is void.</summary>
    public static async Task StopAsync(WorkScope scope, Guid scopeId, string reason, CancellationToken cancellation)
    {
        var row = await scope.Db.SendingStops.SingleOrDefaultAsync(s => s.ScopeId == scopeId, cancellation);
        if (row is null)
        {
            row = new SendingStop
            {
                ScopeId = scopeId,
                Stopped = true,
                Reason = reason,
                StoppedBy = scope.Actor.Id,
                StoppedAt = scope.Now,
                Version = 0,
            };
            scope.Db.SendingStops.Add(row);
        }
        row.Stopped = true;
        row.Reason = reason;
        row.StoppedBy = scope.Actor.Id;
        row.StoppedAt = scope.Now;
        row.ResumeProposedBy = null;
        row.ResumeProposedAt = null;
        row.Version++;
        await scope.RecordStopAsync(AuditActions.SendingStopped, row, cancellation);
    }

    public static async Task RecordStopAsync(this WorkScope scope, string action, SendingStop row, CancellationToken cancellation, string? reason = null)
    {
        var name = row.ScopeId == SendingStop.EverythingId
            ? "everything"
            : await scope.Db.ProviderAccounts.Where(p => p.Id == row.ScopeId).Select(static p => p.Name).SingleAsync(cancellation);
        scope.Record(new AuditDraft(action, "sending", name)
        {
            Reason = reason ?? row.Reason,
            After = AuditTrail.ToJson(new { row.Stopped, row.StoppedBy, row.ResumeProposedBy }),
        });
        scope.Announce(ChangeKind.SendingStop, row.ScopeId);
    }
}
