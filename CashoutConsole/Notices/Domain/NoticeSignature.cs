using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Notices.Domain;

/// <summary>Proves to a receiver that a notice is ours, unchanged and recent (docs/notices.md).</summary>
public static class NoticeSignature
{
    public const string IdHeader = "X-Cashout-Id";
    public const string TimestampHeader = "X-Cashout-Timestamp";
    public const string SignatureHeader = "X-Cashout-Signature";

    /// <summary>"v1=" and the lower-case hex of HMAC-SHA256 with the secret's UTF-8 bytes over "id.timestamp.body".</summary>
    /// <param name="secret">Shared with the receiver.</param>
    /// <param name="id">The notice's id, as in its header.</param>
    /// <param name="unixSeconds">When this try was sent, as in its header.</param>
    /// <param name="body">Exactly what is sent.</param>
    public static string Of(string secret, Guid id, long unixSeconds, string body)
    {
        var signed = string.Create(CultureInfo.InvariantCulture, $"{id}.{unixSeconds}.{body}");
        return "v1=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(signed)));
    }
}
