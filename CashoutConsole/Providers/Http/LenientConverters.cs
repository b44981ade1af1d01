using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CashoutConsole.Foundation;

namespace CashoutConsole.Providers.Http;

/// <summary>
/// Reading of single JSON values as providers really send them: numbers as numbers or strings, missing values as null or "". What
/// cannot be read becomes null, which means unknown; it never becomes zero.
/// </summary>
public static class LenientJson
{
    /// <summary>A number or a string with a number, as decimal. Null also when the amount is too large or too fine to be stored.</summary>
    public static decimal? ReadAmount(ref Utf8JsonReader reader)
    {
        decimal? amount = reader.TokenType switch
        {
            JsonTokenType.Number => reader.TryGetDecimal(out var number) ? number : null,
            JsonTokenType.String => decimal.TryParse(reader.GetString(), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : null,
            _ => null,
        };
        reader.Skip();
        return amount is { } value && CanBeStored(value) ? value : null;
    }

    /// <summary>A string, number or flag as text; null for anything else.</summary>
    public static string? ReadText(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            JsonTokenType.True => "true",
            JsonTokenType.False => "false",
            _ => null,
        };
        reader.Skip();
        return text;
    }

    private static bool CanBeStored(decimal amount) =>
        Math.Abs(amount) <= 9_000_000_000_000m && amount * Money.MillionthsPerUnit == decimal.Truncate(amount * Money.MillionthsPerUnit);
}

/// <summary>Money: <see cref="LenientJson.ReadAmount"/>.</summary>
public sealed class LenientAmountConverter : JsonConverter<decimal?>
{
    public override bool HandleNull => true;

    public override decimal? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => LenientJson.ReadAmount(ref reader);

    public override void Write(Utf8JsonWriter writer, decimal? value, JsonSerializerOptions options)
    {
        if (value is { } amount)
        {
            writer.WriteNumberValue(amount);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

/// <summary>Ids, codes and words: <see cref="LenientJson.ReadText"/>.</summary>
public sealed class LenientTextConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => LenientJson.ReadText(ref reader);

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}

/// <summary>Counts, states and Unix times, also quoted; null when it is no whole number.</summary>
public sealed class LenientIntegerConverter : JsonConverter<long?>
{
    public override bool HandleNull => true;

    public override long? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        long.TryParse(LenientJson.ReadText(ref reader), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) ? value : null;

    public override void Write(Utf8JsonWriter writer, long? value, JsonSerializerOptions options)
    {
        if (value is { } number)
        {
            writer.WriteNumberValue(number);
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}

/// <summary>A card number, in full or masked, reduced to "•••• 1234" while it is read; null when the last four digits are not there.</summary>
public sealed class LastFourConverter : JsonConverter<string>
{
    public override string? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        CardNumbers.LastFour(LenientJson.ReadText(ref reader));

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteStringValue(value);
}
