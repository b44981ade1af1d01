using System.Globalization;

namespace CashoutConsole.Foundation;

/// <summary>
/// An amount in one currency. At most six decimals, because it is stored as a 64-bit count of millionths (the finest any provider
/// uses). Amounts of different currencies never add up or compare.
/// </summary>
public readonly record struct Money(decimal Amount, CurrencyCode Currency) : IComparable<Money>
{
    public const decimal MillionthsPerUnit = 1_000_000m;

    /// <summary>The amount as a count of millionths.</summary>
    /// <exception cref="OverflowException">The amount has more than six decimals or does not fit into 64 bits.</exception>
    public long Millionths => ToMillionths(Amount);

    public bool IsPositive => Amount > 0;

    public static Money Zero(CurrencyCode currency) => new(0, currency);

    public static Money FromMillionths(long millionths, CurrencyCode currency) => new(ToDecimal(millionths), currency);

    public static Money FromMillionths(long millionths, string currency) => new(ToDecimal(millionths), CurrencyCode.Parse(currency));

    public static decimal ToDecimal(long millionths) => millionths / MillionthsPerUnit;

    public static long ToMillionths(decimal amount)
    {
        var scaled = amount * MillionthsPerUnit;
        return scaled == decimal.Truncate(scaled)
            ? decimal.ToInt64(scaled)
            : throw new OverflowException($"{amount.ToString(CultureInfo.InvariantCulture)} has more than six decimals.");
    }

    /// <summary>How many decimals the amount needs: 10.50 needs one.</summary>
    public static int DecimalsOf(decimal amount)
    {
        var decimals = 0;
        for (var rest = amount; rest != decimal.Truncate(rest); rest *= 10)
        {
            decimals++;
        }
        return decimals;
    }

    public static Money operator +(Money left, Money right) => new(left.Amount + right.SameCurrencyAs(left).Amount, left.Currency);

    public static Money operator -(Money left, Money right) => new(left.Amount - right.SameCurrencyAs(left).Amount, left.Currency);

    public static bool operator <(Money left, Money right) => left.CompareTo(right) < 0;

    public static bool operator >(Money left, Money right) => left.CompareTo(right) > 0;

    public static bool operator <=(Money left, Money right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Money left, Money right) => left.CompareTo(right) >= 0;

    public int CompareTo(Money other) => Amount.CompareTo(other.SameCurrencyAs(this).Amount);

    /// <summary>Invariant plain notation, for records, logs and exports: "1234.5 USD". Pages use MoneyText instead.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Amount:0.00####} {Currency}");

    private Money SameCurrencyAs(Money other) =>
        Currency == other.Currency ? this : throw new InvalidOperationException($"{other.Currency} and {Currency} do not add up or compare.");
}
