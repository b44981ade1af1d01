using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;

namespace CashoutConsole.Withdrawals.UI;

/// <summary>What the dialog opens with when a request that ended without approval is taken up again.</summary>
public sealed record WithdrawPrefill(Guid FollowsId, decimal Amount, string Reason);

/// <summary>What the operator has entered so far, judged against the account as the dialog opened it. Pure.</summary>
public sealed record WithdrawEntry(OpenDialog.Opened Opened)
{
    private static readonly HashSet<string> Faults = new(StringComparer.Ordinal)
    {
        "AmountDecimals", "AmountBelowMinimum", "AmountAboveMaximum", "AmountAboveBalance", "LimitReached", "AmountMissing", "AmountSeparators", "AmountNotANumber",
        "ReasonMissing", "ReasonTooLong", "CardNumberInText",
    };

    public string AmountText { get; init; } = "";

    /// <summary>Everything that one withdrawal can take; the amount is then <see cref="Most"/>.</summary>
    public bool All { get; init; }

    public string Reason { get; init; } = "";

    /// <summary>What the policy says to <see cref="Amount"/>; null = it was not asked about this amount yet.</summary>
    public JudgeEntry.Outlook? Outlook { get; init; }

    /// <summary>The amount as it was typed once more in the summary.</summary>
    public string TypedAgain { get; init; } = "";

    public decimal Most => Opened.Limits.Most;

    public decimal Balance => Opened.Account.Balance?.Amount ?? 0;

    /// <summary>The sheet's maximum keeps a part of the free balance back for a later withdrawal.</summary>
    public bool IsCapped => Opened.Sheet?.Maximum is { } maximum && maximum < Balance - Opened.Reserved;

    public decimal? Amount => Parsed is { IsSuccess: true } parsed ? parsed.Value : null;

    public decimal? BalanceAfter => Amount is { } amount ? Balance - amount : null;

    /// <summary>The provider's call that empties the account and names no amount; the same rule as the use case's.</summary>
    public bool IsNative => CouldBeNative && Outlook?.Judgement.NativeAllAllowed == true;

    /// <summary>The provider could empty the account by its own call, but the policy wants an exact amount.</summary>
    public bool IsExactInstead => CouldBeNative && Outlook?.Judgement.NativeAllAllowed == false;

    public Error? AmountFault => Parsed switch
    {
        { IsSuccess: false } parsed => parsed.Error,
        var parsed => AmountRules.FaultOf(parsed.Value, Opened.Account.Currency, Opened.Sheet!, Most) ?? LimitFault(parsed.Value),
    };

    /// <summary>The policy wants the amount typed once more, and it was not.</summary>
    public bool MustTypeAgain => Outlook is { Judgement.StepUp: true } && (Foundation.AmountText.Parse(TypedAgain) is not { IsSuccess: true } again || again.Value != Amount);

    public Error? ReasonFault => TextRules.FaultOf(Reason);

    /// <summary>The refusal is about amount or reason: the operator changes them and goes on.</summary>
    public static bool IsAboutIt(Error error) => Faults.Contains(error.Code);

    private bool CouldBeNative => All && Opened.Sheet is { NativeAll: true } sheet && Most == Withdrawability.TruncateTo(Balance, sheet.Decimals);

    private Error? LimitFault(decimal amount) => (Outlook?.Limits ?? Opened.DailyLimits).FirstOrDefault(limit => limit.Used + amount > limit.Most) is { } limit
        ? new Error("LimitReached", limit.Measure, limit.Left, limit.Most, Opened.Account.Currency)
        : null;

    private Result<decimal> Parsed => All ? Most : Foundation.AmountText.Parse(AmountText);
}
