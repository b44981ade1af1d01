using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>
/// Checks a user name and password. The rate limit comes before the costly hash; a wrong name, a wrong password, a locked and a
/// disabled operator all get the same answer after the same work, so that nothing tells which names exist.
/// </summary>
public sealed class SignIn(IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IPasswordHasher<Operator> hasher, SignInThrottle throttle)
{
    public const int MaxFailures = 5;

    public static readonly TimeSpan LockOut = TimeSpan.FromMinutes(15);

    public static readonly Error Refused = new("SignInRefused");

    public static readonly Error TooMany = new("SignInTooMany");

    /// <summary>Hashed once, so that an unknown name costs as much as a known one.</summary>
    private static readonly Operator Nobody = new() { DisplayName = "nobody", CreatedAt = DateTimeOffset.UnixEpoch };

    private static readonly Lazy<string> NobodysHash = new(static () => new PasswordHasher<Operator>().HashPassword(Nobody, Guid.NewGuid().ToString()));

    public async Task<Result<Operator>> ExecuteAsync(string? userName, string? password, string? remoteAddress, CancellationToken cancellation)
    {
        var name = (userName ?? "").Trim();
        if (!throttle.Admit(name, remoteAddress))
        {
            await RecordRefusalAsync(name, remoteAddress, "rate limit", cancellation);
            return TooMany;
        }
        if (name.Length == 0 || string.IsNullOrEmpty(password) || name.Length > 256 || password.Length > 256)
        {
            return Refused;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var normalized = name.ToUpperInvariant();
        var found = await db.Users.AsNoTracking().Include(static u => u.Roles).SingleOrDefaultAsync(u => u.NormalizedUserName == normalized, cancellation);
        var verified = hasher.VerifyHashedPassword(found ?? Nobody, found?.PasswordHash ?? NobodysHash.Value, password) != PasswordVerificationResult.Failed;
        if (found is null)
        {
            await RecordRefusalAsync(name, remoteAddress, "unknown name", cancellation);
            return Refused;
        }
        return await SettleAsync(found.Id, verified, remoteAddress, cancellation);
    }

    public Task SignedOutAsync(Actor actor, CancellationToken cancellation) =>
        work.RecordAsync(actor, new AuditDraft(AuditActions.SignedOut, "operator", actor.Id), cancellation);

    private async Task<Result<Operator>> SettleAsync(string operatorId, bool verified, string? remoteAddress, CancellationToken cancellation)
    {
        var result = await work.RunAsync<(Operator Operator, string? Refusal)>(Actor.System("sign-in"), async scope =>
        {
            var row = await scope.Db.Users.Include(static u => u.Roles).SingleAsync(u => u.Id == operatorId, cancellation);
            var locked = row.LockoutEnd > scope.Now;
            var refusal = row.IsDisabled ? "disabled" : locked ? "locked out" : verified ? null : "wrong password";
            if (refusal is null)
            {
                row.AccessFailedCount = 0;
                row.LockoutEnd = null;
                scope.Record(new AuditDraft(AuditActions.SignedIn, "operator", row.Id) { Actor = Actor.Operator(row.Id, row.DisplayName, remoteAddress) });
            }
            else if (!verified && !locked && ++row.AccessFailedCount >= MaxFailures)
            {
                row.AccessFailedCount = 0;
                row.LockoutEnd = scope.Now + LockOut;
            }
            return (row, refusal);
        }, cancellation);
        if (!result.IsSuccess)
        {
            return Refused;
        }
        var (found, reason) = result.Value;
        if (reason is null)
        {
            return found;
        }
        await RecordRefusalAsync(found.UserName!, remoteAddress, reason, cancellation);
        return Refused;
    }

    /// <summary>At most one entry a minute per name and address, so that a flood of guesses cannot hold the chain against money.</summary>
    private async Task RecordRefusalAsync(string name, string? remoteAddress, string reason, CancellationToken cancellation)
    {
        if (throttle.RefusalsToRecord(name, remoteAddress) is not { } count)
        {
            return;
        }
        var subject = CardNumbers.Mask(name.Length > 100 ? name[..100] : name);
        await work.RecordAsync(
            new Actor(ActorKind.System, "sign-in", "sign-in", null, remoteAddress),
            new AuditDraft(AuditActions.SignInRefused, "sign-in", subject.Length == 0 ? "(empty)" : subject)
            {
                Result = AuditResult.Refused,
                Reason = reason,
                Details = AuditTrail.ToJson(new { RefusalsSinceLastEntry = count }),
            }, cancellation);
    }
}

/// <summary>How many sign-ins one address and one name may try, and how often refusals go on record. In memory: a restart forgives.</summary>
public sealed class SignInThrottle(TimeProvider clock)
{
    private const int PerName = 10;
    private const int PerAddress = 30;
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
            var byName = Count(_tries, "name " + name) <= PerName;
            var byAddress = Count(_tries, "address " + address) <= PerAddress;
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
