using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Domain;

/// <summary>What an amount must satisfy to be requested, pure: the dialog asks while one types, the use case asks again in its transaction.</summary>
public static class AmountRules
{
    /// <summary>Null = may be requested; whether others must approve it is the policy's word.</summary>
    /// <param name="most">The most by balance, reservations and the sheet.</param>
    /// <returns>AmountDecimals, AmountBelowMinimum, AmountAboveMaximum or AmountAboveBalance.</returns>
    public static Error? FaultOf(decimal amount, string currency, ProviderSheet sheet, decimal most)
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
        return amount > most ? new Error("AmountAboveBalance", most, currency) : null;
    }
}
