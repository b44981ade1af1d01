using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>
/// Somebody proves in a running session that it is still them: with a one-time code or a recovery code, or with the password where no
/// two-factor is set up and none is required. It counts for this session and for a few minutes. Wrong ones count towards the same
/// lock-out and rate limit as at sign-in.
/// </summary>
[UseCase(Permission.ViewAccounts)]
public sealed class StepUp(
    AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IPasswordHasher<Operator> hasher, SignInThrottle throttle, SecondFactor factor)
{
    private const int MaxLength = 256;

    public async Task<Result<Done>> ExecuteAsync(Actor actor, string? code, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(StepUp), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var session = await db.OperatorSessions.AsNoTracking().SingleOrDefaultAsync(s => s.Id == actor.SessionId && s.OperatorId == actor.Id, cancellation);
        if (session is null || string.IsNullOrEmpty(code) || code.Length > MaxLength)
        {
            return SecondFactor.Refused;
        }
        var person = await db.Users.AsNoTracking().SingleAsync(u => u.Id == actor.Id, cancellation);
        var at = actor with { RemoteAddress = session.RemoteAddress };
        if (!throttle.Admit(person.UserName!, session.RemoteAddress))
        {
            await RecordRefusalAsync(at, person.UserName!, "rate limit", cancellation);
            return SignIn.TooMany;
        }
        // The costly hash comes before the transaction, which must be short.
        var password = person.TwoFactorSince is null && person.PasswordHash is { } hash && hasher.VerifyHashedPassword(person, hash, code) != PasswordVerificationResult.Failed;
        var settled = await work.RunAsync<Proof>(at, async scope =>
        {
            var proof = await ProveAsync(scope, code, password, cancellation);
            return proof.Refusal is null ? await TakeAsync(scope, session.Id, cancellation) : proof;
        }, cancellation);
        if (settled is { IsSuccess: true, Value.Refusal: null })
        {
            return Done.Value;
        }
        await RecordRefusalAsync(at, person.UserName!, settled.IsSuccess ? settled.Value.Refusal! : settled.Error.Code, cancellation);
        return SecondFactor.Refused;
    }

    private async Task<Proof> ProveAsync(WorkScope scope, string code, bool password, CancellationToken cancellation)
    {
        if (!await LockOuts.TakeTryAsync(scope.Db, scope.Actor.Id, scope.Now, cancellation))
        {
            return new Proof(Proof.LockedOut);
        }
        var row = await scope.Db.Users.AsNoTracking().Include(static u => u.Roles).SingleAsync(u => u.Id == scope.Actor.Id, cancellation);
        if (row.TwoFactorSince is not null)
        {
            return await factor.ProveAsync(scope, row, code, cancellation);
        }
        if (await SecondFactor.IsRequiredAsync(scope.Db, row.Roles.Select(static r => r.Role), cancellation))
        {
            return new Proof("no two-factor");
        }
        return password ? Proof.Given : new Proof("wrong password");
    }

    private static async Task<Proof> TakeAsync(WorkScope scope, Guid sessionId, CancellationToken cancellation)
    {
        var now = scope.Now;
        var marked = await scope.Db.OperatorSessions
            .Where(s => s.Id == sessionId && s.EndedAt == null && s.EndsAt > now)
            .ExecuteUpdateAsync(set => set.SetProperty(static s => s.StepUpAt, now), cancellation);
        if (marked == 0)
        {
            return new Proof("session over");
        }
        await LockOuts.ForgiveAsync(scope.Db, scope.Actor.Id, cancellation);
        scope.Record(new AuditDraft(AuditActions.SteppedUp, "operator", scope.Actor.Id) { Details = AuditTrail.ToJson(new { Session = sessionId }) });
        return Proof.Given;
    }

    /// <summary>At most one entry a minute per operator and address, as at sign-in.</summary>
    private async Task RecordRefusalAsync(Actor actor, string userName, string reason, CancellationToken cancellation)
    {
        if (throttle.RefusalsToRecord("step-up " + userName, actor.RemoteAddress) is { } count)
        {
            await work.RecordAsync(actor, new AuditDraft(AuditActions.StepUpRefused, "operator", actor.Id)
            {
                Result = AuditResult.Refused,
                Reason = reason,
                Details = AuditTrail.ToJson(new { Session = actor.SessionId, RefusalsSinceLastEntry = count }),
            }, cancellation);
        }
    }
}

/// <summary>What the step-up dialog needs to know before it asks.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ShowStepUp(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, DemoCodes demo, SecurityOptions options, TimeProvider clock)
{
    /// <param name="IsFresh">Nothing has to be asked.</param>
    /// <param name="ByPassword">There is no two-factor to ask for.</param>
    /// <param name="Demo">Set for demo operators only.</param>
    public sealed record View(bool IsFresh, bool ByPassword, DemoCode? Demo);

    public async Task<Result<View>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ShowStepUp), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return new View(
            await StepUps.MissingAsync(db, actor, clock.Now(), options, cancellation) is null,
            await db.Users.AnyAsync(u => u.Id == actor.Id && u.TwoFactorSince == null, cancellation),
            await demo.NextAsync(actor.Id, cancellation));
    }
}
