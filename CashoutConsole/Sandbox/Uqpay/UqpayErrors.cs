using System.Collections.Frozen;

namespace CashoutConsole.Sandbox.Uqpay;

/// <summary>
/// UQPay's error answers (providers: UQPay error-codes and rate-limiting pages). The withdraw page's own code table is not public:
/// codes marked assumed are placeholders inside the documented envelope.
/// </summary>
internal static class UqpayErrors
{
    public const string CardNotFound = "card_not_found";
    public const string InvalidParameter = "invalid_parameter";
    public const string SubAccountNotFound = "sub_account_not_found";
    public const string Processing = "processing";

    // Assumed
    public const string InsufficientBalance = "insufficient_balance";
    public const string OrderNotFound = "card_order_not_found";
    public const string CardStatusInvalid = "card_status_invalid";
    public const string CardModeNotSupported = "card_mode_not_supported";
    public const string KeyConflict = "key_conflict";

    private static readonly FrozenDictionary<string, (string Type, int Status, string Message)> Table =
        new Dictionary<string, (string, int, string)>(StringComparer.Ordinal)
        {
            [CardNotFound] = ("card_error", 400, "card not found or deactivated"),
            [InvalidParameter] = ("invalid_request_error", 400, "invalid parameter"),
            [SubAccountNotFound] = ("account_error", 400, "sub account not found"),
            [InsufficientBalance] = ("account_error", 400, "card balance is insufficient"),
            [OrderNotFound] = ("card_error", 400, "card order not found"),
            [CardStatusInvalid] = ("card_error", 400, "card status does not allow this operation"),
            [CardModeNotSupported] = ("card_error", 400, "card mode does not support this operation"),
            [KeyConflict] = ("idempotency_error", 400, "x-idempotency-key was used with another request"),
            ["unauthorized_error"] = ("unauthorized_error", 401, "invalid auth token format"),
            ["forbidden"] = ("unauthorized_error", 403, "forbidden"),
            ["api_error"] = ("api_error", 500, "internal error"),
        }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The envelope with type, code and message; codes that the pages show in another shape answer in that shape.</summary>
    public static SandboxReply Reply(string code, string? message = null)
    {
        if (code == Processing)
        {
            // The flat envelope; its body code lies (providers: UQPay, idempotency).
            return SandboxReply.Json(new { code = 200, message = message ?? "Request is processing, please try again later" }, StatusCodes.Status400BadRequest);
        }
        if (code == "too_many_requests")
        {
            return SandboxReply.Json(new { code, message = message ?? "Too many requests" }, StatusCodes.Status429TooManyRequests);
        }
        var (type, status, text) = Table.GetValueOrDefault(code, ("invalid_request_error", 400, code));
        return SandboxReply.Json(new { type, code, message = message ?? text }, status);
    }

    /// <summary>The auth middleware's own shape.</summary>
    public static SandboxReply Unauthorized(string error) => SandboxReply.Json(new { error }, StatusCodes.Status401Unauthorized);
}
