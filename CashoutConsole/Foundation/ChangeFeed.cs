using System.Collections.Concurrent;

namespace CashoutConsole.Foundation;

/// <summary>What changed, told after the commit. <see cref="Id"/> is null when many rows of the kind changed at once.</summary>
public readonly record struct Change(ChangeKind Kind, Guid? Id = null);

public enum ChangeKind
{
    Account,
    Withdrawal,
    ProviderAccount,
    SendingStop,
    Operator,
    Approval,
    Policy,
    Notice,
    Batch,
}

/// <summary>
/// Tells open pages and background loops of this process that something was committed. A hint only: whoever listens reads the
/// database again. Handlers must return at once and never throw.
/// </summary>
public sealed class ChangeFeed(TimeProvider clock)
{
    /// <summary>Longer than a page takes from its first read to listening, on a busy machine.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromSeconds(10);

    private readonly Lock _gate = new();
    private readonly Queue<(long At, Change Change)> _recent = new();
    private readonly ConcurrentDictionary<Guid, Action<Change>> _listeners = new();

    public IDisposable Subscribe(Action<Change> listener)
    {
        var key = Guid.NewGuid();
        _listeners[key] = listener;
        return new Subscription(() => _listeners.TryRemove(key, out _));
    }

    /// <summary>For those who read before they listen: what changed meanwhile is told at once. It may be more than that.</summary>
    public IDisposable SubscribeLate(Action<Change> listener)
    {
        var subscription = Subscribe(listener);
        foreach (var change in RecentChanges())
        {
            listener(change);
        }
        return subscription;
    }

    public void Publish(Change change)
    {
        // Noted before it is told: who comes late hears it one way or the other.
        lock (_gate)
        {
            Forget();
            _recent.Enqueue((clock.GetTimestamp(), change));
        }
        foreach (var listener in _listeners.Values)
        {
            listener(change);
        }
    }

    private List<Change> RecentChanges()
    {
        lock (_gate)
        {
            Forget();
            return [.. _recent.Select(static noted => noted.Change)];
        }
    }

    private void Forget()
    {
        while (_recent.TryPeek(out var oldest) && clock.GetElapsedTime(oldest.At) > Recent)
        {
            _recent.Dequeue();
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
