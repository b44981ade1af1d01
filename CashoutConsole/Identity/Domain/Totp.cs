using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Identity.Domain;

/// <summary>
/// Time-based one-time codes (RFC 6238 over RFC 4226): HMAC-SHA-1, 30 seconds, 6 digits, which is what every authenticator app does.
/// A step is the number of whole half-minutes since 1970. Whoever accepts a code stores its step and never takes that step again.
/// </summary>
public static class Totp
{
    public const int Digits = 6;

    public const int SecondsPerStep = 30;

    /// <summary>How many steps a clock may be off, either way.</summary>
    public const int Skew = 1;

    private const int SecretBytes = 20;

    public static byte[] NewSecret() => RandomNumberGenerator.GetBytes(SecretBytes);

    public static long StepAt(DateTimeOffset time) => time.ToUnixTimeSeconds() / SecondsPerStep;

    public static DateTimeOffset StartOf(long step) => DateTimeOffset.FromUnixTimeSeconds(step * SecondsPerStep);

    public static string CodeOf(ReadOnlySpan<byte> secret, long step, int digits = Digits)
    {
        Span<byte> counter = stackalloc byte[sizeof(long)];
        BinaryPrimitives.WriteInt64BigEndian(counter, step);
        Span<byte> hash = stackalloc byte[HMACSHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The standard's hash, and all that the apps know; an HMAC does not need collision resistance.
        HMACSHA1.HashData(secret, counter, hash);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash[(hash[^1] & 15)..]) & int.MaxValue;
        var modulus = (int)Math.Pow(10, digits);
        return (number % modulus).ToString(CultureInfo.InvariantCulture).PadLeft(digits, '0');
    }

    /// <summary>
    /// The step whose code was typed, among those around now that come after <paramref name="lastStep"/>; null = none. Every candidate
    /// is compared, each in constant time. Should two have the same code it is the later, so that the code is spent for both.
    /// </summary>
    public static long? Match(ReadOnlySpan<byte> secret, string? typed, DateTimeOffset now, long lastStep)
    {
        if (Plain(typed) is not { } code)
        {
            return null;
        }
        long? found = null;
        var present = StepAt(now);
        for (var step = present - Skew; step <= present + Skew; step++)
        {
            var equal = CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(CodeOf(secret, step)), Encoding.ASCII.GetBytes(code));
            found = equal && step > lastStep ? step : found;
        }
        return found;
    }

    /// <summary>What an authenticator app reads from the QR code.</summary>
    public static string SetUpAddress(string issuer, string userName, ReadOnlySpan<byte> secret) =>
        $"otpauth://totp/{Uri.EscapeDataString(issuer)}:{Uri.EscapeDataString(userName)}?secret={Base32.Encode(secret)}&issuer={Uri.EscapeDataString(issuer)}";

    /// <summary>Six digits, however they were grouped; else null.</summary>
    private static string? Plain(string? typed)
    {
        var plain = typed?.Replace(" ", "", StringComparison.Ordinal) ?? "";
        return plain.Length == Digits && plain.All(char.IsAsciiDigit) ? plain : null;
    }
}
