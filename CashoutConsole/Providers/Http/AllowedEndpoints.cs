using CashoutConsole.Providers.Contracts;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Providers.Http;

/// <summary>
/// Where provider accounts may point. A rehearsal stays on this machine. Live money goes over https, and outside Development only to
/// hosts that the operator of the console listed by name (Providers:AllowedHosts), so that one changed base URL is not enough.
/// </summary>
internal sealed class AllowedEndpoints
{
    private const string Setting = "AllowedHosts";
    private const string Key = $"Providers:{Setting}";

    private readonly OperatingMode _mode;
    private readonly bool _development;
    private readonly IReadOnlyList<string> _hosts;

    private AllowedEndpoints(OperatingMode mode, bool development, IReadOnlyList<string> hosts)
    {
        _mode = mode;
        _development = development;
        _hosts = hosts;
    }

    /// <summary>True for the key under Providers that is no provider.</summary>
    public static bool IsSetting(string key) => string.Equals(key, Setting, StringComparison.OrdinalIgnoreCase);

    public static AllowedEndpoints Read(IConfiguration configuration, OperatingMode mode, bool development, List<string> faults)
    {
        var section = configuration.GetSection(Key);
        if (!string.IsNullOrWhiteSpace(section.Value))
        {
            faults.Add($"{Key}: this is a list; write each host under a number, e.g. {Key}:0 = {section.Value.Trim()}");
        }
        var hosts = new List<string>();
        foreach (var entry in section.GetChildren())
        {
            var host = (entry.Value ?? "").Trim();
            if (IsPattern(host))
            {
                hosts.Add(host);
            }
            else
            {
                faults.Add($"{entry.Path}: '{host}' is no host; write a name such as api.example.com or *.example.com, without scheme, port and path");
            }
        }
        return new AllowedEndpoints(mode, development, hosts);
    }

    /// <summary>Null when money may go there; else what is wrong and what to do.</summary>
    public string? FaultOf(Uri url) => _mode switch
    {
        OperatingMode.Rehearsal => url.IsLoopback ? null : "Mode is Rehearsal, so only loopback addresses are allowed; set Mode to Live for a real provider",
        OperatingMode.Live => LiveFaultOf(url),
        _ => throw new ArgumentOutOfRangeException(nameof(url), _mode, "A mode without a rule."),
    };

    private string? LiveFaultOf(Uri url)
    {
        if (url.Scheme != Uri.UriSchemeHttps)
        {
            return _development && url.IsLoopback ? null : "http would send credentials and withdrawals in the clear; use the provider's https address";
        }
        return _development || _hosts.Any(host => Covers(host, url.IdnHost))
            ? null
            : $"the host {url.IdnHost} is not on {Key}; check that it is the provider's and add it there";
    }

    private static bool Covers(string pattern, string host) => pattern.StartsWith("*.", StringComparison.Ordinal)
        ? host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase) && host.Length > pattern.Length - 1
        : string.Equals(host, pattern, StringComparison.OrdinalIgnoreCase);

    /// <summary>A host, or "*." before a name of at least two parts: "*.com" would allow nearly everybody.</summary>
    private static bool IsPattern(string text) => text.StartsWith("*.", StringComparison.Ordinal)
        ? text[2..].Contains('.', StringComparison.Ordinal) && Uri.CheckHostName(text[2..]) == UriHostNameType.Dns
        : Uri.CheckHostName(text) is UriHostNameType.Dns or UriHostNameType.IPv4;
}
