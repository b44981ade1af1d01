using CashoutConsole.Approvals.Application;
using CashoutConsole.Controls;

namespace CashoutConsole.Approvals.UI;

/// <summary>Sums of what is about to be decided, per currency: "2 × USD" never adds up with "1 × THB".</summary>
public static class DecisionTotals
{
    /// <summary>"11,200.00 USD · 30,000.00 THB"; empty when no money is in it.</summary>
    public static string Text(IEnumerable<ApprovalRow> rows) => string.Join(" · ", rows
        .Where(static row => row.Money is not null)
        .GroupBy(static row => row.Money!.Amount.Currency.ToString(), StringComparer.Ordinal)
        .OrderBy(static group => group.Key, StringComparer.Ordinal)
        .Select(static group => $"{AmountFormat.Text(group.Sum(static row => row.Money!.Amount.Amount))} {group.Key}"));
}
