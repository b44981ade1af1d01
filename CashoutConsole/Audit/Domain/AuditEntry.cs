using CashoutConsole.Foundation;

namespace CashoutConsole.Audit.Domain;

public enum AuditResult
{
    Ok,

    /// <summary>Refused for want of permission or by a rule.</summary>
    Refused,

    /// <summary>Tried and failed.</summary>
    Failed,
}

/// <summary>
/// What a use case puts on record. Before, After and Details are JSON objects (never secrets, never full card numbers).
/// </summary>
public sealed record AuditDraft(string Action, string SubjectType, string SubjectId)
{
    public AuditResult Result { get; init; } = AuditResult.Ok;

    /// <summary>The reason a person gave, or the code of a refusal.</summary>
    public string? Reason { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    public string? Details { get; init; }

    /// <summary>Ties cause and effect together: the id of the withdrawal, batch or request that all of it belongs to.</summary>
    public string? CorrelationId { get; init; }

    /// <summary>Somebody else than the author of the transaction, if so.</summary>
    public Actor? Actor { get; init; }
}

/// <summary>One link of the chain, exactly as stored. Rows are inserted only; triggers refuse everything else. docs/audit-format.md specifies the bytes.</summary>
public sealed class AuditEntry
{
    public required long Sequence { get; init; }

    public required int FormatVersion { get; init; }

    public required DateTimeOffset At { get; init; }

    public required ActorKind ActorKind { get; init; }

    public required string ActorId { get; init; }

    public required string ActorName { get; init; }

    public string? OnBehalfOf { get; init; }

    public string? RemoteAddress { get; init; }

    public required string Action { get; init; }

    public required string SubjectType { get; init; }

    public required string SubjectId { get; init; }

    public required AuditResult Result { get; init; }

    public string? Reason { get; init; }

    public string? Before { get; init; }

    public string? After { get; init; }

    public string? Details { get; init; }

    public string? CorrelationId { get; init; }

    /// <summary>H(fields), see <see cref="AuditHash"/>. 32 bytes.</summary>
    public required byte[] ContentHash { get; init; }

    /// <summary>The entry hash of sequence − 1; 32 zero bytes for the first entry.</summary>
    public required byte[] PreviousHash { get; init; }

    /// <summary>H(sequence ‖ previous ‖ content). 32 bytes.</summary>
    public required byte[] EntryHash { get; init; }
}

/// <summary>The end of the chain: one row, locked last in every writing transaction.</summary>
public sealed class AuditHead
{
    public const int OnlyId = 1;

    public required int Id { get; init; }

    public required long Sequence { get; set; }

    public required byte[] EntryHash { get; set; }
}
