using System.Text.Json.Serialization;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.UnCash;

/// <summary>The withdrawal as it is sent: <paramref name="Amount"/> is the JSON number, e.g. 10.00. There is no key on the wire.</summary>
public sealed record UnCashWithdrawal(string CardId, string Amount)
{
    public string Path => $"/api/v1/cards/{WireText.PlainId(CardId)}/withdraw";

    public string Body => $$"""{"amount":{{Amount}}}""";
}

/// <summary>Envelope of every answer, without its data: success and words decide before anything else is read.</summary>
public record UnCashStatus
{
    [JsonPropertyName("success")]
    public bool? Success { get; init; }

    [JsonPropertyName("message")]
    public string? Message { get; init; }

    [JsonPropertyName("timestamp")]
    public string? Timestamp { get; init; }
}

public sealed record UnCashEnvelope<T> : UnCashStatus
    where T : class
{
    [JsonPropertyName("data")]
    public T? Data { get; init; }
}

public sealed record UnCashCardList
{
    [JsonPropertyName("total_cards")]
    public long? Total { get; init; }

    [JsonPropertyName("cards")]
    public IReadOnlyList<UnCashCard>? Cards { get; init; }
}

/// <summary>A card of the list or of the detail page. The older detail page also sent PAN, expiry and CVV: nothing here can hold them.</summary>
public sealed record UnCashCard
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("name")]
    public string? Name { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("balance")]
    public decimal? Balance { get; init; }

    [JsonPropertyName("category")]
    public string? Category { get; init; }

    [JsonPropertyName("card_plan")]
    public string? Plan { get; init; }

    [JsonPropertyName("card_number")]
    [JsonConverter(typeof(LastFourConverter))]
    public string? ListNumber { get; init; }

    [JsonPropertyName("masked_PAN")]
    [JsonConverter(typeof(LastFourConverter))]
    public string? DetailNumber { get; init; }

    [JsonPropertyName("currency")]
    public string? Currency { get; init; }

    [JsonPropertyName("currency_short_name")]
    public string? CurrencyShortName { get; init; }
}

public sealed record UnCashWallet
{
    [JsonPropertyName("balance")]
    public decimal? Balance { get; init; }

    [JsonPropertyName("updated_at")]
    public string? UpdatedAt { get; init; }
}

/// <summary>Answer of the withdrawal; <see cref="OldCardBalance"/> is the older page's name of the card balance.</summary>
public sealed record UnCashWithdrawn
{
    [JsonPropertyName("card_id")]
    public string? CardId { get; init; }

    [JsonPropertyName("transaction_id")]
    public string? TransactionId { get; init; }

    [JsonPropertyName("wallet_balance")]
    public decimal? WalletBalance { get; init; }

    [JsonPropertyName("new_card_balance")]
    public decimal? NewCardBalance { get; init; }

    [JsonPropertyName("new_balance")]
    public decimal? OldCardBalance { get; init; }

    [JsonPropertyName("amount_withdrawn")]
    public decimal? AmountWithdrawn { get; init; }

    public bool SaysAnything => CardId is not null || TransactionId is not null || AmountWithdrawn is not null;
}

public sealed record UnCashTransactions
{
    [JsonPropertyName("data")]
    public IReadOnlyList<UnCashTransaction>? Rows { get; init; }

    [JsonPropertyName("pagination")]
    public UnCashPagination? Pagination { get; init; }
}

public sealed record UnCashPagination
{
    [JsonPropertyName("total")]
    public long? Total { get; init; }

    [JsonPropertyName("totalPages")]
    public long? TotalPages { get; init; }
}

/// <summary>A row of the card's transactions. Whether withdrawals appear among them is not documented.</summary>
public sealed record UnCashTransaction
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("side")]
    public string? Side { get; init; }

    [JsonPropertyName("amount")]
    public decimal? Amount { get; init; }

    [JsonPropertyName("merchant_name")]
    public string? Merchant { get; init; }

    [JsonPropertyName("transaction_created_at")]
    public string? CreatedAt { get; init; }
}

[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    Converters = [typeof(LenientAmountConverter), typeof(LenientTextConverter), typeof(LenientIntegerConverter)])]
[JsonSerializable(typeof(UnCashStatus))]
[JsonSerializable(typeof(UnCashEnvelope<UnCashCardList>), TypeInfoPropertyName = "CardList")]
[JsonSerializable(typeof(UnCashEnvelope<UnCashCard>), TypeInfoPropertyName = "Card")]
[JsonSerializable(typeof(UnCashEnvelope<UnCashWallet>), TypeInfoPropertyName = "Wallet")]
[JsonSerializable(typeof(UnCashEnvelope<UnCashTransactions>), TypeInfoPropertyName = "Transactions")]
[JsonSerializable(typeof(UnCashEnvelope<UnCashWithdrawn>), TypeInfoPropertyName = "Withdrawn")]
internal sealed partial class UnCashJson : JsonSerializerContext;
