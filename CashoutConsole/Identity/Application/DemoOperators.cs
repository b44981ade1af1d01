using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>
/// The operators of a rehearsal database in Development. Their names and password stand on the sign-in page, the secrets of their
/// one-time codes in the README; they exist nowhere else.
/// </summary>
public static class DemoOperators
{
    public const string Password = "Rehearsal-only-1";

    public static IReadOnlyList<NewOperator> All { get; } =
    [
        new("treasury", "Tina Treasury", [Role.Treasury], Password),
        new("supervisor", "Sam Supervisor", [Role.Supervisor], Password),
        new("supervisor2", "Su Supervisor", [Role.Supervisor], Password),
        new("auditor", "Ada Auditor", [Role.Auditor], Password),
        new("admin", "Alex Administrator", [Role.Administrator], Password),
    ];

    /// <summary>Base32, by user name.</summary>
    public static IReadOnlyDictionary<string, string> Secrets { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["treasury"] = "REHEARSALONLYTREASURY2222222222A",
        ["supervisor"] = "REHEARSALONLYSUPERVISOR22222222A",
        ["supervisor2"] = "REHEARSALONLYSUPERVISOR2TWO2222A",
        ["auditor"] = "REHEARSALONLYAUDITOR22222222222A",
        ["admin"] = "REHEARSALONLYADMINISTRATOR22222A",
    };
}

/// <summary>Makes the demo operators and sets their two-factor up; a database of an earlier build gets what it lacks.</summary>
public sealed class DemoSetUp(OperatorDirectory directory, IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, TotpSecrets secrets)
{
    private static readonly Actor SetUp = Actor.System("demo-setup");

    public async Task EnsureAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!await db.Users.AnyAsync(cancellation))
        {
            foreach (var demo in DemoOperators.All)
            {
                await directory.CreateAsync(SetUp, demo, cancellation);
            }
        }
        foreach (var (userName, secret) in DemoOperators.Secrets)
        {
            await EnsureTwoFactorAsync(userName, Base32.Decode(secret), cancellation);
        }
    }

    /// <summary>A secret of the person's own stays; one that cannot be read any more (the keys are gone) is replaced.</summary>
    private Task<Result<Done>> EnsureTwoFactorAsync(string userName, byte[] secret, CancellationToken cancellation) =>
        work.RunAsync<Done>(SetUp, async scope =>
        {
            var row = await scope.Db.Users.SingleOrDefaultAsync(u => u.UserName == userName, cancellation);
            if (row is not null && (row.TwoFactorSince is null || secrets.Open(row.Id, row.TotpSecret) is null))
            {
                row.TotpSecret = secrets.Seal(row.Id, secret);
                row.TwoFactorSince = scope.Now;
                scope.Record(new AuditDraft(AuditActions.TwoFactorSetUp, "operator", row.Id));
            }
            return Done.Value;
        }, cancellation);
}

/// <summary>The next code of a demo operator that will be taken.</summary>
/// <param name="Code">Null = every code of now was used.</param>
/// <param name="NextAt">When the next one comes, while there is none.</param>
public sealed record DemoCode(string? Code, DateTimeOffset? NextAt);

/// <summary>
/// Stands in for the authenticator app of a demo operator, so that nobody needs one to look around. In Development, on rehearsal
/// databases and for the documented secrets only: anybody else gets null.
/// </summary>
public sealed class DemoCodes(bool isDevelopment, IDbContextFactory<CashoutDbContext> contexts, TotpSecrets secrets, TimeProvider clock)
{
    private static readonly TimeSpan NearlyOver = TimeSpan.FromSeconds(5);

    public async Task<DemoCode?> NextAsync(string operatorId, CancellationToken cancellation)
    {
        if (!isDevelopment)
        {
            return null;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var isRehearsal = await db.Installations.AnyAsync(static i => i.Mode == OperatingMode.Rehearsal, cancellation);
        var person = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == operatorId, cancellation);
        if (!isRehearsal || person is not { UserName: { } name, TwoFactorSince: not null } || !DemoOperators.Secrets.TryGetValue(name, out var documented))
        {
            return null;
        }
        var secret = Base32.Decode(documented);
        return secrets.Open(person.Id, person.TotpSecret) is { } present && present.AsSpan().SequenceEqual(secret)
            ? Next(secret, clock.Now(), person.LastTotpStep)
            : null;
    }

    /// <summary>The earliest step that still counts, so that three people can sign in within half a minute.</summary>
    private static DemoCode Next(byte[] secret, DateTimeOffset now, long last)
    {
        var present = Totp.StepAt(now);
        // The oldest one counts no more when the present one ends: near that end it could arrive too late.
        var earliest = Totp.StartOf(present + 1) - now < NearlyOver ? present : present - Totp.Skew;
        var step = Math.Max(earliest, last + 1);
        return step <= present + Totp.Skew ? new DemoCode(Totp.CodeOf(secret, step), null) : new DemoCode(null, Totp.StartOf(step - Totp.Skew));
    }
}
