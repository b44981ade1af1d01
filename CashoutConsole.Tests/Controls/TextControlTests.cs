using System.Globalization;
using Bunit;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;

namespace CashoutConsole.Tests.Controls;

public sealed class TextControlTests : ControlTest
{
    private static readonly CurrencyCode Usd = CurrencyCode.Parse("USD");

    [Theory]
    [InlineData("1250", "1,250.00")]
    [InlineData("1250.5", "1,250.50")]
    [InlineData("0.123456", "0.123456")]
    [InlineData("30000.500", "30,000.50")]
    [InlineData("-3.1", "-3.10")]
    public void An_amount_keeps_every_decimal_it_has_and_shows_at_least_two(string amount, string shown)
    {
        var text = Render<MoneyText>(p => p.Add(c => c.Amount, decimal.Parse(amount, CultureInfo.InvariantCulture)).Add(c => c.Currency, Usd));
        Assert.Equal(shown + "\u00a0USD", text.Find(".money").TextContent);
    }

    [Fact]
    public void An_unknown_amount_is_never_shown_as_zero()
    {
        var text = Render<MoneyText>(p => p.Add(c => c.Currency, Usd));
        Assert.Equal("—\u00a0USD", text.Find(".money").TextContent);
        Assert.Equal("The provider did not say", text.Find(".money").GetAttribute("title"));
    }

    [Fact]
    public void Money_can_be_given_as_one_value()
    {
        var text = Render<MoneyText>(p => p.Add(c => c.Value, new Money(7m, CurrencyCode.Parse("TUSDT"))));
        Assert.Equal("7.00\u00a0TUSDT", text.Find(".money").TextContent);
    }

    [Theory]
    [InlineData(-3, "just now")]
    [InlineData(-47, "45 s ago")]
    [InlineData(-60 * 14, "14 min ago")]
    [InlineData(-3600 * 30, "30 h ago")]
    [InlineData(-86400 * 3, "3 d ago")]
    [InlineData(60 * 12 + 5, "in 12 min")]
    public void An_age_is_told_in_words(int secondsFromNow, string words)
    {
        var age = Render<AgeText>(p => p.Add(c => c.Value, Clock.GetUtcNow().AddSeconds(secondsFromNow)));
        Assert.Equal(words, age.Find("time").TextContent);
    }

    [Fact]
    public void An_age_grows_by_itself_and_is_marked_when_old()
    {
        var age = Render<AgeText>(p => p.Add(c => c.Value, Clock.GetUtcNow()).Add(c => c.StaleAfter, TimeSpan.FromMinutes(5)));
        Assert.DoesNotContain("age-stale", age.Find("time").ClassName, StringComparison.Ordinal);
        Clock.Advance(TimeSpan.FromMinutes(6));
        Assert.Equal("6 min ago", age.Find("time").TextContent);
        Assert.Contains("age-stale", age.Find("time").ClassName, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_ages_share_one_timer_that_rests_when_none_is_left()
    {
        for (var i = 0; i < 50; i++)
        {
            Render<AgeText>(p => p.Add(c => c.Value, Clock.GetUtcNow()));
        }
        Assert.Equal(1, Clock.RunningTimers);
        await DisposeComponentsAsync();
        Assert.Equal(0, Clock.RunningTimers);
    }

    [Fact]
    public void Times_say_utc_until_the_zone_is_known_and_both_zones_afterwards()
    {
        var display = new DisplayTime();
        var time = new DateTimeOffset(2026, 3, 14, 20, 5, 9, TimeSpan.Zero);
        Assert.Equal("2026-03-14 20:05 UTC", display.Minute(time));
        display.UseZone("No/Such_Zone");
        Assert.Equal("2026-03-14 20:05 UTC", display.Minute(time));
        display.UseZone("Asia/Shanghai");
        Assert.Equal("2026-03-15 04:05:09", display.Full(time));
        Assert.Equal("2026-03-15 04:05:09 +08:00 · 2026-03-14 20:05:09 UTC", display.Exact(time));
    }

    [Fact]
    public void Copying_hands_the_browser_the_whole_text_even_when_a_shorter_one_is_shown()
    {
        var copy = Render<CopyText>(p => p.Add(c => c.Text, "8f14e45f-ceea").Add(c => c.Shown, "8f14…").Add(c => c.Label, "reference"));
        Assert.Equal("8f14e45f-ceea", copy.Find("button").GetAttribute("data-copy"));
        Assert.Equal("Copy reference", copy.Find("button").GetAttribute("aria-label"));
    }

    [Fact]
    public void Progress_counts_its_parts()
    {
        var line = Render<ProgressLine>(p => p.Add(c => c.Label, "Batch").Add(c => c.Total, 50)
            .Add(c => c.Parts, [new ProgressPart("paid", 48, Tone.Success), new ProgressPart("failed", 1, Tone.Danger)]));
        Assert.Equal("49", line.Find("[role=progressbar]").GetAttribute("aria-valuenow"));
        Assert.Equal("width: 96%", line.Find(".progress-success").GetAttribute("style"));
    }

    [Fact]
    public void Every_tone_has_its_colour_and_icon()
    {
        foreach (var tone in Enum.GetValues<Tone>())
        {
            Assert.NotEmpty(IconShapes.Path(tone.IconName()));
            Assert.NotEmpty(tone.CssName());
        }
    }
}
