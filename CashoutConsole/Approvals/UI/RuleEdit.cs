using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Approvals.UI;

/// <summary>One row of the policy editor, as it is being typed. What its measure does not know is left out of the draft.</summary>
public sealed class RuleEdit
{
    public Guid Key { get; } = Guid.NewGuid();

    public PolicyMeasure Measure { get; set; } = PolicyMeasure.ItemAmount;

    public string Currency { get; set; } = "";

    public ProviderKind? Provider { get; set; }

    public Guid? ProviderAccountId { get; set; }

    public string? OperatorId { get; set; }

    public string Amount { get; set; } = "";

    public int Checkers { get; set; } = 1;

    public bool HasOperator => Measure == PolicyMeasure.OperatorPerDay;

    public bool HasCheckers => RuleDraft.AsksForCheckers(Measure);

    /// <summary>"Everything" is allowed or not; no amount is part of it.</summary>
    public bool HasAmount => Measure != PolicyMeasure.NativeAll;

    /// <summary>The choice of where it holds as one value: "", a provider's name or a provider account's id.</summary>
    public string Place
    {
        get => ProviderAccountId?.ToString() ?? Provider?.ToString() ?? "";
        set
        {
            ProviderAccountId = Guid.TryParse(value, out var account) ? account : null;
            Provider = ProviderAccountId is null && Enum.TryParse<ProviderKind>(value, out var provider) && Enum.IsDefined(provider) ? provider : null;
        }
    }

    /// <summary>The rule, or what is wrong with the row.</summary>
    public Result<RuleDraft> Draft
    {
        get
        {
            var amount = HasAmount ? AmountText.Parse(Amount) : 0m;
            if (!amount.IsSuccess)
            {
                return amount.Error;
            }
            var draft = new RuleDraft(
                Measure, Currency.Trim().ToUpperInvariant(), Provider, ProviderAccountId, HasOperator ? OperatorId : null, amount.Value, HasCheckers ? Checkers : 0);
            return draft.FaultOf() is { } fault ? fault : draft;
        }
    }

    public static RuleEdit Of(PolicyRule rule) => new()
    {
        Measure = rule.Measure,
        Currency = rule.Currency,
        Provider = rule.Provider,
        ProviderAccountId = rule.ProviderAccountId,
        OperatorId = rule.OperatorId,
        Amount = AmountText.Plain(rule.Amount),
        Checkers = rule.Checkers,
    };
}
