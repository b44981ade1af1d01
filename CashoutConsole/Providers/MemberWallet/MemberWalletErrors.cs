using System.Collections.Frozen;
using System.Globalization;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.MemberWallet;

/// <summary>What a code says about a withdrawal that was just sent.</summary>
internal enum MemberWalletVerdict
{
    /// <summary>On the documented list of refusals: nothing moved.</summary>
    Refused,

    /// <summary>Documented as "later": nothing moved, same transId again.</summary>
    TryLater,

    /// <summary>Taken and being processed: poll.</summary>
    Pending,

    /// <summary>The token is missing, wrong or over: renew it once and repeat once.</summary>
    RenewToken,

    /// <summary>Says nothing certain about the money: look up.</summary>
    Unknown,
}

/// <summary>
/// The codes of the member wallet (providers: member wallet appendix and the endpoint pages). 83 (signature, clock or nonce refused)
/// comes before any effect; it needs a person, because a fresh signature is made for each send already.
/// </summary>
internal static class MemberWalletErrors
{
    public const long NoSuchTransaction = 4;
    public const long Pending = 35;

    private static readonly (ProviderFaultKind Kind, MemberWalletVerdict Verdict) NotOnTheList = (ProviderFaultKind.Other, MemberWalletVerdict.Unknown);

    private static readonly FrozenDictionary<long, (ProviderFaultKind Kind, MemberWalletVerdict Verdict)> Table = new Dictionary<long, (ProviderFaultKind, MemberWalletVerdict)>
    {
        [2] = (ProviderFaultKind.InsufficientBalance, MemberWalletVerdict.Refused),
        [3] = (ProviderFaultKind.Duplicate, MemberWalletVerdict.Unknown),
        [NoSuchTransaction] = (ProviderFaultKind.NotFound, MemberWalletVerdict.Unknown),
        [7] = (ProviderFaultKind.ProviderError, MemberWalletVerdict.Unknown),
        [8] = (ProviderFaultKind.NotFound, MemberWalletVerdict.Refused),
        [10] = (ProviderFaultKind.Credentials, MemberWalletVerdict.Refused),
        [11] = (ProviderFaultKind.InvalidRequest, MemberWalletVerdict.Refused),
        [12] = (ProviderFaultKind.Credentials, MemberWalletVerdict.RenewToken),
        [19] = (ProviderFaultKind.AccountState, MemberWalletVerdict.Refused),
        [20] = (ProviderFaultKind.Locked, MemberWalletVerdict.TryLater),
        [Pending] = (ProviderFaultKind.Pending, MemberWalletVerdict.Pending),
        [77] = (ProviderFaultKind.RateLimited, MemberWalletVerdict.TryLater),
        [81] = (ProviderFaultKind.Credentials, MemberWalletVerdict.Refused),
        [83] = (ProviderFaultKind.Credentials, MemberWalletVerdict.Refused),
        [84] = (ProviderFaultKind.Credentials, MemberWalletVerdict.Refused),
    }.ToFrozenDictionary();

    public static MemberWalletVerdict Verdict(long code) => Of(code).Verdict;

    public static ProviderFault Fault(long code, string? message, WireAnswer answer) => new(
        Of(code).Kind,
        code.ToString(CultureInfo.InvariantCulture),
        message is null ? null : AnswerRedaction.Redact(message),
        answer.Status,
        answer.RetryAfter);

    private static (ProviderFaultKind Kind, MemberWalletVerdict Verdict) Of(long code) => Table.GetValueOrDefault(code, NotOnTheList);
}
