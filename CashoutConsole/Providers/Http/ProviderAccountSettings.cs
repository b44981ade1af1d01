using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.Http;

/// <summary>
/// What every provider account's configuration has in common (Providers:{provider}:Accounts:{key}:…). Each provider adds its credentials
/// and the settings of its sheet. Nothing here is ever logged or shown but <see cref="BaseUrl"/> and <see cref="DisplayName"/>.
/// </summary>
public abstract class ProviderAccountSettings
{
    public string? BaseUrl { get; set; }

    public string? DisplayName { get; set; }

    /// <summary>Requests per second, reads and withdrawals together, per credential.</summary>
    public double RequestsPerSecond { get; set; } = 5;

    /// <summary>Withdrawals sent at the same time.</summary>
    public int Concurrency { get; set; } = 4;

    /// <summary>Seconds to wait for the answer to a withdrawal.</summary>
    public double SendTimeoutSeconds { get; set; } = 30;

    /// <summary>Seconds to wait for the answer to a read.</summary>
    public double ReadTimeoutSeconds { get; set; } = 20;

    /// <summary>What the identity of the endpoint is made of besides the origin: the client, agent or app id (never a secret).</summary>
    public abstract string ClientIdentity { get; }

    /// <summary>The sub-account the calls are made for, if any.</summary>
    public virtual string? SubAccount => null;

    /// <summary>The base URL without a trailing slash; valid after <see cref="Faults"/> returned none.</summary>
    public Uri Base => new(BaseUrl!.TrimEnd('/'));

    public TimeSpan SendTimeout => TimeSpan.FromSeconds(SendTimeoutSeconds);

    public TimeSpan ReadTimeout => TimeSpan.FromSeconds(ReadTimeoutSeconds);

    /// <summary>Every fault of this configuration, each line naming the key and what to do. <paramref name="prefix"/> ends with ':'.</summary>
    public IEnumerable<string> Faults(string prefix)
    {
        if (!Uri.TryCreate(BaseUrl, UriKind.Absolute, out var uri) || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp))
        {
            yield return $"{prefix}BaseUrl: set the provider's base URL, e.g. https://api.example.com";
        }
        else if (uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0)
        {
            yield return $"{prefix}BaseUrl: remove user name, query and fragment";
        }
        if (RequestsPerSecond is not (> 0 and <= 10_000))
        {
            yield return $"{prefix}RequestsPerSecond: set a number above 0 and up to 10000";
        }
        if (Concurrency is < 1 or > 256)
        {
            yield return $"{prefix}Concurrency: set a number from 1 to 256";
        }
        if (SendTimeoutSeconds is not (> 0 and <= 600))
        {
            yield return $"{prefix}SendTimeoutSeconds: set a number above 0 and up to 600";
        }
        if (ReadTimeoutSeconds is not (> 0 and <= 600))
        {
            yield return $"{prefix}ReadTimeoutSeconds: set a number above 0 and up to 600";
        }
        foreach (var fault in OwnFaults(prefix))
        {
            yield return fault;
        }
    }

    protected abstract IEnumerable<string> OwnFaults(string prefix);

    protected static string? Missing(string prefix, string key, string? value) =>
        string.IsNullOrWhiteSpace(value) ? $"{prefix}{key}: missing; set it from the environment or user-secrets" : null;
}
