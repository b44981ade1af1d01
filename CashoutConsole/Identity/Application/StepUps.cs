using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>
/// Whether an operator proved a moment ago, in this very session, that it is still them. Use cases that decide over money ask in their
/// own transaction; another session of the same operator counts for nothing.
/// </summary>
public static class StepUps
{
    public static readonly Error Needed = new("StepUpNeeded");

    /// <summary>Null when the step-up of the actor's session is fresh; else <see cref="Needed"/>.</summary>
    public static async Task<Error?> MissingAsync(
        CashoutDbContext db, Actor actor, DateTimeOffset now, SecurityOptions options, CancellationToken cancellation) =>
        await StepUpAtAsync(db, actor, now, options, cancellation) is null ? Needed : null;

    /// <summary>When the step-up that counts now was made, for the record; null = there is none.</summary>
    public static async Task<DateTimeOffset?> StepUpAtAsync(
        CashoutDbContext db, Actor actor, DateTimeOffset now, SecurityOptions options, CancellationToken cancellation)
    {
        if (actor is not { Kind: ActorKind.Operator, SessionId: { } sessionId })
        {
            return null;
        }
        var oldest = now - options.StepUpWindow;
        return await db.OperatorSessions
            .Where(s => s.Id == sessionId && s.OperatorId == actor.Id && s.EndedAt == null && s.EndsAt > now && s.StepUpAt >= oldest && s.StepUpAt <= now)
            .Select(static s => s.StepUpAt)
            .SingleOrDefaultAsync(cancellation);
    }
}
