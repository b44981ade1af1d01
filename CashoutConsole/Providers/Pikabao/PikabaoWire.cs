using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Pikabao;

/// <summary>The cash-out as it is sent, less what changes with each send (timestamp, sign). Only the card id names the card, never its number.</summary>
public sealed record PikabaoCashOut(string CardId, string Amount, string IdempotentKey)
{
    public const string Path = "/agent/v1/cards/cashout";

    public IReadOnlyList<KeyValuePair<string, string>> Fields =>
        [new("bankCardId", CardId), new("amount", Amount), new("idempotentKey", IdempotentKey)];
}

/// <summary>Envelope of every answer, without its content: the code decides before anything else is read.</summary>
public record PikabaoStatus
{
    [JsonPropertyName("code")]
    public long? Code { get; init; }

    [JsonPropertyName("msg")]
    public string? Message { get; init; }
}

public sealed record PikabaoEnvelope<T> : PikabaoStatus
    where T : class
{
    [JsonPropertyName("content")]
    public T? Content { get; init; }
}

public sealed record PikabaoAccount
{
    [JsonPropertyName("balance")]
    public decimal? Balance { get; init; }
}

/// <summary>A cash-out order: answer of the cash-out and of the order queries. <see cref="State"/>: 1 processing, 10 success, -10 failed.</summary>
public sealed record PikabaoOrder
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("userBankCardId")]
    public string? CardId { get; init; }

    [JsonPropertyName("state")]
    public long? State { get; init; }

    [JsonPropertyName("amount")]
    public decimal? Amount { get; init; }
}

/// <summary>
/// A listed card. The list sends full number, expiry date and CVV: of the number the last four digits survive reading, of the others
/// nothing. <see cref="FittingHeads"/>: those of the leading digits which the reader was asked about that this card's number begins with.
/// </summary>
public sealed record PikabaoCard(
    string? Id, long? State, string? MaskedNumber, string? Organization, string? Remark, decimal? Balance, IReadOnlyList<string> FittingHeads);

/// <summary>
/// What a transaction row shows of its card's number: the last four digits ("•••• 1249"), or, where the row hides the end of the
/// number ("5572710152044****"), the leading digits that it shows.
/// </summary>
public sealed record PikabaoNumberHint(string? LastFour, string? Head)
{
    public static PikabaoNumberHint Of(string? number) =>
        CardNumbers.LastFour(number) is { } tail ? new(tail, null) : new(null, HeadOf(number));

    /// <summary>The digits before the first mask character; null when there are none.</summary>
    public static string? HeadOf(string? number)
    {
        var head = string.Concat((number ?? "").Where(static c => c != ' ').TakeWhile(char.IsAsciiDigit));
        return head.Length == 0 ? null : head;
    }
}

/// <summary>A row of the transaction list. No field joins it to a cash-out order; the card ids are read where a row has one.</summary>
public sealed record PikabaoTransaction
{
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    [JsonPropertyName("transactionId")]
    public string? TransactionId { get; init; }

    [JsonPropertyName("cardNum")]
    [JsonConverter(typeof(PikabaoNumberHintConverter))]
    public PikabaoNumberHint? Number { get; init; }

    [JsonPropertyName("userBankCardId")]
    public string? UserBankCardId { get; init; }

    [JsonPropertyName("bankCardId")]
    public string? BankCardId { get; init; }

    [JsonPropertyName("type")]
    public string? Type { get; init; }

    [JsonPropertyName("status")]
    public string? Status { get; init; }

    [JsonPropertyName("amount")]
    public decimal? Amount { get; init; }

    [JsonPropertyName("recordTime")]
    public string? RecordTime { get; init; }

    public string? CardId => string.IsNullOrEmpty(UserBankCardId) ? BankCardId : UserBankCardId;

    /// <summary>What tells this row from others: the transaction id, or the row's own id where it has none yet.</summary>
    public string? Key => !string.IsNullOrEmpty(TransactionId) ? TransactionId : string.IsNullOrEmpty(Id) ? null : Id;
}

