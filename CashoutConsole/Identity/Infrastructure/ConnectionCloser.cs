using CashoutConsole.Foundation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Identity.Infrastructure;

/// <summary>
/// Cuts the connections of operators who no longer stand (disabled, other roles, other password): at once when this process changed them,
/// within seconds when another process or the database did. The browser then finds itself signed out. Money does not wait for this:
/// every use case asks the database itself.
/// </summary>
public sealed class ConnectionCloser(
    OpenConnections connections, SessionCheck check, ChangeFeed feed, TimeProvider clock, ILogger<ConnectionCloser> log) : BackgroundService
{
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(3);

    private readonly SemaphoreSlim _wake = new(0, 1);

    /// <summary>One look at all of them. Returns how many were cut.</summary>
    public async Task<int> CloseStaleAsync(CancellationToken cancellation)
    {
        var cut = 0;
        foreach (var session in connections.BySession())
        {
            if (await check.IsCurrentAsync(session.First().Principal, cancellation))
            {
                continue;
            }
            foreach (var connection in session)
            {
                connection.Abort();
                cut++;
            }
        }
        return cut;
    }

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var subscription = feed.Subscribe(change =>
        {
            if (change.Kind == ChangeKind.Operator)
            {
                Wake();
            }
        });
        using var timer = clock.CreateTimer(_ => Wake(), null, Interval, Interval);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await _wake.WaitAsync(stoppingToken);
                if (await CloseStaleAsync(stoppingToken) is var cut and > 0)
                {
                    log.LogInformation("Cut {Count} connections of operators whose standing changed.", cut);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                // Without the database nobody can be judged, and nothing can be done on a page either. The next look is seconds away.
                log.LogWarning(exception, "The standing of connected operators could not be read.");
            }
        }
    }

    private void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Already awake, or already stopped.
        }
    }
}
