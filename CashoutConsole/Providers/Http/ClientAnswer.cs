using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.Http;

/// <summary>What one endpoint answered: the parsed record or the fault, and what the wire showed.</summary>
public sealed record ClientAnswer<T>(T? Value, ProviderFault? Fault, WireRecord Wire)
    where T : class;

public static class AnswerJson
{
    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>The complete body as <typeparamref name="T"/>; null when the answer is incomplete or is not such JSON.</summary>
    public static T? Parse<T>(WireAnswer answer, JsonTypeInfo<T> shape)
        where T : class
    {
        if (answer.Fault is not null)
        {
            return null;
        }
        var body = answer.Body.AsSpan();
        try
        {
            return JsonSerializer.Deserialize(body.StartsWith(ByteOrderMark) ? body[ByteOrderMark.Length..] : body, shape);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException or NotSupportedException)
        {
            return null;
        }
    }
}
