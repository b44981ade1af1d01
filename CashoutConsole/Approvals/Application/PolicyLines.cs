using System.Globalization;
using CashoutConsole.Approvals.Domain;

namespace CashoutConsole.Approvals.Application;

/// <summary>A policy version in canonical form: one line for its terms, one for each rule.</summary>
public static class PolicyLines
{
    public static IReadOnlyList<CanonicalLine> Of(Policy policy)
    {
        var subject = Text(policy.Number);
        return
        [
            new(subject, ApprovalDigest.TextOf(
            [
                ("policy", subject),
                ("maker", policy.MakerId),
                ("time-zone", policy.TimeZone),
                ("decide-within-hours", Text(policy.DecideWithinHours)),
                ("rules", Text(policy.Rules.Count)),
            ])),
            .. policy.Rules.OrderBy(static rule => rule.Number).Select(rule => new CanonicalLine(subject, ApprovalDigest.TextOf(
            [
                ("rule", Text(rule.Number)),
                ("measure", rule.Measure.ToString()),
                ("currency", rule.Currency),
                ("provider", rule.Provider?.ToString() ?? ""),
                ("provider-account", rule.ProviderAccountId?.ToString() ?? ""),
                ("operator", rule.OperatorId ?? ""),
                ("amount-millionths", rule.Millionths.ToString(CultureInfo.InvariantCulture)),
                ("checkers", Text(rule.Checkers)),
            ]))),
        ];
    }

    /// <summary>For the record, in words.</summary>
    public static object Shown(Policy policy) => new
    {
        policy.Number,
        policy.TimeZone,
        policy.DecideWithinHours,
        Rules = policy.Rules.OrderBy(static rule => rule.Number)
            .Select(static rule => new { rule.Measure, rule.Currency, rule.Provider, rule.ProviderAccountId, rule.OperatorId, rule.Amount, rule.Checkers }),
    };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
