using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Identity.Domain;

/// <summary>
/// Codes that stand in for a lost authenticator, each once. A set has ten; rows are never deleted, so the present set is the ten with
/// the highest numbers and a new set makes the old one worthless.
/// </summary>
public static class RecoveryCodes
{
    public const int PerSet = 10;

    private const int RandomBytes = 10;
    private const int Letters = 16;
    private const int Group = 4;

    /// <summary>80 random bits as "ABCD-EFGH-IJKL-MNOP".</summary>
    public static string New() =>
        string.Join('-', Base32.Encode(RandomNumberGenerator.GetBytes(RandomBytes)).Chunk(Group).Select(static letters => new string(letters)));

    /// <summary>The hash of what was typed, in whatever case and grouping; null = not a recovery code at all.</summary>
    public static string? HashOf(string? typed)
    {
        var plain = (typed ?? "").Replace("-", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal).ToUpperInvariant();
        return plain.Length == Letters && Base32.IsValid(plain) ? Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(plain))) : null;
    }

    /// <summary>The number after which the present set begins.</summary>
    public static int SetAfter(int highestNumber) => highestNumber - PerSet;
}
