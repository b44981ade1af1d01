using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Approvals.Domain;

/// <summary>What a rule looks at. Stored as text; never rename. Resource key "Measure_{name}".</summary>
public enum PolicyMeasure
{
    /// <summary>The amount of one withdrawal.</summary>
    ItemAmount,

    /// <summary>The sum of a batch or plan.</summary>
    PlanTotal,

    /// <summary>What its maker submitted in the 24 hours before, itself included.</summary>
    MakerTotal,

    /// <summary>What was submitted on its account in the 24 hours before, itself included.</summary>
    AccountTotal,

    /// <summary>What was submitted at its provider account in the 24 hours before, itself included.</summary>
    ProviderAccountTotal,

    /// <summary>Not about checkers: from this amount on the maker proves again who they are before submitting.</summary>
    StepUp,

    /// <summary>Not about checkers: "everything" may go by the provider's own call, which carries no amount and so is capped by nobody but us.</summary>
    NativeAll,

    /// <summary>A ceiling: the most one operator may submit in a calendar day. Nobody can approve beyond it.</summary>
    OperatorPerDay,

    /// <summary>A ceiling: the most that may be submitted at one provider account in a calendar day.</summary>
    ProviderAccountPerDay,
}

/// <summary>Stored as text; never rename.</summary>
public enum PolicyState
{
    /// <summary>Waits for a second person.</summary>
    Proposed,
    Active,
    Superseded,
    Declined,
}

/// <summary>One version of the rules. Versions are never changed; a change is a new version that a second person confirms.</summary>
public sealed class Policy
{
    /// <summary>1, 2, 3 …</summary>
    public required int Number { get; init; }

    public required PolicyState State { get; set; }

    public required string MakerId { get; init; }

    public required string Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? ActivatedAt { get; set; }

    /// <summary>The IANA time zone in which a calendar day of the daily limits begins and ends.</summary>
    public required string TimeZone { get; init; }

    /// <summary>An undecided request expires after this many hours.</summary>
    public required int DecideWithinHours { get; init; }

    public ICollection<PolicyRule> Rules { get; init; } = [];
}

/// <summary>
/// One rule: for withdrawals in its currency (and, where named, of its provider or provider account), from this amount on, so many
/// checkers. All rules that apply are judged and the strictest wins.
/// </summary>
public sealed class PolicyRule
{
    public required int PolicyNumber { get; init; }

    /// <summary>1, 2, 3 … within the policy.</summary>
    public required int Number { get; init; }

    public required PolicyMeasure Measure { get; init; }

    public required string Currency { get; init; }

    /// <summary>Null = every provider.</summary>
    public ProviderKind? Provider { get; init; }

    /// <summary>Null = every provider account.</summary>
    public Guid? ProviderAccountId { get; init; }

    /// <summary>Only for <see cref="PolicyMeasure.OperatorPerDay"/>: null = each operator.</summary>
    public string? OperatorId { get; init; }

    /// <summary>At or above; for the daily limits the most.</summary>
    public required long Millionths { get; init; }

    /// <summary>0, 1 or 2; 0 for what is not about checkers.</summary>
    public required int Checkers { get; init; }

    public decimal Amount => Money.ToDecimal(Millionths);
}

/// <summary>
/// The lock of one running total. The sums themselves are taken from the withdrawals, under this lock, in the submitting transaction. The row
/// of scope "all" hands out submission numbers.
/// </summary>
public sealed class PolicyCounter
{
    /// <summary>"maker", "account", "provider-account" or "all"; "operators" is the lock of who may do what.</summary>
    public required string Scope { get; init; }

    public required string ScopeId { get; init; }

    public required string Currency { get; init; }

    public required long Number { get; set; }
}
