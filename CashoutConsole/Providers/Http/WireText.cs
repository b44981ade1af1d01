using System.Globalization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.Http;

/// <summary>How instructions, ids and times are written to and read from the wire.</summary>
public static class WireText
{
    private const int MaxIdLength = 128;

    /// <summary>The instruction's amount with exactly the sheet's number of decimals, never rounded: "100.50".</summary>
    /// <exception cref="ArgumentException">The sheet does not allow this instruction; it must have been refused long before.</exception>
    public static string ExactAmount(PayoutInstruction instruction, ProviderSheet sheet)
    {
        var amount = instruction.Amount.Amount;
        if (instruction.Mode != WithdrawalMode.Exact || amount <= 0 || Money.DecimalsOf(amount) > sheet.Decimals)
        {
            throw new ArgumentException($"{sheet.Provider} withdraws stated amounts above zero with up to {sheet.Decimals} decimals.", nameof(instruction));
        }
        return amount.ToString("F" + sheet.Decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    /// <summary>True for an id that is one harmless path segment: up to 128 letters, digits, '-', '_' and single dots between them.</summary>
    public static bool IsPlainId(string? id) =>
        id is { Length: > 0 and <= MaxIdLength }
        && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.')
        && !id.StartsWith('.') && !id.EndsWith('.') && !id.Contains("..", StringComparison.Ordinal);

    /// <summary>The id itself, known to be plain.</summary>
    /// <exception cref="ArgumentException">The id could change the path of the request.</exception>
    public static string PlainId(string id) =>
        IsPlainId(id) ? id : throw new ArgumentException("The account id is not a plain path segment.", nameof(id));

    /// <summary>An ISO 8601 time that names its zone ('Z' or an offset); null for every other form, because the zone would be a guess.</summary>
    public static DateTimeOffset? Time(string? text)
    {
        var timePart = text?.IndexOf('T', StringComparison.Ordinal) ?? -1;
        var namesZone = timePart > 0 && (text!.EndsWith('Z') || text.AsSpan(timePart).IndexOfAny('+', '-') > 0);
        return namesZone && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time) ? time.ToUniversalTime() : null;
    }

    /// <summary>Free text of a provider (nickname, remark), without card numbers; null when empty.</summary>
    public static string? Label(string? text) => string.IsNullOrWhiteSpace(text) ? null : CardNumbers.Mask(text.Trim());

    public static CurrencyCode? Currency(string? text) => CurrencyCode.TryParse(text, out var code) ? code : null;

    /// <summary>"12.5" for notes and facts; "unknown" when the provider did not say.</summary>
    public static string Plain(decimal? amount) => amount?.ToString("0.######", CultureInfo.InvariantCulture) ?? "unknown";
}
