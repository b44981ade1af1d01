using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CashoutConsole.Providers.KeySecure;

/// <summary>
/// The Timestamp rule, the token's life and the callback signature as pure functions (providers: KeySecure request-headers, auth/token,
/// code-utils). Requests to KeySecure are not signed.
/// </summary>
internal static class KeySecureCredentials
{
    private static readonly TimeSpan Plausible = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan LifeWithoutExpiry = TimeSpan.FromHours(1);

    /// <summary>The Timestamp header: Unix milliseconds, behind our clock by the margin, corrected by what a refusal taught us.</summary>
    public static string Timestamp(DateTimeOffset now, TimeSpan margin, TimeSpan offset) =>
        (now - margin + offset).ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);

    /// <summary>
    /// How far to set the time stamp back after code 1005, never forward: the Date header of the refusal less our time of receiving it,
    /// which is never later than the provider's own time. Zero when our clock is not ahead, or so far off that the header (or our clock) is not to be trusted.
    /// </summary>
    public static TimeSpan ClockOffset(DateTimeOffset? providerDate, DateTimeOffset received)
    {
        var offset = providerDate - received ?? TimeSpan.Zero;
        return offset < TimeSpan.Zero && offset > -Plausible ? offset : TimeSpan.Zero;
    }

    /// <summary>When to renew: the stated expiry less the margin, but not before half of the life; an hour from now when none is stated.</summary>
    public static DateTimeOffset RenewAt(DateTimeOffset now, DateTimeOffset? expiry, TimeSpan margin)
    {
        var life = expiry > now ? expiry.Value - now : LifeWithoutExpiry;
        return now + (life - margin > life / 2 ? life - margin : life / 2);
    }

    /// <summary>
    /// HMAC-SHA256 in lower-case hex over the callback's data fields, appId and timestamp, sorted by name and joined as name=value with
    /// '&amp;'. Null fields are left out, other values stand as compact JSON with their digits as received; a data field wins over
    /// appId and timestamp of the same name.
    /// </summary>
    public static string CallbackSignature(JsonElement data, string appId, string timestamp, string secret)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["appId"] = appId, ["timestamp"] = timestamp };
        foreach (var field in data.EnumerateObject().Where(static field => field.Value.ValueKind != JsonValueKind.Null))
        {
            fields[field.Name] = field.Value.ValueKind == JsonValueKind.String ? field.Value.GetString()! : Compact(field.Value.GetRawText());
        }
        var text = string.Join('&', fields.Select(static field => $"{field.Key}={field.Value}"));
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>JSON text without white space outside its strings; digits and escapes stay as received.</summary>
    private static string Compact(string json)
    {
        var text = new StringBuilder(json.Length);
        var quoted = false;
        for (var i = 0; i < json.Length; i++)
        {
            if (quoted && json[i] == '\\')
            {
                text.Append(json[i++]);
            }
            else if (json[i] == '"')
            {
                quoted = !quoted;
            }
            if (quoted || json[i] is not (' ' or '\t' or '\r' or '\n'))
            {
                text.Append(json[i]);
            }
        }
        return text.ToString();
    }
}
