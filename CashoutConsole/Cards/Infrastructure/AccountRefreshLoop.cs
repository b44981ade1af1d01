using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Cards.Infrastructure;

/// <summary>How often balances are read without anybody asking. Setting Accounts:RefreshMinutes; 0 = never.</summary>
public sealed record RefreshInterval(TimeSpan Value);

/// <summary>Refreshes every provider account at start and then on the interval, each on its own, so that a slow one delays no other.</summary>
public sealed class AccountRefreshLoop(
    IDbContextFactory<CashoutDbContext> contexts, AccountRefresher refresher, RefreshInterval interval, TimeProvider clock, ILogger<AccountRefreshLoop> log) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (interval.Value <= TimeSpan.Zero)
        {
            return;
        }
        List<Guid> ids;
        await using (var db = await contexts.CreateDbContextAsync(stoppingToken))
        {
            ids = await db.ProviderAccounts.Where(static p => p.State != ProviderAccountState.Removed).Select(static p => p.Id).ToListAsync(stoppingToken);
        }
        await Task.WhenAll(ids.Select(id => RunAsync(id, stoppingToken)));
    }

    private async Task RunAsync(Guid providerAccountId, CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                await refresher.RefreshAsync(Actor.System("account-refresh"), providerAccountId, stopping);
                await Task.Delay(interval.Value, clock, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                log.LogError(exception, "Refreshing provider account {ProviderAccount} failed; it is tried again.", providerAccountId);
                await Task.Delay(TimeSpan.FromSeconds(30), clock, CancellationToken.None);
            }
        }
    }
}
