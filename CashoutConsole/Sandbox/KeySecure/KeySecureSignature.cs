using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CashoutConsole.Sandbox.KeySecure;

/// <summary>The signature of KeySecure's callbacks (providers: KeySecure code-utils page): HMAC-SHA256, lower-case hex.</summary>
internal static class KeySecureSignature
{
    /// <summary>
    /// Over the fields of <c>data</c> (text as it is, everything else as compact JSON, nulls dropped) with appId and timestamp, sorted by
    /// name and joined as name=value with ampersands.
    /// </summary>
    public static string Sign(JsonElement data, string appId, string timestamp, string secret)
    {
        var fields = new SortedDictionary<string, string>(StringComparer.Ordinal) { ["appId"] = appId, ["timestamp"] = timestamp };
        foreach (var property in data.EnumerateObject().Where(static property => property.Value.ValueKind != JsonValueKind.Null))
        {
            fields[property.Name] = property.Value.ValueKind == JsonValueKind.String
                ? property.Value.GetString()!
                : JsonSerializer.Serialize(property.Value, SandboxJson.Options);
        }
        var text = string.Join('&', fields.Select(static field => $"{field.Key}={field.Value}"));
        return Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(secret), Encoding.UTF8.GetBytes(text)));
    }
}
