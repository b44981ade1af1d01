using System.Security.Cryptography;
using Microsoft.AspNetCore.DataProtection;

namespace CashoutConsole.Identity.Application;

/// <summary>
/// Keeps the shared secrets of one-time codes unreadable in the database: sealed by the data protection keys, each for its one operator,
/// so that a row copied over to another operator opens nothing.
/// </summary>
public sealed class TotpSecrets(IDataProtectionProvider protection)
{
    private const string Purpose = "CashoutConsole.Identity.TotpSecret";

    public string Seal(string operatorId, byte[] secret) => Convert.ToBase64String(Protector(operatorId).Protect(secret));

    /// <summary>Null when there is none, or when the keys that sealed it are gone.</summary>
    public byte[]? Open(string operatorId, string? sealedSecret)
    {
        try
        {
            return sealedSecret is null ? null : Protector(operatorId).Unprotect(Convert.FromBase64String(sealedSecret));
        }
        catch (Exception exception) when (exception is CryptographicException or FormatException)
        {
            return null;
        }
    }

    private IDataProtector Protector(string operatorId) => protection.CreateProtector(Purpose, operatorId);
}
