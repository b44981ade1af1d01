using Microsoft.Data.Sqlite;

namespace CashoutConsole.Sandbox;

/// <summary>The background loop: settles orders whose time has come and sends due webhooks, four times a second of the injected clock.</summary>
internal sealed class SandboxWorker : IAsyncDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public SandboxWorker(SandboxClock clock, Func<CancellationToken, Task> tick) => _loop = RunAsync(clock, tick, _stop.Token);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _stop.Dispose();
    }

    private static async Task RunAsync(SandboxClock clock, Func<CancellationToken, Task> tick, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(Period, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stop))
            {
                try
                {
                    await tick(stop);
                }
                catch (SqliteException)
                {
                    // Another process holds the file; what is due stays due.
                }
            }
        }
        catch (OperationCanceledException)
        {
            // Stopped.
        }
    }
}
