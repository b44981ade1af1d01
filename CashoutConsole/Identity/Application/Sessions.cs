using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>Where somebody signs in from, as the browser says.</summary>
public sealed record Device(string? RemoteAddress, string? UserAgent);

/// <summary>
/// The rows behind sign-in cookies. A session ends at its absolute end, when nobody used it for a while, or when somebody ends it;
/// a cookie without a living row is worth nothing.
/// </summary>
public static class Sessions
{
    /// <summary>How often a session's last use is written at most.</summary>
    private static readonly TimeSpan SeenEvery = TimeSpan.FromMinutes(1);

    private const int MostAddress = 64;
    private const int MostAgent = 300;

    /// <summary>Opens a session in the transaction that judged the sign-in, and puts the sign-in on record.</summary>
    internal static async Task<OperatorSession> OpenAsync(
        WorkScope scope, Operator person, Device device, string factor, SecurityOptions options, CancellationToken cancellation)
    {
        var session = new OperatorSession
        {
            Id = Guid.CreateVersion7(scope.Now),
            OperatorId = person.Id,
            CreatedAt = scope.Now,
            EndsAt = scope.Now + options.AbsoluteTimeout,
            LastSeenAt = scope.Now,
            RemoteAddress = StorableText.Of(device.RemoteAddress, MostAddress),
            UserAgent = CardNumbers.Mask(StorableText.Of(device.UserAgent, MostAgent) ?? ""),
        };
        scope.Db.OperatorSessions.Add(session);
        await LockOuts.ForgiveAsync(scope.Db, person.Id, cancellation);
        scope.Record(new AuditDraft(AuditActions.SignedIn, "operator", person.Id)
        {
            Actor = Actor.Operator(person.Id, person.DisplayName, device.RemoteAddress) with { SessionId = session.Id },
            Details = AuditTrail.ToJson(new { Session = session.Id, Factor = factor }),
        });
        scope.Announce(ChangeKind.Operator);
        return session;
    }

    /// <summary>Those of an operator that still count.</summary>
    internal static IQueryable<OperatorSession> Living(CashoutDbContext db, string operatorId, DateTimeOffset now, SecurityOptions options)
    {
        var idleSince = now - options.IdleTimeout;
        return db.OperatorSessions.Where(s => s.OperatorId == operatorId && s.EndedAt == null && s.EndsAt > now && s.LastSeenAt >= idleSince);
    }

    public static Task<bool> IsLivingAsync(
        CashoutDbContext db, string operatorId, Guid sessionId, DateTimeOffset now, SecurityOptions options, CancellationToken cancellation) =>
        Living(db, operatorId, now, options).AnyAsync(s => s.Id == sessionId, cancellation);

    /// <summary>Notes that a person uses the session now. One that was idle for too long stays over.</summary>
    public static async Task SeenAsync(CashoutDbContext db, string operatorId, Guid sessionId, DateTimeOffset now, SecurityOptions options, CancellationToken cancellation)
    {
        var due = now - SeenEvery;
        var unseen = Living(db, operatorId, now, options).Where(s => s.Id == sessionId && s.LastSeenAt <= due);
        // Read first: most requests need no write.
        if (await unseen.AnyAsync(cancellation))
        {
            await unseen.ExecuteUpdateAsync(set => set.SetProperty(static s => s.LastSeenAt, now), cancellation);
        }
    }

    /// <summary>Ends those of the given sessions that still count and records each; returns how many.</summary>
    internal static async Task<int> EndAsync(WorkScope scope, IQueryable<OperatorSession> sessions, string reason, CancellationToken cancellation)
    {
        var rows = await sessions.ToListAsync(cancellation);
        foreach (var row in rows)
        {
            row.EndedAt = scope.Now;
            scope.Record(new AuditDraft(AuditActions.SessionEnded, "operator", row.OperatorId) { Reason = reason, Details = AuditTrail.ToJson(new { Session = row.Id }) });
        }
        if (rows.Count > 0)
        {
            scope.Announce(ChangeKind.Operator);
        }
        return rows.Count;
    }
}
