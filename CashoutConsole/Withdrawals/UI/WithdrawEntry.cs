using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;

namespace CashoutConsole.Withdrawals.UI;

/// <summary>What the operator has entered so far, judged against the account as the dialog opened it. Pure.</summary>
public sealed record WithdrawEntry(OpenDialog.Opened Opened)
{
    public string AmountText { get; init; } = "";

    /// <summary>Everything that one withdrawal can take; the amount is then <see cref="Most"/>.</summary>
    public bool All { get; init; }

    public string Reason { get; init; } = "";

    public decimal Most => Opened.Limits.Most;

    public decimal Balance => Opened.Account.Balance?.Amount ?? 0;

    /// <summary>The sheet's maximum keeps a part of the free balance back for a later withdrawal.</summary>
    public bool IsCapped => Opened.Sheet?.Maximum is { } maximum && maximum < Balance - Opened.Reserved;

    public decimal? Amount => Parsed is { IsSuccess: true } parsed ? parsed.Value : null;

    public decimal? BalanceAfter => Amount is { } amount ? Balance - amount : null;

    /// <summary>The provider's call that empties the account and names no amount; the same rule as the use case's.</summary>
    public bool IsNative =>
        All && Opened.Sheet is { NativeAll: true } sheet && Most == Withdrawability.TruncateTo(Balance, sheet.Decimals);

    public Error? AmountFault => Parsed switch
    {
        { IsSuccess: false } parsed => parsed.Error,
        var parsed => AmountRules.FaultOf(parsed.Value, Opened.Account.Currency, Opened.Sheet!, Most),
    };

    public Error? ReasonFault => TextRules.FaultOf(Reason);

    private Result<decimal> Parsed => All ? Most : Foundation.AmountText.Parse(AmountText);
}
