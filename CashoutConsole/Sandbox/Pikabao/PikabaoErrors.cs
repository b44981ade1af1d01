using System.Collections.Frozen;

namespace CashoutConsole.Sandbox.Pikabao;

/// <summary>Pikabao's codes. No page lists them: all but 0 are assumed, after the table of the sibling API (providers: Pikabao, errors).</summary>
internal static class PikabaoErrors
{
    public const int Parameter = 40002;
    public const int Signature = 40005;
    public const int NotFound = 10006;
    public const int InsufficientBalance = 20001;
    public const int RuleRefused = 20002;
    public const int Internal = 50000;

    private static readonly FrozenDictionary<int, string> Messages = new Dictionary<int, string>
    {
        [Parameter] = "参数错误",
        [Signature] = "签名错误",
        [NotFound] = "对象不存在",
        [InsufficientBalance] = "余额不足",
        [RuleRefused] = "业务受限",
        [Internal] = "系统错误",
    }.ToFrozenDictionary();

    /// <summary>HTTP 200 unless a setting says otherwise: whether errors carry another status is undocumented.</summary>
    public static SandboxReply Reply(int code, string? message = null, int status = StatusCodes.Status200OK) =>
        SandboxReply.Json(new { code, msg = message ?? Messages.GetValueOrDefault(code, "错误") }, status);
}
