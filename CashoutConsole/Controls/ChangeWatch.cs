using CashoutConsole.Foundation;

namespace CashoutConsole.Controls;

/// <summary>
/// Keeps a page current: after a change of interest it waits a moment, so that a burst is one re-reading, and calls back. The callback
/// comes on the timer's thread, in the page's own language; a page goes through InvokeAsync.
/// </summary>
public sealed class ChangeWatch : IDisposable
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(300);

    private readonly IDisposable _subscription;
    private readonly ITimer _timer;
    private int _waiting;

    /// <param name="isOfInterest">Runs on the thread of whoever made the change: quick, and never throws.</param>
    /// <param name="late">The page has read already: what changed a moment ago counts too.</param>
    public ChangeWatch(ChangeFeed feed, TimeProvider clock, Func<Change, bool> isOfInterest, Action onChange, bool late = false)
    {
        _timer = clock.CreateTimer(
            _ =>
            {
                Interlocked.Exchange(ref _waiting, 0);
                onChange();
            },
            null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _subscription = late ? feed.SubscribeLate(Hear) : feed.Subscribe(Hear);

        void Hear(Change change)
        {
            // Later changes within the pause join the first: a steady stream still gets through every 300 ms.
            if (isOfInterest(change) && Interlocked.Exchange(ref _waiting, 1) == 0)
            {
                _timer.Change(Pause, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public void Dispose()
    {
        _subscription.Dispose();
        _timer.Dispose();
    }
}
