using System.Collections.Frozen;

namespace CashoutConsole.Sandbox.MemberWallet;

/// <summary>The member wallet's codes (providers: member wallet appendix). 12 for a bad Bearer token is assumed: only one sample shows it.</summary>
internal static class MemberWalletErrors
{
    public const int BalanceNotEnough = 2;
    public const int TransactionExists = 3;
    public const int TransactionUnknown = 4;
    public const int UsernameExists = 6;
    public const int InternalError = 7;
    public const int MemberUnknown = 8;
    public const int AgentUnknown = 10;
    public const int Parameters = 11;
    public const int InvalidAccount = 19;
    public const int Locked = 20;
    public const int Pending = 35;
    public const int Signature = 83;
    public const int Decryption = 84;

    // Assumed
    public const int Authorization = 12;

    private static readonly FrozenDictionary<int, string> Messages = new Dictionary<int, string>
    {
        [BalanceNotEnough] = "The balance is not enough.",
        [TransactionExists] = "The transaction already exist.",
        [TransactionUnknown] = "The transaction doesn't exist.",
        [UsernameExists] = "The username already exist.",
        [InternalError] = "Internal server error.",
        [MemberUnknown] = "The member does not exist.",
        [AgentUnknown] = "Agent code was not found or block.",
        [Parameters] = "Parameters error",
        [Authorization] = "Authorization error",
        [InvalidAccount] = "Invalid account",
        [Locked] = "Member wallet is temporarily locked, please try again later.",
        [Pending] = "The transaction is pending.",
        [77] = "Too many request, please try again later.",
        [81] = "Branch config not found.",
        [Signature] = "Authentication Failed",
        [Decryption] = "Decryption Failed",
    }.ToFrozenDictionary();

    /// <summary>HTTP 200 with the code in the body (assumed: no page names a status).</summary>
    public static SandboxReply Reply(int code, string? message = null) => SandboxReply.Json(new
    {
        code,
        message = message ?? Messages.GetValueOrDefault(code, "Error"),
        logUUID = Guid.NewGuid().ToString("D"),
    });

    public static SandboxReply Success(object? data = null) => SandboxReply.Json(data is null
        ? new { code = 0, message = "No error.", logUUID = Guid.NewGuid().ToString("D") }
        : new { code = 0, message = "No error.", data, logUUID = Guid.NewGuid().ToString("D") });
}
