using System.Collections.Frozen;
using System.Globalization;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Pikabao;

/// <summary>
/// What Pikabao's codes mean. Its pages have no error table; the codes are those of the sibling API's front page and of public client
/// code. A code that is not here leaves the outcome of a cash-out unknown. HTTP statuses are not documented: the code decides.
/// </summary>
public static class PikabaoErrors
{
    public const long Success = 0;

    /// <summary>Code → our kind. All of them refuse a cash-out. 40002 may also be the answer to a repeated key: on the first send it is none.</summary>
    private static readonly FrozenDictionary<long, ProviderFaultKind> Refusals = new Dictionary<long, ProviderFaultKind>
    {
        [40002] = ProviderFaultKind.InvalidRequest,
        [40005] = ProviderFaultKind.Credentials,
        [10006] = ProviderFaultKind.NotFound,
        [20001] = ProviderFaultKind.InsufficientBalance,
        [20002] = ProviderFaultKind.AccountState,
    }.ToFrozenDictionary();

    /// <summary>How long to wait after HTTP 429 without a Retry-After; no limit is documented.</summary>
    public static readonly TimeSpan RateLimitPause = TimeSpan.FromSeconds(60);

    /// <summary>Why the answer is not what was asked for. Also used for an answer with code 0 whose content could not be read.</summary>
    public static ProviderFault FaultOf(WireAnswer answer)
    {
        if (answer.Fault is { } transport)
        {
            return transport with { HttpStatus = answer.Status };
        }
        var status = AnswerJson.Parse(answer, PikabaoJson.Default.PikabaoStatus);
        var kind = status?.Code switch
        {
            { } code when Refusals.TryGetValue(code, out var known) => known,
            Success => ProviderFaultKind.Unreadable,
            _ when answer.Status == 429 => ProviderFaultKind.RateLimited,
            _ when answer.Status >= 500 => ProviderFaultKind.ProviderError,
            null => answer.Status == 404 ? ProviderFaultKind.NotFound : ProviderFaultKind.Unreadable,
            _ => ProviderFaultKind.Other,
        };
        var text = AnswerRedaction.Redact(status?.Message is { Length: > 0 } words ? words : $"HTTP {answer.Status}");
        return new(kind, status?.Code?.ToString(CultureInfo.InvariantCulture), text, answer.Status, answer.RetryAfter);
    }

    public static bool Refuses(PikabaoStatus? status) => status?.Code is { } code && Refusals.ContainsKey(code);
}
