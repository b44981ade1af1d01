using System.Globalization;
using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox;

/// <summary>Amounts between the wire (plain decimal text) and the file (millionths).</summary>
internal static class Amounts
{
    private const decimal Largest = 1_000_000_000m;

    /// <summary>Plain notation only: digits with at most <paramref name="maxDecimals"/> decimals, no sign, exponent or space.</summary>
    public static bool TryParse(string text, int maxDecimals, out long millionths)
    {
        millionths = 0;
        return text.Length > 0
            && char.IsAsciiDigit(text[0])
            && char.IsAsciiDigit(text[^1])
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var amount)
            && TryConvert(amount, maxDecimals, out millionths);
    }

    public static bool TryConvert(decimal amount, int maxDecimals, out long millionths)
    {
        var valid = Math.Abs(amount) <= Largest && Money.DecimalsOf(amount) <= maxDecimals;
        millionths = valid ? Money.ToMillionths(amount) : 0;
        return valid;
    }

    /// <summary>"1234.50", or more decimals where the amount has them.</summary>
    public static string Text(long millionths) => Money.ToDecimal(millionths).ToString("0.00####", CultureInfo.InvariantCulture);

    public static decimal Decimal(long millionths) => Money.ToDecimal(millionths);
}
