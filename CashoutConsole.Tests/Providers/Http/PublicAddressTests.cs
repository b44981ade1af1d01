using System.Net;
using System.Net.Sockets;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Tests.Support;

namespace CashoutConsole.Tests.Providers.Http;

/// <summary>A live provider's name that leads into the local network gets no connection.</summary>
public sealed class PublicAddressTests
{
    [Theory]
    [InlineData("8.8.8.8", true)]
    [InlineData("172.32.0.1", true)]
    [InlineData("2606:4700::1111", true)]
    [InlineData("::ffff:8.8.8.8", true)]
    [InlineData("64:ff9b::808:808", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("127.8.9.10", false)]
    [InlineData("0.0.0.0", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("172.16.0.1", false)]
    [InlineData("172.31.255.255", false)]
    [InlineData("192.168.1.1", false)]
    [InlineData("169.254.169.254", false)]
    [InlineData("100.64.0.1", false)]
    [InlineData("224.0.0.1", false)]
    [InlineData("255.255.255.255", false)]
    [InlineData("::1", false)]
    [InlineData("::", false)]
    [InlineData("fe80::1", false)]
    [InlineData("fc00::1", false)]
    [InlineData("fd12:3456::1", false)]
    [InlineData("ff02::1", false)]
    [InlineData("::ffff:127.0.0.1", false)]
    [InlineData("::ffff:10.0.0.1", false)]
    [InlineData("64:ff9b::a00:1", false)]
    [InlineData("2002:7f00:1::", false)]
    [InlineData("2001:db8::1", false)]
    public void Only_addresses_of_the_public_internet_are_public(string address, bool expected) =>
        Assert.Equal(expected, PublicAddresses.IsPublic(IPAddress.Parse(address)));

    [Theory]
    [InlineData("localhost", true, "https", 0)]
    [InlineData("127.0.0.1", true, "https", 0)]
    [InlineData("localhost", false, "https", 1)]
    [InlineData("localhost", true, "http", 1)]
    public async Task A_live_https_host_that_leads_to_this_machine_gets_no_connection(string host, bool live, string scheme, int connections)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var accepted = AcceptAllAsync(listener);
        var uri = new Uri($"{scheme}://{host}:{((IPEndPoint)listener.LocalEndpoint).Port}/money");
        var clock = TimeProvider.System;
        using var http = new ProviderHttp(clock, publicOnly: live);

        var money = await http.SendMoneyAsync(() => new WireRequest(HttpMethod.Post, uri, []), new RequestPacer(clock, 100), TimeSpan.FromSeconds(5), CancellationToken.None);
        listener.Stop();

        Assert.Equal(connections, await accepted);
        Assert.Equal(connections > 0, money.Connected);
        if (connections == 0)
        {
            Assert.Equal(ProviderFaultKind.Unreachable, money.Fault?.Kind);
            Assert.Contains("no public address", money.Fault?.RawText, StringComparison.Ordinal);
        }
    }

    /// <summary>Hangs up on everybody; returns how many came.</summary>
    private static async Task<int> AcceptAllAsync(TcpListener listener)
    {
        var count = 0;
        try
        {
            while (true)
            {
                using var client = await listener.AcceptTcpClientAsync();
                count++;
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            return count;
        }
    }
}
