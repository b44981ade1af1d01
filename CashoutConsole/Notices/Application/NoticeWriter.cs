using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Notices.Application;

/// <summary>
/// Writes down what must be told, found by reading the database, so that nothing is missed when a process dies between a change and its
/// notice. A notice, its deliveries and its audit entry are one transaction; the unique key lets only one process write it.
/// </summary>
public sealed class NoticeWriter(IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, NoticeOptions options, IProviderRegistry registry, TimeProvider clock)
{
    /// <summary>Returns how many notices were written. A kind that no target wants is not written.</summary>
    public async Task<int> WriteAsync(CancellationToken cancellation)
    {
        var written = 0;
        foreach (var kind in Enum.GetValues<NoticeKind>())
        {
            if (!options.TargetsFor(kind).Any())
            {
                continue;
            }
            IReadOnlyList<Occasion> occasions;
            await using (var db = await contexts.CreateDbContextAsync(cancellation))
            {
                occasions = await NoticeOccasions.NewAsync(db, kind, options, clock.Now(), cancellation);
            }
            foreach (var occasion in occasions)
            {
                // The one error there is, Conflict, says that another process was faster.
                written += (await WriteAsync(occasion, cancellation)).IsSuccess ? 1 : 0;
            }
        }
        return written;
    }

    private Task<Result<Done>> WriteAsync(Occasion occasion, CancellationToken cancellation) =>
        work.RunAsync<Done>(Actor.System("notices"), scope =>
        {
            Add(scope, occasion, registry.Mode, [.. options.TargetsFor(occasion.Kind)]);
            return Task.FromResult<Result<Done>>(Done.Value);
        }, cancellation);

    internal static void Add(WorkScope scope, Occasion occasion, OperatingMode mode, IReadOnlyList<string> targets)
    {
        var body = new NoticeBody
        {
            Id = Guid.NewGuid(),
            Kind = occasion.Kind,
            Mode = mode,
            OccurredAt = occasion.OccurredAt,
            SubjectId = occasion.SubjectId,
            SubjectKind = occasion.SubjectKind,
            WithdrawalId = occasion.WithdrawalId,
            Amounts = [.. occasion.Amounts.Select(static sum => new NoticeAmount(AmountText.Plain(sum.Amount), sum.Currency.Value))],
        };
        scope.Db.Notices.Add(new Notice
        {
            Id = body.Id,
            Kind = occasion.Kind,
            SubjectId = occasion.SubjectId,
            DeduplicationKey = occasion.Key,
            Body = body.ToJson(),
            CreatedAt = scope.Now,
            Deliveries = [.. targets.Select(target => new NoticeDelivery { NoticeId = body.Id, Target = target, Tries = 0, NextTryAt = scope.Now })],
        });
        scope.Record(new AuditDraft(AuditActions.NoticeCreated, "notice", body.Id.ToString())
        {
            Details = AuditTrail.ToJson(new { occasion.Kind, occasion.SubjectId, Targets = targets }),
            CorrelationId = occasion.WithdrawalId?.ToString(),
        });
        scope.Announce(ChangeKind.Notice, body.Id);
    }
}
