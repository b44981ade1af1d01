using System.Collections.Frozen;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Uqpay;

/// <summary>
/// What UQPay's errors mean (issuing error code page). Status and type decide; the message decides only where the page says so.
/// Everything that the table does not name leaves the outcome of a withdrawal unknown.
/// </summary>
public static class UqpayErrors
{
    private const string StillProcessing = "request is processing";

    /// <summary>Error type (HTTP 400) → our kind, and whether it is on the documented list of refusals.</summary>
    private static readonly FrozenDictionary<string, (ProviderFaultKind Kind, bool Refuses)> Types = new Dictionary<string, (ProviderFaultKind, bool)>(StringComparer.Ordinal)
    {
        ["invalid_request_error"] = (ProviderFaultKind.InvalidRequest, true),
        ["card_error"] = (ProviderFaultKind.AccountState, true),
        ["cardholder_error"] = (ProviderFaultKind.AccountState, true),
        ["account_error"] = (ProviderFaultKind.Other, true),
        ["idempotency_error"] = (ProviderFaultKind.Duplicate, false),
        ["unauthorized_error"] = (ProviderFaultKind.Credentials, false),
        ["not_found"] = (ProviderFaultKind.NotFound, false),
        ["api_error"] = (ProviderFaultKind.ProviderError, false),
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>How long to wait after HTTP 429 without a Retry-After: the limits count calendar minutes.</summary>
    public static readonly TimeSpan RateLimitPause = TimeSpan.FromSeconds(60);

    /// <summary>Why the answer is not what was asked for. Also used for a 2xx answer that could not be read.</summary>
    public static ProviderFault FaultOf(WireAnswer answer)
    {
        if (answer.Fault is { } transport)
        {
            return transport with { HttpStatus = transport.HttpStatus ?? answer.Status };
        }
        var error = AnswerJson.Parse(answer, UqpayJson.Default.UqpayError);
        var text = AnswerRedaction.Redact(error?.Text is { Length: > 0 } words ? words : $"HTTP {answer.Status}");
        return new(KindOf(answer, error), error?.Code ?? error?.Type, text, answer.Status, answer.RetryAfter);
    }

    /// <summary>True for a refusal that the error page documents: no effect, if it answered the first send of the key.</summary>
    public static bool Refuses(WireAnswer answer)
    {
        var error = AnswerJson.Parse(answer, UqpayJson.Default.UqpayError);
        return answer.Status switch
        {
            400 => error?.Type is { } type && Types.TryGetValue(type, out var entry) && entry.Refuses && !SaysStillProcessing(error),
            401 or 403 => error is not null && (error.Type is not null || error.Text is not null),
            _ => false,
        };
    }

    /// <summary>A read's answer that says "there is no such card or order".</summary>
    public static bool SaysNotFound(ProviderFault fault) => fault is { Kind: ProviderFaultKind.NotFound };

    private static ProviderFaultKind KindOf(WireAnswer answer, UqpayError? error) => answer.Status switch
    {
        429 => ProviderFaultKind.RateLimited,
        401 or 403 => ProviderFaultKind.Credentials,
        >= 500 => ProviderFaultKind.ProviderError,
        _ when error is null || answer.IsSuccessStatus => ProviderFaultKind.Unreadable,
        404 => ProviderFaultKind.NotFound,
        _ when SaysStillProcessing(error) => ProviderFaultKind.Pending,
        _ => KindOf(error),
    };

    private static ProviderFaultKind KindOf(UqpayError error)
    {
        if (error.Code is { } code && error.Type is not null)
        {
            if (code.Contains("sub_account", StringComparison.OrdinalIgnoreCase))
            {
                return ProviderFaultKind.Credentials;
            }
            if (code.Contains("not_found", StringComparison.OrdinalIgnoreCase))
            {
                return ProviderFaultKind.NotFound;
            }
            if (code.Contains("balance", StringComparison.OrdinalIgnoreCase))
            {
                return ProviderFaultKind.InsufficientBalance;
            }
        }
        return error.Type is { } type && Types.TryGetValue(type, out var entry) ? entry.Kind : ProviderFaultKind.Other;
    }

    private static bool SaysStillProcessing(UqpayError error) =>
        error.Text?.Contains(StillProcessing, StringComparison.OrdinalIgnoreCase) == true;
}
