using System.Security.Cryptography;
using System.Text;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.UnCash;

/// <summary>The static bearer token. Pure functions.</summary>
public static class UnCashCredentials
{
    /// <summary>First 16 hex digits of the token's SHA-256.</summary>
    public static string Identity(string token) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..16];

    public static KeyValuePair<string, string> Header(string token) => new("Authorization", $"Bearer {token}");

    /// <summary>The rate limit belongs to this, not to the provider account.</summary>
    public static string Key(UnCashSettings settings) =>
        $"{ProviderKind.UnCash}|{settings.Base.GetLeftPart(UriPartial.Authority)}|{settings.ClientIdentity}";
}
