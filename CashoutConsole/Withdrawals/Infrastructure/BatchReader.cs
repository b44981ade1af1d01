using CashoutConsole.Audit.Application;
using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>
/// Reads the balances of new batches and has them planned. The work belongs to the batch, not to the page: a closed tab stops nothing, and a
/// restart begins the reading again.
/// </summary>
public sealed class BatchReader(
    IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IProviderRegistry registry, AccountReader reader, AccountRefresher refresher, BatchPlanner planner, BatchProgress progress,
    ChangeFeed feed, TimeProvider clock, ILogger<BatchReader> log) : BackgroundService
{
    /// <summary>From so many accounts on, one list of the provider account is cheaper than a question for each.</summary>
    private const int ListFrom = 10;

    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(5);
    private static readonly Actor Self = Actor.System("batch-reader");

    private readonly SemaphoreSlim _wake = new(0, 1);

    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var changes = feed.Subscribe(change =>
        {
            if (change.Kind == ChangeKind.Batch)
            {
                Wake();
            }
        });
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await StepAsync(stoppingToken);
                using var timer = clock.CreateTimer(_ => Wake(), null, IdleWait, Timeout.InfiniteTimeSpan);
                await _wake.WaitAsync(stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.LogError(exception, "Reading the balances of a batch failed; it is tried again.");
                await Task.Delay(IdleWait, clock, CancellationToken.None);
            }
        }
    }

    /// <summary>Reads and plans every batch that waits for it. Public for tests, which call it instead of waiting.</summary>
    public async Task StepAsync(CancellationToken cancellation)
    {
        List<Guid> waiting;
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            waiting = await db.Batches.Where(static b => b.State == BatchState.Reading).OrderBy(static b => b.CreatedAt).Select(static b => b.Id).ToListAsync(cancellation);
        }
        foreach (var batchId in waiting)
        {
            try
            {
                await ReadAsync(batchId, cancellation);
                await planner.WriteAsync(batchId, cancellation);
            }
            finally
            {
                progress.End(batchId);
                feed.Publish(new Change(ChangeKind.Batch, batchId));
            }
        }
    }

    private async Task ReadAsync(Guid batchId, CancellationToken cancellation)
    {
        var startedAt = clock.Now();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var accounts = await (
            from item in db.BatchItems.AsNoTracking()
            where item.BatchId == batchId && item.State == BatchItemState.Waiting && item.AccountId != null
            join account in db.Accounts on item.AccountId equals account.Id
            join provider in db.ProviderAccounts on account.ProviderAccountId equals provider.Id
            select new { item.Number, AccountId = account.Id, provider.Name, ProviderAccountId = provider.Id }).ToListAsync(cancellation);
        var read = 0;
        var failed = new System.Collections.Concurrent.ConcurrentDictionary<int, string>();
        progress.Report(batchId, 0, accounts.Count);
        await Task.WhenAll(accounts.GroupBy(static row => row.ProviderAccountId).Select(async group =>
        {
            var rows = group.ToList();
            var provider = registry.Find(rows[0].Name);
            if (provider?.Sheet.ListsAccounts == true && rows.Count >= ListFrom)
            {
                await refresher.RefreshAsync(Self, group.Key, cancellation);
                var fresh = await FreshAsync(group.Key, startedAt, cancellation);
                Count(rows.RemoveAll(row => fresh.Contains(row.AccountId)));
            }
            var options = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, provider?.Sheet.Concurrency ?? 1), CancellationToken = cancellation };
            await Parallel.ForEachAsync(rows, options, async (row, token) =>
            {
                if (await reader.ReadAsync(row.AccountId, token) is { } fault)
                {
                    failed[row.Number] = fault.ToString();
                }
                Count(1);
            });
        }));
        await NoteAsync(batchId, failed, cancellation);

        void Count(int more)
        {
            var now = Interlocked.Add(ref read, more);
            progress.Report(batchId, now, accounts.Count);
            if (now == accounts.Count || now % 20 < more)
            {
                feed.Publish(new Change(ChangeKind.Account));
            }
        }
    }

    private async Task<HashSet<Guid>> FreshAsync(Guid providerAccountId, DateTimeOffset since, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.Accounts.Where(a => a.ProviderAccountId == providerAccountId && a.BalanceReadAt >= since).Select(static a => a.Id).ToHashSetAsync(cancellation);
    }

    /// <summary>What could not be read is left out of the plan, with the provider's words.</summary>
    private async Task NoteAsync(Guid batchId, IReadOnlyDictionary<int, string> failed, CancellationToken cancellation)
    {
        if (failed.Count == 0)
        {
            return;
        }
        await work.RunAsync<Done>(Self, async scope =>
        {
            var numbers = failed.Keys.ToList();
            foreach (var item in await scope.Db.BatchItems.Where(i => i.BatchId == batchId && numbers.Contains(i.Number)).ToListAsync(cancellation))
            {
                item.LeftOutCode = LeftOutCodes.ReadingFailed;
                item.LeftOutText = StorableText.Of(CardNumbers.Mask(failed[item.Number]), 2000);
            }
            return Done.Value;
        }, cancellation);
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
