using System.Collections.Frozen;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.KeySecure;

/// <summary>What a code says about a transfer that was just sent.</summary>
internal enum KeySecureVerdict
{
    /// <summary>On the documented list of refusals: nothing moved.</summary>
    Refused,

    /// <summary>Documented as "later": nothing moved.</summary>
    TryLater,

    /// <summary>The token is missing, wrong or over: renew it once and repeat once.</summary>
    RenewToken,

    /// <summary>Says nothing certain about the money: look up.</summary>
    Unknown,
}

/// <summary>
/// KeySecure's codes (providers: KeySecure error-codes page). 0 success, 1xxx common, 2xxx cardholder, 3xxx account and transfer,
/// 4xxx card. The 3xxx part could not be read, so no 3xxx number has a meaning here: after a transfer only a look-up tells.
/// </summary>
internal static class KeySecureErrors
{
    public const long NoSuchCardholder = 2002;
    private static readonly (ProviderFaultKind Kind, KeySecureVerdict Verdict) NotOnTheList = (ProviderFaultKind.Other, KeySecureVerdict.Unknown);
    private static readonly (ProviderFaultKind Kind, KeySecureVerdict Verdict) CardholderRange = (ProviderFaultKind.AccountState, KeySecureVerdict.Refused);

    private static readonly FrozenDictionary<long, (ProviderFaultKind Kind, KeySecureVerdict Verdict)> Table = new Dictionary<long, (ProviderFaultKind, KeySecureVerdict)>
    {
        [1001] = (ProviderFaultKind.ProviderError, KeySecureVerdict.Unknown),
        [1002] = (ProviderFaultKind.Credentials, KeySecureVerdict.Refused),
        [1003] = (ProviderFaultKind.Credentials, KeySecureVerdict.Refused),
        [1004] = (ProviderFaultKind.InvalidRequest, KeySecureVerdict.Refused),
        [1005] = (ProviderFaultKind.ClockRejected, KeySecureVerdict.TryLater),
        [1006] = (ProviderFaultKind.Credentials, KeySecureVerdict.RenewToken),
        [1007] = (ProviderFaultKind.Credentials, KeySecureVerdict.RenewToken),
        [1008] = (ProviderFaultKind.Credentials, KeySecureVerdict.Refused),
        [1009] = (ProviderFaultKind.RateLimited, KeySecureVerdict.TryLater),
        [1010] = (ProviderFaultKind.Credentials, KeySecureVerdict.Refused),
        [1011] = (ProviderFaultKind.Credentials, KeySecureVerdict.Refused),
        [1012] = (ProviderFaultKind.Credentials, KeySecureVerdict.Refused),
        [1019] = (ProviderFaultKind.InvalidRequest, KeySecureVerdict.Unknown),
        [1020] = (ProviderFaultKind.InvalidRequest, KeySecureVerdict.Unknown),
        [1021] = (ProviderFaultKind.Credentials, KeySecureVerdict.Refused),
        [1022] = (ProviderFaultKind.Credentials, KeySecureVerdict.Refused),
        [NoSuchCardholder] = (ProviderFaultKind.NotFound, KeySecureVerdict.Refused),
        [2011] = (ProviderFaultKind.InvalidRequest, KeySecureVerdict.Refused),
    }.ToFrozenDictionary();

    public static KeySecureVerdict Verdict(long code) => Of(code).Verdict;

    public static ProviderFaultKind Kind(long code) => Of(code).Kind;

    public static ProviderFault Fault(long code, string? message, WireAnswer answer) => new(
        Kind(code),
        code.ToString(System.Globalization.CultureInfo.InvariantCulture),
        message is null ? null : AnswerRedaction.Redact(message),
        answer.Status,
        answer.RetryAfter);

    private static (ProviderFaultKind Kind, KeySecureVerdict Verdict) Of(long code) =>
        Table.TryGetValue(code, out var known) ? known : code is >= 2000 and <= 2999 ? CardholderRange : NotOnTheList;
}
