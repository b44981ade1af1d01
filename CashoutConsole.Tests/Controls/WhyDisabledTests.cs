using Bunit;
using CashoutConsole.Controls;

namespace CashoutConsole.Tests.Controls;

public sealed class WhyDisabledTests : ControlTest
{
    private int _clicks;

    [Fact]
    public void A_disabled_action_stays_focusable_and_says_why()
    {
        var button = Button("You made this request.");
        var element = button.Find("button");
        Assert.False(element.HasAttribute("disabled"));
        Assert.Equal("true", element.GetAttribute("aria-disabled"));
        Assert.Equal("You made this request.", button.Find("#" + element.GetAttribute("aria-describedby")).TextContent);
    }

    [Fact]
    public void A_disabled_action_does_nothing_when_clicked()
    {
        Button("No").Find("button").Click();
        Assert.Equal(0, _clicks);
    }

    [Fact]
    public void An_enabled_action_has_no_explanation()
    {
        var button = Button(null);
        button.Find("button").Click();
        Assert.Equal(1, _clicks);
        Assert.Empty(button.FindAll("[role=tooltip]"));
    }

    [Fact]
    public async Task Clicks_that_arrive_while_the_action_runs_are_dropped()
    {
        var running = new TaskCompletionSource();
        var button = Render<WhyDisabled>(p => p.Add(c => c.Reason, null).AddChildContent("Go").Add(c => c.OnClick, () =>
        {
            _clicks++;
            return running.Task;
        }));
        var first = button.Find("button").ClickAsync();
        var second = button.Find("button").ClickAsync();
        Assert.Equal(1, _clicks);
        running.SetResult();
        await Task.WhenAll(first, second);
        await button.Find("button").ClickAsync();
        Assert.Equal(2, _clicks);
    }

    private IRenderedComponent<WhyDisabled> Button(string? reason) =>
        Render<WhyDisabled>(p => p.Add(c => c.Reason, reason).Add(c => c.OnClick, () => { _clicks++; }).AddChildContent("Approve"));
}
