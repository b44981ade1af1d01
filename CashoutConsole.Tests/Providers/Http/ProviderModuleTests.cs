using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Tests.Providers.Http;

public sealed class ProviderModuleTests
{
    [Fact]
    public void A_complete_configuration_builds_the_adapters_with_their_sheets()
    {
        var (registry, faults) = Build(
            ("Providers:KeySecure:Accounts:main:BaseUrl", "http://127.0.0.1:5001"),
            ("Providers:KeySecure:Accounts:main:ApiKey", "key"),
            ("Providers:KeySecure:Accounts:main:ListFrom", "2025-01-01"),
            ("Providers:KeySecure:Accounts:main:ReplayProven", "true"),
            ("Providers:MemberWallet:Accounts:main:BaseUrl", "http://127.0.0.1:5002/"),
            ("Providers:MemberWallet:Accounts:main:AgentId", "agent"),
            ("Providers:MemberWallet:Accounts:main:ApiKey", new string('a', 64)),
            ("Providers:MemberWallet:Accounts:main:SecretKey", "secret"),
            ("Providers:MemberWallet:Accounts:main:SignatureMode", "LegacyConcat"));

        Assert.Empty(faults);
        var keySecure = registry!.Find("KeySecure:main")!.Sheet;
        Assert.Equal((2, 0.01m, ReplayRule.Safe, false, true), (keySecure.Decimals, keySecure.Minimum, keySecure.Replay, keySecure.SettlesAtOnce, keySecure.ListsAccounts));
        var wallet = registry.Find("MemberWallet:main")!.Sheet;
        Assert.Equal((6, 0.000001m, ReplayRule.Safe, true, false), (wallet.Decimals, wallet.Minimum, wallet.Replay, wallet.SettlesAtOnce, wallet.ListsAccounts));
        Assert.True(wallet.NativeAll);
        Assert.Null(wallet.ReplayWindow);
    }

    [Fact]
    public void Every_fault_is_named_by_its_key_and_no_secret_is_shown()
    {
        var (registry, faults) = Build(
            ("Providers:KeySecure:Accounts:main:BaseUrl", "http://127.0.0.1:5001"),
            ("Providers:KeySecure:Accounts:main:Timezone", "Beijing"),
            ("Providers:KeySecure:Accounts:main:Currency", "T USDT"),
            ("Providers:MemberWallet:Accounts:main:BaseUrl", "http://127.0.0.1:5002"),
            ("Providers:MemberWallet:Accounts:main:ApiKey", "not-a-key"),
            ("Providers:MemberWallet:Accounts:typo:SekretKey", "x"));

        Assert.Null(registry);
        foreach (var key in new[] { "KeySecure:Accounts:main:ApiKey", "main:Timezone", "main:Currency", "MemberWallet:Accounts:main:AgentId", "main:SecretKey", "MemberWallet:Accounts:main:ApiKey", "SekretKey" })
        {
            Assert.Contains(faults, fault => fault.Contains(key, StringComparison.Ordinal));
        }
        Assert.DoesNotContain(faults, static fault => fault.Contains("not-a-key", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("UTC")]
    [InlineData("UTC-3")]
    [InlineData("UTC+05:30")]
    [InlineData("UTC+14")]
    public void Whole_and_half_hour_zones_are_understood(string zone)
    {
        var (_, faults) = Build(
            ("Providers:KeySecure:Accounts:main:BaseUrl", "http://127.0.0.1:5001"),
            ("Providers:KeySecure:Accounts:main:ApiKey", "key"),
            ("Providers:KeySecure:Accounts:main:Timezone", zone));

        Assert.Empty(faults);
    }

    private static (ProviderRegistry? Registry, List<string> Faults) Build(params (string Key, string Value)[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(settings.Select(static setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value)))
            .Build();
        var clock = new FakeTimeProvider();
        using var http = new ProviderHttp(clock);
        List<string> faults = [];
        return (ProviderRegistry.Build(configuration, OperatingMode.Rehearsal, ProviderModules.All, new ProviderEnvironment(clock, http), faults), faults);
    }
}
