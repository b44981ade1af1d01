using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Approvals.Domain;

/// <summary>
/// The canonical form of what is approved (docs/approvals.md). A text is a list of fields, each "name=length:value" and a line feed, the
/// length in UTF-8 bytes, so that no two different lists share one text. Hashes are SHA-256 in lower-case hex.
/// </summary>
public static class ApprovalDigest
{
    private const string Format = "1";

    public static string TextOf(IEnumerable<(string Name, string Value)> fields)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in fields)
        {
            text.Append(name).Append('=').Append(Encoding.UTF8.GetByteCount(value).ToString(CultureInfo.InvariantCulture)).Append(':').Append(value).Append('\n');
        }
        return text.ToString();
    }

    /// <summary>The fields of a canonical text again, for people to read. An unreadable text gives what could be read.</summary>
    public static IReadOnlyList<(string Name, string Value)> Read(string text)
    {
        var fields = new List<(string, string)>();
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at < bytes.Length;)
        {
            var equals = Array.IndexOf(bytes, (byte)'=', at);
            var colon = equals < 0 ? -1 : Array.IndexOf(bytes, (byte)':', equals);
            if (colon < 0 || !int.TryParse(Encoding.UTF8.GetString(bytes, equals + 1, colon - equals - 1), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                || colon + 1 + length >= bytes.Length)
            {
                break;
            }
            fields.Add((Encoding.UTF8.GetString(bytes, at, equals - at), Encoding.UTF8.GetString(bytes, colon + 1, length)));
            at = colon + 1 + length + 1;
        }
        return fields;
    }

    public static string OfText(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    /// <summary>Over the request's own terms and the hash of every line, in order.</summary>
    public static string OfRequest(
        Guid id, ApprovalKind kind, string makerId, DateTimeOffset executeBy, int requiredCheckers, int? policyNumber, IReadOnlyList<string> lineHashes) =>
        OfText(TextOf(
        [
            ("format", Format),
            ("request", id.ToString()),
            ("kind", kind.ToString()),
            ("maker", makerId),
            ("execute-by", Foundation.Clock.ToUnixMicroseconds(executeBy).ToString(CultureInfo.InvariantCulture)),
            ("checkers", requiredCheckers.ToString(CultureInfo.InvariantCulture)),
            ("policy", policyNumber?.ToString(CultureInfo.InvariantCulture) ?? ""),
            ("lines", lineHashes.Count.ToString(CultureInfo.InvariantCulture)),
            .. lineHashes.Select(static hash => ("line", hash)),
        ]));
}
