using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Providers.MemberWallet;

/// <summary>
/// Encryption and signature of the member wallet as pure functions (providers: member wallet authentication and operator overview pages).
/// AES-256-GCM without associated data; cipherText = base64(12-byte IV) + base64(16-byte tag) + base64(ciphertext), three parts
/// joined without separator. The signature is a plain SHA-256: it holds no secret.
/// </summary>
internal static class MemberWalletCredentials
{
    private const int IvLength = 12;
    private const int TagLength = 16;
    private const int NonceLength = 16;

    /// <summary>64 hexadecimal characters to 32 bytes.</summary>
    public static byte[] Key(string apiKey) => Convert.FromHexString(apiKey.Trim());

    /// <summary>A fresh IV for each request: one IV used twice with a key would break the encryption.</summary>
    public static byte[] NewIv() => RandomNumberGenerator.GetBytes(IvLength);

    /// <summary>32 lower-case hexadecimal characters.</summary>
    public static string NewNonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(NonceLength));

    public static string Encrypt(byte[] key, byte[] iv, byte[] plaintext)
    {
        var ciphertext = new byte[plaintext.Length];
        var tag = new byte[TagLength];
        using var aes = new AesGcm(key, TagLength);
        aes.Encrypt(iv, plaintext, ciphertext, tag);
        return Convert.ToBase64String(iv) + Convert.ToBase64String(tag) + Convert.ToBase64String(ciphertext);
    }

    /// <summary>The JSON body. Base64 needs no escaping, and the legacy signature covers exactly these characters.</summary>
    public static string Body(string cipherText) => $$"""{"cipherText":"{{cipherText}}"}""";

    /// <summary>SHA-256 in lower-case hex over the header values as sent and the cipherText.</summary>
    public static string Sign(SignatureMode mode, string agentId, string timestamp, string nonce, string cipherText)
    {
        var text = mode switch
        {
            SignatureMode.Pipe => $"{agentId}|{timestamp}|{nonce}|{cipherText}",
            SignatureMode.LegacyConcat => $"{agentId}{timestamp}{nonce}{Body(cipherText)}",
        };
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));
    }

    /// <summary>When to renew: the life less the margin, but not before half of the life.</summary>
    public static DateTimeOffset RenewAt(DateTimeOffset now, long? expiresIn, TimeSpan margin)
    {
        // "Usually 3600" seconds, where the answer does not say.
        var life = TimeSpan.FromSeconds(expiresIn is > 0 and <= 31_536_000 ? expiresIn.Value : 3600);
        return now + (life - margin > life / 2 ? life - margin : life / 2);
    }
}
