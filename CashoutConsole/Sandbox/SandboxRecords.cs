namespace CashoutConsole.Sandbox;

/// <summary>What an account row is.</summary>
internal static class AccountKinds
{
    public const string Card = "card";
    public const string Holder = "holder";
    public const string Member = "member";

    /// <summary>The provider account's own balance, where withdrawn money lands.</summary>
    public const string Wallet = "wallet";
}

/// <summary>One card, cardholder, member or wallet. Balance in millionths, times in Unix microseconds, <see cref="Details"/> are the provider's own fields.</summary>
internal sealed record SandboxAccount
{
    public required string Provider { get; init; }

    public required string Credential { get; init; }

    public required string Id { get; init; }

    public required string Kind { get; init; }

    public required string Currency { get; init; }

    public required long Balance { get; init; }

    public required string Status { get; init; }

    public string Name { get; init; } = "";

    /// <summary>The account that holds the money of this card (KeySecure cardholder), or null.</summary>
    public string? Parent { get; init; }

    public long LockedUntil { get; init; }

    public required long CreatedAt { get; init; }

    public required long ModifiedAt { get; init; }

    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>(StringComparer.Ordinal);

    public string Detail(string name) => Details.TryGetValue(name, out var value) ? value : "";
}

internal static class OrderStatus
{
    public const string Processing = "processing";
    public const string Success = "success";
    public const string Failed = "failed";

    /// <summary>As an <see cref="SandboxOrder.Outcome"/>: never settles by time.</summary>
    public const string Stuck = "stuck";
}

/// <summary>One accepted movement. <see cref="Outcome"/> is what it will settle to; <see cref="SettleAt"/> null = not by time.</summary>
internal sealed record SandboxOrder
{
    public required string Id { get; init; }

    public required string Provider { get; init; }

    public required string Credential { get; init; }

    public required string AccountId { get; init; }

    public string? Key { get; init; }

    /// <summary>The provider's name of the movement: cashout, Out, In, transaction, …</summary>
    public required string Kind { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public required string Status { get; init; }

    public required string Outcome { get; init; }

    /// <summary>The wallet credited when the order succeeds, or null.</summary>
    public string? Wallet { get; init; }

    public required long Before { get; init; }

    public required long After { get; init; }

    public required long CreatedAt { get; init; }

    public required long ModifiedAt { get; init; }

    public long? CompletedAt { get; init; }

    public long? SettleAt { get; init; }
}

/// <summary>When and how a new order ends. <see cref="At"/> null with an outcome other than stuck = at once.</summary>
internal readonly record struct SettlePlan(string Outcome, long? At)
{
    public static readonly SettlePlan AtOnce = new(OrderStatus.Success, null);

    public bool IsImmediate => At is null && Outcome != OrderStatus.Stuck;

    public string InitialStatus => IsImmediate ? Outcome : OrderStatus.Processing;
}

/// <summary>One append-only money effect: withdrawal (left the account), release (came back after a failure), purchase, topup.</summary>
internal sealed record LedgerEntry(
    long Seq, string Provider, string Credential, string AccountId, string Kind, long Amount, string Currency, string? Key, string Reference,
    string Note, long At);

internal static class LedgerKinds
{
    public const string Withdrawal = "withdrawal";
    public const string Release = "release";
    public const string Purchase = "purchase";
    public const string TopUp = "topup";
}

/// <summary>One row of a provider's transaction list. Amount in millionths, negative when money left the account.</summary>
internal sealed record SandboxTransactionRow
{
    public required string Id { get; init; }

    public required string Provider { get; init; }

    public required string Credential { get; init; }

    public required string AccountId { get; init; }

    public string? OrderId { get; init; }

    public required string Type { get; init; }

    public required string Status { get; init; }

    public required long Amount { get; init; }

    public required string Currency { get; init; }

    public required long EndingBalance { get; init; }

    public string Merchant { get; init; } = "";

    public required long CreatedAt { get; init; }

    public required long ModifiedAt { get; init; }
}
