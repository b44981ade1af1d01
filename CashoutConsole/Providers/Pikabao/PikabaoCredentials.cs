using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.Pikabao;

/// <summary>
/// The signature of requests and webhooks: values percent-encoded, names sorted by ordinal, joined, "&amp;key=" and the secret
/// appended, MD5 in upper-case hex. Pure functions.
/// </summary>
public static class PikabaoCredentials
{
    /// <summary>The rate limit belongs to this, not to the provider account.</summary>
    public static string Key(PikabaoSettings settings) =>
        $"{ProviderKind.Pikabao}|{settings.Base.GetLeftPart(UriPartial.Authority)}|{settings.AppId}";

    /// <summary>Signature of a request: empty values take no part.</summary>
    public static string SignRequest(IEnumerable<KeyValuePair<string, string>> fields, string secret, string safeCharacters) =>
        Sign(fields.Where(static field => field.Value.Length > 0), secret, safeCharacters);

    /// <summary>Signature of a webhook, its data fields lifted beside accountId and timestamp: empty values take part.</summary>
    public static string SignWebhook(IEnumerable<KeyValuePair<string, string>> fields, string secret, string safeCharacters) =>
        Sign(fields, secret, safeCharacters);

    /// <summary>True when the webhook's own sign fits all the fields it came with. Every field that arrives is signed, known or not.</summary>
    public static bool VerifyWebhook(ReadOnlySpan<byte> body, string secret, string safeCharacters)
    {
        try
        {
            var reader = new Utf8JsonReader(body);
            using var document = JsonDocument.ParseValue(ref reader);
            var fields = new SortedDictionary<string, string>(StringComparer.Ordinal);
            if (secret.Length == 0 || !Lift(document.RootElement, fields) || !fields.Remove("sign", out var sign))
            {
                return false;
            }
            var expected = Encoding.UTF8.GetBytes(SignWebhook(fields, secret, safeCharacters));
            return CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(sign.ToUpperInvariant()));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return false;
        }
    }

    /// <summary>Percent-encoding with upper-case hex of the UTF-8 bytes; letters, digits and <paramref name="safeCharacters"/> stay.</summary>
    public static string Encode(string value, string safeCharacters)
    {
        var text = new StringBuilder(value.Length);
        foreach (var octet in Encoding.UTF8.GetBytes(value))
        {
            if (char.IsAsciiLetterOrDigit((char)octet) || safeCharacters.Contains((char)octet, StringComparison.Ordinal))
            {
                text.Append((char)octet);
            }
            else
            {
                text.Append('%').Append(octet.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
            }
        }
        return text.ToString();
    }

    [SuppressMessage("Security", "CA5351:Do not use broken cryptographic algorithms", Justification = "The provider's signature is defined as MD5.")]
    private static string Sign(IEnumerable<KeyValuePair<string, string>> fields, string secret, string safeCharacters)
    {
        var joined = string.Join('&', fields.OrderBy(static field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={Encode(field.Value, safeCharacters)}"));
        return Convert.ToHexString(MD5.HashData(Encoding.UTF8.GetBytes($"{joined}&key={secret}")));
    }

    /// <summary>False when a name comes twice: then nobody can say what was signed.</summary>
    private static bool Lift(JsonElement element, SortedDictionary<string, string> fields)
    {
        foreach (var field in element.EnumerateObject())
        {
            var unique = string.Equals(field.Name, "data", StringComparison.Ordinal) && field.Value.ValueKind == JsonValueKind.Object
                ? Lift(field.Value, fields)
                : fields.TryAdd(field.Name, TextOf(field.Value));
            if (!unique)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>Null counts as empty; numbers and flags as they are written.</summary>
    private static string TextOf(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString()!,
        JsonValueKind.Null => "",
        _ => value.GetRawText(),
    };
}
