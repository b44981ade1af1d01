using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.UnCash;

/// <summary>What a message that the withdrawal page documents may count as.</summary>
public enum UnCashVerdict
{
    /// <summary>Proves nothing about a withdrawal.</summary>
    None,
    Refuses,
    TryLater,
}

/// <summary>
/// What UnCash's errors mean. There are no error codes and, but for 401, no documented HTTP statuses, so the beginnings of the
/// documented messages are the only signal; here is the one place that knows them. Everything else leaves a withdrawal unknown.
/// </summary>
public static class UnCashErrors
{
    private sealed record Entry(string Prefix, ProviderFaultKind Kind, UnCashVerdict Verdict, int? OnlyWithStatus = null);

    private static readonly Entry[] Table =
    [
        new("Insufficient card balance", ProviderFaultKind.InsufficientBalance, UnCashVerdict.Refuses),
        new("Please wait 15 minutes", ProviderFaultKind.Cooldown, UnCashVerdict.TryLater),
        new("Card is not ready for withdrawals", ProviderFaultKind.AccountState, UnCashVerdict.Refuses),
        new("Invalid input data", ProviderFaultKind.InvalidRequest, UnCashVerdict.Refuses),
        new("Card not found", ProviderFaultKind.NotFound, UnCashVerdict.Refuses),
        new("Unauthorized", ProviderFaultKind.Credentials, UnCashVerdict.Refuses, OnlyWithStatus: 401),
        new("Wallet not found", ProviderFaultKind.NotFound, UnCashVerdict.None),
        // After these the card may be debited and the wallet not credited.
        new("Wallet Credit Failed", ProviderFaultKind.ProviderError, UnCashVerdict.None),
        new("Withdrawal Failed", ProviderFaultKind.ProviderError, UnCashVerdict.None),
    ];

    /// <summary>Why the answer is not what was asked for. Also used for a 2xx answer that could not be read.</summary>
    public static ProviderFault FaultOf(WireAnswer answer)
    {
        if (answer.Fault is { } transport)
        {
            return transport with { HttpStatus = answer.Status };
        }
        var status = AnswerJson.Parse(answer, UnCashJson.Default.UnCashStatus);
        var entry = EntryOf(answer, status);
        var kind = answer.Status switch
        {
            429 => entry?.Verdict == UnCashVerdict.TryLater ? entry.Kind : ProviderFaultKind.RateLimited,
            401 => ProviderFaultKind.Credentials,
            >= 500 => ProviderFaultKind.ProviderError,
            _ when status?.Success is not false => ProviderFaultKind.Unreadable,
            _ => entry?.Kind ?? ProviderFaultKind.Other,
        };
        var text = AnswerRedaction.Redact(status?.Message is { Length: > 0 } words ? words : $"HTTP {answer.Status}");
        return new(kind, null, text, answer.Status, answer.RetryAfter);
    }

    /// <summary>What the answer to a withdrawal proves: only a documented message, said as a failure and not by a failing server.</summary>
    public static UnCashVerdict VerdictOf(WireAnswer answer)
    {
        var status = AnswerJson.Parse(answer, UnCashJson.Default.UnCashStatus);
        if (answer.Status == 429)
        {
            return status?.Success == true ? UnCashVerdict.None : UnCashVerdict.TryLater;
        }
        return answer.Status is null or >= 500 ? UnCashVerdict.None : EntryOf(answer, status)?.Verdict ?? UnCashVerdict.None;
    }

    private static Entry? EntryOf(WireAnswer answer, UnCashStatus? status) =>
        status is { Success: false, Message: { } message }
            ? Table.FirstOrDefault(entry => message.StartsWith(entry.Prefix, StringComparison.OrdinalIgnoreCase)
                && (entry.OnlyWithStatus is null || entry.OnlyWithStatus == answer.Status))
            : null;
}
