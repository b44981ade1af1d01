using CashoutConsole.Approvals.Application;
using CashoutConsole.Controls;

namespace CashoutConsole.Approvals.UI;

/// <summary>Sums of what is about to be decided, per currency: "2 × USD" never adds up with "1 × THB".</summary>
public static class DecisionTotals
{
    /// <summary>"11,200.00 USD · 30,000.00 THB"; empty when no money is in it.</summary>
    public static string Text(IEnumerable<ApprovalRow> rows) => string.Join(" · ", rows
        .SelectMany(MoneyOf)
        .GroupBy(static money => money.Currency, StringComparer.Ordinal)
        .OrderBy(static group => group.Key, StringComparer.Ordinal)
        .Select(static group => $"{AmountFormat.Text(group.Sum(static money => money.Amount))} {group.Key}"));

    /// <summary>Of one withdrawal, or of all of a batch.</summary>
    private static IEnumerable<(string Currency, decimal Amount)> MoneyOf(ApprovalRow row) => row switch
    {
        { Money.Amount: var amount } => [(amount.Currency.ToString(), amount.Amount)],
        { Batch: { } batch } => batch.Totals.Select(static total => (total.Currency, total.Amount)),
        _ => [],
    };
}
