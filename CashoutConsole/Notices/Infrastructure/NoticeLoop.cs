using CashoutConsole.Foundation;
using CashoutConsole.Notices.Application;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Notices.Infrastructure;

/// <summary>
/// Tells people outside the console: one loop writes notices, and each target has one of its own, so that a dead target delays no other.
/// All of them are apart from the loops that move money, and nothing waits for them.
/// </summary>
public sealed class NoticeLoop(NoticeWriter writer, NoticeSender sender, NoticeOptions options, ChangeFeed feed, TimeProvider clock, ILogger<NoticeLoop> log) : BackgroundService
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(15);

    /// <summary>A batch changes hundreds of rows a second: one look sees them all.</summary>
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(250);

    protected override Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var targets = options.Targets.Keys.Select(target =>
            RunAsync($"target {target}", static kind => kind == ChangeKind.Notice, token => sender.DeliverDueAsync(target, token), stoppingToken));
        return options.Targets.Count == 0
            ? Task.CompletedTask
            : Task.WhenAll(targets.Prepend(RunAsync(
                "writer", static kind => kind is ChangeKind.Approval or ChangeKind.Withdrawal or ChangeKind.SendingStop, writer.WriteAsync, stoppingToken)));
    }

    private async Task RunAsync(string name, Func<ChangeKind, bool> wakes, Func<CancellationToken, Task<int>> step, CancellationToken stopping)
    {
        using var wake = new SemaphoreSlim(0, 1);
        using var changes = feed.Subscribe(change =>
        {
            if (wakes(change.Kind))
            {
                Wake(wake);
            }
        });
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await step(stopping);
                await Task.Delay(ShortestWait, clock, stopping);
                using var timer = clock.CreateTimer(_ => Wake(wake), null, LongestWait, Timeout.InfiniteTimeSpan);
                await wake.WaitAsync(stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.LogError(exception, "The notices' {Loop} could not work; it tries again.", name);
                await Task.Delay(LongestWait, clock, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private static void Wake(SemaphoreSlim wake)
    {
        try
        {
            wake.Release();
        }
        catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
        {
            // Already awake, or already stopped.
        }
    }
}
