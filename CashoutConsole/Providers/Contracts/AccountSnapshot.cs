using CashoutConsole.Foundation;

namespace CashoutConsole.Providers.Contracts;

public enum AccountKind
{
    Card,

    /// <summary>KeySecure: money belongs to the cardholder; cards are child rows for display.</summary>
    Cardholder,

    /// <summary>A member of the game wallet.</summary>
    Member,
}

/// <summary>The provider's account status in our words. <see cref="Unknown"/> = a value that the contract does not name; never treated as active.</summary>
public enum AccountStatus
{
    Active,
    Pending,
    Frozen,
    Blocked,
    Closed,
    Unknown,
}

public enum BalanceKind
{
    /// <summary>Money that can be withdrawn and summed.</summary>
    Money,

    /// <summary>A spending limit (UQPay SHARE): shown, never summed, not withdrawable.</summary>
    Limit,
}

/// <summary>A card shown below its cardholder (KeySecure). <see cref="MaskedNumber"/> is "•••• 1234" or null.</summary>
public sealed record ChildCard(string ExternalId, string? MaskedNumber, AccountStatus Status, string RawStatus, string? Label);

/// <summary>A further fact for the account page. <see cref="Name"/> is a resource key suffix ("Fact_{Name}"), never personal data or a card secret.</summary>
public sealed record AccountFact(string Name, string Value);

/// <summary>
/// One account as the provider reported it. <see cref="Balance"/> null = the provider did not say: unknown, never zero.
/// Numbers are masked and secrets dropped before this record is made.
/// </summary>
public sealed record AccountSnapshot
{
    /// <summary>The id that money calls use: card id, cardholder_no, username.</summary>
    public required string ExternalId { get; init; }

    public required AccountKind Kind { get; init; }

    public required AccountStatus Status { get; init; }

    /// <summary>The status exactly as received ("" when the API has none).</summary>
    public required string RawStatus { get; init; }

    public required CurrencyCode Currency { get; init; }

    public decimal? Balance { get; init; }

    public BalanceKind BalanceKind { get; init; } = BalanceKind.Money;

    /// <summary>"•••• 1234" or null.</summary>
    public string? MaskedNumber { get; init; }

    /// <summary>Nickname, remark or username.</summary>
    public string? DisplayName { get; init; }

    public string? Holder { get; init; }

    public IReadOnlyList<ChildCard> Cards { get; init; } = [];

    public IReadOnlyList<AccountFact> Facts { get; init; } = [];
}

/// <summary>
/// All accounts that the provider's own lists show. <see cref="Complete"/> false = some part could not be read
/// (<see cref="Fault"/> says why); accounts missing from an incomplete list are not gone. <see cref="Source"/> per account id tells
/// which list named it (member wallet: "online", "report"); null for an ordinary list.
/// </summary>
public sealed record AccountListing(
    IReadOnlyList<AccountSnapshot> Accounts,
    bool Complete,
    ProviderFault? Fault = null,
    IReadOnlyDictionary<string, string>? Sources = null);

/// <summary>The provider account's own balance (where withdrawn money lands), one line per currency.</summary>
public sealed record ProviderBalance(IReadOnlyList<Money> Amounts, DateTimeOffset? ProviderTime = null);
