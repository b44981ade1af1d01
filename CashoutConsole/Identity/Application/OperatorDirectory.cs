using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>A new operator as the command line or the demo set-up asks for it.</summary>
public sealed record NewOperator(string UserName, string DisplayName, IReadOnlyList<Role> Roles, string Password);

/// <summary>
/// Creates operators for the command line. Not a use case: it works before anybody can sign in, and only during set-up. After that there
/// is <see cref="RecoverAsync"/> for the day when nobody can sign in any more; it is loud on purpose.
/// </summary>
public sealed class OperatorDirectory(UnitOfWork work, IPasswordHasher<Operator> hasher, SetUp setUp, ISetUpSurroundings surroundings)
{
    /// <returns>The operator's id; else SetUpClosed, or what is wrong with what was asked for.</returns>
    public async Task<Result<string>> CreateAsync(Actor actor, NewOperator asked, CancellationToken cancellation)
    {
        if (FaultOf(asked) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<string>(actor, async scope =>
        {
            await OperatorStanding.LockAsync(scope.Db, cancellation);
            if (await SetUp.IsClosedAsync(scope.Db, cancellation))
            {
                return new Error("SetUpClosed");
            }
            var created = await AddAsync(scope, asked, AuditActions.OperatorCreated, cancellation);
            if (created.IsSuccess)
            {
                await setUp.CloseIfCompleteAsync(scope, cancellation);
            }
            return created;
        }, cancellation);
    }

    /// <summary>Creates an operator after set-up. All sending stops, and every page says so until two other people have acknowledged it.</summary>
    public async Task<Result<string>> RecoverAsync(Actor actor, NewOperator asked, CancellationToken cancellation)
    {
        if (FaultOf(asked) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<string>(actor, async scope =>
        {
            await OperatorStanding.LockAsync(scope.Db, cancellation);
            if (!await SetUp.IsClosedAsync(scope.Db, cancellation))
            {
                return new Error("SetUpOpen");
            }
            var created = await AddAsync(scope, asked, AuditActions.OperatorRecovered, cancellation);
            if (created.IsSuccess)
            {
                scope.Db.Recoveries.Add(new Recovery { Id = Guid.CreateVersion7(scope.Now), OperatorId = created.Value, At = scope.Now });
                await surroundings.StopSendingAsync(scope, $"Recovery: operator {asked.UserName} was created on the command line.", cancellation);
            }
            return created;
        }, cancellation);
    }

    private async Task<Result<string>> AddAsync(WorkScope scope, NewOperator asked, string action, CancellationToken cancellation)
    {
        if (await OperatorRows.IsTakenAsync(scope.Db, asked.UserName, cancellation))
        {
            return new Error("OperatorExists", asked.UserName);
        }
        var created = OperatorRows.New(asked.UserName, asked.DisplayName, asked.Roles, scope.Now);
        created.PasswordHash = hasher.HashPassword(created, asked.Password);
        scope.Db.Users.Add(created);
        scope.Record(OperatorStanding.Entry(action, created) with { After = AuditTrail.ToJson(new { created.UserName, created.DisplayName, asked.Roles }) });
        scope.Announce(ChangeKind.Operator);
        return created.Id;
    }

    private static Error? FaultOf(NewOperator asked) =>
        OperatorRows.FaultOf(asked.UserName, asked.DisplayName)
        ?? (asked.Roles.Count == 0 ? new Error("RoleMissing") : PasswordRules.FaultOf(asked.Password, asked.UserName));
}

/// <summary>New rows of operators, and what their names must satisfy.</summary>
internal static class OperatorRows
{
    private const int MaxUserName = 64;

    public static Error? FaultOf(string? userName, string? displayName) => (userName, displayName) switch
    {
        (null or { Length: 0 or > MaxUserName }, _) => new Error("UserNameInvalid"),
        _ when !userName.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@') => new Error("UserNameInvalid"),
        _ when string.IsNullOrWhiteSpace(displayName) || displayName.Length > Operator.MaxNameLength => new Error("DisplayNameInvalid", Operator.MaxNameLength),
        _ when CardNumbers.ContainsCardNumber(userName) || CardNumbers.ContainsCardNumber(displayName) => new Error("CardNumberInText"),
        _ => null,
    };

    public static Task<bool> IsTakenAsync(CashoutDbContext db, string userName, CancellationToken cancellation)
    {
        var normalized = userName.ToUpperInvariant();
        return db.Users.AnyAsync(u => u.NormalizedUserName == normalized, cancellation);
    }

    /// <summary>Without a password: somebody else sets it.</summary>
    public static Operator New(string userName, string displayName, IEnumerable<Role> roles, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now).ToString();
        return new Operator
        {
            Id = id,
            UserName = userName,
            NormalizedUserName = userName.ToUpperInvariant(),
            DisplayName = StorableText.Of(displayName.Trim())!,
            CreatedAt = now,
            SecurityStamp = Guid.NewGuid().ToString(),
            LockoutEnabled = true,
            Roles = [.. roles.Distinct().Select(role => new OperatorRole { OperatorId = id, Role = role, GrantedAt = now })],
        };
    }
}
