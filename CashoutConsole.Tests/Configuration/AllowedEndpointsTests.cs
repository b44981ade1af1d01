using CashoutConsole.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Tests.Configuration;

/// <summary>Where provider accounts may point, and the settings of the site.</summary>
public sealed class AllowedEndpointsTests
{
    [Theory]
    [InlineData("Live", false, "https://api.example.com", true)]
    [InlineData("Live", false, "https://API.example.com:8443/v1", true)]
    [InlineData("Live", false, "https://eu.pay.example.org", true)]
    [InlineData("Live", false, "https://a.b.pay.example.org", true)]
    [InlineData("Live", false, "https://pay.example.org", false)]
    [InlineData("Live", false, "https://evilpay.example.org", false)]
    [InlineData("Live", false, "https://api.example.com.evil.example", false)]
    [InlineData("Live", false, "https://evilapi.example.com", false)]
    [InlineData("Live", false, "https://other.example.com", false)]
    [InlineData("Live", false, "http://api.example.com", false)]
    [InlineData("Live", false, "http://127.0.0.1:5081", false)]
    [InlineData("Live", false, "https://127.0.0.1:5081", false)]
    [InlineData("Live", true, "http://127.0.0.1:5081", true)]
    [InlineData("Live", true, "http://api.example.com", false)]
    [InlineData("Live", true, "https://other.example.com", true)]
    [InlineData("Rehearsal", false, "http://127.0.0.1:5081", true)]
    [InlineData("Rehearsal", true, "http://localhost:5081", true)]
    [InlineData("Rehearsal", false, "https://api.example.com", false)]
    [InlineData("Rehearsal", true, "https://api.example.com", false)]
    public void A_provider_account_points_only_where_its_mode_and_the_list_allow(string mode, bool development, string baseUrl, bool allowed)
    {
        var faults = Read(
            development,
            ("Mode", mode),
            ("Providers:AllowedHosts:0", "api.example.com"),
            ("Providers:AllowedHosts:1", "*.pay.example.org"),
            ("Providers:UnCash:Accounts:main:BaseUrl", baseUrl),
            ("Providers:UnCash:Accounts:main:ApiToken", "token"));

        if (allowed)
        {
            Assert.Empty(faults);
        }
        else
        {
            Assert.StartsWith("Providers:UnCash:Accounts:main:BaseUrl: ", Assert.Single(faults), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_host_that_is_not_listed_is_named_with_the_key_to_change()
    {
        var fault = Assert.Single(Read(
            false,
            ("Mode", "Live"),
            ("Providers:UnCash:Accounts:main:BaseUrl", "https://api.example.com"),
            ("Providers:UnCash:Accounts:main:ApiToken", "token")));
        Assert.Contains("api.example.com", fault, StringComparison.Ordinal);
        Assert.Contains("Providers:AllowedHosts", fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Providers:AllowedHosts:0", "https://api.example.com")]
    [InlineData("Providers:AllowedHosts:0", "api.example.com/v1")]
    [InlineData("Providers:AllowedHosts:0", "api.example.com:443")]
    [InlineData("Providers:AllowedHosts:0", "*")]
    [InlineData("Providers:AllowedHosts:0", "*.com")]
    [InlineData("Providers:AllowedHosts:0", "a*.example.com")]
    [InlineData("Providers:AllowedHosts:0", "")]
    [InlineData("Providers:AllowedHosts", "api.example.com")]
    [InlineData("Site:AllowedOrigins:0", "cashout.example.com")]
    [InlineData("Site:AllowedOrigins:0", "https://cashout.example.com/console")]
    [InlineData("Site:AllowedOrigins:0", "*")]
    [InlineData("Site:TrustedProxies:0", "proxy")]
    [InlineData("Site:TrustedProxies:0", "10.0.0.0/40")]
    [InlineData("Site:MaxConnectionsPerOperator", "0")]
    [InlineData("Site:MaxConnectionsPerOperator", "many")]
    public void A_setting_that_says_nothing_usable_is_a_fault_that_names_its_key(string key, string value) =>
        Assert.Contains(key, Assert.Single(Read(false, (key, value))), StringComparison.Ordinal);

    [Fact]
    public void Good_settings_of_the_site_are_read()
    {
        var faults = new List<string>();
        var site = ConsoleConfiguration.Read(
            Configuration(("Site:AllowedOrigins:0", "https://cashout.example.com"), ("Site:TrustedProxies:0", "10.0.0.0/24"), ("Site:TrustedProxies:1", "::1"), ("Site:MaxConnectionsPerOperator", "5")),
            Path.GetTempPath(), new FakeTimeProvider(), faults)?.Site;

        Assert.Empty(faults);
        Assert.Equal(["https://cashout.example.com"], site!.AllowedOrigins);
        Assert.Equal(["10.0.0.0/24", "::1"], site.TrustedProxies);
        Assert.Equal(5, site.MaxConnectionsPerOperator);
    }

    private static List<string> Read(bool development, params (string Key, string Value)[] settings)
    {
        var faults = new List<string>();
        ConsoleConfiguration.Read(Configuration(settings), Path.GetTempPath(), new FakeTimeProvider(), faults, development);
        return faults;
    }

    private static IConfiguration Configuration(params (string Key, string Value)[] settings) => new ConfigurationBuilder()
        .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
        .Build();
}
