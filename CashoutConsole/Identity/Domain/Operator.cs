using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Identity;

namespace CashoutConsole.Identity.Domain;

/// <summary>A person who signs in. Sign-in data (password hash, lock-out, security stamp) is Identity's; what the console adds stands here.</summary>
public sealed class Operator : IdentityUser
{
    public const int MaxNameLength = 100;

    public required string DisplayName { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set while the operator may not do anything.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    public bool IsDisabled => DisabledAt is not null;

    public ICollection<OperatorRole> Roles { get; init; } = [];
}

/// <summary>One role that one operator holds.</summary>
public sealed class OperatorRole
{
    public required string OperatorId { get; init; }

    public required Role Role { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }
}
