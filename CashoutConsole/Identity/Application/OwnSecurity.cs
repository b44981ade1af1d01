using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

// What everybody may see and change about their own sign-in, and nobody about another's.

/// <summary>The state of one's own two-factor and sessions.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ShowOwnSecurity(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, SecurityOptions options, TimeProvider clock)
{
    /// <param name="TwoFactorSince">Null = not set up.</param>
    /// <param name="Sessions">Those that count, this one first, then the latest used first.</param>
    public sealed record View(string UserName, DateTimeOffset? TwoFactorSince, bool IsRequired, int RecoveryCodesLeft, IReadOnlyList<OperatorSession> Sessions);

    public async Task<Result<View>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ShowOwnSecurity), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var person = await db.Users.AsNoTracking().Include(static u => u.Roles).SingleAsync(u => u.Id == actor.Id, cancellation);
        var sessions = await Sessions.Living(db, actor.Id, clock.Now(), options).AsNoTracking().OrderByDescending(static s => s.LastSeenAt).ToListAsync(cancellation);
        return new View(
            person.UserName!,
            person.TwoFactorSince,
            await SecondFactor.IsRequiredAsync(db, person.Roles.Select(static r => r.Role), cancellation),
            await SecondFactor.RecoveryCodesLeftAsync(db, actor.Id, cancellation),
            [.. sessions.OrderByDescending(s => s.Id == actor.SessionId)]);
    }
}

/// <summary>Ends one of one's own sessions; its pages close within seconds.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class EndOwnSession(AccessGate gate, UnitOfWork work, SecurityOptions options)
{
    public async Task<Result<Done>> ExecuteAsync(Actor actor, Guid sessionId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(EndOwnSession), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync<Done>(actor, async scope =>
            await Sessions.EndAsync(scope, Sessions.Living(scope.Db, actor.Id, scope.Now, options).Where(s => s.Id == sessionId), "ended by its operator", cancellation) == 1
                ? Done.Value
                : new Error("SessionNotFound"), cancellation);
    }
}

/// <summary>Ends all of one's own sessions but this one; returns how many.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class EndOtherSessions(AccessGate gate, UnitOfWork work, SecurityOptions options)
{
    public async Task<Result<int>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(EndOtherSessions), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync<int>(actor, async scope =>
            await Sessions.EndAsync(scope, Sessions.Living(scope.Db, actor.Id, scope.Now, options).Where(s => s.Id != actor.SessionId), "signed out everywhere else", cancellation),
            cancellation);
    }
}

/// <summary>Offers a new secret for one's own two-factor. Needs a step-up, set up before or not.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class OfferTwoFactor(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, TwoFactorEnrolment enrolment, SecurityOptions options, TimeProvider clock)
{
    /// <param name="ticket">An offer made before, whose secret is to stay; null = a new one.</param>
    public async Task<Result<TwoFactorOffer>> ExecuteAsync(Actor actor, string? ticket, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(OfferTwoFactor), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await StepUps.MissingAsync(db, actor, clock.Now(), options, cancellation) is { } missing)
        {
            return missing;
        }
        var userName = await db.Users.Where(u => u.Id == actor.Id).Select(static u => u.UserName!).SingleAsync(cancellation);
        return enrolment.Offer(actor.Id, userName, ticket);
    }
}

/// <summary>Sets one's own two-factor up, or up anew: the first code proves that the app has the secret. Other sessions end. Returns new recovery codes.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class SetUpTwoFactor(AccessGate gate, UnitOfWork work, TwoFactorEnrolment enrolment, SecurityOptions options)
{
    public async Task<Result<IReadOnlyList<string>>> ExecuteAsync(Actor actor, string? ticket, string? code, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(SetUpTwoFactor), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync(actor, async scope =>
        {
            if (await StepUps.MissingAsync(scope.Db, actor, scope.Now, options, cancellation) is { } missing)
            {
                return missing;
            }
            var row = await scope.Db.Users.AsNoTracking().SingleAsync(u => u.Id == actor.Id, cancellation);
            var codes = await enrolment.CompleteAsync(scope, row, ticket, code, cancellation);
            if (codes.IsSuccess)
            {
                // Whoever sits at another session may be the reason for the new secret.
                await Sessions.EndAsync(scope, Sessions.Living(scope.Db, actor.Id, scope.Now, options).Where(s => s.Id != actor.SessionId), "two-factor set up anew", cancellation);
            }
            return codes;
        }, cancellation);
    }
}

/// <summary>Makes a new set of recovery codes; the one before counts no more. Needs a step-up.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class RenewRecoveryCodes(AccessGate gate, UnitOfWork work, SecurityOptions options)
{
    public async Task<Result<IReadOnlyList<string>>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(RenewRecoveryCodes), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync<IReadOnlyList<string>>(actor, async scope =>
        {
            if (await StepUps.MissingAsync(scope.Db, actor, scope.Now, options, cancellation) is { } missing)
            {
                return missing;
            }
            if (!await scope.Db.Users.AnyAsync(u => u.Id == actor.Id && u.TwoFactorSince != null, cancellation))
            {
                return new Error("TwoFactorMissing");
            }
            return Result<IReadOnlyList<string>>.Success(await TwoFactorEnrolment.RenewCodesAsync(scope, actor.Id, cancellation));
        }, cancellation);
    }
}
