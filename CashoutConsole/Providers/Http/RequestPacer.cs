namespace CashoutConsole.Providers.Http;

/// <summary>
/// Spaces requests evenly: at most <c>perSecond</c> on average, with a burst of one second's worth. One pacer per credential, shared by
/// everything that uses it; waiting callers are served in order.
/// </summary>
public sealed class RequestPacer(TimeProvider clock, double perSecond)
{
    private readonly Lock _gate = new();
    private readonly TimeSpan _interval = TimeSpan.FromSeconds(1 / perSecond);
    private readonly TimeSpan _burst = TimeSpan.FromSeconds(Math.Max(0, 1 - (1 / perSecond)));
    private readonly long _origin = clock.GetTimestamp();
    private TimeSpan _next = TimeSpan.Zero;

    public Task WaitAsync(CancellationToken cancellation)
    {
        TimeSpan wait;
        lock (_gate)
        {
            var now = clock.GetElapsedTime(_origin);
            var slot = _next > now - _burst ? _next : now - _burst;
            _next = slot + _interval;
            wait = slot - now;
        }
        return wait > TimeSpan.Zero ? Task.Delay(wait, clock, cancellation) : Task.CompletedTask;
    }
}
