using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CashoutConsole.Sandbox;

/// <summary>One request to a simulated provider. <see cref="Outcome"/> is the fault that decides how a withdrawal ends, if any.</summary>
internal sealed class SandboxCall(HttpContext http, byte[] body, Fault? outcome)
{
    private readonly Lazy<JsonElement?> _json = new(() => SandboxJson.ParseObject(body));

    public HttpContext Http => http;

    public byte[] Body => body;

    public Fault? Outcome => outcome;

    /// <summary>The body as a JSON object, or null when it is none.</summary>
    public JsonElement? Json => _json.Value;

    public string Method => http.Request.Method;

    public string Path => http.Request.Path;

    /// <summary>Null when the header is absent; "" when it is there and empty.</summary>
    public string? Header(string name) => http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public string? Query(string name) => http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    public string Route(string name) => (string)http.Request.RouteValues[name]!;

    /// <summary>How an order accepted by this call ends: by fault, else at once or after the settle delay.</summary>
    public SettlePlan Plan(bool asynchronous, TimeSpan delay, SandboxClock clock)
    {
        var due = clock.Microseconds + (outcome?.Ms is { } ms ? ms * 1000L : (long)delay.TotalMicroseconds);
        return outcome?.Kind switch
        {
            FaultKinds.FailAsync => new SettlePlan(OrderStatus.Failed, due),
            FaultKinds.StuckAsync => new SettlePlan(OrderStatus.Stuck, null),
            FaultKinds.PendingAsync => new SettlePlan(OrderStatus.Success, due),
            _ => asynchronous ? new SettlePlan(OrderStatus.Success, due) : SettlePlan.AtOnce,
        };
    }
}

/// <summary>One answer of a simulated provider. Null <see cref="Body"/> = the connection is broken without an answer.</summary>
internal sealed record SandboxReply(int Status, string ContentType, byte[]? Body)
{
    public static readonly SandboxReply Dropped = new(0, "", null);

    public static SandboxReply Json(object value, int status = StatusCodes.Status200OK) =>
        new(status, "application/json; charset=utf-8", SandboxJson.Bytes(value));

    public static SandboxReply Html(int status, string title) =>
        new(status, "text/html; charset=utf-8", Encoding.UTF8.GetBytes($"<html><head><title>{status} {title}</title></head><body><h1>{status} {title}</h1></body></html>"));

    public string Text => Encoding.UTF8.GetString(Body ?? []);
}

internal static class SandboxJson
{
    /// <summary>Compact, and plain UTF-8 instead of escapes, as the providers answer.</summary>
    public static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static byte[] Bytes(object value) => JsonSerializer.SerializeToUtf8Bytes(value, value.GetType(), Options);

    public static string Text(object value) => JsonSerializer.Serialize(value, value.GetType(), Options);

    public static JsonElement? ParseObject(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    /// <summary>The property's text; null when it is missing or not a JSON string.</summary>
    public static string? Text(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The property's number; null when it is missing, not a JSON number or not a decimal.</summary>
    public static decimal? Number(this JsonElement json, string name) =>
        json.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDecimal(out var number) ? number : null;
}
