using Microsoft.Data.Sqlite;

namespace CashoutConsole.Sandbox;

/// <summary>What a fault can be hung on. <see cref="Any"/> matches every request.</summary>
internal static class Operations
{
    public const string Withdraw = "withdraw";
    public const string Lookup = "lookup";
    public const string List = "list";
    public const string Balance = "balance";
    public const string Token = "token";
    public const string Other = "other";
    public const string Any = "any";

    public static readonly IReadOnlyList<string> All = [Withdraw, Lookup, List, Balance, Token, Other, Any];
}

internal static class FaultKinds
{
    public const string DropBeforeEffect = "drop_before_effect";
    public const string DropAfterEffect = "drop_after_effect";

    /// <summary>Does the work, commits, waits <c>ms</c>, answers.</summary>
    public const string Delay = "delay";

    /// <summary>Waits <c>ms</c> first and works then, even when the caller has given up.</summary>
    public const string DelayBeforeEffect = "delay_before_effect";
    public const string DelayThenDrop = "delay_then_drop";
    public const string Http500Html = "http_500_html";
    public const string Http502Html = "http_502_html";
    public const string Http429 = "http_429";
    public const string TruncatedJson = "truncated_json";
    public const string HugeBody = "huge_body";
    public const string NotJson200 = "not_json_200";

    /// <summary>The provider's own error envelope with <c>code</c> (and <c>message</c>); with <c>afterEffect</c> the work is done all the same.</summary>
    public const string Refuse = "refuse";

    /// <summary>Every token of the provider is revoked before the request is looked at.</summary>
    public const string TokenInvalid = "token_invalid";

    /// <summary>UnCash: the card is debited, the wallet is not credited; <c>code</c> "drop" (default) or "error", credited after <c>ms</c> if given.</summary>
    public const string HalfDone = "half_done";
    public const string FailAsync = "fail_async";
    public const string StuckAsync = "stuck_async";

    /// <summary>The order is accepted as pending and succeeds after <c>ms</c> (default: the settle delay).</summary>
    public const string PendingAsync = "pending_async";
    public const string WebhookDuplicate = "webhook_duplicate";

    /// <summary>The webhook leaves <c>ms</c> (default 60,000) late.</summary>
    public const string WebhookLate = "webhook_late";
    public const string WebhookForged = "webhook_forged";
    public const string WebhookNone = "webhook_none";

    /// <summary>How the answer travels; at most one per request.</summary>
    public static readonly IReadOnlyList<string> Transport =
    [
        DropBeforeEffect, DropAfterEffect, Delay, DelayBeforeEffect, DelayThenDrop, Http500Html, Http502Html, Http429, TruncatedJson, HugeBody,
        NotJson200, Refuse, TokenInvalid,
    ];

    /// <summary>How a withdrawal ends; at most one per withdrawal, beside a transport fault.</summary>
    public static readonly IReadOnlyList<string> Outcome = [HalfDone, FailAsync, StuckAsync, PendingAsync];

    /// <summary>How the next webhook leaves.</summary>
    public static readonly IReadOnlyList<string> Webhook = [WebhookDuplicate, WebhookLate, WebhookForged, WebhookNone];

    public static readonly IReadOnlyList<string> All = [.. Transport, .. Outcome, .. Webhook];

    /// <summary>Whether the work is done under this fault when it does not say so itself.</summary>
    public static bool RunsEffect(string kind) => kind is not (DropBeforeEffect or Http500Html or Http502Html or Http429 or Refuse);
}

/// <summary>An armed fault: it strikes the next <see cref="Remaining"/> matching requests after letting <see cref="Skip"/> of them pass.</summary>
internal sealed record Fault
{
    public long Id { get; init; }

    /// <summary>pikabao, keysecure, uqpay, uncash, memberwallet or any.</summary>
    public required string Provider { get; init; }

    public required string Operation { get; init; }

    public required string Kind { get; init; }

    public int Remaining { get; init; } = 1;

    public int Skip { get; init; }

    public int? Ms { get; init; }

    public string? Code { get; init; }

    public string? Message { get; init; }

    public bool? AfterEffect { get; init; }

    /// <summary>Size of a huge body; default 64 MB.</summary>
    public long? Bytes { get; init; }

    public bool RunsEffect => AfterEffect ?? FaultKinds.RunsEffect(Kind);
}

/// <summary>The armed faults in the file: taken and counted down in the transaction of the request that they strike.</summary>
internal static class FaultQueue
{
    private const string Columns = "id, provider, operation, kind, remaining, skip, ms, code, message, after_effect, bytes";

    public static long Arm(this SandboxTransaction transaction, Fault fault) => transaction.Insert(
        $"INSERT INTO faults ({Columns}) VALUES (NULL, $p, $o, $k, $r, $s, $ms, $c, $m, $a, $b)",
        ("$p", fault.Provider), ("$o", fault.Operation), ("$k", fault.Kind), ("$r", fault.Remaining), ("$s", fault.Skip), ("$ms", fault.Ms),
        ("$c", fault.Code), ("$m", fault.Message), ("$a", fault.AfterEffect is { } after ? (after ? 1L : 0L) : null), ("$b", fault.Bytes));

    public static List<Fault> ArmedFaults(this SandboxTransaction transaction) =>
        transaction.Query($"SELECT {Columns} FROM faults WHERE remaining > 0 ORDER BY id", Read);

    public static void DisarmFaults(this SandboxTransaction transaction) => transaction.Execute("DELETE FROM faults");

    /// <summary>The first armed fault of these kinds for this provider and operation, counted down; null when none strikes.</summary>
    public static Fault? TakeFault(this SandboxTransaction transaction, string provider, string operation, IReadOnlyList<string> kinds)
    {
        var fault = transaction.ArmedFaults().Find(armed =>
            kinds.Contains(armed.Kind, StringComparer.Ordinal)
            && (armed.Provider == provider || armed.Provider == Operations.Any)
            && (armed.Operation == operation || armed.Operation == Operations.Any));
        if (fault is null)
        {
            return null;
        }
        var passes = fault.Skip > 0;
        transaction.Execute(
            passes ? "UPDATE faults SET skip = skip - 1 WHERE id = $i" : "UPDATE faults SET remaining = remaining - 1 WHERE id = $i", ("$i", fault.Id));
        return passes ? null : fault;
    }

    private static Fault Read(SqliteDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Provider = row.GetString(1),
        Operation = row.GetString(2),
        Kind = row.GetString(3),
        Remaining = row.GetInt32(4),
        Skip = row.GetInt32(5),
        Ms = row.IsDBNull(6) ? null : row.GetInt32(6),
        Code = row.IsDBNull(7) ? null : row.GetString(7),
        Message = row.IsDBNull(8) ? null : row.GetString(8),
        AfterEffect = row.IsDBNull(9) ? null : row.GetInt64(9) == 1,
        Bytes = row.IsDBNull(10) ? null : row.GetInt64(10),
    };
}
