using CashoutConsole.Foundation;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.UnCash;

/// <summary>Whose withdrawals wait for each other. The page does not say; the whole provider account is the safe reading.</summary>
public enum UnCashCooldownScope
{
    ProviderAccount,
    Card,
}

/// <summary>One UnCash wallet and its API token (Providers:UnCash:Accounts:{key}). BaseUrl is the bare host: https://api.uncash.io.</summary>
public sealed class UnCashSettings : ProviderAccountSettings
{
    /// <summary>The withdrawal is done before it is answered, a call to the card provider included, so the wait is long.</summary>
    public UnCashSettings() => SendTimeoutSeconds = 90;

    /// <summary>"uc_" and 40 characters; static.</summary>
    public string? ApiToken { get; set; }

    /// <summary>Currency of the wallet, and of cards whose answer names none.</summary>
    public string Currency { get; set; } = "USD";

    /// <summary>Documented pause between withdrawal attempts.</summary>
    public double CooldownMinutes { get; set; } = 15;

    /// <summary>Added to the pause, because the start of UnCash's clock is not documented.</summary>
    public double CooldownMarginSeconds { get; set; } = 30;

    public UnCashCooldownScope CooldownScope { get; set; } = UnCashCooldownScope.ProviderAccount;

    /// <summary>For how long after a lost answer card and wallet are watched before a debit without credit counts as half done.</summary>
    public double EvidenceMinutes { get; set; } = 15;

    public decimal Minimum { get; set; } = 1.00m;

    public decimal Maximum { get; set; } = 10_000.00m;

    /// <summary>There is no client id; the first 16 hex digits of the token's SHA-256 tell tokens apart without revealing them.</summary>
    public override string ClientIdentity => UnCashCredentials.Identity(ApiToken ?? "");

    public TimeSpan Pause => TimeSpan.FromMinutes(CooldownMinutes) + TimeSpan.FromSeconds(CooldownMarginSeconds);

    public TimeSpan Evidence => TimeSpan.FromMinutes(EvidenceMinutes);

    protected override IEnumerable<string> OwnFaults(string prefix)
    {
        if (Missing(prefix, nameof(ApiToken), ApiToken) is { } noToken)
        {
            yield return noToken;
        }
        if (!CurrencyCode.TryParse(Currency, out _))
        {
            yield return $"{prefix}{nameof(Currency)}: set a currency code such as USD";
        }
        if (CooldownMinutes is not (>= 0 and <= 1440))
        {
            yield return $"{prefix}{nameof(CooldownMinutes)}: set a number from 0 to 1440";
        }
        if (CooldownMarginSeconds is not (>= 0 and <= 3600))
        {
            yield return $"{prefix}{nameof(CooldownMarginSeconds)}: set a number from 0 to 3600";
        }
        if (EvidenceMinutes is not (> 0 and <= 1440))
        {
            yield return $"{prefix}{nameof(EvidenceMinutes)}: set a number above 0 and up to 1440";
        }
        if (Minimum <= 0 || Maximum < Minimum)
        {
            yield return $"{prefix}{nameof(Minimum)} and {nameof(Maximum)}: set amounts above 0, the maximum not below the minimum";
        }
    }
}
