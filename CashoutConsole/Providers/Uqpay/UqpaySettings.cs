using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Uqpay;

/// <summary>
/// One set of UQPay API credentials (Providers:Uqpay:Accounts:{key}). <see cref="ProviderAccountSettings.BaseUrl"/> includes the API
/// prefix: https://api.uqpay.com/api.
/// </summary>
public sealed class UqpaySettings : ProviderAccountSettings
{
    /// <summary>x-client-id.</summary>
    public string? ClientId { get; set; }

    /// <summary>x-api-key.</summary>
    public string? ApiKey { get; set; }

    /// <summary>account_id (UUID) of the issuing sub-account that the calls are made for; empty = the master account, and no header.</summary>
    public string? OnBehalfOf { get; set; }

    /// <summary>Secret of the webhook endpoint; empty = webhooks are not accepted.</summary>
    public string? WebhookSecret { get; set; }

    /// <summary>The lowest limit that UQPay's pages name for authenticated calls.</summary>
    public int RequestsPerMinute { get; set; } = 200;

    /// <summary>The lowest limit that UQPay's rate limit pages name for the token call in both environments.</summary>
    public int TokenRequestsPerMinute { get; set; } = 60;

    /// <summary>How long before its end a token is renewed.</summary>
    public double TokenMarginSeconds { get; set; } = 60;

    /// <summary>Decimals of a withdrawal; the pages state none, issuing transfers have two.</summary>
    public int Decimals { get; set; } = 2;

    public override string ClientIdentity => ClientId ?? "";

    public override string? SubAccount => string.IsNullOrWhiteSpace(OnBehalfOf) ? null : OnBehalfOf.Trim();

    /// <summary>The pacer lets one second's worth go at once, so a minute's quota is spread over 61 seconds to hold in any 60.</summary>
    public double PacePerSecond => Math.Min(RequestsPerSecond, RequestsPerMinute / 61d);

    public double TokenPacePerSecond => TokenRequestsPerMinute / 61d;

    protected override IEnumerable<string> OwnFaults(string prefix)
    {
        if (Missing(prefix, nameof(ClientId), ClientId) is { } noClient)
        {
            yield return noClient;
        }
        if (Missing(prefix, nameof(ApiKey), ApiKey) is { } noKey)
        {
            yield return noKey;
        }
        if (SubAccount is not null && !Guid.TryParseExact(SubAccount, "D", out _))
        {
            yield return $"{prefix}{nameof(OnBehalfOf)}: set the sub-account's account_id (a UUID), or leave it out for the master account";
        }
        if (RequestsPerMinute is < 1 or > 60_000)
        {
            yield return $"{prefix}{nameof(RequestsPerMinute)}: set a number from 1 to 60000";
        }
        if (TokenRequestsPerMinute is < 1 or > 60_000)
        {
            yield return $"{prefix}{nameof(TokenRequestsPerMinute)}: set a number from 1 to 60000";
        }
        if (TokenMarginSeconds is not (>= 0 and <= 1200))
        {
            yield return $"{prefix}{nameof(TokenMarginSeconds)}: set a number from 0 to 1200";
        }
        if (Decimals is < 0 or > 6)
        {
            yield return $"{prefix}{nameof(Decimals)}: set a number from 0 to 6";
        }
    }
}
