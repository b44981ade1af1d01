using System.Net;
using System.Net.Sockets;

namespace CashoutConsole.Providers.Http;

/// <summary>
/// A live provider stands on the public internet. A name that leads to this machine or into the local network was tampered with, and what
/// answers there is not the provider.
/// </summary>
internal static class PublicAddresses
{
    /// <summary>Special-purpose IPv4 blocks (RFC 6890): this network, private, carrier, loopback, link-local, test, benchmark, multicast, reserved.</summary>
    private static readonly IPNetwork[] LocalV4 =
    [
        .. new[]
        {
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.168.0.0/16",
            "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
        }.Select(static text => IPNetwork.Parse(text)),
    ];

    /// <summary>Of IPv6 only 2000::/3 is handed out; within it, documentation and the tunnels that carry an IPv4 address.</summary>
    private static readonly IPNetwork GlobalV6 = IPNetwork.Parse("2000::/3");

    private static readonly IPNetwork[] NotGlobalV6 = [IPNetwork.Parse("2001::/23"), IPNetwork.Parse("2001:db8::/32"), IPNetwork.Parse("2002::/16")];

    private static readonly IPNetwork Nat64 = IPNetwork.Parse("64:ff9b::/96");

    /// <summary>The addresses behind a name, all of them public; else an IOException that says which one is not.</summary>
    public static async Task<IPAddress[]> ResolveAsync(string host, CancellationToken cancellation)
    {
        var addresses = await Dns.GetHostAddressesAsync(host, cancellation);
        return addresses.FirstOrDefault(static address => !IsPublic(address)) is { } local
            ? throw new IOException($"{host} leads to {local}, which is no public address; nothing was sent.")
            : addresses;
    }

    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6)
        {
            return IsPublic(address.MapToIPv4());
        }
        if (address.AddressFamily == AddressFamily.InterNetwork)
        {
            return !LocalV4.Any(block => block.Contains(address));
        }
        // Networks without IPv4 reach it through this prefix; the last four bytes are where it really goes.
        return Nat64.Contains(address)
            ? IsPublic(new IPAddress(address.GetAddressBytes().AsSpan(12)))
            : GlobalV6.Contains(address) && !NotGlobalV6.Any(block => block.Contains(address));
    }
}
