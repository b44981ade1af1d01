using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.MemberWallet;

/// <summary>What the request signature covers. The pages contradict each other; only the pipe form reproduces the documented sample.</summary>
public enum SignatureMode
{
    /// <summary>agentId|timestamp|nonce|cipherText.</summary>
    Pipe,

    /// <summary>agentId, timestamp, nonce and the JSON body, without separators (older pages).</summary>
    LegacyConcat,
}

/// <summary>
/// One agent of the member wallet (Providers:MemberWallet:Accounts:{key}:…). What the provider's pages leave open is a setting here.
/// </summary>
public sealed class MemberWalletSettings : ProviderAccountSettings
{
    private const int ApiKeyLength = 64;

    public string? AgentId { get; set; }

    /// <summary>64 hexadecimal characters: the AES-256 key of every request body.</summary>
    public string? ApiKey { get; set; }

    /// <summary>Sent, encrypted, to get a token; not the API key.</summary>
    public string? SecretKey { get; set; }

    public SignatureMode SignatureMode { get; set; } = SignatureMode.Pipe;

    /// <summary>How many days back the member report is asked for usernames; 0 = not at all.</summary>
    public int ReportDays { get; set; } = 30;

    /// <summary>A token is renewed this long before it ends.</summary>
    public int TokenMarginSeconds { get; set; } = 120;

    /// <summary>How long after the first send "no such transaction" proves nothing yet, because the request may still be under way.</summary>
    public int DuplicateGraceSeconds { get; set; } = 60;

    public override string ClientIdentity => AgentId ?? "";

    protected override IEnumerable<string> OwnFaults(string prefix)
    {
        if (Missing(prefix, nameof(AgentId), AgentId) is { } noAgent)
        {
            yield return noAgent;
        }
        if (Missing(prefix, nameof(SecretKey), SecretKey) is { } noSecret)
        {
            yield return noSecret;
        }
        if (Missing(prefix, nameof(ApiKey), ApiKey) is { } noKey)
        {
            yield return noKey;
        }
        else if (ApiKey!.Trim() is not { Length: ApiKeyLength } key || !key.All(char.IsAsciiHexDigit))
        {
            yield return $"{prefix}{nameof(ApiKey)}: must be {ApiKeyLength} hexadecimal characters, as the provider issued it";
        }
        if (!Enum.IsDefined(SignatureMode))
        {
            yield return $"{prefix}{nameof(SignatureMode)}: set {nameof(SignatureMode.Pipe)} or {nameof(SignatureMode.LegacyConcat)}";
        }
        if (ReportDays is < 0 or > 366)
        {
            yield return $"{prefix}{nameof(ReportDays)}: set a number from 0 to 366";
        }
        if (TokenMarginSeconds is < 0 or > 3600)
        {
            yield return $"{prefix}{nameof(TokenMarginSeconds)}: set a number from 0 to 3600";
        }
        if (DuplicateGraceSeconds is < 0 or > 86_400)
        {
            yield return $"{prefix}{nameof(DuplicateGraceSeconds)}: set a number from 0 to 86400";
        }
    }
}
