using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Application;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Exports.Application;

/// <summary>Writes exactly the audit entries on the filter, oldest first. The export is itself on record before the first byte leaves.</summary>
[UseCase(Permission.ExportAudit)]
public sealed class ExportAuditCsv(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work)
{
    private static readonly string[] Header =
    [
        "sequence", "time", "actor_kind", "actor_id", "actor_name", "on_behalf_of", "remote_address", "action", "subject_type", "subject_id",
        "result", "reason", "before", "after", "details", "correlation_id", "content_hash", "previous_hash", "entry_hash",
    ];

    public async Task<Result<Func<Stream, CancellationToken, Task>>> ExecuteAsync(Actor actor, AuditFilter filter, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ExportAudit, nameof(ExportAuditCsv), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (filter.FaultOf() is { } fault)
        {
            return fault;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        // What is appended from now on, this export's own entry included, is not part of what the filter showed.
        var last = (await db.AuditHeads.AsNoTracking().SingleAsync(cancellation)).Sequence;
        var recorded = await work.RecordAsync(actor, new AuditDraft(AuditActions.AuditExported, "audit", "csv") { Details = AuditTrail.ToJson(filter) }, cancellation);
        if (!recorded.IsSuccess)
        {
            return recorded.Error;
        }
        return Result<Func<Stream, CancellationToken, Task>>.Success((output, token) => WriteAsync(output, filter, last, token));
    }

    private async Task WriteAsync(Stream output, AuditFilter filter, long last, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var csv = new CsvWriter(output);
        await csv.HeaderAsync(Header, cancellation);
        await foreach (var e in filter.Apply(db.AuditEntries.AsNoTracking()).Where(e => e.Sequence <= last).OrderBy(static e => e.Sequence).AsAsyncEnumerable().WithCancellation(cancellation))
        {
            csv.Number(e.Sequence).Time(e.At).Text(e.ActorKind.ToString()).Id(e.ActorId).Text(e.ActorName).Id(e.OnBehalfOf).Text(e.RemoteAddress)
                .Text(e.Action).Text(e.SubjectType).Id(e.SubjectId).Text(e.Result.ToString()).Text(e.Reason).Text(e.Before).Text(e.After).Text(e.Details)
                .Id(e.CorrelationId).Id(Hex(e.ContentHash)).Id(Hex(e.PreviousHash)).Id(Hex(e.EntryHash));
            await csv.EndRowAsync(cancellation);
        }
        await csv.FlushAsync(cancellation);
    }

    private static string Hex(byte[] hash) => Convert.ToHexStringLower(hash);
}

/// <summary>Writes exactly the withdrawals on the filter, oldest first.</summary>
[UseCase(Permission.ExportWithdrawals)]
public sealed class ExportWithdrawalsCsv(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work)
{
    private static readonly string[] Header =
    [
        "id", "created", "provider_account", "account_id", "account", "mode", "amount", "currency", "status", "reason_code", "settled", "fee",
        "provider_reference", "idempotency_key", "maker_id", "maker", "reason", "first_sent", "final", "provider_text",
    ];

    public async Task<Result<Func<Stream, CancellationToken, Task>>> ExecuteAsync(Actor actor, WithdrawalFilter filter, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ExportWithdrawals, nameof(ExportWithdrawalsCsv), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (filter.FaultOf() is { } fault)
        {
            return fault;
        }
        var recorded = await work.RecordAsync(actor, new AuditDraft(AuditActions.WithdrawalsExported, "withdrawals", "csv") { Details = AuditTrail.ToJson(filter) }, cancellation);
        if (!recorded.IsSuccess)
        {
            return recorded.Error;
        }
        return Result<Func<Stream, CancellationToken, Task>>.Success((output, token) => WriteAsync(output, filter, token));
    }

    private async Task WriteAsync(Stream output, WithdrawalFilter filter, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var rows =
            from w in filter.Apply(db)
            join p in db.ProviderAccounts on w.ProviderAccountId equals p.Id
            join a in db.Accounts on w.AccountId equals a.Id
            join u in db.Users on w.MakerId equals u.Id
            orderby w.CreatedAt, w.Id
            select new { Withdrawal = w, Provider = p.Name, Account = a.MaskedNumber ?? a.DisplayName ?? a.ExternalId, Maker = u.DisplayName };
        var csv = new CsvWriter(output);
        await csv.HeaderAsync(Header, cancellation);
        await foreach (var row in rows.AsNoTracking().AsAsyncEnumerable().WithCancellation(cancellation))
        {
            var w = row.Withdrawal;
            csv.Id(w.Id.ToString()).Time(w.CreatedAt).Text(row.Provider).Id(w.ExternalAccountId).Text(row.Account).Text(w.Mode.ToString())
                .Amount(w.Amount.Amount).Text(w.Currency).Text(w.Status.ToString()).Text(w.ReasonCode).Amount(w.Settled?.Amount)
                .Amount(w.FeeMillionths is { } fee ? Money.ToDecimal(fee) : null).Id(w.ProviderReference).Id(w.IdempotencyKey).Id(w.MakerId).Text(row.Maker)
                .Text(w.Reason).Time(w.FirstSentAt).Time(w.FinalAt).Text(w.ProviderText);
            await csv.EndRowAsync(cancellation);
        }
        await csv.FlushAsync(cancellation);
    }
}
