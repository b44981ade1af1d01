using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.Domain;

public enum ProviderAccountState
{
    Active,

    /// <summary>Live mode: a new or changed endpoint identity that two people have not confirmed yet. Nothing is sent.</summary>
    AwaitingConfirmation,

    /// <summary>No longer in the configuration. History stays; nothing is sent.</summary>
    Removed,
}

/// <summary>One set of credentials at one provider, as the database knows it. The credentials themselves are configuration only.</summary>
public sealed class ProviderAccount
{
    public required Guid Id { get; init; }

    /// <summary>"Uqpay:main". Unique.</summary>
    public required string Name { get; init; }

    public required ProviderKind Provider { get; init; }

    public required string DisplayName { get; set; }

    public required string Origin { get; set; }

    public required string EndpointIdentity { get; set; }

    public required ProviderAccountState State { get; set; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When the last refresh of the account list ended, whatever its result.</summary>
    public DateTimeOffset? RefreshedAt { get; set; }

    public DateTimeOffset? RefreshSucceededAt { get; set; }

    public ProviderFaultKind? RefreshFault { get; set; }

    public string? RefreshFaultText { get; set; }

    public int RefreshedAccounts { get; set; }

    public DateTimeOffset? OwnBalanceAt { get; set; }

    public ICollection<ProviderAccountBalance> OwnBalances { get; init; } = [];
}

/// <summary>The provider account's own balance in one currency, as last read.</summary>
public sealed class ProviderAccountBalance
{
    public required Guid ProviderAccountId { get; init; }

    public required string Currency { get; init; }

    public required long Millionths { get; set; }

    public Money Amount => Money.FromMillionths(Millionths, Currency);
}

/// <summary>The waiting time between withdrawals, as a row, so that it survives restarts. One per provider account or account, by the sheet's scope.</summary>
public sealed class CooldownClock
{
    /// <summary>The id of the provider account or of the account.</summary>
    public required Guid ScopeId { get; init; }

    /// <summary>No withdrawal of this scope is sent before this time.</summary>
    public required DateTimeOffset NextAllowedAt { get; set; }

    /// <summary>Cooldown refusals in a row although our clock had run out: somebody else withdraws here.</summary>
    public required int RefusalsInARow { get; set; }
}

/// <summary>Who may send for one provider account. At most one holder at a time; the fence grows with every change of holder.</summary>
public sealed class SenderLease
{
    public required Guid ProviderAccountId { get; init; }

    public required string Holder { get; set; }

    public required long Fence { get; set; }

    public required DateTimeOffset ExpiresAt { get; set; }
}

/// <summary>
/// The stop switch of one scope: everything (<see cref="EverythingId"/>) or one provider account. Resuming takes a proposal and a
/// second person.
/// </summary>
public sealed class SendingStop
{
    public static readonly Guid EverythingId = Guid.Empty;

    public required Guid ScopeId { get; init; }

    public required bool Stopped { get; set; }

    public required string Reason { get; set; }

    public required string StoppedBy { get; set; }

    public required DateTimeOffset StoppedAt { get; set; }

    public string? ResumeProposedBy { get; set; }

    public DateTimeOffset? ResumeProposedAt { get; set; }

    public required long Version { get; set; }
}

/// <summary>The one row that says what this database is. Written at creation, never changed.</summary>
public sealed class Installation
{
    public const int OnlyId = 1;

    public required int Id { get; init; }

    public required Guid DatabaseId { get; init; }

    public required OperatingMode Mode { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }
}
