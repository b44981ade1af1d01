using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Approvals.Domain;

/// <summary>What is judged: one withdrawal with the running totals that include it. All amounts in <see cref="Currency"/>.</summary>
/// <param name="PlanTotal">The sum of the batch or plan it belongs to; null = it stands alone.</param>
public sealed record JudgedAmounts(
    string Currency, ProviderKind Provider, Guid ProviderAccountId, decimal Item, decimal? PlanTotal, decimal MakerTotal, decimal AccountTotal, decimal ProviderAccountTotal);

/// <summary>A rule that asked for checkers, and why: kept with the request and shown to the checker.</summary>
/// <param name="Measure">Null = no rule names the currency, so approval is always needed.</param>
public sealed record FiredRule(PolicyMeasure? Measure, string Currency, decimal Threshold, decimal Amount, int Checkers);

/// <param name="NativeAllAllowed">The provider's own call for "everything" may be used.</param>
/// <param name="StepUp">The maker must prove again who they are.</param>
public sealed record Judgement(int Checkers, IReadOnlyList<FiredRule> Fired, bool NativeAllAllowed, bool StepUp);

/// <summary>Judges by one version of the policy. Pure. All rules are asked and the strictest wins; a currency that no rule names always needs approval.</summary>
public static class PolicyJudge
{
    public const int MaxCheckers = 2;

    public static Judgement Judge(Policy policy, JudgedAmounts amounts)
    {
        var rules = policy.Rules.Where(rule => AppliesTo(rule, amounts)).ToList();
        var fired = rules
            .Where(rule => rule.Checkers > 0 && AmountFor(rule.Measure, amounts) is { } amount && amount >= rule.Amount)
            .Select(rule => new FiredRule(rule.Measure, rule.Currency, rule.Amount, AmountFor(rule.Measure, amounts)!.Value, rule.Checkers))
            .ToList();
        if (!rules.Exists(static rule => rule.Measure == PolicyMeasure.ItemAmount))
        {
            fired.Add(new FiredRule(null, amounts.Currency, 0, amounts.Item, 1));
        }
        var checkers = fired.Count == 0 ? 0 : fired.Max(static rule => rule.Checkers);
        var stepUps = rules.FindAll(static rule => rule.Measure == PolicyMeasure.StepUp);
        return new Judgement(
            checkers,
            [.. fired.OrderByDescending(static rule => rule.Checkers).ThenBy(static rule => rule.Measure)],
            // A call without an amount is capped by nobody at the provider: never where people have to approve an amount.
            checkers == 0 && rules.Exists(static rule => rule.Measure == PolicyMeasure.NativeAll),
            stepUps.Count == 0 ? checkers > 0 : stepUps.Exists(rule => (amounts.PlanTotal ?? amounts.Item) >= rule.Amount));
    }

    /// <summary>The smallest amount of a single withdrawal that needs checkers by its amount alone; 0 = always; null = never.</summary>
    public static decimal? ItemThreshold(Policy policy, string currency, ProviderKind provider, Guid providerAccountId)
    {
        var rules = policy.Rules
            .Where(rule => rule.Measure == PolicyMeasure.ItemAmount && AppliesTo(rule, currency, provider, providerAccountId)).ToList();
        var asking = rules.FindAll(static rule => rule.Checkers > 0);
        return rules.Count == 0 ? 0 : asking.Count == 0 ? null : asking.Min(static rule => rule.Amount);
    }

    private static decimal? AmountFor(PolicyMeasure measure, JudgedAmounts amounts) => measure switch
    {
        PolicyMeasure.ItemAmount => amounts.Item,
        PolicyMeasure.PlanTotal => amounts.PlanTotal,
        PolicyMeasure.MakerTotal => amounts.MakerTotal,
        PolicyMeasure.AccountTotal => amounts.AccountTotal,
        PolicyMeasure.ProviderAccountTotal => amounts.ProviderAccountTotal,
        PolicyMeasure.StepUp or PolicyMeasure.NativeAll or PolicyMeasure.OperatorPerDay or PolicyMeasure.ProviderAccountPerDay => null,
    };

    private static bool AppliesTo(PolicyRule rule, JudgedAmounts amounts) => AppliesTo(rule, amounts.Currency, amounts.Provider, amounts.ProviderAccountId);

    public static bool AppliesTo(PolicyRule rule, string currency, ProviderKind provider, Guid providerAccountId) =>
        rule.Currency == currency
        && (rule.Provider is null || rule.Provider == provider)
        && (rule.ProviderAccountId is null || rule.ProviderAccountId == providerAccountId);
}
