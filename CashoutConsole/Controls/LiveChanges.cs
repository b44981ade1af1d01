using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Controls;

/// <summary>
/// Tells its page that something it shows was committed. Changes that come close together are told once, so that a batch of a
/// thousand does not redraw a page a thousand times. Draws nothing.
/// </summary>
public sealed class LiveChanges : ComponentBase, IDisposable
{
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(400);

    private IDisposable? _subscription;
    private ITimer? _timer;
    private int _waiting;

    [Inject]
    public required ChangeFeed Feed { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    /// <summary>Which changes matter here. Called on the thread of whoever committed: it must be quick.</summary>
    [Parameter, EditorRequired]
    public Func<Change, bool> Wants { get; set; } = null!;

    [Parameter, EditorRequired]
    public EventCallback OnChange { get; set; }

    public void Dispose()
    {
        _subscription?.Dispose();
        _timer?.Dispose();
    }

    protected override void OnInitialized()
    {
        _timer = Clock.CreateTimer(_ => _ = InvokeAsync(TellAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _subscription = Feed.Subscribe(OnCommitted);
    }

    protected override bool ShouldRender() => false;

    private void OnCommitted(Change change)
    {
        if (Wants(change) && Interlocked.Exchange(ref _waiting, 1) == 0)
        {
            _timer?.Change(Pause, Timeout.InfiniteTimeSpan);
        }
    }

    private Task TellAsync()
    {
        Volatile.Write(ref _waiting, 0);
        return OnChange.InvokeAsync();
    }
}
