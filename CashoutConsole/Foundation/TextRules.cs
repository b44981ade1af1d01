namespace CashoutConsole.Foundation;

/// <summary>What every free text that a person gives as a reason must satisfy.</summary>
public static class TextRules
{
    public const int MaxReasonLength = 500;

    /// <summary>Null = fine; else the error that says what to do.</summary>
    public static Error? FaultOf(string? reason) => reason switch
    {
        null => new Error("ReasonMissing"),
        _ when string.IsNullOrWhiteSpace(reason) => new Error("ReasonMissing"),
        { Length: > MaxReasonLength } => new Error("ReasonTooLong", MaxReasonLength),
        _ when CardNumbers.ContainsCardNumber(reason) => new Error("CardNumberInText"),
        _ => null,
    };
}
