using System.Text.Json.Serialization;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Uqpay;

/// <summary>The withdrawal as it is sent: <paramref name="Amount"/> is the JSON number, e.g. 100.02.</summary>
public sealed record UqpayWithdrawal(string CardId, string Amount, string IdempotencyKey)
{
    public string Path => $"/v1/issuing/cards/{WireText.PlainId(CardId)}/withdraw";

    public string Body => $$"""{"amount":{{Amount}}}""";
}

/// <summary>Issuing ledger, CARD_WITHDRAW rows created in this span (at most 90 days).</summary>
public sealed record UqpayLedgerQuery(DateTimeOffset From, DateTimeOffset To, int Page);

/// <summary>POST /v1/connect/token. <see cref="ExpiredAt"/> is Unix time in seconds.</summary>
public sealed record UqpayToken
{
    [JsonPropertyName("auth_token")]
    public string? AuthToken { get; init; }

    [JsonPropertyName("expired_at")]
    public long? ExpiredAt { get; init; }
}

/// <summary>Envelope of every list.</summary>
public sealed record UqpayPage<T>
{
    [JsonPropertyName("total_pages")]
    public long? TotalPages { get; init; }

    [JsonPropertyName("total_items")]
    public long? TotalItems { get; init; }

    [JsonPropertyName("data")]
    public IReadOnlyList<T>? Data { get; init; }
}

/// <summary>A card of GET /v1/issuing/cards and /cards/{id}; the cardholder's personal data is not read but for the name.</summary>
public sealed record UqpayCard
{
    [JsonPropertyName("card_id")]
    public string? CardId { get; init; }

    [JsonPropertyName("card_scheme")]
    public string? Scheme { get; init; }

    [JsonPropertyName("card_number")]
    [JsonConverter(typeof(LastFourConverter))]
    public string? MaskedNumber { get; init; }

    [JsonPropertyName("form_factor")]
    public string? FormFactor { get; init; }

    [JsonPropertyName("mode_type")]
    public string? Mode { get; init; }

    [JsonPropertyName("card_limit")]
    public decimal? Limit { get; init; }

    [JsonPropertyName("available_balance")]
    public decimal? AvailableBalance { get; init; }

    [JsonPropertyName("consumed_amount")]
    public decimal? Consumed { get; init; }

    [JsonPropertyName("card_status")]
    public string? Status { get; init; }

    [JsonPropertyName("card_currency")]
    public string? Currency { get; init; }

    [JsonPropertyName("cardholder")]
    public UqpayCardholder? Cardholder { get; init; }
}

public sealed record UqpayCardholder
{
    [JsonPropertyName("first_name")]
    public string? FirstName { get; init; }

    [JsonPropertyName("last_name")]
    public string? LastName { get; init; }
}

/// <summary>The order that a withdrawal becomes: answer of the withdrawal and of GET /v1/issuing/cards/{card_order_id}/order.</summary>
public sealed record UqpayOrder
{
    [JsonPropertyName("card_id")]
    public string? CardId { get; init; }

    [JsonPropertyName("card_order_id")]
    public string? OrderId { get; init; }

    [JsonPropertyName("amount")]
    public decimal? Amount { get; init; }

    [JsonPropertyName("card_currency")]
    public string? Currency { get; init; }

    [JsonPropertyName("update_time")]
    public string? UpdateTime { get; init; }

    [JsonPropertyName("complete_time")]
    public string? CompleteTime { get; init; }

    [JsonPropertyName("order_status")]
    public string? Status { get; init; }
}

/// <summary>A line of GET /v1/issuing/balances: where money of SINGLE cards lands.</summary>
public sealed record UqpayBalance
{
    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    [JsonPropertyName("available_balance")]
    public decimal? AvailableBalance { get; init; }
}

/// <summary>A row of GET /v1/issuing/balances/transactions. It names neither card nor order.</summary>
public sealed record UqpayLedgerRow
{
    [JsonPropertyName("transaction_id")]
    public string? TransactionId { get; init; }

    [JsonPropertyName("transaction_type")]
    public string? Type { get; init; }

    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    [JsonPropertyName("amount")]
    public decimal? Amount { get; init; }

    [JsonPropertyName("create_time")]
    public string? CreateTime { get; init; }

    [JsonPropertyName("transaction_status")]
    public string? Status { get; init; }
}

/// <summary>Every error shape in one: {type, code, message}, the legacy {code, message}, and the token check's {error}.</summary>
public sealed record UqpayError
{
    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("code")]
    public string? Code { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }

    [JsonPropertyName("error")]
    public string? Error { get; init; }

    public string? Text => string.IsNullOrEmpty(Message) ? Error : Message;
}

[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    Converters = [typeof(LenientAmountConverter), typeof(LenientTextConverter), typeof(LenientIntegerConverter)])]
[JsonSerializable(typeof(UqpayToken))]
[JsonSerializable(typeof(UqpayPage<UqpayCard>), TypeInfoPropertyName = "CardPage")]
[JsonSerializable(typeof(UqpayPage<UqpayBalance>), TypeInfoPropertyName = "BalancePage")]
[JsonSerializable(typeof(UqpayPage<UqpayLedgerRow>), TypeInfoPropertyName = "LedgerPage")]
[JsonSerializable(typeof(UqpayCard))]
[JsonSerializable(typeof(UqpayOrder))]
[JsonSerializable(typeof(UqpayError))]
internal sealed partial class UqpayJson : JsonSerializerContext;
