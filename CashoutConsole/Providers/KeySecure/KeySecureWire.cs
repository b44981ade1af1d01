using System.Text.Json;
using System.Text.Json.Serialization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.KeySecure;

/// <summary>{ code, msg, data }: code 0 is success; data is there on success only. Judged whatever the HTTP status is.</summary>
internal sealed record KeySecureEnvelope
{
    public long? Code { get; init; }

    public string? Msg { get; init; }

    public JsonElement Data { get; init; }
}

internal sealed record KeySecureToken
{
    public string? AccessToken { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long? ExpiredTime { get; init; }
}

internal sealed record KeySecureRows<T>
    where T : class
{
    /// <summary>Null when the answer holds no list.</summary>
    public IReadOnlyList<T?>? List { get; init; }

    [JsonIgnore]
    public IEnumerable<T> Rows => (List ?? []).OfType<T>();
}

internal sealed record KeySecureCardholder
{
    public string? CardholderNo { get; init; }

    /// <summary>The merchant's own number of the cardholder.</summary>
    public string? CardholderUniqueNo { get; init; }

    public string? Status { get; init; }
}

internal sealed record KeySecureBalance
{
    public string? CardholderNo { get; init; }

    public string? Symbol { get; init; }

    /// <summary>The transferable balance; bonus_balance is left unread on purpose.</summary>
    public decimal? Balance { get; init; }
}

internal sealed record KeySecureCard
{
    /// <summary>The platform's card number, not the number on the card.</summary>
    public string? CardNo { get; init; }

    public string? CardholderNo { get; init; }

    public string? CardLastNo { get; init; }

    public string? CardUniqueNo { get; init; }

    public string? Status { get; init; }
}

/// <summary>Body of cardholder/list, card/list and account/transfer/list. Times are local to the Timezone header; at most 90 days apart.</summary>
internal sealed record KeySecureListRequest
{
    public string? TransferUniqueNo { get; init; }

    public required string StartTime { get; init; }

    public required string EndTime { get; init; }

    /// <summary>From 0.</summary>
    public required int Page { get; init; }

    public int Size { get; init; } = KeySecureWire.PageSize;
}

/// <summary>
/// Body of account/transfer, out of the cardholder account. The direction interlock: <see cref="Type"/> is a constant and the amount is
/// positive, so no value of this type can put money in.
/// </summary>
internal sealed record KeySecureTransferOut
{
    public KeySecureTransferOut(PayoutInstruction instruction)
    {
        var amount = instruction.Amount.Amount;
        if (instruction.Mode != WithdrawalMode.Exact || amount <= 0 || Money.DecimalsOf(amount) > KeySecureWire.AmountDecimals)
        {
            throw new ArgumentException("KeySecure transfers a stated, positive amount of at most two decimals.", nameof(instruction));
        }
        if (instruction.IdempotencyKey.Length is 0 or > 64 || instruction.ExternalAccountId.Length == 0)
        {
            throw new ArgumentException("KeySecure needs a cardholder number and a transfer number of 1 to 64 characters.", nameof(instruction));
        }
        CardholderNo = instruction.ExternalAccountId;
        TransferUniqueNo = instruction.IdempotencyKey;
        Balance = amount.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture);
    }

    [JsonPropertyOrder(0)]
    public string CardholderNo { get; }

    [JsonPropertyOrder(1)]
    public string TransferUniqueNo { get; }

    [JsonPropertyOrder(2)]
    public string Type => "Out";

    /// <summary>The amount; the provider calls it balance.</summary>
    [JsonPropertyOrder(3)]
    public string Balance { get; }
}

internal sealed record KeySecureTransferReceipt
{
    public string? TransferNo { get; init; }

    public string? TransferUniqueNo { get; init; }

    public decimal? BeforeBalance { get; init; }

    public decimal? AfterBalance { get; init; }
}

/// <summary>A row of account/transfer/list. The page that names its fields could not be read: any of them may be missing.</summary>
internal sealed record KeySecureTransfer
{
    public string? TransferNo { get; init; }

    public string? TransferUniqueNo { get; init; }

    public string? CardholderNo { get; init; }

    public string? Type { get; init; }

    public string? Symbol { get; init; }

    /// <summary>The amount.</summary>
    public decimal? Balance { get; init; }

    public decimal? BeforeBalance { get; init; }

    public decimal? AfterBalance { get; init; }

    /// <summary>Pending, Success or Fail.</summary>
    public string? Status { get; init; }

    /// <summary>Unix milliseconds.</summary>
    public long? Time { get; init; }
}

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.AllowReadingFromString,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    Converters = [typeof(WireDecimalConverter), typeof(WireIntegerConverter), typeof(WireTextConverter)])]
[JsonSerializable(typeof(KeySecureEnvelope))]
[JsonSerializable(typeof(KeySecureToken))]
[JsonSerializable(typeof(KeySecureCardholder))]
[JsonSerializable(typeof(KeySecureRows<KeySecureCardholder>))]
[JsonSerializable(typeof(KeySecureRows<KeySecureBalance>))]
[JsonSerializable(typeof(KeySecureRows<KeySecureCard>))]
[JsonSerializable(typeof(KeySecureRows<KeySecureTransfer>))]
[JsonSerializable(typeof(KeySecureListRequest))]
[JsonSerializable(typeof(KeySecureTransferOut))]
[JsonSerializable(typeof(KeySecureTransferReceipt))]
internal sealed partial class KeySecureJson : JsonSerializerContext;

/// <summary>Facts of the wire that more than one file needs (providers: KeySecure cardholder/list, account/transfer).</summary>
internal static class KeySecureWire
{
    public const int PageSize = 100;
    public const int AmountDecimals = 2;
    public const string TransferPath = "/open-api/v1/account/transfer";

    /// <summary>"yyyy-MM-dd HH:mm:ss" in the zone of the Timezone header.</summary>
    public static string Time(DateTimeOffset time, TimeSpan zone) =>
        time.ToOffset(zone).ToString("yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    public static DateTimeOffset? FromUnixMilliseconds(long? milliseconds) =>
        milliseconds is > 0 and < 253_402_300_799_999 ? DateTimeOffset.FromUnixTimeMilliseconds(milliseconds.Value) : null;
}
