namespace CashoutConsole.Sandbox.UnCash;

/// <summary>
/// UnCash's failures (providers: UnCash withdraw and authentication pages): success false and a message, no code. All HTTP statuses but 401
/// are assumed, as are the two messages marked so; a setting answers 200 to everything instead.
/// </summary>
internal static class UnCashErrors
{
    public const string Cooldown = "Please wait 15 minutes between withdrawals";
    public const string NotReady = "Card is not ready for withdrawals";
    public const string CardNotFound = "Card not found or access denied";

    // Assumed texts: the old page has only their titles.
    public const string WalletCreditFailed = "Wallet credit failed";
    public const string WithdrawalFailed = "Withdrawal failed";

    public static readonly SandboxReply Unauthorized = SandboxReply.Json(
        new { success = false, message = "Unauthorized", error = "Invalid or missing API token" }, StatusCodes.Status401Unauthorized);

    /// <summary>The assumed HTTP status of a message.</summary>
    public static int StatusOf(string message) => message switch
    {
        Cooldown => StatusCodes.Status429TooManyRequests,
        CardNotFound => StatusCodes.Status404NotFound,
        WalletCreditFailed or WithdrawalFailed => StatusCodes.Status502BadGateway,
        _ => StatusCodes.Status400BadRequest,
    };
}
