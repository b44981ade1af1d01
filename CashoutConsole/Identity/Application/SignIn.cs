using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>How a step of a sign-in ended: signed in, or on to the second factor. Exactly one is set.</summary>
public sealed record SignInStep(SignedIn? SignedIn, PendingSignIn? Pending);

/// <summary>An operator with a session.</summary>
/// <param name="RecoveryCodesLeft">Set when a recovery code was used.</param>
/// <param name="NewRecoveryCodes">The codes of a two-factor set up just now: this is the only time they are shown.</param>
public sealed record SignedIn(Operator Operator, OperatorSession Session, int? RecoveryCodesLeft = null, IReadOnlyList<string>? NewRecoveryCodes = null);

/// <summary>
/// Checks a user name and password, then the second factor. The rate limit comes before the costly hash; a wrong name, a wrong password,
/// a locked and a disabled operator all get the same answer after the same work, so that nothing tells which names exist.
/// </summary>
public sealed class SignIn(
    IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IPasswordHasher<Operator> hasher, SignInThrottle throttle,
    TwoFactorEnrolment enrolment, SecondFactor factor, SecurityOptions options)
{
    public const int MaxFailures = 5;

    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(15);

    public static readonly Error Refused = new("SignInRefused");

    public static readonly Error TooMany = new("SignInTooMany");

    /// <summary>Hashed once, so that an unknown name costs as much as a known one.</summary>
    private static readonly Operator Nobody = new() { DisplayName = "nobody", CreatedAt = DateTimeOffset.UnixEpoch };

    private static readonly Lazy<string> NobodysHash = new(static () => new PasswordHasher<Operator>().HashPassword(Nobody, Guid.NewGuid().ToString()));

    /// <summary>The first step: name and password.</summary>
    public async Task<Result<SignInStep>> ExecuteAsync(string? userName, string? password, Device device, CancellationToken cancellation)
    {
        var name = (userName ?? "").Trim();
        if (!throttle.Admit(name, device.RemoteAddress))
        {
            await RecordRefusalAsync(name, device, "rate limit", cancellation);
            return TooMany;
        }
        if (name.Length == 0 || string.IsNullOrEmpty(password) || name.Length > 256 || password.Length > 256)
        {
            return Refused;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var normalized = name.ToUpperInvariant();
        var found = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.NormalizedUserName == normalized, cancellation);
        var verified = hasher.VerifyHashedPassword(found ?? Nobody, found?.PasswordHash ?? NobodysHash.Value, password) != PasswordVerificationResult.Failed;
        if (found is null)
        {
            await RecordRefusalAsync(name, device, "unknown name", cancellation);
            return Refused;
        }
        var settled = await SettleAsync(
            found.Id, device,
            (scope, row) => AfterPasswordAsync(scope, row, verified && found.PasswordHash is not null, device, cancellation), cancellation);
        return await AnswerAsync(settled, name, device, Refused, cancellation);
    }

    /// <summary>The second step: a one-time code or a recovery code.</summary>
    public async Task<Result<SignInStep>> ConfirmAsync(PendingSignIn pending, string? code, Device device, CancellationToken cancellation)
    {
        if (!throttle.Admit(pending.UserName, device.RemoteAddress))
        {
            await RecordRefusalAsync(pending.UserName, device, "rate limit", cancellation);
            return TooMany;
        }
        var settled = await SettleAsync(pending.OperatorId, device, (scope, row) => AfterCodeAsync(scope, row, pending, code, device, cancellation), cancellation);
        return await AnswerAsync(settled, pending.UserName, device, SecondFactor.Refused, cancellation);
    }

    /// <summary>What somebody who must set two-factor up first is shown.</summary>
    public TwoFactorOffer Offer(PendingSignIn pending, string? ticket) => enrolment.Offer(pending.OperatorId, pending.UserName, ticket);

    /// <summary>The second step of somebody who has no second factor yet and needs one: only with it a session begins.</summary>
    public async Task<Result<SignInStep>> EnrolAsync(PendingSignIn pending, string? ticket, string? code, Device device, CancellationToken cancellation)
    {
        if (!throttle.Admit(pending.UserName, device.RemoteAddress))
        {
            await RecordRefusalAsync(pending.UserName, device, "rate limit", cancellation);
            return TooMany;
        }
        var settled = await SettleAsync(pending.OperatorId, device, (scope, row) => AfterEnrolmentAsync(scope, row, pending, ticket, code, device, cancellation), cancellation);
        return await AnswerAsync(settled, pending.UserName, device, SecondFactor.Refused, cancellation);
    }

    public Task<Result<Done>> SignedOutAsync(Actor actor, CancellationToken cancellation) =>
        work.RunAsync<Done>(actor, async scope =>
        {
            var now = scope.Now;
            await scope.Db.OperatorSessions
                .Where(s => s.Id == actor.SessionId && s.OperatorId == actor.Id && s.EndedAt == null)
                .ExecuteUpdateAsync(set => set.SetProperty(static s => s.EndedAt, now), cancellation);
            scope.Record(new AuditDraft(AuditActions.SignedOut, "operator", actor.Id) { Details = AuditTrail.ToJson(new { Session = actor.SessionId }) });
            scope.Announce(ChangeKind.Operator);
            return Done.Value;
        }, cancellation);

    /// <summary>Judges in one transaction that commits even when it refuses: the count of failures must stay.</summary>
    private Task<Result<Settled>> SettleAsync(string operatorId, Device device, Func<WorkScope, Operator, Task<Settled>> judge, CancellationToken cancellation) =>
        work.RunAsync<Settled>(new Actor(ActorKind.System, "sign-in", "sign-in", operatorId, device.RemoteAddress), async scope =>
        {
            var row = await scope.Db.Users.AsNoTracking().Include(static u => u.Roles).SingleAsync(u => u.Id == operatorId, cancellation);
            return row.IsDisabled ? new Settled(null, "disabled") : await judge(scope, row);
        }, cancellation);

    private async Task<Settled> AfterPasswordAsync(WorkScope scope, Operator row, bool verified, Device device, CancellationToken cancellation)
    {
        if (verified ? row.LockoutEnd > scope.Now : !await LockOuts.TakeTryAsync(scope.Db, row.Id, scope.Now, cancellation))
        {
            return new Settled(null, Proof.LockedOut);
        }
        if (!verified)
        {
            return new Settled(null, "wrong password");
        }
        var enrols = row.TwoFactorSince is null;
        if (enrols && !await SecondFactor.IsRequiredAsync(scope.Db, row.Roles.Select(static r => r.Role), cancellation))
        {
            return new Settled(new SignInStep(new SignedIn(row, await Sessions.OpenAsync(scope, row, device, "password", options, cancellation)), null), null);
        }
        // The failures are not forgiven yet: a known password must not buy further guesses at the code.
        scope.Record(new AuditDraft(AuditActions.PasswordAccepted, "operator", row.Id));
        return new Settled(new SignInStep(null, PendingSignIns.Of(row, enrols, scope.Now)), null);
    }

    private async Task<Settled> AfterCodeAsync(WorkScope scope, Operator row, PendingSignIn pending, string? code, Device device, CancellationToken cancellation)
    {
        if (!await LockOuts.TakeTryAsync(scope.Db, row.Id, scope.Now, cancellation))
        {
            return new Settled(null, Proof.LockedOut);
        }
        if (row.SecurityStamp != pending.Stamp)
        {
            return new Settled(null, "changed since the password");
        }
        // Read again: the count above made this transaction the only one at this operator.
        var present = await scope.Db.Users.AsNoTracking().Include(static u => u.Roles).SingleAsync(u => u.Id == row.Id, cancellation);
        var proof = await factor.ProveAsync(scope, present, code, cancellation);
        if (proof.Refusal is not null)
        {
            return new Settled(null, proof.Refusal);
        }
        var session = await Sessions.OpenAsync(scope, present, device, proof.RecoveryCodesLeft is null ? "code" : "recovery code", options, cancellation);
        return new Settled(new SignInStep(new SignedIn(present, session, proof.RecoveryCodesLeft), null), null);
    }

    private async Task<Settled> AfterEnrolmentAsync(
        WorkScope scope, Operator row, PendingSignIn pending, string? ticket, string? code, Device device, CancellationToken cancellation)
    {
        if (row.LockoutEnd > scope.Now || row.SecurityStamp != pending.Stamp || row.TwoFactorSince is not null)
        {
            return new Settled(null, row.TwoFactorSince is not null ? "set up meanwhile" : "locked out or changed since the password");
        }
        var codes = await enrolment.CompleteAsync(scope, row, ticket, code, cancellation);
        if (!codes.IsSuccess)
        {
            return new Settled(null, "wrong first code");
        }
        var session = await Sessions.OpenAsync(scope, row, device, "code", options, cancellation);
        return new Settled(new SignInStep(new SignedIn(row, session, null, codes.Value), null), null);
    }

    private async Task<Result<SignInStep>> AnswerAsync(Result<Settled> settled, string name, Device device, Error refusal, CancellationToken cancellation)
    {
        if (settled is { IsSuccess: true, Value.Step: { } step })
        {
            return step;
        }
        await RecordRefusalAsync(name, device, settled.IsSuccess ? settled.Value.Refusal! : settled.Error.Code, cancellation);
        return refusal;
    }

    /// <summary>At most one entry a minute per name and address, so that a flood of guesses cannot hold the chain against money.</summary>
    private async Task RecordRefusalAsync(string name, Device device, string reason, CancellationToken cancellation)
    {
        if (throttle.RefusalsToRecord(name, device.RemoteAddress) is not { } count)
        {
            return;
        }
        var subject = CardNumbers.Mask(name.Length > 100 ? name[..100] : name);
        await work.RecordAsync(
            new Actor(ActorKind.System, "sign-in", "sign-in", null, device.RemoteAddress),
            new AuditDraft(AuditActions.SignInRefused, "sign-in", subject.Length == 0 ? "(empty)" : subject)
            {
                Result = AuditResult.Refused,
                Reason = reason,
                Details = AuditTrail.ToJson(new { RefusalsSinceLastEntry = count }),
            }, cancellation);
    }

    /// <param name="Refusal">For the record only: whoever tries is told no reason.</param>
    private sealed record Settled(SignInStep? Step, string? Refusal);
}

