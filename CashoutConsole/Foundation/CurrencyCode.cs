namespace CashoutConsole.Foundation;

/// <summary>
/// A currency or token symbol as a provider spells it, upper-cased: ISO 4217 codes as well as opaque symbols such as TUSDT or XUSD.
/// 1 to 16 letters, digits, '.', '_' or '-'.
/// </summary>
public readonly record struct CurrencyCode
{
    public const int MaxLength = 16;

    private readonly string? _value;

    private CurrencyCode(string value) => _value = value;

    public string Value => _value ?? throw new InvalidOperationException("An empty currency code was used.");

    public static CurrencyCode Parse(string text) =>
        TryParse(text, out var code) ? code : throw new FormatException($"'{text}' is not a currency code: 1 to {MaxLength} letters, digits, '.', '_' or '-'.");

    public static bool TryParse(string? text, out CurrencyCode code)
    {
        var trimmed = text?.Trim() ?? "";
        var valid = trimmed.Length is > 0 and <= MaxLength && trimmed.All(static c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
        code = valid ? new CurrencyCode(trimmed.ToUpperInvariant()) : default;
        return valid;
    }

    public override string ToString() => _value ?? "";
}