/// <summary>The transaction list has total and rows beside the code, not inside content.</summary>
public sealed record PikabaoTransactionPage : PikabaoStatus
{
    [JsonPropertyName("total")]
    public long? Total { get; init; }

    [JsonPropertyName("rows")]
    public IReadOnlyList<PikabaoTransaction>? Rows { get; init; }
}

/// <summary>Reads a row's card number down to what may be kept.</summary>
public sealed class PikabaoNumberHintConverter : JsonConverter<PikabaoNumberHint>
{
    public override PikabaoNumberHint? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        PikabaoNumberHint.Of(LenientJson.ReadText(ref reader));

    public override void Write(Utf8JsonWriter writer, PikabaoNumberHint value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Rows are only read.");
}

/// <summary>
/// Reads a card field by field, because the name of its balance field is a setting, and so that number, expiry date and CVV are left
/// behind in the answer's bytes.
/// </summary>
public sealed class PikabaoCardConverter(string balanceField, IReadOnlyCollection<string> heads) : JsonConverter<PikabaoCard>
{
    public override PikabaoCard? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A card is an object.");
        }
        string? id = null, state = null, number = null, organization = null, remark = null;
        decimal? balance = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            if (string.Equals(name, balanceField, StringComparison.Ordinal))
            {
                balance = LenientJson.ReadAmount(ref reader);
                continue;
            }
            var text = name is "id" or "state" or "number" or "organization" or "remark" ? LenientJson.ReadText(ref reader) : null;
            (id, state, number, organization, remark) = name switch
            {
                "id" => (text, state, number, organization, remark),
                "state" => (id, text, number, organization, remark),
                "number" => (id, state, text, organization, remark),
                "organization" => (id, state, number, text, remark),
                "remark" => (id, state, number, organization, text),
                _ => (id, state, number, organization, remark),
            };
            reader.Skip();
        }
        var shown = PikabaoNumberHint.HeadOf(number) ?? "";
        return new(
            id, long.TryParse(state, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null,
            CardNumbers.LastFour(number), organization, remark, balance, [.. heads.Where(head => Fits(head, shown))]);
    }

    public override void Write(Utf8JsonWriter writer, PikabaoCard value, JsonSerializerOptions options) =>
        throw new NotSupportedException("Cards are only read.");

    /// <summary>A list that hides numbers too may show fewer digits than the row: then what both show must agree.</summary>
    private static bool Fits(string head, string shown) =>
        shown.StartsWith(head, StringComparison.Ordinal) || head.StartsWith(shown, StringComparison.Ordinal);
}

[JsonSourceGenerationOptions(
    AllowDuplicateProperties = false,
    Converters = [typeof(LenientAmountConverter), typeof(LenientTextConverter), typeof(LenientIntegerConverter)])]
[JsonSerializable(typeof(PikabaoStatus))]
[JsonSerializable(typeof(PikabaoEnvelope<PikabaoAccount>), TypeInfoPropertyName = "Account")]
[JsonSerializable(typeof(PikabaoEnvelope<PikabaoOrder>), TypeInfoPropertyName = "Order")]
[JsonSerializable(typeof(PikabaoEnvelope<IReadOnlyList<PikabaoCard>>), TypeInfoPropertyName = "CardList")]
[JsonSerializable(typeof(PikabaoTransactionPage))]
internal sealed partial class PikabaoJson : JsonSerializerContext
{
    /// <summary>The context that reads cards: with the configured balance field, and telling which of <paramref name="heads"/> a card's number begins with.</summary>
    public static PikabaoJson ForCards(string balanceField, IReadOnlyCollection<string> heads) => new(new JsonSerializerOptions
    {
        AllowDuplicateProperties = false,
        Converters = { new PikabaoCardConverter(balanceField, heads), new LenientAmountConverter(), new LenientTextConverter(), new LenientIntegerConverter() },
    });
}
