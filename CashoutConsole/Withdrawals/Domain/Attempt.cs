namespace CashoutConsole.Withdrawals.Domain;

/// <summary>
/// One numbered send of a withdrawal, committed before the socket opens. What identifies the send never changes; only its state and
/// what came back are filled in, once.
/// </summary>
public sealed class Attempt
{
    public required Guid WithdrawalId { get; init; }

    /// <summary>1, 2, 3 … within the withdrawal.</summary>
    public required int Number { get; init; }

    public required AttemptKind Kind { get; init; }

    public required AttemptState State { get; set; }

    public required string IdempotencyKey { get; init; }

    /// <summary>The request without its per-send parts. No secret in it.</summary>
    public required string CanonicalBody { get; init; }

    /// <summary>SHA-256 of the canonical body, lower-case hex.</summary>
    public required string BodyHash { get; init; }

    public required string EndpointIdentity { get; init; }

    public required DateTimeOffset PreparedAt { get; init; }

    /// <summary>The evidence snapshot as JSON.</summary>
    public required string Evidence { get; init; }

    /// <summary>Which sender, under which fence.</summary>
    public required string Sender { get; init; }

    public DateTimeOffset? AnsweredAt { get; set; }

    /// <summary>The kind of outcome or fault, by name.</summary>
    public string? Outcome { get; set; }

    public int? HttpStatus { get; set; }

    /// <summary>SHA-256 of the raw answer, lower-case hex.</summary>
    public string? AnswerDigest { get; set; }

    /// <summary>The answer, masked and cut.</summary>
    public string? AnswerText { get; set; }

    public long? DurationMilliseconds { get; set; }
}

public enum BreakKind
{
    /// <summary>The answer names another account, amount, currency or key than the instruction.</summary>
    AnswerContradictsInstruction,

    /// <summary>More money moved than was asked for or approved.</summary>
    SettledAboveApproved,

    /// <summary>A member cash-out that left a balance.</summary>
    BalanceLeftAfterCashOut,

    /// <summary>The card was debited and the wallet not credited.</summary>
    HalfDone,

    /// <summary>A later proof contradicts a final state.</summary>
    PaidAfterFailed,
}

/// <summary>What we hold and what the provider says do not agree. Freezes the account for withdrawals until people resolve it.</summary>
public sealed class Break
{
    public required Guid Id { get; init; }

    public required Guid WithdrawalId { get; init; }

    public required Guid AccountId { get; init; }

    public required BreakKind Kind { get; init; }

    public required string Detail { get; init; }

    public required DateTimeOffset OpenedAt { get; init; }

    public string? OwnerId { get; set; }

    public DateTimeOffset? ResolvedAt { get; set; }

    public string? Resolution { get; set; }
}
