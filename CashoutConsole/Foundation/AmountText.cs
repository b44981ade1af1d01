using System.Globalization;

namespace CashoutConsole.Foundation;

/// <summary>
/// Reads an amount as a person types it: ASCII digits and at most one point with a digit on each side, whatever the language of the
/// page. Separators of thousands are refused, not guessed: "1,250" is a thousand to one reader and one and a quarter to another.
/// </summary>
public static class AmountText
{
    /// <summary>More digits than any stored amount has; also keeps a pasted novel out of the parser.</summary>
    private const int MaxLength = 20;

    /// <summary>Errors: AmountMissing, AmountSeparators (a comma, space or apostrophe stands in it), AmountNotANumber.</summary>
    public static Result<decimal> Parse(string? text)
    {
        var trimmed = text?.Trim() ?? "";
        if (trimmed.Length == 0)
        {
            return new Error("AmountMissing");
        }
        if (trimmed.Any(char.IsAsciiDigit) && trimmed.All(static c => char.IsAsciiDigit(c) || c is '.' or ',' or ' ' or '\'' or '\u00a0' or '\u202f') && !trimmed.All(static c => char.IsAsciiDigit(c) || c == '.'))
        {
            return new Error("AmountSeparators");
        }
        var wellFormed = trimmed.Length <= MaxLength && char.IsAsciiDigit(trimmed[0]) && char.IsAsciiDigit(trimmed[^1])
            && trimmed.All(static c => char.IsAsciiDigit(c) || c == '.') && trimmed.Count(static c => c == '.') <= 1;
        return wellFormed && decimal.TryParse(trimmed, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            ? amount
            : new Error("AmountNotANumber");
    }

    /// <summary>The plain notation that <see cref="Parse"/> reads back: no separators, a point, no trailing zeros beyond two decimals.</summary>
    public static string Plain(decimal amount) => amount.ToString("0.00####", CultureInfo.InvariantCulture);
}
