namespace CashoutConsole.Providers.Contracts;

/// <summary>Our own classes for everything a provider or the way to it can answer instead of what was asked.</summary>
public enum ProviderFaultKind
{
    /// <summary>No connection was ever established: DNS, refused, no route.</summary>
    Unreachable,

    /// <summary>Connected, but no complete answer: time-out, reset, end of stream.</summary>
    NoAnswer,

    /// <summary>An answer that cannot be read: HTML, truncated JSON, over the size cap, a missing envelope.</summary>
    Unreadable,

    /// <summary>The provider says it failed internally (HTTP 5xx, its "system error" codes).</summary>
    ProviderError,

    /// <summary>Credentials, token, signature, encryption or IP address refused: somebody must change the configuration.</summary>
    Credentials,

    /// <summary>The provider refuses our clock.</summary>
    ClockRejected,

    /// <summary>Too many requests.</summary>
    RateLimited,

    /// <summary>The provider's waiting time between withdrawals (UnCash).</summary>
    Cooldown,

    /// <summary>The account is locked for a moment (member wallet code 20).</summary>
    Locked,

    /// <summary>No such account, card, member or order.</summary>
    NotFound,

    /// <summary>The account is in a state that refuses the operation (frozen, closed, not ready).</summary>
    AccountState,

    /// <summary>The balance is not enough.</summary>
    InsufficientBalance,

    /// <summary>The provider calls the request itself wrong (amount, field).</summary>
    InvalidRequest,

    /// <summary>The key was used before. Neither success nor failure.</summary>
    Duplicate,

    /// <summary>The operation is still being processed at the provider.</summary>
    Pending,

    /// <summary>A documented business refusal of another kind, or a code that is not on any list of ours.</summary>
    Other,
}

/// <summary>
/// What went wrong. <see cref="Code"/> is the provider's own code as text, <see cref="RawText"/> its words with card numbers masked and
/// cut to 2,000 characters; both are kept on record and shown beside our plain-language reason (resource key "Fault_{Kind}").
/// </summary>
public sealed record ProviderFault(ProviderFaultKind Kind, string? Code = null, string? RawText = null, int? HttpStatus = null, TimeSpan? RetryAfter = null)
{
    public override string ToString() => $"{Kind}{(Code is null ? "" : $" [{Code}]")}{(RawText is null ? "" : $": {RawText}")}";
}

/// <summary>The result of a read: the value, or why there is none.</summary>
public sealed record Reading<T>(T? Value, ProviderFault? Fault)
    where T : class
{
    public static implicit operator Reading<T>(T value) => new(value, null);

    public static implicit operator Reading<T>(ProviderFault fault) => new(null, fault);
}
