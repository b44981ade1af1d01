using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;

namespace CashoutConsole.Approvals.UI;

/// <summary>What a policy says, whether it is stored or still being edited.</summary>
public sealed record PolicyTerms(string TimeZone, int DecideWithinHours, IReadOnlyList<RuleDraft> Rules)
{
    public static PolicyTerms Of(Policy policy) => new(policy.TimeZone, policy.DecideWithinHours, [.. policy.Rules.OrderBy(static rule => rule.Number).Select(Of)]);

    public static RuleDraft Of(PolicyRule rule) =>
        new(rule.Measure, rule.Currency, rule.Provider, rule.ProviderAccountId, rule.OperatorId, rule.Amount, rule.Checkers);
}

/// <summary>One line of a comparison: both sides equal = unchanged, one side missing = added or removed.</summary>
public sealed record RuleChange(RuleDraft? Before, RuleDraft? After)
{
    public bool IsSame => Before == After;
}

/// <summary>Puts the rules of two policies side by side. Pure.</summary>
public static class PolicyComparison
{
    /// <summary>Unchanged rules meet each other; of the rest, those that look at the same thing in the same place are one changed rule.</summary>
    public static IReadOnlyList<RuleChange> Of(IReadOnlyList<RuleDraft> before, IReadOnlyList<RuleDraft> after)
    {
        var oldOnes = before.ToList();
        var changes = new List<RuleChange>();
        var fresh = new List<RuleDraft>();
        foreach (var rule in after)
        {
            if (oldOnes.Remove(rule))
            {
                changes.Add(new RuleChange(rule, rule));
            }
            else
            {
                fresh.Add(rule);
            }
        }
        foreach (var rule in fresh.OrderBy(static rule => rule.Amount))
        {
            var twin = oldOnes.Where(old => PlaceOf(old) == PlaceOf(rule)).MinBy(static old => old.Amount);
            changes.Add(new RuleChange(twin, rule));
            if (twin is not null)
            {
                oldOnes.Remove(twin);
            }
        }
        changes.AddRange(oldOnes.Select(static old => new RuleChange(old, null)));
        return [.. changes.OrderBy(static change => (change.After ?? change.Before)!.Currency, StringComparer.Ordinal)
            .ThenBy(static change => (change.After ?? change.Before)!.Measure).ThenBy(static change => (change.After ?? change.Before)!.Amount)];
    }

    private static RuleDraft PlaceOf(RuleDraft rule) => rule with { Amount = 0, Checkers = 0 };
}
