using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Cards.Domain;

/// <summary>One card, cardholder or member at one provider account, with its last reading.</summary>
public sealed class Account
{
    public required Guid Id { get; init; }

    public required Guid ProviderAccountId { get; init; }

    /// <summary>The provider's id, as money calls use it. Unique within the provider account.</summary>
    public required string ExternalId { get; init; }

    public required AccountKind Kind { get; init; }

    public required AccountStatus Status { get; set; }

    public required string RawStatus { get; set; }

    public required string Currency { get; set; }

    /// <summary>Millionths; null = the provider did not say: unknown, never zero.</summary>
    public long? BalanceMillionths { get; set; }

    public BalanceKind BalanceKind { get; set; }

    /// <summary>When the balance was read; null = never.</summary>
    public DateTimeOffset? BalanceReadAt { get; set; }

    public string? MaskedNumber { get; set; }

    public string? DisplayName { get; set; }

    public string? Holder { get; set; }

    /// <summary>Name=value facts for the account page, as a JSON array of pairs.</summary>
    public string Facts { get; set; } = "[]";

    /// <summary>Where we know it from: "list", "directory", "online", "report".</summary>
    public required string Source { get; set; }

    public required DateTimeOffset FirstSeenAt { get; init; }

    /// <summary>When a list or a balance call of the provider last showed it.</summary>
    public required DateTimeOffset LastSeenAt { get; set; }

    /// <summary>False after a complete list came without it.</summary>
    public bool Listed { get; set; } = true;

    /// <summary>Set while a break forbids withdrawals.</summary>
    public DateTimeOffset? FrozenAt { get; set; }

    /// <summary>Grows with everything that changes what may be withdrawn by us (a new withdrawal, a final one, a freeze); not with readings.</summary>
    public long Version { get; set; }

    public ICollection<AccountCard> Cards { get; init; } = [];

    public Money? Balance => BalanceMillionths is { } millionths ? Money.FromMillionths(millionths, Currency) : null;

    /// <summary>What a person calls it: masked number, nickname, or the id.</summary>
    public string Label => MaskedNumber ?? DisplayName ?? ExternalId;
}

/// <summary>A card below its cardholder, for display and for finding the cardholder by a card.</summary>
public sealed class AccountCard
{
    public required Guid AccountId { get; init; }

    public required string ExternalId { get; init; }

    public string? MaskedNumber { get; set; }

    public required AccountStatus Status { get; set; }

    public required string RawStatus { get; set; }

    public string? Label { get; set; }
}
