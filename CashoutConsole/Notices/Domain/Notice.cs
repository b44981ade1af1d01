namespace CashoutConsole.Notices.Domain;

/// <summary>What people outside the console are told of. Stored as text; never rename.</summary>
public enum NoticeKind
{
    ApprovalWaiting,
    UnknownTooOld,
    BreakOpened,
    SendingStopped,

    /// <summary>Sent by an administrator to see whether a target listens. Goes to that target, whatever kinds it wants.</summary>
    Test,
}

/// <summary>Something to tell, once. <see cref="Body"/> has ids and amounts only: no names of people, accounts or cards.</summary>
public sealed class Notice
{
    public required Guid Id { get; init; }

    public required NoticeKind Kind { get; init; }

    /// <summary>What it is about: a request, a withdrawal, a break, or the scope of a stop.</summary>
    public required string SubjectId { get; init; }

    /// <summary>Kind and occasion; unique, so that the same thing is told once however often it is found.</summary>
    public required string DeduplicationKey { get; init; }

    /// <summary>A JSON object.</summary>
    public required string Body { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public ICollection<NoticeDelivery> Deliveries { get; init; } = [];
}

/// <summary>One notice on its way to one configured target.</summary>
public sealed class NoticeDelivery
{
    public required Guid NoticeId { get; init; }

    /// <summary>The target's name in the configuration.</summary>
    public required string Target { get; init; }

    public required int Tries { get; set; }

    /// <summary>Null = delivered or given up.</summary>
    public DateTimeOffset? NextTryAt { get; set; }

    public DateTimeOffset? DeliveredAt { get; set; }

    public DateTimeOffset? GivenUpAt { get; set; }

    /// <summary>Why the last try failed, in the short form of <see cref="DeliveryFault"/>; never the target's address or secret.</summary>
    public string? LastFault { get; set; }
}
