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
/// Creates the first operators. Not a use case: the command line calls it before anybody can sign in, and only until the first
/// withdrawal was requested.
/// </summary>
public sealed class OperatorDirectory(UnitOfWork work, IPasswordHasher<Operator> hasher)
{
    public const int MinPasswordLength = 12;

    public async Task<Result<string>> CreateAsync(Actor actor, NewOperator asked, CancellationToken cancellation)
    {
        if (FaultOf(asked) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<string>(actor, async scope =>
        {
            if (await scope.Db.Withdrawals.AnyAsync(cancellation))
            {
                return new Error("SetUpClosed");
            }
            var normalized = asked.UserName.ToUpperInvariant();
            if (await scope.Db.Users.AnyAsync(u => u.NormalizedUserName == normalized, cancellation))
            {
                return new Error("OperatorExists", asked.UserName);
            }
            var created = NewRow(asked, normalized, scope.Now);
            scope.Db.Users.Add(created);
            scope.Record(new AuditDraft(AuditActions.OperatorCreated, "operator", created.Id)
            {
                After = AuditTrail.ToJson(new { created.UserName, created.DisplayName, asked.Roles }),
            });
            scope.Announce(ChangeKind.Operator);
            return created.Id;
        }, cancellation);
    }

    private Operator NewRow(NewOperator asked, string normalized, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7(now).ToString();
        var created = new Operator
        {
            Id = id,
            UserName = asked.UserName,
            NormalizedUserName = normalized,
            DisplayName = asked.DisplayName.Trim(),
            CreatedAt = now,
            SecurityStamp = Guid.NewGuid().ToString(),
            LockoutEnabled = true,
            Roles = [.. asked.Roles.Distinct().Select(role => new OperatorRole { OperatorId = id, Role = role, GrantedAt = now })],
        };
        created.PasswordHash = hasher.HashPassword(created, asked.Password);
        return created;
    }

    private static Error? FaultOf(NewOperator asked) => asked switch
    {
        { UserName.Length: 0 or > 64 } => new Error("UserNameInvalid"),
        _ when !asked.UserName.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_' or '@') => new Error("UserNameInvalid"),
        _ when string.IsNullOrWhiteSpace(asked.DisplayName) || asked.DisplayName.Length > Operator.MaxNameLength => new Error("DisplayNameInvalid"),
        { Roles.Count: 0 } => new Error("RoleMissing"),
        { Password.Length: < MinPasswordLength } => new Error("PasswordTooShort", MinPasswordLength),
        _ => null,
    };
}
