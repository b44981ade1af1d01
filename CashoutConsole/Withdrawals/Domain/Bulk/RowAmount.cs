using System.Globalization;
using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>What a row asks for: a stated amount, or everything that is there when it is sent.</summary>
public sealed record RowAmount
{
    public const string AllWord = "ALL";

    /// <summary>As fine as amounts are stored.</summary>
    public const int MostDecimals = 6;

    public static readonly RowAmount All = new((decimal?)null);

    private static readonly decimal Largest = Money.ToDecimal(long.MaxValue);

    private RowAmount(decimal? stated) => Stated = stated;

    /// <summary>Null = everything.</summary>
    public decimal? Stated { get; }

    public bool IsAll => Stated is null;

    /// <summary>
    /// Reads ALL in any case, or digits with a point. Decimals are counted as typed, and what could be thousands is refused rather than
    /// guessed: 1.000 is one to one reader and a thousand to another, and money follows what we take it for.
    /// </summary>
    /// <param name="decimals">The most that the provider takes.</param>
    /// <returns>Errors: AmountMissing, AmountNegative, AmountZero, AmountSeparators, AmountAmbiguous, AmountTooManyDecimals, AmountTooLarge, AmountNotANumber.</returns>
    public static Result<RowAmount> Parse(string text, int decimals = MostDecimals)
    {
        var typed = text.Trim();
        if (typed.Equals(AllWord, StringComparison.OrdinalIgnoreCase))
        {
            return All;
        }
        // A hyphen, or the minus sign that word processors put in its place.
        return typed is ['-' or '−', .. var rest] ? NegativeFault(rest) : Positive(typed, decimals);
    }

    /// <summary>The same for amounts that are equal: 10, 10.0 and 10.00 are all "10.00".</summary>
    public override string ToString() => Stated is { } stated ? AmountText.Plain(stated) : AllWord;

    private static Error NegativeFault(string rest) => new(Positive(rest, MostDecimals).IsSuccess ? "AmountNegative" : "AmountNotANumber");

    private static Result<RowAmount> Positive(string typed, int decimals)
    {
        if (IsPlain(typed) && SizeFault(typed.Split('.'), decimals) is { } size)
        {
            return size;
        }
        var parsed = AmountText.Parse(typed);
        return parsed switch
        {
            { IsSuccess: false } => parsed.Error,
            { Value: 0 } => new Error("AmountZero"),
            { Value: var amount } when amount > Largest => new Error("AmountTooLarge", decimal.Truncate(Largest)),
            { Value: var amount } => new RowAmount(amount),
        };
    }

    private static bool IsPlain(string typed) =>
        typed.All(static c => char.IsAsciiDigit(c) || c == '.') && typed.Split('.') is [not ""] or [not "", not ""];

    /// <summary>Looked at before the text is parsed, which takes no more digits than any amount has.</summary>
    private static Error? SizeFault(string[] parts, int decimals)
    {
        var (units, fraction) = (parts[0], parts.Length > 1 ? parts[1] : "");
        if (units.TrimStart('0').Length > decimal.Truncate(Largest).ToString(CultureInfo.InvariantCulture).Length)
        {
            return new Error("AmountTooLarge", decimal.Truncate(Largest));
        }
        // Our own downloads never end three decimals with a zero.
        if (units is { Length: <= 3 } && units[0] != '0' && fraction is [_, _, '0'])
        {
            return new Error("AmountAmbiguous", $"{units}.{fraction.TrimEnd('0').PadRight(1, '0')}", units + fraction);
        }
        return fraction.Length > decimals ? new Error("AmountTooManyDecimals", decimals) : null;
    }
}
