using System.Collections.Frozen;
using System.Globalization;

namespace CashoutConsole.Sandbox.KeySecure;

/// <summary>
/// KeySecure's answer codes (providers: KeySecure error-codes page). No page shows the 3xxx codes: those are assumed placeholders, and a
/// client must not attach meaning to one of them.
/// </summary>
internal static class KeySecureErrors
{
    public const int SystemError = 1001;
    public const int ApiKeyMissing = 1002;
    public const int InvalidParameter = 1004;
    public const int TimestampInvalid = 1005;
    public const int TokenMissing = 1006;
    public const int TokenInvalid = 1007;
    public const int ApiKeyUnknown = 1008;
    public const int ModeNotSupported = 1012;
    public const int EndNotAfterStart = 1019;
    public const int SpanTooLong = 1020;
    public const int CardholderUnknown = 2002;

    // Assumed
    public const int AccountUnknown = 3001;
    public const int InsufficientBalance = 3002;
    public const int NumberUsed = 3003;
    public const int InvalidAmount = 3004;
    public const int CardUnknown = 4001;

    private static readonly FrozenDictionary<int, string> Messages = new Dictionary<int, string>
    {
        [SystemError] = "System error, please try again later",
        [ApiKeyMissing] = "Api-Key is missing",
        [InvalidParameter] = "Invalid parameter",
        [TimestampInvalid] = "Timestamp is invalid or expired",
        [TokenMissing] = "Access-Token is missing",
        [TokenInvalid] = "Access-Token is invalid or expired",
        [ApiKeyUnknown] = "Api-Key does not exist",
        [1009] = "Too frequent, please try again later",
        [ModeNotSupported] = "Integration mode is not supported",
        [EndNotAfterStart] = "The end of the query is not after its start",
        [SpanTooLong] = "The query span is over the limit",
        [CardholderUnknown] = "The cardholder does not exist",
        [AccountUnknown] = "The account does not exist",
        [InsufficientBalance] = "The balance is insufficient",
        [NumberUsed] = "transfer_unique_no is already used",
        [InvalidAmount] = "balance: the amount is invalid",
        [CardUnknown] = "The card does not exist",
    }.ToFrozenDictionary();

    /// <summary>HTTP status is 200 whatever the code.</summary>
    public static SandboxReply Reply(int code, string? message = null) =>
        SandboxReply.Json(new { code, msg = message ?? Messages.GetValueOrDefault(code, code.ToString(CultureInfo.InvariantCulture)) });

    /// <summary>1004 with the offending field's name in front, as the page describes.</summary>
    public static SandboxReply Field(string name) => Reply(InvalidParameter, $"{name}: invalid");
}
