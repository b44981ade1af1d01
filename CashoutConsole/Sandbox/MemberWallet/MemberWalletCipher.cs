using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Sandbox.MemberWallet;

/// <summary>
/// The member wallet's encryption and signature (providers: member wallet authentication pages). AES-256-GCM; the cipher text is
/// base64(iv, 12 bytes), base64(tag, 16 bytes) and base64(cipher), joined without separator.
/// </summary>
internal static class MemberWalletCipher
{
    private const int IvBytes = 12;
    private const int IvChars = 16;
    private const int TagBytes = 16;
    private const int TagChars = 24;

    /// <summary>SHA-256 over agent|timestamp|nonce|cipherText, 64 lower-case hex digits. No secret enters.</summary>
    public static string Sign(string agent, string timestamp, string nonce, string cipherText) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{agent}|{timestamp}|{nonce}|{cipherText}")));

    public static string Encrypt(string plain, string apiKeyHex, byte[] iv)
    {
        var data = Encoding.UTF8.GetBytes(plain);
        var cipher = new byte[data.Length];
        var tag = new byte[TagBytes];
        using var aes = new AesGcm(Convert.FromHexString(apiKeyHex), TagBytes);
        aes.Encrypt(iv, data, cipher, tag);
        return Convert.ToBase64String(iv) + Convert.ToBase64String(tag) + Convert.ToBase64String(cipher);
    }

    /// <summary>The plain bytes, or null when the text is malformed, was changed, or belongs to another key.</summary>
    public static byte[]? Decrypt(string cipherText, string apiKeyHex)
    {
        if (cipherText.Length < IvChars + TagChars + 4)
        {
            return null;
        }
        try
        {
            var iv = Convert.FromBase64String(cipherText[..IvChars]);
            var tag = Convert.FromBase64String(cipherText[IvChars..(IvChars + TagChars)]);
            var cipher = Convert.FromBase64String(cipherText[(IvChars + TagChars)..]);
            if (iv.Length != IvBytes || tag.Length != TagBytes)
            {
                return null;
            }
            var plain = new byte[cipher.Length];
            using var aes = new AesGcm(Convert.FromHexString(apiKeyHex), TagBytes);
            aes.Decrypt(iv, cipher, tag, plain);
            return plain;
        }
        catch (Exception fault) when (fault is FormatException or CryptographicException)
        {
            return null;
        }
    }
}
