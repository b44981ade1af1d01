using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Notices.Application;

/// <summary>Who is told outside the console, whether they hear it, and what was told last.</summary>
[UseCase(Permission.ConfirmAdministration)]
public sealed class ListNotices(AccessGate gate, NoticeOptions options, IDbContextFactory<CashoutDbContext> contexts)
{
    public const int MostNotices = 100;

    /// <param name="Host">All that is shown of the address.</param>
    /// <param name="Waiting">Not delivered and not given up.</param>
    /// <param name="GivenUp">Not tried any more.</param>
    /// <param name="Fault">Why the newest failed delivery failed; null when none stands open.</param>
    public sealed record Target(
        string Name, NoticeFormat Format, string Host, bool Signed, IReadOnlyList<NoticeKind> Kinds, DateTimeOffset? LastDeliveredAt, int Waiting, int GivenUp, DeliveryFault? Fault, DateTimeOffset? NextTryAt);

    /// <param name="Configured">False = the target left the configuration; nothing is sent to it.</param>
    public sealed record Delivery(NoticeDelivery State, bool Configured);

    public sealed record Row(NoticeBody Body, DateTimeOffset CreatedAt, IReadOnlyList<Delivery> Deliveries);

    public sealed record View(IReadOnlyList<Target> Targets, IReadOnlyList<Row> Notices);

    /// <param name="undeliveredOnly">Only notices that some target did not get.</param>
    public async Task<Result<View>> ExecuteAsync(Actor actor, bool undeliveredOnly, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ConfirmAdministration, nameof(ListNotices), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var targets = new List<Target>();
        foreach (var (name, target) in options.Targets.OrderBy(static pair => pair.Key, StringComparer.OrdinalIgnoreCase))
        {
            targets.Add(await ReadAsync(db, name, target, cancellation));
        }
        var notices = await db.Notices.AsNoTracking().Include(static n => n.Deliveries)
            .Where(n => !undeliveredOnly || n.Deliveries.Any(d => d.DeliveredAt == null))
            .OrderByDescending(static n => n.CreatedAt).ThenBy(static n => n.Id).Take(MostNotices)
            .ToListAsync(cancellation);
        return new View(targets, notices.ConvertAll(notice => new Row(
            NoticeBody.Read(notice.Body),
            notice.CreatedAt,
            [.. notice.Deliveries.OrderBy(static d => d.Target, StringComparer.Ordinal).Select(d => new Delivery(d, options.Targets.ContainsKey(d.Target)))])));
    }

    private static async Task<Target> ReadAsync(CashoutDbContext db, string name, NoticeTarget target, CancellationToken cancellation)
    {
        var deliveries = db.NoticeDeliveries.AsNoTracking().Where(d => d.Target == name);
        var open = deliveries.Where(static d => d.DeliveredAt == null);
        var fault = await (
            from delivery in open
            join notice in db.Notices on delivery.NoticeId equals notice.Id
            where delivery.LastFault != null
            orderby notice.CreatedAt descending
            select delivery.LastFault).FirstOrDefaultAsync(cancellation);
        return new Target(
            name,
            target.Format,
            target.Host,
            !string.IsNullOrWhiteSpace(target.Secret),
            target.Kinds,
            (await deliveries.Where(static d => d.DeliveredAt != null).OrderByDescending(static d => d.DeliveredAt).FirstOrDefaultAsync(cancellation))?.DeliveredAt,
            await open.CountAsync(static d => d.GivenUpAt == null, cancellation),
            await open.CountAsync(static d => d.GivenUpAt != null, cancellation),
            fault is null ? null : DeliveryFault.Read(fault),
            (await open.Where(static d => d.NextTryAt != null && d.LastFault != null).OrderBy(static d => d.NextTryAt).FirstOrDefaultAsync(cancellation))?.NextTryAt);
    }
}
