using System.Security.Cryptography;
using System.Text;

namespace CashoutConsole.Providers.Contracts;

/// <summary>Whether real money can move.</summary>
public enum OperatingMode
{
    Rehearsal,
    Live,
}

/// <summary>
/// Where and as whom we talk: SHA-256 over provider, origin (scheme, host, port), client/agent/app id, sub-account and mode,
/// each preceded by its length; lower-case hex. Stored on every provider account, withdrawal, attempt and approval.
/// </summary>
public static class EndpointIdentity
{
    public static string Compute(ProviderKind provider, Uri baseUrl, string clientId, string? subAccount, OperatingMode mode)
    {
        string[] parts = [provider.ToString(), baseUrl.GetLeftPart(UriPartial.Authority).ToLowerInvariant(), clientId, subAccount ?? "", mode.ToString()];
        var canonical = string.Concat(parts.Select(static part => $"{Encoding.UTF8.GetByteCount(part)}:{part}"));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)));
    }
}
