using CashoutConsole.Foundation;

namespace CashoutConsole.Identity.Domain;

/// <summary>What a password must satisfy: length, not the user's own name, and none of those that everybody tries first.</summary>
public static class PasswordRules
{
    public const int MinLength = 12;

    /// <summary>The sign-in reads no more.</summary>
    public const int MaxLength = 256;

    private const int FewestDifferent = 5;

    /// <summary>A name shorter than this may stand in a password by chance.</summary>
    private const int TellingName = 4;

    /// <summary>Long enough to pass the length rule, and on every list of guesses. In lower case.</summary>
    private static readonly HashSet<string> Common = new(StringComparer.Ordinal)
    {
        "123456789012", "1234567890123", "12345678901234", "123456789123", "0123456789ab", "1234567890ab", "123123123123", "1q2w3e4r5t6y", "1qaz2wsx3edc",
        "1qaz2wsx3edc4rfv", "zaq12wsxcde3", "qwertyuiop12", "qwertyuiop123", "qwertyuiopasdf", "qwerty123456", "qwerty12345678", "asdfghjkl123", "abcdefghijkl",
        "abcdefghijklm", "abcdefghijklmnop", "abcd12345678", "abc123456789", "password1234", "password12345", "password123456", "passwordpassword", "p@ssw0rd1234",
        "p@ssword1234", "passw0rd1234", "pa55word1234", "administrator", "administrator1", "admin1234567", "admin12345678", "adminadminadmin", "welcome12345",
        "welcome123456", "changeme1234", "changemeplease", "letmein12345", "letmeinletmein", "iloveyou1234", "iloveyouforever", "monkey123456", "dragon123456",
        "football1234", "superman1234", "sunshine1234", "princess1234", "trustno1trustno1", "correcthorsebatterystaple", "cashoutconsole", "cashoutconsole1", "withdrawal123",
    };

    /// <summary>Null = fine; else what is wrong with it.</summary>
    public static Error? FaultOf(string? password, string userName) => password switch
    {
        null or { Length: < MinLength } => new Error("PasswordTooShort", MinLength),
        { Length: > MaxLength } => new Error("PasswordTooLong", MaxLength),
        _ when password.Equals(userName, StringComparison.OrdinalIgnoreCase) => new Error("PasswordIsName"),
        _ when userName.Length >= TellingName && password.Contains(userName, StringComparison.OrdinalIgnoreCase) => new Error("PasswordIsName"),
        _ when Common.Contains(password.ToLowerInvariant()) || password.Distinct().Count() < FewestDifferent => new Error("PasswordCommon"),
        _ => null,
    };
}
