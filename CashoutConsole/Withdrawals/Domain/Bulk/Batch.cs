using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>Where a batch came from. Stored as text; never rename. Resource key "BatchSource_{name}".</summary>
public enum BatchSource
{
    /// <summary>Ticked in the accounts list, or "everything" of it.</summary>
    Selection,

    /// <summary>A CSV file.</summary>
    Upload,

    /// <summary>What certainly did not happen in an earlier batch.</summary>
    Retry,
}

/// <summary>The life of a batch before it is confirmed; afterwards what it is doing is read from its withdrawals. Stored as text; never rename.</summary>
public enum BatchState
{
    /// <summary>Fresh balances are being read.</summary>
    Reading,

    /// <summary>Planned and shown; nothing exists yet.</summary>
    Draft,

    /// <summary>Confirmed: its withdrawals exist.</summary>
    Submitted,

    /// <summary>Thrown away, or nobody confirmed it in time.</summary>
    Discarded,
}

/// <summary>What is asked of each account. Stored as text; never rename.</summary>
public enum BulkAmountKind
{
    /// <summary>The stated amount from each.</summary>
    Each,

    /// <summary>Everything above the stated amount.</summary>
    Leave,

    /// <summary>Everything.</summary>
    All,
}

/// <summary>Many withdrawals that are previewed, confirmed, approved and followed as one. Its items say what becomes of each account.</summary>
public sealed class Batch
{
    public const int MaxTitleLength = 100;

    /// <summary>The most accounts or rows of one batch.</summary>
    public const int MaxItems = 10_000;

    /// <summary>Minted when the dialog opened: a second click finds the first batch.</summary>
    public required Guid Id { get; init; }

    public required BatchSource Source { get; init; }

    public string? Title { get; init; }

    public required string MakerId { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>The batch whose failures this one takes up again.</summary>
    public Guid? PreviousId { get; init; }

    public required BatchState State { get; set; }

    /// <summary>When the plan was made from fresh balances; null = not yet.</summary>
    public DateTimeOffset? PlannedAt { get; set; }

    /// <summary>When the last leg is expected to be sent.</summary>
    public DateTimeOffset? FinishAt { get; set; }

    public DateTimeOffset? SubmittedAt { get; set; }

    /// <summary>Why, in the maker's words; given at the confirmation.</summary>
    public string? Reason { get; set; }

    public int? PolicyNumber { get; set; }

    public int RequiredCheckers { get; set; }

    public Guid? ApprovalId { get; set; }

    /// <summary>Set while what is not yet sent waits for somebody to let it go on.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    public string? PausedBy { get; set; }

    public string? PauseReason { get; set; }

    public long Version { get; set; }

    public void Touch() => Version++;
}

/// <summary>What the plan says of one item. Stored as text; never rename.</summary>
public enum BatchItemState
{
    /// <summary>A row of a file with faults; it has to be fixed or left.</summary>
    Invalid,

    /// <summary>Its balance has not been read yet.</summary>
    Waiting,

    /// <summary>It has legs.</summary>
    Planned,

    /// <summary>It has none, for a named reason.</summary>
    LeftOut,

    /// <summary>Taken out by the maker.</summary>
    Dropped,
}

/// <summary>One account of a batch (or one row of a file): what is asked of it, what was read, what the plan is, and how it stands.</summary>
public sealed class BatchItem
{
    public const int MaxReferenceLength = 100;

    public required Guid BatchId { get; init; }

    /// <summary>1, 2, 3 … within the batch.</summary>
    public required int Number { get; init; }

    /// <summary>The row as it was typed, as JSON; null = not from a file. Card numbers are masked in it.</summary>
    public string? Typed { get; set; }

    /// <summary>The faults of the row per cell, as JSON; null = none.</summary>
    public string? CellFaults { get; set; }

    /// <summary>Null while the row's account is not found.</summary>
    public Guid? AccountId { get; set; }

    public BulkAmountKind Kind { get; set; }

    /// <summary>The amount that is asked for or left; zero for everything.</summary>
    public long AskedMillionths { get; set; }

    public string? ClientReference { get; set; }

    public string? Note { get; set; }

    /// <summary>Recognises the same row in another file; null = not from a file.</summary>
    public string? Fingerprint { get; set; }

    /// <summary>The balance that the list showed when the batch was started.</summary>
    public long? SeenMillionths { get; set; }

    /// <summary>The balance that the plan is made from.</summary>
    public long? ReadingMillionths { get; set; }

    public DateTimeOffset? ReadingAt { get; set; }

    public BatchItemState State { get; set; }

    /// <summary>Why it has no legs: resource key "LeftOut_{code}".</summary>
    public string? LeftOutCode { get; set; }

    /// <summary>The provider's words to a failed reading.</summary>
    public string? LeftOutText { get; set; }

    /// <summary>The legs as JSON (<see cref="PlannedLeg"/>); empty = none.</summary>
    public string Legs { get; set; } = "[]";

    /// <summary>The sum of the legs.</summary>
    public long PlannedMillionths { get; set; }

    /// <summary>What cannot be withdrawn because it would be less than the provider's minimum.</summary>
    public long StrandedMillionths { get; set; }

    /// <summary>The balance that the running plan trusts; re-planning replaces it by a fresh reading.</summary>
    public long? BaselineMillionths { get; set; }

    /// <summary>The first leg that the baseline holds for.</summary>
    public int BaselineLeg { get; set; } = 1;

    /// <summary>Set while the plan of this account waits for a person.</summary>
    public DateTimeOffset? PausedAt { get; set; }

    /// <summary>Why: resource key "Reason_{code}".</summary>
    public string? PauseCode { get; set; }

    public Money? Reading(string currency) => ReadingMillionths is { } millionths ? Money.FromMillionths(millionths, currency) : null;
}
