using CashoutConsole.Foundation;

namespace CashoutConsole.Providers.Contracts;

/// <summary>What the wire showed, for the record. No secrets, no full card numbers.</summary>
/// <param name="HttpStatus">Null when no status line arrived.</param>
/// <param name="AnswerDigest">SHA-256 of the raw answer bytes in lower-case hex; null when nothing arrived.</param>
/// <param name="AnswerText">The answer with card numbers masked and secrets dropped, cut to 2,000 characters.</param>
/// <param name="ProviderDate">The provider's Date header.</param>
/// <param name="Duration">From opening the socket to the end of the answer.</param>
public sealed record WireRecord(int? HttpStatus, string? AnswerDigest, string? AnswerText, DateTimeOffset? ProviderDate, TimeSpan Duration)
{
    public static readonly WireRecord Nothing = new(null, null, null, null, TimeSpan.Zero);
}

/// <summary>
/// What one send achieved, judged by the adapter from the wire alone. Whether a refusal may count (it may not after an earlier
/// attempt that maybe executed) is decided by the withdrawal, not here. A closed hierarchy: switch over it exhaustively.
/// </summary>
public abstract record SubmissionOutcome(WireRecord Wire)
{
    private SubmissionOutcome(WireRecord wire, bool _) : this(wire) { }

    /// <summary>No connection was established, or a step before the money request (a token) failed: certainly no effect.</summary>
    public sealed record NotExecuted(ProviderFault Fault, WireRecord Wire) : SubmissionOutcome(Wire);

    /// <summary>A documented "try later" answer: no effect if this was the first send of the key.</summary>
    public sealed record TryLater(ProviderFault Fault, TimeSpan Wait, WireRecord Wire) : SubmissionOutcome(Wire);

    /// <summary>A refusal on the provider's documented allow-list: no effect if this was the first send of the key.</summary>
    public sealed record Refused(ProviderFault Fault, WireRecord Wire) : SubmissionOutcome(Wire);

    /// <summary>The provider took the order; it becomes final later.</summary>
    public sealed record Accepted(Receipt Receipt, WireRecord Wire) : SubmissionOutcome(Wire);

    /// <summary>The provider says the money moved.</summary>
    public sealed record Succeeded(Receipt Receipt, WireRecord Wire) : SubmissionOutcome(Wire);

    /// <summary>The provider took the order and says that it failed: positive evidence of no effect.</summary>
    public sealed record Failed(Receipt Receipt, ProviderFault Fault, WireRecord Wire) : SubmissionOutcome(Wire);

    /// <summary>Anything else: the money may or may not have moved.</summary>
    public sealed record Unknown(ProviderFault Fault, WireRecord Wire) : SubmissionOutcome(Wire);
}

/// <summary>What the provider's answer or look-up says of the order. Fields it does not carry stay null; nothing is made up.</summary>
public sealed record Receipt
{
    /// <summary>The provider's own order or transaction id.</summary>
    public string? ProviderReference { get; init; }

    /// <summary>The account the answer names, for the post-condition check.</summary>
    public string? ExternalAccountId { get; init; }

    /// <summary>The key the answer echoes, for the post-condition check.</summary>
    public string? IdempotencyKey { get; init; }

    /// <summary>The absolute amount the answer names.</summary>
    public decimal? Amount { get; init; }

    public CurrencyCode? Currency { get; init; }

    public decimal? Fee { get; init; }

    public decimal? AccountBalanceBefore { get; init; }

    public decimal? AccountBalanceAfter { get; init; }

    public decimal? ProviderBalanceAfter { get; init; }

    public DateTimeOffset? ProviderTime { get; init; }
}
