using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Domain;

/// <summary>The last checks on the money before a send, pure: the fresh reading against the instruction and the sheet.</summary>
public static class PreSendRules
{
    /// <summary>Null = may be sent; else the reason code of NotSent.</summary>
    public static string? Refusal(Withdrawal withdrawal, AccountSnapshot fresh, ProviderSheet sheet)
    {
        if (StateRefusal(withdrawal, fresh) is { } state)
        {
            return state;
        }
        if (withdrawal.Mode == WithdrawalMode.NativeAll)
        {
            return fresh.Balance switch
            {
                null or <= 0 => ReasonCodes.BalanceTooLow,
                var balance when balance > withdrawal.Amount.Amount => ReasonCodes.BalanceAboveCap,
                _ => null,
            };
        }
        if (!FitsSheet(withdrawal.Instructed.Amount, sheet))
        {
            return ReasonCodes.OutsideSheet;
        }
        return fresh.Balance is { } available && available >= withdrawal.Instructed.Amount ? null : ReasonCodes.BalanceTooLow;
    }

    /// <summary>The part that no amount can change.</summary>
    public static string? StateRefusal(Withdrawal withdrawal, AccountSnapshot fresh) =>
        fresh.Status != AccountStatus.Active || fresh.BalanceKind != BalanceKind.Money ? ReasonCodes.AccountNotWithdrawable
        : fresh.Currency != withdrawal.Amount.Currency ? ReasonCodes.CurrencyChanged
        : null;

    public static bool FitsSheet(decimal amount, ProviderSheet sheet) =>
        amount >= sheet.Minimum && (sheet.Maximum is not { } maximum || amount <= maximum) && Money.DecimalsOf(amount) <= sheet.Decimals;
}
