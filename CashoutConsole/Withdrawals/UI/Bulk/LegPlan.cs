using CashoutConsole.Controls;
using CashoutConsole.Withdrawals.Domain.Bulk;

namespace CashoutConsole.Withdrawals.UI.Bulk;

/// <summary>The legs of one account as a person reads them. Pure.</summary>
public sealed record LegPlan(IReadOnlyList<PlannedLeg> Legs)
{
    /// <summary>More parts than this are counted instead of listed.</summary>
    private const int Listed = 4;

    /// <summary>"10,000.00 + 5,000.25 + 5,000.25", or "12 × 10,000.00 + 2 × 5,000.25" for many.</summary>
    public string Amounts => Legs.Count <= Listed
        ? string.Join(" + ", Legs.Select(static leg => AmountFormat.Text(leg.Amount)))
        : string.Join(" + ", Runs().Select(static run => run.Count == 1 ? AmountFormat.Text(run.Amount) : $"{run.Count} × {AmountFormat.Text(run.Amount)}"));

    /// <summary>The time between one leg and the next, where it is always the same; null = one leg, or different times.</summary>
    public TimeSpan? Every
    {
        get
        {
            var gaps = Legs.Zip(Legs.Skip(1), static (one, next) => next.NotBefore - one.NotBefore).Distinct().ToList();
            return gaps is [{ Ticks: > 0 } gap] ? gap : null;
        }
    }

    public DateTimeOffset? FinishAt => Legs.Count == 0 ? null : Legs[^1].NotBefore;

    private IEnumerable<(decimal Amount, int Count)> Runs()
    {
        for (var start = 0; start < Legs.Count;)
        {
            var count = Legs.Skip(start).TakeWhile(leg => leg.Amount == Legs[start].Amount).Count();
            yield return (Legs[start].Amount, count);
            start += count;
        }
    }
}
