using CashoutConsole.Foundation;
using CashoutConsole.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Tests.Configuration;

public sealed class ConsoleConfigurationTests
{
    [Fact]
    public void One_reading_names_every_faulty_key()
    {
        var (configuration, faults) = Read(new(StringComparer.Ordinal)
        {
            ["Mode"] = "Production",
            ["Database:Provider"] = "Oracle",
            ["Accounts:RefreshMinutes"] = "often",
            ["Security:StepUpMinutes"] = "0",
            ["Security:IdleMinutes"] = "1",
            ["Security:AbsoluteHours"] = "1000",
            ["Withdrawals:ExpiryHours"] = "0",
            ["Withdrawals:ApprovalThresholds:USD"] = "-1",
            ["Sandbox:Url"] = "http://example.com:5081",
            ["Sandbox:SettleSeconds"] = "-3",
            ["Providers:Piggybank:Accounts:main:BaseUrl"] = "http://127.0.0.1:1",
            ["Providers:UnCash:Accounts:main:BaseUrl"] = "ftp://127.0.0.1",
            ["Providers:Uqpay:Accounts:main:BaseUrl"] = "https://api.example.com",
        });

        Assert.Null(configuration);
        foreach (var key in new[]
        {
            "Mode:", "Database:Provider:", "Accounts:RefreshMinutes:", "Security:StepUpMinutes:", "Security:IdleMinutes:", "Security:AbsoluteHours:", "Withdrawals:ExpiryHours:", "Withdrawals:ApprovalThresholds:USD:", "Sandbox:Url:", "Sandbox:SettleSeconds:",
            "Providers:Piggybank:", "Providers:UnCash:Accounts:main:BaseUrl:", "Providers:Uqpay:Accounts:main:ClientId",
        })
        {
            Assert.Contains(faults, fault => fault.StartsWith(key, StringComparison.Ordinal));
        }
    }

    [Theory]
    [InlineData("Withdrawals:ExpiryHour", "12")]
    [InlineData("Withdrawals:ExpiryHours", "twelve")]
    [InlineData("Sandbox:Enable", "true")]
    [InlineData("Providers:UnCash:Accounts:main:BaseURI", "http://127.0.0.1:1")]
    public void A_key_that_no_setting_has_and_a_value_that_does_not_convert_are_faults(string key, string value)
    {
        var (_, faults) = Read(new(StringComparer.Ordinal) { [key] = value });
        Assert.Contains(faults, fault => fault.Contains(key.Split(':')[^1], StringComparison.Ordinal));
    }

    [Fact]
    public void Rehearsal_talks_to_loopback_addresses_only()
    {
        var (configuration, faults) = Read(UnCash("https://api.example.com", "Rehearsal"));
        Assert.Null(configuration);
        Assert.Contains(faults, static fault => fault.Contains("loopback", StringComparison.Ordinal));
        Assert.NotNull(Read(UnCash("http://127.0.0.1:5081/uncash", "Rehearsal")).Configuration);
    }

    [Fact]
    public void The_sandbox_runs_with_rehearsal_only()
    {
        var (_, faults) = Read(new(StringComparer.Ordinal) { ["Mode"] = "Live", ["Sandbox:Enabled"] = "true" });
        Assert.Contains(faults, static fault => fault.StartsWith("Sandbox:Enabled:", StringComparison.Ordinal));
    }

    [Fact]
    public void Without_any_setting_the_mode_is_live_and_no_currency_has_a_threshold()
    {
        var configuration = Read(new(StringComparer.Ordinal)).Configuration!;
        Assert.Equal(CashoutConsole.Providers.Contracts.OperatingMode.Live, configuration.Mode);
        Assert.Empty(configuration.Withdrawals.ApprovalThresholds);
    }

    [Fact]
    public void Two_names_for_the_same_account_at_the_same_endpoint_are_a_fault()
    {
        var settings = UnCash("http://127.0.0.1:1", "Rehearsal");
        foreach (var (key, value) in settings.Where(static pair => pair.Key.Contains(":main:", StringComparison.Ordinal)).ToList())
        {
            settings[key.Replace(":main:", ":twin:", StringComparison.Ordinal)] = value;
        }
        Assert.Contains(Read(settings).Faults, static fault => fault.Contains("UnCash:main and UnCash:twin", StringComparison.Ordinal));
    }

    private static Dictionary<string, string?> UnCash(string baseUrl, string mode) => new(StringComparer.Ordinal)
    {
        ["Mode"] = mode,
        ["Providers:UnCash:Accounts:main:BaseUrl"] = baseUrl,
        ["Providers:UnCash:Accounts:main:ApiToken"] = "token",
    };

    private static (ConsoleConfiguration? Configuration, List<string> Faults) Read(Dictionary<string, string?> settings)
    {
        var faults = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return (ConsoleConfiguration.Read(configuration, Path.GetTempPath(), new FakeTimeProvider(), faults), faults);
    }
}
