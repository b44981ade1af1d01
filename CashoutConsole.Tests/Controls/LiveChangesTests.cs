using Bunit;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Controls;

/// <summary>A page reads before its first drawing brings the part that listens.</summary>
public sealed class LiveChangesTests : BunitContext
{
    [Fact]
    public void A_change_just_before_the_first_drawing_is_not_lost()
    {
        var (told, clock) = (0, new ManualClock());
        Services.AddSingleton<TimeProvider>(clock);
        Services.AddSingleton<ChangeFeed>();
        Services.GetRequiredService<ChangeFeed>().Publish(new Change(ChangeKind.Withdrawal));

        Render<LiveChanges>(parameters => parameters
            .Add(static live => live.Wants, static change => change.Kind == ChangeKind.Withdrawal)
            .Add(static live => live.OnChange, () => told++));
        clock.Advance(ChangeWatch.Pause);

        Assert.Equal(1, told);
    }
}
