using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>Cuts an amount into legs that the sheet allows, pure. The last two share the rest evenly, so that nothing too small is left behind.</summary>
public static class LegSplit
{
    /// <summary>More legs than this are no plan but a mistake.</summary>
    public const int MaxLegs = 200;

    /// <returns>
    /// Legs, each within minimum, maximum and decimals, that sum to <paramref name="amount"/> minus what is stranded. Something is stranded
    /// only where no division at all could avoid it, and is then less than the minimum more than what the most legs could carry.
    /// </returns>
    public static (IReadOnlyList<decimal> Legs, decimal Stranded) Of(decimal amount, ProviderSheet sheet)
    {
        var total = Truncate(amount, sheet.Decimals);
        if (total < sheet.Minimum || total <= 0)
        {
            return ([], Math.Max(0, amount));
        }
        if (sheet.Maximum is not { } maximum || total <= maximum)
        {
            return ([total], amount - total);
        }
        var most = Truncate(maximum, sheet.Decimals);
        var count = decimal.Ceiling(total / most);
        if (count > MaxLegs)
        {
            total = most * MaxLegs;
            count = MaxLegs;
        }
        var full = Enumerable.Repeat(most, (int)count - 2).ToList();
        var rest = total - (most * full.Count);
        var second = Truncate(rest / 2, sheet.Decimals);
        var first = rest - second;
        if (second >= sheet.Minimum && first <= most)
        {
            return ([.. full, first, second], amount - total);
        }
        // Minimum above half the maximum: the rest cannot be shared. The last leg is full and what is over stays.
        return ([.. full, most], amount - (most * (full.Count + 1)));
    }

    /// <summary>
    /// The amount of the next of several legs that are ceilings, from a fresh balance: never more than its ceiling, never so much that what
    /// is left for the others is too little to be sent. With two legs left they share evenly again.
    /// </summary>
    /// <param name="ceilings">The next leg first, then the ones after it.</param>
    /// <returns>Null = too little is left to be sent.</returns>
    public static decimal? Next(IReadOnlyList<decimal> ceilings, decimal available, ProviderSheet sheet)
    {
        var target = Truncate(Math.Min(available, ceilings.Sum()), sheet.Decimals);
        if (target < sheet.Minimum || target <= 0)
        {
            return null;
        }
        var ceiling = ceilings[0];
        if (target == ceilings.Sum())
        {
            return ceiling;
        }
        if (target <= ceiling)
        {
            return target;
        }
        if (ceilings.Count == 2)
        {
            var half = target - Truncate(target / 2, sheet.Decimals);
            var share = Math.Min(Math.Max(half, target - ceilings[1]), ceiling);
            return target - share >= sheet.Minimum ? share : ceiling;
        }
        var left = target - ceiling;
        return left >= sheet.Minimum || ceiling - (sheet.Minimum - left) < sheet.Minimum ? ceiling : ceiling - (sheet.Minimum - left);
    }

    public static decimal Truncate(decimal amount, int decimals) => decimal.Round(amount, decimals, MidpointRounding.ToZero);
}
