using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Providers.Pikabao;
using CashoutConsole.Providers.UnCash;
using CashoutConsole.Providers.Uqpay;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Tests.Providers;

/// <summary>How the card providers' accounts are read from the configuration.</summary>
public sealed class AdapterConfigurationTests
{
    private static readonly IProviderModule[] Modules = [new PikabaoModule(), new UqpayModule(), new UnCashModule()];

    [Fact]
    public void Complete_accounts_become_providers_with_their_sheet()
    {
        var faults = new List<string>();

        var registry = Build(faults, new(StringComparer.Ordinal)
        {
            ["Providers:Pikabao:Accounts:main:AppId"] = "user123",
            ["Providers:Pikabao:Accounts:main:SecretKey"] = "s",
            ["Providers:Uqpay:Accounts:main:ClientId"] = "c",
            ["Providers:Uqpay:Accounts:main:ApiKey"] = "k",
            ["Providers:Uqpay:Accounts:main:RequestsPerMinute"] = "100",
            ["Providers:UnCash:Accounts:main:ApiToken"] = "uc_x",
            ["Providers:UnCash:Accounts:main:CooldownScope"] = "Card",
            ["Providers:UnCash:Accounts:main:Maximum"] = "5000.50",
        });

        Assert.Empty(faults);
        Assert.Equal("Pikabao:main Uqpay:main UnCash:main", string.Join(' ', registry!.Definitions.Select(static definition => definition.Name)));
        var unCash = registry.Find("UnCash:main")!.Sheet;
        Assert.Equal((CooldownScope.Account, 5000.50m), (unCash.CooldownScope, unCash.Maximum!.Value));
    }

    [Theory]
    [InlineData("Pikabao", "AppId")]
    [InlineData("Pikabao", "SecretKey")]
    [InlineData("Uqpay", "ClientId")]
    [InlineData("Uqpay", "ApiKey")]
    [InlineData("UnCash", "ApiToken")]
    public void A_missing_credential_is_named(string provider, string key)
    {
        var faults = new List<string>();

        Assert.Null(Build(faults, new(StringComparer.Ordinal) { [$"Providers:{provider}:Accounts:main:DisplayName"] = "x" }));

        Assert.Contains(faults, fault => fault.StartsWith($"Providers:{provider}:Accounts:main:{key}: missing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("Pikabao", "TransactionsPageSize", "0")]
    [InlineData("Pikabao", "CardListPath", "cards")]
    [InlineData("Pikabao", "CashOutDetailPath", "detail")]
    [InlineData("Pikabao", "EncoderSafeCharacters", "%")]
    [InlineData("Pikabao", "Currency", "??")]
    [InlineData("Uqpay", "OnBehalfOf", "not-a-uuid")]
    [InlineData("Uqpay", "Decimals", "7")]
    [InlineData("Uqpay", "TokenMarginSeconds", "-1")]
    [InlineData("UnCash", "Maximum", "0.5")]
    [InlineData("UnCash", "CooldownMinutes", "-1")]
    [InlineData("UnCash", "NoSuchSetting", "1")]
    [InlineData("UnCash", "CooldownScope", "Everyone")]
    public void A_wrong_or_unknown_setting_stops_the_start_and_is_named(string provider, string key, string value)
    {
        var faults = new List<string>();

        Assert.Null(Build(faults, new(StringComparer.Ordinal) { [$"Providers:{provider}:Accounts:main:{key}"] = value }));

        Assert.Contains(faults, fault => fault.Contains(key, StringComparison.Ordinal));
    }

    private static ProviderRegistry? Build(List<string> faults, Dictionary<string, string?> values)
    {
        foreach (var account in values.Keys.Select(static key => key[..key.LastIndexOf(':')]).Distinct(StringComparer.Ordinal).ToList())
        {
            values[account + ":BaseUrl"] = "http://127.0.0.1:9";
        }
        using var http = new ProviderHttp(TimeProvider.System);
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(values).Build();
        return ProviderRegistry.Build(configuration, OperatingMode.Rehearsal, Modules, new ProviderEnvironment(TimeProvider.System, http), faults);
    }
}
