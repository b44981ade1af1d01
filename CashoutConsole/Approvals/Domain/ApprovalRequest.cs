using CashoutConsole.Foundation;

namespace CashoutConsole.Approvals.Domain;

/// <summary>What somebody asks a second person to allow. Stored as text; never rename.</summary>
public enum ApprovalKind
{
    /// <summary>One withdrawal.</summary>
    Withdrawal,

    /// <summary>A batch or plan, with one line per withdrawal.</summary>
    Batch,

    /// <summary>A new version of the policy.</summary>
    Policy,

    /// <summary>Roles of an operator, given or taken.</summary>
    Roles,

    /// <summary>An operator's second factor, and perhaps the password, taken away so that they set it up anew.</summary>
    OperatorReset,

    /// <summary>A disabled operator may work again.</summary>
    OperatorEnable,

    /// <summary>A new or changed live endpoint of a provider account.</summary>
    Endpoint,
}

/// <summary>Stored as text; never rename. Only <see cref="Pending"/> can change.</summary>
public enum ApprovalStatus
{
    Pending,
    Approved,
    Rejected,
    Expired,
    Recalled,
}

/// <summary>What one checker said.</summary>
public enum Verdict
{
    Approve,
    Reject,
}

/// <summary>
/// A maker's request to others. It binds to <see cref="Digest"/>: what it asks for never changes; whoever wants something else recalls it
/// and asks anew. Maker ≠ checker, for every role, here and in the database.
/// </summary>
public sealed class ApprovalRequest
{
    /// <summary>The kinds that move money.</summary>
    public static readonly ApprovalKind[] AboutMoney = [ApprovalKind.Withdrawal, ApprovalKind.Batch];

    /// <summary>The kinds whose subject is an operator.</summary>
    public static readonly ApprovalKind[] AboutOperators = [ApprovalKind.Roles, ApprovalKind.OperatorReset, ApprovalKind.OperatorEnable];

    public required Guid Id { get; init; }

    public required ApprovalKind Kind { get; init; }

    /// <summary>A withdrawal, a batch, an operator, a policy number or a provider account.</summary>
    public required string SubjectId { get; init; }

    public required string MakerId { get; init; }

    /// <summary>Why, in the maker's words.</summary>
    public required string Reason { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Undecided after this time it expires.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }

    /// <summary>What was approved is not carried out after this time. The checker saw it.</summary>
    public required DateTimeOffset ExecuteBy { get; init; }

    public required int RequiredCheckers { get; init; }

    /// <summary>The policy that judged it.</summary>
    public required int? PolicyNumber { get; init; }

    /// <summary>The rules that asked for approval, as a JSON array of <see cref="FiredRule"/>.</summary>
    public required string Fired { get; init; }

    /// <summary>SHA-256 over header and lines, lower-case hex; see <see cref="ApprovalDigest"/>.</summary>
    public required string Digest { get; init; }

    /// <summary>The request that this one follows after it was rejected, recalled or expired.</summary>
    public Guid? PreviousId { get; init; }

    public ApprovalStatus Status { get; private set; } = ApprovalStatus.Pending;

    public DateTimeOffset? ClosedAt { get; private set; }

    public long Version { get; private set; } = 1;

    /// <summary>It is about this operator, who therefore neither makes nor decides it.</summary>
    public bool Concerns(string operatorId) => AboutOperators.Contains(Kind) && SubjectId == operatorId;

    /// <exception cref="InvalidOperationException">It is closed already.</exception>
    public void Close(ApprovalStatus status, DateTimeOffset now)
    {
        if (Status != ApprovalStatus.Pending || status == ApprovalStatus.Pending)
        {
            throw new InvalidOperationException($"A request does not go from {Status} to {status}.");
        }
        Status = status;
        ClosedAt = now;
        Version++;
    }

    /// <summary>A decision was added and others are still needed. Also a compare-and-set.</summary>
    public void Touch() => Version++;
}

/// <summary>One canonical line of a request: what exactly is asked for, in the form that was hashed. Append-only.</summary>
public sealed class ApprovalLine
{
    public required Guid RequestId { get; init; }

    /// <summary>1, 2, 3 …</summary>
    public required int Number { get; init; }

    public required string SubjectId { get; init; }

    public required string Text { get; init; }

    /// <summary>SHA-256 of the text, lower-case hex.</summary>
    public required string Hash { get; init; }
}

/// <summary>What one checker decided, and on which digest. Append-only; one per checker.</summary>
public sealed class ApprovalDecision
{
    public required Guid RequestId { get; init; }

    public required string CheckerId { get; init; }

    /// <summary>Copied from the request, so that the database can refuse a checker who is the maker.</summary>
    public required string MakerId { get; init; }

    public required Verdict Verdict { get; init; }

    /// <summary>The digest of what the checker saw.</summary>
    public required string Digest { get; init; }

    public string? Reason { get; init; }

    public required DateTimeOffset At { get; init; }

    /// <summary>When the checker had proved to be themselves in the session they decided in.</summary>
    public required DateTimeOffset StepUpAt { get; init; }
}
