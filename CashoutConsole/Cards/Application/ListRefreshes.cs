using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Cards.Application;

/// <summary>How fresh the accounts of one provider account are, what went wrong the last time, and whether a refresh is under way.</summary>
/// <param name="RefreshedAt">When the last refresh ended, whatever its result; null = never.</param>
/// <param name="Fault">Why the last refresh failed or was incomplete; null = it did not.</param>
/// <param name="Running">Null = none now.</param>
public sealed record RefreshState(
    Guid ProviderAccountId,
    ProviderKind Provider,
    string DisplayName,
    DateTimeOffset? RefreshedAt,
    DateTimeOffset? SucceededAt,
    ProviderFaultKind? Fault,
    string? FaultText,
    RefreshProgress? Running);

/// <summary>The refresh state of every provider account that is configured, by name.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListRefreshes(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, AccountRefresher refresher)
{
    public async Task<Result<IReadOnlyList<RefreshState>>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListRefreshes), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var rows = await db.ProviderAccounts.AsNoTracking()
            .Where(static p => p.State != ProviderAccountState.Removed)
            .OrderBy(static p => p.Name).ToListAsync(cancellation);
        var running = refresher.Running.ToDictionary(static progress => progress.ProviderAccountId);
        return Result<IReadOnlyList<RefreshState>>.Success(rows.ConvertAll(p => new RefreshState(
            p.Id, p.Provider, p.DisplayName, p.RefreshedAt, p.RefreshSucceededAt, p.RefreshFault, p.RefreshFaultText, running.GetValueOrDefault(p.Id))));
    }
}
