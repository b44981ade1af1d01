using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>
/// Somebody with an invite link sets their password, once. The rate limit comes before the costly hash; a wrong, used, expired or
/// withdrawn link all get the same answer. The token itself reaches no record.
/// </summary>
public sealed class AcceptInvite(IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IPasswordHasher<Operator> hasher, SignInThrottle throttle, SetUp setUp, TimeProvider clock)
{
    public static readonly Error Refused = new("InviteRefused");

    private const int MaxToken = 100;

    /// <summary>Enough to tell links apart in the rate limit.</summary>
    private const int HashPrefix = 16;

    /// <summary>Whom the link is for.</summary>
    public async Task<Result<Operator>> FindAsync(string? token, string? remoteAddress, CancellationToken cancellation)
    {
        var hash = OperatorInvites.HashOf(token is { Length: <= MaxToken } ? token : "");
        if (!throttle.Admit("invite " + hash[..HashPrefix], remoteAddress))
        {
            return SignIn.TooMany;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await OpenAsync(db, hash, clock.Now(), cancellation) is var (_, person))
        {
            return person;
        }
        await RecordRefusalAsync(remoteAddress, cancellation);
        return Refused;
    }

    public async Task<Result<Done>> ExecuteAsync(string? token, string? password, string? remoteAddress, CancellationToken cancellation)
    {
        var found = await FindAsync(token, remoteAddress, cancellation);
        if (!found.IsSuccess)
        {
            return found.Error;
        }
        if (PasswordRules.FaultOf(password, found.Value.UserName!) is { } fault)
        {
            return fault;
        }
        // The costly hash comes before the transaction, which must be short.
        var passwordHash = hasher.HashPassword(found.Value, password!);
        var self = Actor.Operator(found.Value.Id, found.Value.DisplayName, remoteAddress);
        var result = await work.RunAsync<Done>(self, scope => TakeAsync(scope, OperatorInvites.HashOf(token!), passwordHash, cancellation), cancellation);
        if (result.Error == Refused)
        {
            await RecordRefusalAsync(remoteAddress, cancellation);
        }
        return result;
    }

    /// <summary>Of two uses at once the second waits for the lock and finds the link used.</summary>
    private async Task<Result<Done>> TakeAsync(WorkScope scope, string hash, string passwordHash, CancellationToken cancellation)
    {
        await OperatorStanding.LockAsync(scope.Db, cancellation);
        if (await OpenAsync(scope.Db, hash, scope.Now, cancellation) is not var (invite, person))
        {
            return Refused;
        }
        invite.UsedAt = scope.Now;
        person.PasswordHash = passwordHash;
        person.RenewStamp();
        scope.Record(OperatorStanding.Entry(AuditActions.OperatorActivated, person) with { Details = AuditTrail.ToJson(new { Invite = invite.Id, invite.CreatedBy }) });
        scope.Announce(ChangeKind.Operator);
        await setUp.CloseIfCompleteAsync(scope, cancellation);
        return Done.Value;
    }

    private static async Task<(OperatorInvite Invite, Operator Person)?> OpenAsync(CashoutDbContext db, string hash, DateTimeOffset now, CancellationToken cancellation)
    {
        var invite = await db.OperatorInvites.SingleOrDefaultAsync(i => i.TokenHash == hash, cancellation);
        var person = invite is null ? null : await db.Users.SingleAsync(u => u.Id == invite.OperatorId, cancellation);
        return person is { IsActivated: false, IsDisabled: false } && invite!.IsOpenAt(now) ? (invite, person) : null;
    }

    /// <summary>At most one entry a minute per address, so that a flood of guesses cannot hold the chain against money.</summary>
    private async Task RecordRefusalAsync(string? remoteAddress, CancellationToken cancellation)
    {
        if (throttle.RefusalsToRecord("invite", remoteAddress) is { } count)
        {
            await work.RecordAsync(
                new Actor(ActorKind.System, "invite", "invite", null, remoteAddress),
                new AuditDraft(AuditActions.InviteRefused, "invite", "invite")
                {
                    Result = AuditResult.Refused,
                    Details = AuditTrail.ToJson(new { RefusalsSinceLastEntry = count }),
                }, cancellation);
        }
    }
}
