using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Uqpay;

/// <summary>Token headers and webhook signatures. Pure functions; secrets come in as arguments and go nowhere else.</summary>
public static class UqpayCredentials
{
    /// <summary>How far a webhook's time may be from ours, either way.</summary>
    public static readonly TimeSpan WebhookTolerance = TimeSpan.FromSeconds(300);

    /// <summary>From this number on, a webhook's timestamp is in milliseconds (UQPay sends 13 digits, its pages say 10).</summary>
    private const long FirstMillisecondStamp = 1_000_000_000_000;

    private static readonly string[] ExpiryMessages = ["token has expired", "token expired", "login expired", "jwt expired"];

    /// <summary>Tokens and rate limits belong to this, not to the provider account.</summary>
    public static string Key(UqpaySettings settings) =>
        $"{ProviderKind.Uqpay}|{settings.Base.GetLeftPart(UriPartial.Authority)}|{settings.ClientId}";

    public static BearerToken? Bearer(UqpayToken token, TimeSpan margin)
    {
        var last = DateTimeOffset.MaxValue.ToUnixTimeSeconds();
        return string.IsNullOrWhiteSpace(token.AuthToken) || token.ExpiredAt is not (> 0 and var seconds) || seconds > last
            ? null
            : new BearerToken(token.AuthToken, DateTimeOffset.FromUnixTimeSeconds(seconds) - margin);
    }

    /// <summary>The documented wordings of an expired token: only these allow one renewal and one repeat.</summary>
    public static bool SaysTokenExpired(UqpayError? error) =>
        ExpiryMessages.Any(message => $"{error?.Message} {error?.Error}".Contains(message, StringComparison.OrdinalIgnoreCase));

    /// <summary>Lower-case hex of HMAC-SHA512 over the raw body followed by the timestamp header, without a separator.</summary>
    public static string SignWebhook(string secret, ReadOnlySpan<byte> body, string timestamp) =>
        Convert.ToHexStringLower(HMACSHA512.HashData(Encoding.UTF8.GetBytes(secret), (byte[])[.. body, .. Encoding.UTF8.GetBytes(timestamp)]));

    /// <summary>True when x-wk-signature fits and x-wk-timestamp is within the tolerance. An empty secret accepts nothing.</summary>
    public static bool VerifyWebhook(string? secret, ReadOnlySpan<byte> body, string? timestamp, string? signature, DateTimeOffset now)
    {
        if (string.IsNullOrEmpty(secret) || string.IsNullOrEmpty(signature)
            || !long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var stamp)
            || stamp > DateTimeOffset.MaxValue.ToUnixTimeMilliseconds())
        {
            return false;
        }
        var sentAt = stamp >= FirstMillisecondStamp ? DateTimeOffset.FromUnixTimeMilliseconds(stamp) : DateTimeOffset.FromUnixTimeSeconds(stamp);
        var expected = Encoding.ASCII.GetBytes(SignWebhook(secret, body, timestamp));
        return CryptographicOperations.FixedTimeEquals(expected, Encoding.ASCII.GetBytes(signature))
            && (sentAt - now).Duration() <= WebhookTolerance;
    }
}
