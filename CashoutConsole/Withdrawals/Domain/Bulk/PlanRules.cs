using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>How a running plan stands right before one of its legs. Amounts in the account's currency.</summary>
/// <param name="Expected">What the balance should be: the baseline less the legs since.</param>
/// <param name="Ceilings">This leg's amount and those after it that are still to be sent.</param>
/// <param name="Keep">What must stay.</param>
public sealed record PlanStand(decimal Expected, decimal Tolerance, IReadOnlyList<decimal> Ceilings, decimal Keep);

/// <summary>What a ceiling becomes, pure. More money never enlarges a leg; a balance further below the expected one than agreed is a person's matter.</summary>
public static class PlanRules
{
    /// <returns>The amount to send, or null with the reason code: DriftTooLarge (the plan pauses) or NothingLeft (the leg ends).</returns>
    public static (decimal? Amount, string? ReasonCode) AmountNow(PlanStand stand, decimal fresh, ProviderSheet sheet)
    {
        if (fresh < stand.Expected - stand.Tolerance)
        {
            return (null, ReasonCodes.DriftTooLarge);
        }
        return LegSplit.Next(stand.Ceilings, fresh - stand.Keep, sheet) is { } amount ? (amount, null) : (null, ReasonCodes.NothingLeft);
    }
}
