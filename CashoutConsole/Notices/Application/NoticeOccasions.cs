using System.Globalization;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Notices.Application;

/// <summary>Something that people outside must be told of, by what the database says now.</summary>
/// <param name="Key">The same as long as it is the same occasion; another one when it happens anew.</param>
internal sealed record Occasion(NoticeKind Kind, string Key, string SubjectId, DateTimeOffset OccurredAt)
{
    public string? SubjectKind { get; init; }

    public Guid? WithdrawalId { get; init; }

    public IReadOnlyList<Money> Amounts { get; init; } = [];
}

/// <summary>Reads what must be told and was not yet.</summary>
internal static class NoticeOccasions
{
    /// <summary>Of each kind the newest are looked at; older ones were told when they were new.</summary>
    private const int Most = 1000;

    public static async Task<IReadOnlyList<Occasion>> NewAsync(CashoutDbContext db, NoticeKind kind, NoticeOptions options, DateTimeOffset now, CancellationToken cancellation)
    {
        var found = kind switch
        {
            NoticeKind.ApprovalWaiting => await ApprovalsAsync(db, now, cancellation),
            NoticeKind.UnknownTooOld => await UnknownsAsync(db, now - options.UnknownAfter, cancellation),
            NoticeKind.BreakOpened => await BreaksAsync(db, cancellation),
            NoticeKind.SendingStopped => await StopsAsync(db, cancellation),
            NoticeKind.Test => [],
        };
        var keys = found.ConvertAll(static occasion => occasion.Key);
        var told = await db.Notices.Where(n => keys.Contains(n.DeduplicationKey)).Select(static n => n.DeduplicationKey).ToListAsync(cancellation);
        var untold = found.ExceptBy(told, static occasion => occasion.Key, StringComparer.Ordinal).ToList();
        return kind == NoticeKind.ApprovalWaiting ? await WithMoneyAsync(db, untold, cancellation) : untold;
    }

    private static async Task<List<Occasion>> ApprovalsAsync(CashoutDbContext db, DateTimeOffset now, CancellationToken cancellation)
    {
        var rows = await db.ApprovalRequests
            .Where(r => r.Status == ApprovalStatus.Pending && r.ExpiresAt > now)
            .OrderByDescending(static r => r.CreatedAt).Take(Most)
            .Select(static r => new { r.Id, r.Kind, r.CreatedAt })
            .ToListAsync(cancellation);
        return rows.ConvertAll(static row => new Occasion(NoticeKind.ApprovalWaiting, $"approval:{row.Id}", row.Id.ToString(), row.CreatedAt) { SubjectKind = row.Kind.ToString() });
    }

    /// <summary>A request is about one withdrawal or, in a batch, about many: their sums by currency.</summary>
    private static async Task<IReadOnlyList<Occasion>> WithMoneyAsync(CashoutDbContext db, List<Occasion> approvals, CancellationToken cancellation)
    {
        var ids = approvals.ConvertAll(static occasion => (Guid?)Guid.Parse(occasion.SubjectId));
        var withdrawals = await db.Withdrawals
            .Where(w => ids.Contains(w.ApprovalId))
            .Select(static w => new { w.ApprovalId, w.Id, w.AmountMillionths, w.Currency })
            .ToListAsync(cancellation);
        var byRequest = withdrawals.ToLookup(static w => w.ApprovalId.ToString()!, StringComparer.Ordinal);
        return approvals.ConvertAll(occasion => occasion with
        {
            WithdrawalId = byRequest[occasion.SubjectId].Count() == 1 ? byRequest[occasion.SubjectId].Single().Id : null,
            Amounts =
            [
                .. byRequest[occasion.SubjectId].GroupBy(static w => w.Currency, StringComparer.Ordinal).OrderBy(static group => group.Key, StringComparer.Ordinal)
                    .Select(static group => Money.FromMillionths(group.Sum(static w => w.AmountMillionths), group.Key)),
            ],
        });
    }

    /// <summary>Unknown again after the provider had known it is another occasion: the history row's number tells them apart.</summary>
    private static async Task<List<Occasion>> UnknownsAsync(CashoutDbContext db, DateTimeOffset before, CancellationToken cancellation)
    {
        var rows = await (
            from withdrawal in db.Withdrawals
            join change in db.StatusChanges on withdrawal.Id equals change.WithdrawalId
            where withdrawal.Status == WithdrawalStatus.OutcomeUnknown && change.To == WithdrawalStatus.OutcomeUnknown && change.At < before
                && !db.StatusChanges.Any(later => later.WithdrawalId == withdrawal.Id && later.Number > change.Number)
            orderby change.At descending
            select new { withdrawal.Id, withdrawal.AmountMillionths, withdrawal.Currency, change.At, change.Number })
            .Take(Most).ToListAsync(cancellation);
        return rows.ConvertAll(static row => new Occasion(
            NoticeKind.UnknownTooOld, string.Create(CultureInfo.InvariantCulture, $"unknown:{row.Id}:{row.Number}"), row.Id.ToString(), row.At)
        {
            WithdrawalId = row.Id,
            Amounts = [Money.FromMillionths(row.AmountMillionths, row.Currency)],
        });
    }

    private static async Task<List<Occasion>> BreaksAsync(CashoutDbContext db, CancellationToken cancellation)
    {
        var rows = await (
            from row in db.Breaks
            join withdrawal in db.Withdrawals on row.WithdrawalId equals withdrawal.Id
            where row.ResolvedAt == null
            orderby row.OpenedAt descending
            select new { row.Id, row.Kind, row.OpenedAt, row.WithdrawalId, withdrawal.AmountMillionths, withdrawal.Currency })
            .Take(Most).ToListAsync(cancellation);
        return rows.ConvertAll(static row => new Occasion(NoticeKind.BreakOpened, $"break:{row.Id}", row.Id.ToString(), row.OpenedAt)
        {
            SubjectKind = row.Kind.ToString(),
            WithdrawalId = row.WithdrawalId,
            Amounts = [Money.FromMillionths(row.AmountMillionths, row.Currency)],
        });
    }

    /// <summary>The time tells one stop from the next; the version would not, because a proposal to resume changes it too.</summary>
    private static async Task<List<Occasion>> StopsAsync(CashoutDbContext db, CancellationToken cancellation)
    {
        var rows = await db.SendingStops.Where(static s => s.Stopped).OrderByDescending(static s => s.StoppedAt).Take(Most)
            .Select(static s => new { s.ScopeId, s.StoppedAt }).ToListAsync(cancellation);
        return rows.ConvertAll(static row => new Occasion(
            NoticeKind.SendingStopped,
            string.Create(CultureInfo.InvariantCulture, $"stop:{row.ScopeId}:{Clock.ToUnixMicroseconds(row.StoppedAt)}"),
            row.ScopeId == SendingStop.EverythingId ? NoticeBody.Everything : row.ScopeId.ToString(),
            row.StoppedAt));
    }
}