/// <summary>How many sign-ins one address and one name may try, and how often refusals go on record. In memory: a restart forgives.</summary>
public sealed class SignInThrottle(TimeProvider clock, SecurityOptions options)
{
    private const int MostKeys = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> _tries = new(StringComparer.OrdinalIgnoreCase);
    private readonly Dictionary<string, (DateTimeOffset Since, int Count)> _refusals = new(StringComparer.OrdinalIgnoreCase);

    public bool Admit(string name, string? address)
    {
        lock (_gate)
        {
            // Both are counted always, so that neither limit hides the other.
            var byName = Count(_tries, "name " + name) <= options.TriesPerName;
            var byAddress = Count(_tries, "address " + address) <= options.TriesPerAddress;
            return byName && byAddress;
        }
    }

    /// <summary>The number of refusals since the last entry when one is due, else null.</summary>
    public int? RefusalsToRecord(string name, string? address)
    {
        lock (_gate)
        {
            var key = $"{name}|{address}";
            var now = clock.GetUtcNow();
            if (_refusals.TryGetValue(key, out var seen) && now - seen.Since < Window)
            {
                _refusals[key] = (seen.Since, seen.Count + 1);
                return null;
            }
            var since = seen.Count + 1;
            MakeRoom(_refusals);
            _refusals[key] = (now, 0);
            return since;
        }
    }

    private int Count(Dictionary<string, (DateTimeOffset Since, int Count)> table, string key)
    {
        var now = clock.GetUtcNow();
        var entry = table.TryGetValue(key, out var seen) && now - seen.Since < Window ? (seen.Since, seen.Count + 1) : (now, 1);
        MakeRoom(table);
        table[key] = entry;
        return entry.Item2;
    }

    /// <summary>Bounded memory under a flood of made-up names: the table starts anew.</summary>
    private static void MakeRoom(Dictionary<string, (DateTimeOffset Since, int Count)> table)
    {
        if (table.Count >= MostKeys)
        {
            table.Clear();
        }
    }
}
