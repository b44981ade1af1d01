using System.Text.Json;

namespace CashoutConsole.Sandbox.UnCash;

/// <summary>The amount of a withdrawal: a JSON number from 1.00 to 10,000.00 with at most two decimals, refused in the shape of a Zod issue.</summary>
internal static class UnCashAmount
{
    private const decimal Minimum = 1m;
    private const decimal Maximum = 10_000m;
    private const int MaxDecimals = 2;
    private static readonly string[] Path = ["amount"];

    /// <summary>Millionths, or the issue to answer.</summary>
    public static (long Amount, object? Issue) Parse(JsonElement? body)
    {
        if (body is not { } json || !json.TryGetProperty("amount", out var value))
        {
            return (0, new { code = "invalid_type", expected = "number", received = "undefined", path = Path, message = "Required" });
        }
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var amount))
        {
            var received = value.ValueKind.ToString();
            return (0, new { code = "invalid_type", expected = "number", received = char.ToLowerInvariant(received[0]) + received[1..], path = Path, message = "Expected number" });
        }
        if (amount < Minimum)
        {
            return (0, new { code = "too_small", minimum = 1, type = "number", inclusive = true, exact = false, message = "Minimum withdrawal amount is 1.00", path = Path });
        }
        if (amount > Maximum)
        {
            return (0, new { code = "too_big", maximum = 10000, type = "number", inclusive = true, exact = false, message = "Maximum withdrawal amount is 10000.00", path = Path });
        }
        return Amounts.TryConvert(amount, MaxDecimals, out var millionths)
            ? (millionths, null)
            : (0, new { code = "not_multiple_of", multipleOf = 0.01m, path = Path, message = "Amount can have at most 2 decimal places" });
    }
}
