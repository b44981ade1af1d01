using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Domain;

/// <summary>
/// Our instruction to withdraw once from one account. <see cref="MoveTo"/> is the only way to change its status; every change is a
/// compare-and-set on (id, version) and adds a <see cref="StatusChange"/>.
/// </summary>
public sealed class Withdrawal
{
    public const int MaxReasonLength = TextRules.MaxReasonLength;

    public required Guid Id { get; init; }

    /// <summary>Minted when the dialog opened. Unique: a second click finds the first withdrawal.</summary>
    public required Guid CommandId { get; init; }

    public required Guid ProviderAccountId { get; init; }

    public required Guid AccountId { get; init; }

    /// <summary>Where and as whom it may be sent, and nowhere else.</summary>
    public required string EndpointIdentity { get; init; }

    /// <summary>The id at the provider, copied so that the instruction is complete in one row.</summary>
    public required string ExternalAccountId { get; init; }

    public required WithdrawalMode Mode { get; init; }

    /// <summary>The amount (Exact) or our cap (NativeAll), in millionths.</summary>
    public required long AmountMillionths { get; init; }

    public required string Currency { get; init; }

    /// <summary>Ours, stored before anything is sent, the same for every attempt. Lower-case UUID v4: within every provider's limits.</summary>
    public required string IdempotencyKey { get; init; }

    public required string MakerId { get; init; }

    /// <summary>Why, in the maker's words.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Unsent after this time it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>Grows with every submission, drawn under the locks of the counters: rolling totals count what was submitted before.</summary>
    public required long SubmissionNumber { get; init; }

    /// <summary>The policy that judged it, for ever; null only for rows older than policies.</summary>
    public required int? PolicyNumber { get; init; }

    /// <summary>How many people besides the maker must approve: 0, 1 or 2.</summary>
    public required int RequiredCheckers { get; init; }

    /// <summary>The request that asks them; null when nobody has to.</summary>
    public required Guid? ApprovalId { get; init; }

    /// <summary>The batch it is part of; null = it stands alone.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>The item of the batch.</summary>
    public int? BatchItem { get; init; }

    /// <summary>1, 2, 3 … of <see cref="Legs"/>: the legs of one account are sent in this order.</summary>
    public int Leg { get; init; } = 1;

    public int Legs { get; init; } = 1;

    /// <summary>The amount is the most that may be sent: right before the send it is recomputed downwards from a fresh balance.</summary>
    public bool IsCeiling { get; init; }

    /// <summary>What must stay on the account; only for ceilings.</summary>
    public long KeepMillionths { get; init; }

    /// <summary>The sum of its batch in its currency, as the policy judged it.</summary>
    public long? PlanTotalMillionths { get; init; }

    /// <summary>How far a fresh balance may be below the expected one before the plan waits for a person; only for ceilings.</summary>
    public long DriftToleranceMillionths { get; init; }

    /// <summary>A ceiling's amount as it was sent; set in the transaction that commits the attempt.</summary>
    public long? SentMillionths { get; set; }

    public WithdrawalStatus Status { get; private set; }

    public long Version { get; private set; }

    /// <summary>Scheduled: not sent before this time.</summary>
    public required DateTimeOffset NotBefore { get; set; }

    /// <summary>Why it waits, or why it ended as it did: a code with resource key "Reason_{code}".</summary>
    public string? ReasonCode { get; set; }

    /// <summary>The provider's own words to that, masked and cut.</summary>
    public string? ProviderText { get; set; }

    public string? ProviderReference { get; set; }

    public long? SettledMillionths { get; set; }

    public long? FeeMillionths { get; set; }

    public DateTimeOffset? FirstSentAt { get; set; }

    public DateTimeOffset? LastCheckedAt { get; set; }

    public int Checks { get; set; }

    /// <summary>The last look-up in one English line: what was asked and what came back.</summary>
    public string? LastCheckNote { get; set; }

    /// <summary>Processing and OutcomeUnknown: when we ask next; null = no more by itself, a person is needed.</summary>
    public DateTimeOffset? NextCheckAt { get; set; }

    public DateTimeOffset? FinalAt { get; private set; }

    /// <summary>The claim: which sender, under which fence, works on it until when. A lease only; it changes no status.</summary>
    public string? ClaimedBy { get; set; }

    public DateTimeOffset? ClaimedUntil { get; set; }

    public Money Amount => Money.FromMillionths(AmountMillionths, Currency);

    /// <summary>What the provider is asked to move: the amount, or what is left of a ceiling.</summary>
    public Money Instructed => Money.FromMillionths(SentMillionths ?? AmountMillionths, Currency);

    public Money? Settled => SettledMillionths is { } millionths ? Money.FromMillionths(millionths, Currency) : null;

    public bool IsFinal => WithdrawalTransitions.IsFinal(Status);

    public PayoutInstruction ToInstruction() => new(ExternalAccountId, Mode, Instructed, IdempotencyKey);

    /// <summary>The status a new withdrawal starts in, with its first history row.</summary>
    public StatusChange Start(WithdrawalStatus status, Actor actor, DateTimeOffset now)
    {
        if (Version != 0 || status is not (WithdrawalStatus.AwaitingApproval or WithdrawalStatus.Scheduled))
        {
            throw new InvalidOperationException($"A withdrawal does not start as {status}.");
        }
        Status = status;
        Version = 1;
        return Record(null, actor, now, null, null);
    }

    /// <summary>Changes the status. <paramref name="evidence"/> is one English line: what was asked and what came back.</summary>
    /// <exception cref="InvalidOperationException">The transition table does not allow it.</exception>
    public StatusChange MoveTo(WithdrawalStatus status, Actor actor, DateTimeOffset now, string? reasonCode, string? evidence = null)
    {
        if (!WithdrawalTransitions.Allows(Status, status))
        {
            throw new InvalidOperationException($"A withdrawal does not go from {Status} to {status}.");
        }
        var from = Status;
        Status = status;
        ReasonCode = reasonCode;
        ClaimedBy = null;
        ClaimedUntil = null;
        Version++;
        if (IsFinal)
        {
            FinalAt = now;
            NextCheckAt = null;
        }
        return Record(from, actor, now, reasonCode, evidence);
    }

    /// <summary>A change that keeps the status (a claim, a look-up). Also a compare-and-set.</summary>
    public void Touch() => Version++;

    private StatusChange Record(WithdrawalStatus? from, Actor actor, DateTimeOffset now, string? reasonCode, string? evidence) =>
        StatusChange.Of(this, from, actor, now, reasonCode, evidence);
}

/// <summary>One row of the history. Append-only, in the database too.</summary>
public sealed class StatusChange
{
    public required Guid WithdrawalId { get; init; }

    /// <summary>The withdrawal's version after the change: grows, not without gaps.</summary>
    public required int Number { get; init; }

    public WithdrawalStatus? From { get; init; }

    public required WithdrawalStatus To { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ActorKind ActorKind { get; init; }

    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    public string? ReasonCode { get; init; }

    public string? Evidence { get; init; }

    /// <summary>The change that brought a withdrawal to where it is now.</summary>
    public static StatusChange Of(Withdrawal withdrawal, WithdrawalStatus? from, Actor actor, DateTimeOffset now, string? reasonCode, string? evidence) => new()
    {
        WithdrawalId = withdrawal.Id,
        Number = (int)withdrawal.Version,
        From = from,
        To = withdrawal.Status,
        At = now,
        ActorKind = actor.Kind,
        ActorId = actor.Id,
        ActorName = actor.Name,
        ReasonCode = reasonCode,
        Evidence = evidence,
    };
}
