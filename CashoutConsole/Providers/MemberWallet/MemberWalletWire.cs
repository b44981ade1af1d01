using System.Text.Json;
using System.Text.Json.Serialization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.MemberWallet;

/// <summary>{ code, message, data, logUUID }: code 0 is success; data is absent where an operation returns nothing.</summary>
internal sealed record MemberWalletEnvelope
{
    public long? Code { get; init; }

    public string? Message { get; init; }

    public JsonElement Data { get; init; }
}

internal sealed record MemberWalletTokenRequest(string AgentId, string Secret);

internal sealed record MemberWalletToken
{
    public string? AccessToken { get; init; }

    /// <summary>Seconds.</summary>
    public long? ExpiresIn { get; init; }
}

/// <summary>The online list takes no parameters; its body is an encrypted {}.</summary>
internal sealed record MemberWalletNothing;

internal sealed record MemberWalletOnline
{
    public IReadOnlyList<string?>? UserList { get; init; }
}

/// <summary>Dates in UTC, yyyy-MM-ddTHH:mm:ss.fffZ.</summary>
internal sealed record MemberWalletReportRequest(string StartDate, string EndDate, string AgentId);

internal sealed record MemberWalletReportRow
{
    public string? Username { get; init; }
}

internal sealed record MemberWalletBalanceRequest(string Username);

internal sealed record MemberWalletBalance
{
    public string? Username { get; init; }

    public string? Currency { get; init; }

    public decimal? Balance { get; init; }
}

/// <summary>Body of members/cashout: everything the member has; the call carries no amount.</summary>
internal sealed record MemberWalletCashout
{
    public MemberWalletCashout(PayoutInstruction instruction)
    {
        if (instruction.Mode != WithdrawalMode.NativeAll)
        {
            throw new ArgumentException("A cash-out takes everything.", nameof(instruction));
        }
        MemberWalletWire.RequireIds(instruction);
        Username = instruction.ExternalAccountId;
        TransId = instruction.IdempotencyKey;
    }

    [JsonPropertyOrder(0)]
    public string Username { get; }

    [JsonPropertyOrder(1)]
    public string TransId { get; }
}

/// <summary>
/// Body of members/transaction, as a withdrawal. The provider reads a positive amount as a deposit; the amount here is the negated
/// positive amount of the instruction, so no value of this type can put money in.
/// </summary>
internal sealed record MemberWalletWithdrawal
{
    public MemberWalletWithdrawal(PayoutInstruction instruction)
    {
        var amount = instruction.Amount.Amount;
        if (instruction.Mode != WithdrawalMode.Exact || amount <= 0 || Money.DecimalsOf(amount) > MemberWalletWire.AmountDecimals)
        {
            throw new ArgumentException("A withdrawal states a positive amount of at most six decimals.", nameof(instruction));
        }
        MemberWalletWire.RequireIds(instruction);
        Username = instruction.ExternalAccountId;
        TransId = instruction.IdempotencyKey;
        Amount = MemberWalletWire.WithoutTrailingZeros(-amount);
    }

    [JsonPropertyOrder(0)]
    public string Username { get; }

    [JsonPropertyOrder(1)]
    public decimal Amount { get; }

    [JsonPropertyOrder(2)]
    public string TransId { get; }
}

/// <summary>Data of both money calls. The sign of <see cref="Amount"/> differs by call and is not documented for withdrawals.</summary>
internal sealed record MemberWalletMoved
{
    public decimal? Amount { get; init; }

    /// <summary>The member's balance afterwards.</summary>
    public decimal? Balance { get; init; }
}

internal sealed record MemberWalletCheckRequest(string Username, string TransId);

internal sealed record MemberWalletTransaction
{
    /// <summary>The pages name the field both agent and agentId.</summary>
    public string? Agent { get; init; }

    public string? AgentId { get; init; }

    public string? TransId { get; init; }

    public string? TransactionTime { get; init; }

    /// <summary>Negative = withdrawal, positive = deposit.</summary>
    public decimal? Amount { get; init; }

    public string? Username { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    AllowTrailingCommas = true,
    Converters = [typeof(WireDecimalConverter), typeof(WireIntegerConverter), typeof(WireTextConverter)])]
[JsonSerializable(typeof(MemberWalletEnvelope))]
[JsonSerializable(typeof(MemberWalletTokenRequest))]
[JsonSerializable(typeof(MemberWalletToken))]
[JsonSerializable(typeof(MemberWalletNothing))]
[JsonSerializable(typeof(MemberWalletOnline))]
[JsonSerializable(typeof(MemberWalletReportRequest))]
[JsonSerializable(typeof(IReadOnlyList<MemberWalletReportRow?>))]
[JsonSerializable(typeof(MemberWalletBalanceRequest))]
[JsonSerializable(typeof(MemberWalletBalance))]
[JsonSerializable(typeof(MemberWalletCashout))]
[JsonSerializable(typeof(MemberWalletWithdrawal))]
[JsonSerializable(typeof(MemberWalletMoved))]
[JsonSerializable(typeof(MemberWalletCheckRequest))]
[JsonSerializable(typeof(MemberWalletTransaction))]
internal sealed partial class MemberWalletJson : JsonSerializerContext;

/// <summary>Facts of the wire that more than one file needs.</summary>
internal static class MemberWalletWire
{
    public const int AmountDecimals = 6;
    public const string CashoutPath = "/v2/members/cashout";
    public const string TransactionPath = "/v2/members/transaction";

    public static void RequireIds(PayoutInstruction instruction)
    {
        if (instruction.ExternalAccountId.Length == 0 || instruction.IdempotencyKey.Length == 0)
        {
            throw new ArgumentException("A withdrawal needs a username and a transId.", nameof(instruction));
        }
    }

    /// <summary>Equal amounts are written alike: 10.50 and 10.5 both as 10.5. A decimal is always written in plain notation.</summary>
    public static decimal WithoutTrailingZeros(decimal amount) => amount / 1.0000000000000000000000000000m;

    /// <summary>UTC with milliseconds, as the provider's introduction rules for all times in JSON.</summary>
    public static string Time(DateTimeOffset time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", System.Globalization.CultureInfo.InvariantCulture);
}
