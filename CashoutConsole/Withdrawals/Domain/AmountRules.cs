using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Domain;

/// <summary>What an amount must satisfy to be requested, pure: the dialog asks while one types, the use case asks again in its transaction.</summary>
public static class AmountRules
{
    /// <summary>Null = may be requested by one person.</summary>
    /// <param name="most">The most by balance, reservations and the sheet.</param>
    /// <param name="threshold">At or above it a second person must approve; null = always.</param>
    /// <returns>AmountDecimals, AmountBelowMinimum, AmountAboveMaximum, AmountAboveBalance or AboveThreshold.</returns>
    public static Error? FaultOf(decimal amount, string currency, ProviderSheet sheet, decimal most, decimal? threshold)
    {
        if (amount <= 0 || Money.DecimalsOf(amount) > sheet.Decimals)
        {
            return new Error("AmountDecimals", sheet.Decimals);
        }
        if (amount < sheet.Minimum)
        {
            return new Error("AmountBelowMinimum", sheet.Minimum, currency);
        }
        if (sheet.Maximum is { } maximum && amount > maximum)
        {
            return new Error("AmountAboveMaximum", maximum, currency);
        }
        if (amount > most)
        {
            return new Error("AmountAboveBalance", most, currency);
        }
        return threshold is { } limit && amount < limit ? null : new Error("AboveThreshold", threshold ?? 0, currency);
    }
}
