using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Identity;

namespace CashoutConsole.Identity.Domain;

/// <summary>What an operator can do at all, whatever their roles. Resource key "OperatorState_{name}".</summary>
public enum OperatorState
{
    /// <summary>Has not set a password yet.</summary>
    Invited,
    Active,

    /// <summary>Too many wrong passwords or codes: cannot sign in for some minutes.</summary>
    Locked,

    /// <summary>May do nothing until two people enable them again.</summary>
    Disabled,
}

/// <summary>A person who signs in. Sign-in data (password hash, lock-out, security stamp) is Identity's; what the console adds stands here.</summary>
public sealed class Operator : IdentityUser
{
    public const int MaxNameLength = 100;

    public required string DisplayName { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Set while the operator may not do anything.</summary>
    public DateTimeOffset? DisabledAt { get; set; }

    /// <summary>The shared secret of the one-time codes, protected by the data protection keys; null = not set up.</summary>
    public string? TotpSecret { get; set; }

    /// <summary>When the second factor was set up and proved with a first code; null = not yet.</summary>
    public DateTimeOffset? TwoFactorSince { get; set; }

    /// <summary>The newest time step (30 s since 1970) whose code was used: only later ones are accepted.</summary>
    public long LastTotpStep { get; set; }

    public bool IsDisabled => DisabledAt is not null;

    /// <summary>Has set a password, so can sign in: an invitation that nobody took up approves nothing.</summary>
    public bool IsActivated => PasswordHash is not null;

    public OperatorState StateAt(DateTimeOffset now) => this switch
    {
        { IsDisabled: true } => OperatorState.Disabled,
        { IsActivated: false } => OperatorState.Invited,
        _ when LockoutEnd > now => OperatorState.Locked,
        _ => OperatorState.Active,
    };

    /// <summary>Whatever was signed in before counts no more: cookies, open pages and half-done sign-ins carry the stamp they began under.</summary>
    public void RenewStamp() => SecurityStamp = Guid.NewGuid().ToString();

    public ICollection<OperatorRole> Roles { get; init; } = [];
}

/// <summary>One role that one operator holds.</summary>
public sealed class OperatorRole
{
    public required string OperatorId { get; init; }

    public required Role Role { get; init; }

    public required DateTimeOffset GrantedAt { get; init; }
}

/// <summary>One sign-in on one device. The cookie names it; ending it ends the cookie. A step-up belongs to it.</summary>
public sealed class OperatorSession
{
    public required Guid Id { get; init; }

    public required string OperatorId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The session is over at this time, however busy it is.</summary>
    public required DateTimeOffset EndsAt { get; init; }

    /// <summary>Written at most once a minute.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    public string? RemoteAddress { get; init; }

    public string? UserAgent { get; init; }

    /// <summary>When the operator last proved in this session that it is still them.</summary>
    public DateTimeOffset? StepUpAt { get; set; }

    public DateTimeOffset? EndedAt { get; set; }
}

/// <summary>A link that lets one operator set a password, once. Only the hash of its token is kept.</summary>
public sealed class OperatorInvite
{
    public static readonly TimeSpan Lifetime = TimeSpan.FromHours(72);

    public required Guid Id { get; init; }

    public required string OperatorId { get; init; }

    /// <summary>SHA-256 of the token, lower-case hex.</summary>
    public required string TokenHash { get; init; }

    public required string CreatedBy { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? UsedAt { get; set; }

    /// <summary>Replaced by a newer link, or withdrawn.</summary>
    public DateTimeOffset? RevokedAt { get; set; }

    public bool IsOpenAt(DateTimeOffset now) => UsedAt is null && RevokedAt is null && ExpiresAt > now;
}

/// <summary>One of the codes that stand in for the second factor, each once.</summary>
public sealed class RecoveryCode
{
    public required string OperatorId { get; init; }

    public required int Number { get; init; }

    /// <summary>SHA-256 of the code, lower-case hex: the code itself has 80 random bits.</summary>
    public required string Hash { get; init; }

    public DateTimeOffset? UsedAt { get; set; }
}

/// <summary>The moment the set-up ceremony ended: one row, written once. From then on operators are made in the console by two people.</summary>
public sealed class SetUpClosing
{
    public const int OnlyId = 1;

    public required int Id { get; init; }

    public required DateTimeOffset ClosedAt { get; init; }
}

/// <summary>An operator made on the command line after set-up had closed. Every page shows it until two people have acknowledged it.</summary>
public sealed class Recovery
{
    public required Guid Id { get; init; }

    public required string OperatorId { get; init; }

    public required DateTimeOffset At { get; init; }

    public string? FirstAcknowledgedBy { get; set; }

    public string? SecondAcknowledgedBy { get; set; }

    public DateTimeOffset? AcknowledgedAt { get; set; }
}
