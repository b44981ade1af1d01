using System.Collections.Frozen;

namespace CashoutConsole.Withdrawals.Domain;

/// <summary>Stored as text; never rename.</summary>
public enum WithdrawalStatus
{
    AwaitingApproval,
    Scheduled,
    Sending,
    Processing,
    OutcomeUnknown,
    Succeeded,
    Failed,

    /// <summary>Our own check refused it before anything was sent.</summary>
    NotSent,
    Rejected,
    Expired,
    Cancelled,
}

/// <summary>The one transition table. The database has the same pairs in a trigger.</summary>
public static class WithdrawalTransitions
{
    private static readonly FrozenDictionary<WithdrawalStatus, FrozenSet<WithdrawalStatus>> Table =
        new Dictionary<WithdrawalStatus, FrozenSet<WithdrawalStatus>>
        {
            [WithdrawalStatus.AwaitingApproval] = Set(WithdrawalStatus.Scheduled, WithdrawalStatus.Rejected, WithdrawalStatus.Expired, WithdrawalStatus.Cancelled),
            [WithdrawalStatus.Scheduled] = Set(WithdrawalStatus.Sending, WithdrawalStatus.NotSent, WithdrawalStatus.Expired, WithdrawalStatus.Cancelled),
            [WithdrawalStatus.Sending] = Set(
                WithdrawalStatus.Processing, WithdrawalStatus.Succeeded, WithdrawalStatus.Failed, WithdrawalStatus.OutcomeUnknown, WithdrawalStatus.Scheduled),
            [WithdrawalStatus.Processing] = Set(WithdrawalStatus.Succeeded, WithdrawalStatus.Failed, WithdrawalStatus.OutcomeUnknown),
            [WithdrawalStatus.OutcomeUnknown] = Set(WithdrawalStatus.Processing, WithdrawalStatus.Succeeded, WithdrawalStatus.Failed),
            [WithdrawalStatus.Succeeded] = Set(),
            [WithdrawalStatus.Failed] = Set(),
            [WithdrawalStatus.NotSent] = Set(),
            [WithdrawalStatus.Rejected] = Set(),
            [WithdrawalStatus.Expired] = Set(),
            [WithdrawalStatus.Cancelled] = Set(),
        }.ToFrozenDictionary();

    /// <summary>The statuses in which something may be happening at the provider: at most one withdrawal per account.</summary>
    public static IReadOnlyList<WithdrawalStatus> Live { get; } = [WithdrawalStatus.Sending, WithdrawalStatus.Processing, WithdrawalStatus.OutcomeUnknown];

    /// <summary>The statuses that hold part of the balance.</summary>
    public static IReadOnlyList<WithdrawalStatus> Open { get; } =
        [WithdrawalStatus.AwaitingApproval, WithdrawalStatus.Scheduled, WithdrawalStatus.Sending, WithdrawalStatus.Processing, WithdrawalStatus.OutcomeUnknown];

    public static IEnumerable<(WithdrawalStatus From, WithdrawalStatus To)> All =>
        Table.SelectMany(static row => row.Value.Select(to => (row.Key, to)));

    public static bool Allows(WithdrawalStatus from, WithdrawalStatus to) => Table[from].Contains(to);

    public static bool IsFinal(WithdrawalStatus status) => Table[status].Count == 0;

    private static FrozenSet<WithdrawalStatus> Set(params WithdrawalStatus[] statuses) => statuses.ToFrozenSet();
}

/// <summary>Stored as text; never rename.</summary>
public enum AttemptState
{
    /// <summary>Committed; the socket may open next. After a crash this counts as MaybeExecuted.</summary>
    Prepared,

    /// <summary>The socket never opened, or a documented "try later" answered the first send: certainly no effect.</summary>
    NotExecuted,

    /// <summary>Sent, or perhaps sent, without a clear answer.</summary>
    MaybeExecuted,

    /// <summary>A clear answer arrived.</summary>
    Answered,
}

public enum AttemptKind
{
    Send,

    /// <summary>The same key and body again, where the sheet allows it.</summary>
    Replay,
}
