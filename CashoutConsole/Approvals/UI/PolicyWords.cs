using System.Globalization;
using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Approvals.UI;

/// <summary>Rules in words.</summary>
public static class PolicyWords
{
    /// <summary>What the rule says: "One withdrawal of 5,000.00 USD or more: one other person approves".</summary>
    public static string WordsOf(this IStringLocalizer<Strings> texts, RuleDraft rule) =>
        texts["RuleWords_" + rule.Measure, AmountFormat.Text(rule.Amount), rule.Currency, texts["Policy_Checkers_" + rule.Checkers.ToString(CultureInfo.InvariantCulture)].Value];

    /// <summary>Where it holds: a provider, a provider account, an operator; empty = everywhere.</summary>
    public static string ScopeOf(this IStringLocalizer<Strings> texts, RuleDraft rule, IReadOnlyDictionary<string, string> names) => string.Join(" · ", new[]
    {
        rule.Provider is { } provider ? texts.NameOf(provider, "Provider") : null,
        rule.ProviderAccountId is { } account ? names.GetValueOrDefault(account.ToString(), account.ToString()) : null,
        rule.OperatorId is { } person ? names.GetValueOrDefault(person, person) : null,
    }.Where(static part => part is not null));

    public static string NameOfOperator(this IStringLocalizer<Strings> texts, string id, IReadOnlyDictionary<string, string> names) =>
        names.TryGetValue(id, out var name) ? name : texts.WhoOf(ActorKind.System, id);
}
