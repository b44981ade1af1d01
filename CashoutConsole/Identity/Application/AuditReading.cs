using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

// Reading the trail needs the access gate, which is this room's; the audit room itself comes before it and knows no operators.

/// <summary>A page of the audit trail, newest first.</summary>
[UseCase(Permission.ReadAudit)]
public sealed class ListAuditEntries(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    public const int MaxPage = 500;

    public sealed record Page(IReadOnlyList<AuditEntry> Entries, int Total);

    public async Task<Result<Page>> ExecuteAsync(Actor actor, AuditFilter filter, int skip, int take, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ReadAudit, nameof(ListAuditEntries), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (filter.FaultOf() is { } fault)
        {
            return fault;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        take = Math.Clamp(take, 0, MaxPage);
        skip = Math.Max(0, skip);
        if (filter.IsEmpty)
        {
            // The sequence has no gaps, so a page of the whole trail is found by number, however far down.
            var head = (await db.AuditHeads.AsNoTracking().SingleAsync(cancellation)).Sequence;
            var from = head - skip;
            return new Page(await db.AuditEntries.AsNoTracking().Where(e => e.Sequence <= from).OrderByDescending(static e => e.Sequence).Take(take).ToListAsync(cancellation), (int)head);
        }
        var matching = filter.Apply(db.AuditEntries.AsNoTracking());
        var total = await matching.CountAsync(cancellation);
        return new Page(await matching.OrderByDescending(static e => e.Sequence).Skip(skip).Take(take).ToListAsync(cancellation), total);
    }
}

/// <summary>The entries of one subject and everything it caused, oldest first, for timelines. At most 500.</summary>
[UseCase(Permission.ReadAudit)]
public sealed class ShowSubjectTrail(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    private const int Most = 500;

    public async Task<Result<IReadOnlyList<AuditEntry>>> ExecuteAsync(Actor actor, string subjectId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ReadAudit, nameof(ShowSubjectTrail), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.AuditEntries.AsNoTracking()
            .Where(e => e.SubjectId == subjectId || e.CorrelationId == subjectId)
            .OrderBy(static e => e.Sequence).Take(Most).ToListAsync(cancellation);
    }
}

/// <summary>Verifies the chain on the live database; the verification is itself on record.</summary>
[UseCase(Permission.ExportAudit)]
public sealed class VerifyAudit(AccessGate gate, ChainVerifier verifier, UnitOfWork work)
{
    public async Task<Result<ChainReport>> ExecuteAsync(Actor actor, IProgress<long>? progress, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ExportAudit, nameof(VerifyAudit), cancellation) is { } refusal)
        {
            return refusal;
        }
        var report = await verifier.VerifyAsync(progress, cancellation);
        await work.RecordAsync(actor, new AuditDraft(AuditActions.AuditVerified, "audit", "chain")
        {
            Result = report.IsWhole ? AuditResult.Ok : AuditResult.Failed,
            Details = AuditTrail.ToJson(report),
        }, cancellation);
        return report;
    }
}
