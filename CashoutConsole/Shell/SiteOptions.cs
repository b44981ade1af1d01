using System.Net;

namespace CashoutConsole.Shell;

/// <summary>Settings of the section Site: how the console is reached, and how much one operator may hold open.</summary>
public sealed class SiteOptions
{
    /// <summary>Addresses (scheme, host, port) that people see in their browser when they differ from what reaches this process.</summary>
    public IList<string> AllowedOrigins { get; } = [];

    /// <summary>Addresses or networks (10.0.0.0/24) of the reverse proxies whose X-Forwarded headers are believed.</summary>
    public IList<string> TrustedProxies { get; } = [];

    /// <summary>Open pages per operator, over all browsers.</summary>
    public int MaxConnectionsPerOperator { get; set; } = 20;

    public IEnumerable<string> Faults()
    {
        for (var i = 0; i < AllowedOrigins.Count; i++)
        {
            if (SiteOrigin.Parse(AllowedOrigins[i]) is null)
            {
                yield return $"Site:AllowedOrigins:{i}: '{AllowedOrigins[i]}' is no origin; write scheme, host and port only, e.g. https://cashout.example.com";
            }
        }
        for (var i = 0; i < TrustedProxies.Count; i++)
        {
            if (!IPAddress.TryParse(TrustedProxies[i], out _) && !IPNetwork.TryParse(TrustedProxies[i], out _))
            {
                yield return $"Site:TrustedProxies:{i}: '{TrustedProxies[i]}' is neither an IP address nor a network such as 10.0.0.0/24";
            }
        }
        if (MaxConnectionsPerOperator is < 1 or > 1000)
        {
            yield return "Site:MaxConnectionsPerOperator: set a number from 1 to 1000";
        }
    }
}

/// <summary>Scheme, host and port, compared as browsers do.</summary>
internal static class SiteOrigin
{
    /// <summary>The origin in one spelling, or null when the text is not exactly an origin ("null" of a sandboxed frame is none).</summary>
    public static string? Parse(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || uri.Scheme == Uri.UriSchemeHttp)
        && uri is { PathAndQuery: "/", Fragment: "", UserInfo: "" }
            ? uri.GetLeftPart(UriPartial.Authority)
            : null;
}
