using System.Collections.Concurrent;

namespace CashoutConsole.Controls;

/// <summary>
/// The one timer behind every relative time of every circuit. It runs only while somebody listens, so an idle console does nothing.
/// A listener must be quick and must not throw; it runs on the timer's thread.
/// </summary>
public sealed class AgeTicker : IDisposable
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<Subscription, Action> _listeners = new();
    private readonly Lock _gate = new();
    private readonly ITimer _timer;

    public AgeTicker(TimeProvider clock) =>
        _timer = clock.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

    /// <summary>Calls <paramref name="onTick"/> every <see cref="Period"/> until the result is disposed.</summary>
    public IDisposable Subscribe(Action onTick)
    {
        var subscription = new Subscription(this);
        lock (_gate)
        {
            _listeners[subscription] = onTick;
            if (_listeners.Count == 1)
            {
                _timer.Change(Period, Period);
            }
        }
        return subscription;
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        foreach (var listener in _listeners.Values)
        {
            listener();
        }
    }

    private void Remove(Subscription subscription)
    {
        lock (_gate)
        {
            if (_listeners.TryRemove(subscription, out _) && _listeners.IsEmpty)
            {
                _timer.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            }
        }
    }

    private sealed class Subscription(AgeTicker ticker) : IDisposable
    {
        public void Dispose() => ticker.Remove(this);
    }
}
