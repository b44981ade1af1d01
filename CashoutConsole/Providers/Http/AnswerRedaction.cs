using System.Collections.Frozen;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CashoutConsole.Foundation;

namespace CashoutConsole.Providers.Http;

/// <summary>
/// Makes a provider's answer fit to be kept: card secrets and tokens are dropped by field name, card numbers are masked wherever they
/// stand, and the text is cut to 2,000 characters.
/// </summary>
public static partial class AnswerRedaction
{
    public const int MaxLength = 2000;
    private const int MaxParsedBytes = 64 * 1024;

    // Providers' words are kept readable (Chinese texts); pages encode what they show.
    private static readonly JsonSerializerOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly FrozenSet<string> Secrets = new[]
    {
        "cvv", "cvv2", "cvc", "cvn", "exp", "expiry", "expirydate", "expiry_date", "pin", "otp", "sign", "signature",
        "auth_token", "access_token", "accesstoken", "token", "secret", "secretkey", "api_key", "ciphertext",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenSet<string> CardNumberFields = new[]
    {
        "number", "card_number", "cardnumber", "cardnum", "card_num", "userbankcardnum", "userbanknum", "bankcardnum", "pan", "masked_pan", "hiddennum",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    public static string Redact(ReadOnlySpan<byte> body)
    {
        if (body.Length <= MaxParsedBytes)
        {
            try
            {
                var reader = new Utf8JsonReader(body, new JsonReaderOptions { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip });
                if (JsonNode.Parse(ref reader) is { } node)
                {
                    Clean(node);
                    return Cut(node.ToJsonString(Readable));
                }
            }
            catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
            {
                // Not JSON, or JSON with repeated names: kept as plain text below.
            }
        }
        return Redact(DropFields(Encoding.UTF8.GetString(body[..Math.Min(body.Length, MaxLength * 4)])));
    }

    /// <summary>For JSON that does not parse (cut off, too long): the same fields, found by their name.</summary>
    private static string DropFields(string text)
    {
        try
        {
            return FieldPattern().Replace(text, static match =>
                Secrets.Contains(match.Groups["name"].Value) || CardNumberFields.Contains(match.Groups["name"].Value)
                    ? $"\"{match.Groups["name"].Value}\":\"(dropped)\""
                    : match.Value);
        }
        catch (RegexMatchTimeoutException)
        {
            return "(dropped: could not be searched for secrets)";
        }
    }

    [GeneratedRegex("""\\?"(?<name>[A-Za-z0-9_]{1,40})\\?"\s*:\s*(?:"(?:[^"\\]|\\.)*(?:"|\\?$)|\\"[^"]*"?|[-+.\w]+)""", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex FieldPattern();

    public static string Redact(string text) => Cut(CardNumbers.Mask(text));

    private static string Cut(string text) => text.Length <= MaxLength ? text : string.Concat(text.AsSpan(0, MaxLength - 1), "…");

    private static void Clean(JsonNode node)
    {
        if (node is JsonArray array)
        {
            for (var i = 0; i < array.Count; i++)
            {
                Replace(array[i], cleaned => array[i] = cleaned);
            }
        }
        else if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields.ToList())
            {
                if (Secrets.Contains(name))
                {
                    fields[name] = "(dropped)";
                }
                else if (CardNumberFields.Contains(name) && value is JsonValue)
                {
                    fields[name] = CardNumbers.LastFour(value.ToString()) ?? "••••";
                }
                else
                {
                    Replace(value, cleaned => fields[name] = cleaned);
                }
            }
        }
    }

    private static void Replace(JsonNode? node, Action<JsonNode> set)
    {
        if (node is JsonValue value)
        {
            var text = value.ToString();
            if (CardNumbers.ContainsCardNumber(text))
            {
                set(JsonValue.Create(CardNumbers.Mask(text)));
            }
        }
        else if (node is not null)
        {
            Clean(node);
        }
    }
}
