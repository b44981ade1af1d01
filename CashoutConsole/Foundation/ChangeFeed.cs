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
public sealed class ChangeFeed
{
    private readonly ConcurrentDictionary<Guid, Action<Change>> _listeners = new();

    public IDisposable Subscribe(Action<Change> listener)
    {
        var key = Guid.NewGuid();
        _listeners[key] = listener;
        return new Subscription(() => _listeners.TryRemove(key, out _));
    }

    public void Publish(Change change)
    {
        foreach (var listener in _listeners.Values)
        {
            listener(change);
        }
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
