namespace CashoutConsole.Providers.Contracts;

/// <summary>What happens when the same key is sent again.</summary>
public enum ReplayRule
{
    /// <summary>The API has no key at all: an unknown outcome is never sent again by itself.</summary>
    NoKey,

    /// <summary>There is a key, but no page says what a repeat does: look up only, then a person.</summary>
    Undocumented,

    /// <summary>A repeat with the same key and body moves no second money, by documentation or because the setting says it was proven.</summary>
    Safe,
}

public enum CooldownScope
{
    None,
    ProviderAccount,
    Account,
}

/// <summary>
/// The capabilities of one provider account as data: the single source for validation, pacing, retry and "why can't I?".
/// Amounts in the account's currency, per withdrawal.
/// </summary>
public sealed record ProviderSheet
{
    public required ProviderKind Provider { get; init; }

    public required AccountKind WithdrawsFrom { get; init; }

    /// <summary>A stated amount can be withdrawn.</summary>
    public bool Partial { get; init; } = true;

    /// <summary>The provider has a call that empties the account without naming an amount (member wallet).</summary>
    public bool NativeAll { get; init; }

    public required int Decimals { get; init; }

    public required decimal Minimum { get; init; }

    /// <summary>Null = no maximum but the balance.</summary>
    public decimal? Maximum { get; init; }

    public required ReplayRule Replay { get; init; }

    /// <summary>How long after the first send a replay is still allowed. Null = for ever (only with <see cref="ReplayRule.Safe"/>).</summary>
    public TimeSpan? ReplayWindow { get; init; }

    /// <summary>How long after the last attempt a safe replay waits, so that the first request can still arrive.</summary>
    public TimeSpan ReplayGrace { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The provider finds an order only by its own reference (UQPay): without one, a safe replay is the look-up.</summary>
    public bool LookupNeedsReference { get; init; }

    /// <summary>True when the answer to the withdrawal is already the final word.</summary>
    public required bool SettlesAtOnce { get; init; }

    public required bool ListsAccounts { get; init; }

    /// <summary>The provider account's own balance can be read.</summary>
    public required bool HasOwnBalance { get; init; }

    /// <summary>Pause between withdrawals after the end of the last attempt of any result, margin included. Zero = none.</summary>
    public TimeSpan Cooldown { get; init; }

    public CooldownScope CooldownScope { get; init; }

    /// <summary>An unknown outcome holds the whole provider account until the look-ups end.</summary>
    public bool UnknownHoldsProviderAccount { get; init; }

    /// <summary>Withdrawals sent at the same time per provider account.</summary>
    public required int Concurrency { get; init; }

    /// <summary>How long to wait for the answer to a withdrawal.</summary>
    public TimeSpan SendTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>For how long automatic look-ups of an unknown outcome go on before only a person can settle it.</summary>
    public TimeSpan EvidenceWindow { get; init; } = TimeSpan.FromHours(24);

    /// <summary>After this long in Processing without a final word the withdrawal becomes OutcomeUnknown.</summary>
    public TimeSpan ProcessingLimit { get; init; } = TimeSpan.FromHours(24);

    /// <summary>An accepted order that the provider does not show for this long is no longer Processing but OutcomeUnknown.</summary>
    public TimeSpan ForgottenAfter { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>Waits between look-ups; the last one repeats.</summary>
    public IReadOnlyList<TimeSpan> PollSchedule { get; init; } =
        [TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(60)];
}
