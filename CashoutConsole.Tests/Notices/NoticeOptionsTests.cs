using CashoutConsole.Notices.Domain;
using CashoutConsole.Tests.Support;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Tests.Notices;

public sealed class NoticeOptionsTests
{
    private static readonly Dictionary<string, string?> Good = new(StringComparer.Ordinal)
    {
        ["Notices:UnknownAfterMinutes"] = "15",
        ["Notices:PublicBaseUrl"] = "https://cashout.example",
        ["Notices:Targets:desk:Url"] = "https://hooks.example/in?token=hidden-token",
        ["Notices:Targets:desk:Secret"] = "0123456789abcdef",
        ["Notices:Targets:chat:Url"] = "http://localhost:9000/hook",
        ["Notices:Targets:chat:Format"] = "text",
        ["Notices:Targets:chat:Kinds:0"] = "BreakOpened",
    };

    [Fact]
    public void Good_settings_are_read()
    {
        var (configuration, faults) = Read(null, null);
        Assert.Empty(faults);
        Assert.Equal(TimeSpan.FromMinutes(15), configuration!.Notices.UnknownAfter);
        Assert.Equal("hooks.example", configuration.Notices.Targets["desk"].Host);
        Assert.Equal(["chat", "desk"], configuration.Notices.TargetsFor(NoticeKind.BreakOpened).Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(["desk"], configuration.Notices.TargetsFor(NoticeKind.SendingStopped), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("Notices:UnknownAfterMinutes", "0")]
    [InlineData("Notices:PublicBaseUrl", "cashout.example")]
    [InlineData("Notices:PublicBaseUrl", "https://me:hidden-token@cashout.example")]
    [InlineData("Notices:Targets:desk:Url", "")]
    [InlineData("Notices:Targets:desk:Url", "ftp://hooks.example/hidden-token")]
    [InlineData("Notices:Targets:desk:Url", "http://hooks.example/hidden-token")]
    [InlineData("Notices:Targets:desk:Url", "https://me:hidden-token@hooks.example/")]
    [InlineData("Notices:Targets:desk:Secret", "")]
    [InlineData("Notices:Targets:desk:Secret", "0123456789abcde")]
    [InlineData("Notices:Targets:chat:Secret", "0123456789abcde")]
    [InlineData("Notices:Targets:chat:Format", "7")]
    [InlineData("Notices:Targets:chat:Format", "Xml")]
    [InlineData("Notices:Targets:chat:Kinds:0", "Test")]
    [InlineData("Notices:Targets:chat:Kinds:0", "Rain")]
    [InlineData("Notices:Targets:desk:Uri", "https://hooks.example")]
    [InlineData("Notices:Targets:on call:Url", "https://hooks.example")]
    public void A_faulty_key_is_named_and_no_address_or_secret_is_quoted(string key, string value)
    {
        var (configuration, faults) = Read(key, value);
        Assert.Null(configuration);
        var named = key.EndsWith(":0", StringComparison.Ordinal) ? key[..^2] : key.Contains("on call", StringComparison.Ordinal) ? "Notices:Targets:on call" : key;
        Assert.Contains(faults, fault => fault.Contains(named, StringComparison.Ordinal) || fault.Contains(named.Split(':')[^1], StringComparison.Ordinal));
        Assert.DoesNotContain(faults, static fault => fault.Contains("hidden-token", StringComparison.Ordinal) || fault.Contains("0123456789abcde", StringComparison.Ordinal));
    }

    [Fact]
    public void Plain_http_to_another_machine_is_for_development_only()
    {
        Assert.Null(Read("Notices:Targets:desk:Url", "http://hooks.example").Configuration);
        Assert.NotNull(Read("Notices:Targets:desk:Url", "http://hooks.example", development: true).Configuration);
    }

    private static (ConsoleConfiguration? Configuration, List<string> Faults) Read(string? key, string? value, bool development = false)
    {
        var settings = new Dictionary<string, string?>(Good, StringComparer.Ordinal);
        if (key is not null)
        {
            settings[key] = value;
        }
        var faults = new List<string>();
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return (ConsoleConfiguration.Read(configuration, Path.GetTempPath(), new FakeTimeProvider(), faults, development), faults);
    }
}
