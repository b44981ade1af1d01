using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Tests.Support;

namespace CashoutConsole.Tests.Controls;

public sealed class ChangeWatchTests
{
    private readonly FakeTimeProvider _clock = new();
    private readonly ChangeFeed _feed;
    private int _told;

    public ChangeWatchTests() => _feed = new ChangeFeed(_clock);

    [Fact]
    public void A_burst_of_changes_is_told_once_after_the_pause()
    {
        using var watch = Watch();
        for (var i = 0; i < 10; i++)
        {
            _feed.Publish(new Change(ChangeKind.Account));
        }
        Assert.Equal(0, _told);
        _clock.Advance(ChangeWatch.Pause);
        Assert.Equal(1, _told);
    }

    [Fact]
    public void A_steady_stream_still_gets_through_at_every_pause()
    {
        using var watch = Watch();
        for (var i = 0; i < 20; i++)
        {
            _feed.Publish(new Change(ChangeKind.Account));
            _clock.Advance(ChangeWatch.Pause / 2);
        }
        Assert.InRange(_told, 9, 11);
    }

    [Fact]
    public void What_is_of_no_interest_is_not_told()
    {
        using var watch = Watch();
        _feed.Publish(new Change(ChangeKind.Operator));
        _clock.Advance(ChangeWatch.Pause);
        Assert.Equal(0, _told);
    }

    [Fact]
    public void After_the_page_is_left_nothing_is_told()
    {
        var watch = Watch();
        _feed.Publish(new Change(ChangeKind.Account));
        watch.Dispose();
        _feed.Publish(new Change(ChangeKind.Account));
        _clock.Advance(ChangeWatch.Pause);
        Assert.Equal(0, _told);
    }

    [Fact]
    public void What_changed_while_a_page_read_before_it_listened_is_told()
    {
        _feed.Publish(new Change(ChangeKind.Operator));
        _feed.Publish(new Change(ChangeKind.Account));
        using var watch = Watch(late: true);
        Assert.Equal(0, _told);
        _clock.Advance(ChangeWatch.Pause);
        Assert.Equal(1, _told);
    }

    [Fact]
    public void What_changed_long_before_is_not_told()
    {
        _feed.Publish(new Change(ChangeKind.Account));
        _clock.Advance(ChangeFeed.Recent + TimeSpan.FromSeconds(1));
        using var watch = Watch(late: true);
        _clock.Advance(ChangeWatch.Pause);
        Assert.Equal(0, _told);
    }

    private ChangeWatch Watch(bool late = false) => new(_feed, _clock, static change => change.Kind == ChangeKind.Account, () => _told++, late);
}
