using System.Collections.Concurrent;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Cards.Application;

/// <summary>A refresh under way in this process. <see cref="Read"/> counts accounts read so far.</summary>
public sealed record RefreshProgress(Guid ProviderAccountId, DateTimeOffset StartedAt, int Read);

/// <summary>
/// Reads all accounts of one provider account and stores them. One provider account is refreshed once at a time; what fails is
/// stored on that provider account and hides nothing else. Accounts missing from a complete list are marked, never removed.
/// </summary>
public sealed class AccountRefresher(
    IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IProviderRegistry registry, ChangeFeed feed, TimeProvider clock)
{
    private const int ChunkSize = 500;
    private const int ConflictTries = 3;

    private readonly ConcurrentDictionary<Guid, RefreshProgress> _running = new();

    public IReadOnlyCollection<RefreshProgress> Running => [.. _running.Values];

    /// <summary>False when a refresh of this provider account was already under way.</summary>
    public async Task<bool> RefreshAsync(Actor actor, Guid providerAccountId, CancellationToken cancellation)
    {
        var startedAt = clock.Now();
        if (!_running.TryAdd(providerAccountId, new RefreshProgress(providerAccountId, startedAt, 0)))
        {
            return false;
        }
        feed.Publish(new Change(ChangeKind.ProviderAccount, providerAccountId));
        try
        {
            await ReadAndStoreAsync(actor, providerAccountId, startedAt, cancellation);
        }
        finally
        {
            _running.TryRemove(providerAccountId, out _);
            feed.Publish(new Change(ChangeKind.ProviderAccount, providerAccountId));
        }
        return true;
    }

    private async Task ReadAndStoreAsync(Actor actor, Guid providerAccountId, DateTimeOffset startedAt, CancellationToken cancellation)
    {
        string name;
        List<string> directory;
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            name = await db.ProviderAccounts.Where(p => p.Id == providerAccountId).Select(static p => p.Name).SingleAsync(cancellation);
            directory = await db.Accounts.Where(a => a.ProviderAccountId == providerAccountId && a.Kind == AccountKind.Member).Select(static a => a.ExternalId).ToListAsync(cancellation);
        }
        if (registry.Find(name) is not { } provider)
        {
            return;
        }
        var listing = await provider.ListAccountsAsync(new ProgressOf(this, providerAccountId, startedAt), cancellation);
        var snapshots = listing.Accounts.ToList();
        if (!provider.Sheet.ListsAccounts)
        {
            var listed = snapshots.Select(static s => s.ExternalId).ToHashSet(StringComparer.Ordinal);
            snapshots.AddRange(await ReadDirectoryAsync(provider, [.. directory.Where(id => !listed.Contains(id))], cancellation));
        }
        foreach (var chunk in snapshots.Chunk(ChunkSize))
        {
            await StoreChunkAsync(providerAccountId, chunk, listing.Sources, startedAt, cancellation);
        }
        var own = provider.Sheet.HasOwnBalance ? await provider.ReadOwnBalanceAsync(cancellation) : null;
        await CloseAsync(actor, providerAccountId, provider.Sheet, listing, snapshots, own, startedAt, cancellation);
    }

    /// <summary>Members that the provider's own lists do not show now: one balance call each, a few at a time. One that fails keeps its last reading.</summary>
    private static async Task<List<AccountSnapshot>> ReadDirectoryAsync(IPayoutProvider provider, string[] usernames, CancellationToken cancellation)
    {
        var read = new ConcurrentBag<AccountSnapshot>();
        var options = new ParallelOptions { MaxDegreeOfParallelism = 4, CancellationToken = cancellation };
        await Parallel.ForEachAsync(usernames, options, async (username, token) =>
        {
            if ((await provider.ReadAccountAsync(username, token)).Value is { } snapshot)
            {
                read.Add(snapshot);
            }
        });
        return [.. read];
    }

    private async Task StoreChunkAsync(
        Guid providerAccountId, AccountSnapshot[] chunk, IReadOnlyDictionary<string, string>? sources, DateTimeOffset startedAt, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var result = await work.RunAsync<Done>(Actor.System("account-refresh"), async scope =>
            {
                var ids = chunk.Select(static s => s.ExternalId).ToList();
                var known = await scope.Db.Accounts.Include(static a => a.Cards)
                    .Where(a => a.ProviderAccountId == providerAccountId && ids.Contains(a.ExternalId))
                    .ToDictionaryAsync(static a => a.ExternalId, StringComparer.Ordinal, cancellation);
                foreach (var snapshot in chunk)
                {
                    if (!known.TryGetValue(snapshot.ExternalId, out var account))
                    {
                        account = NewAccount(providerAccountId, snapshot, sources?.GetValueOrDefault(snapshot.ExternalId) ?? "list", scope.Now);
                        known.Add(snapshot.ExternalId, account);
                        scope.Db.Accounts.Add(account);
                    }
                    AccountReadings.Apply(account, snapshot, startedAt);
                }
                return Done.Value;
            }, cancellation);
            if (result.IsSuccess || attempt == ConflictTries)
            {
                return;
            }
        }
    }

    internal static Account NewAccount(Guid providerAccountId, AccountSnapshot snapshot, string source, DateTimeOffset now) => new()
    {
        Id = Guid.CreateVersion7(now),
        ProviderAccountId = providerAccountId,
        ExternalId = snapshot.ExternalId,
        Kind = snapshot.Kind,
        Status = snapshot.Status,
        RawStatus = snapshot.RawStatus,
        Currency = snapshot.Currency.Value,
        Source = source,
        FirstSeenAt = now,
        LastSeenAt = now,
    };

    private async Task CloseAsync(
        Actor actor,
        Guid providerAccountId,
        ProviderSheet sheet,
        AccountListing listing,
        List<AccountSnapshot> snapshots,
        Reading<ProviderBalance>? own,
        DateTimeOffset startedAt,
        CancellationToken cancellation) =>
        await work.RunAsync<Done>(actor, async scope =>
        {
            var row = await scope.Db.ProviderAccounts.Include(static p => p.OwnBalances).SingleAsync(p => p.Id == providerAccountId, cancellation);
            var faultBefore = row.RefreshFault;
            var fault = listing.Fault ?? own?.Fault;
            row.RefreshedAt = scope.Now;
            row.RefreshSucceededAt = fault is null ? scope.Now : row.RefreshSucceededAt;
            row.RefreshFault = fault?.Kind;
            row.RefreshFaultText = AccountReadings.Fit(fault?.RawText, 2000);
            row.RefreshedAccounts = snapshots.Count;
            if (own?.Value is { } balance)
            {
                StoreOwnBalance(row, balance, scope.Now);
            }
            if (listing.Complete && sheet.ListsAccounts)
            {
                await scope.Db.Accounts.Where(a => a.ProviderAccountId == providerAccountId && a.Listed && a.LastSeenAt < startedAt)
                    .ExecuteUpdateAsync(static set => set.SetProperty(static a => a.Listed, false), cancellation);
            }
            // The interval refresh is on record only when something changed for the worse or the better; a person's always.
            if (actor.Kind == ActorKind.Operator || faultBefore != row.RefreshFault)
            {
                scope.Record(new AuditDraft(AuditActions.AccountsRefreshed, "provider-account", row.Name)
                {
                    Result = fault is null ? AuditResult.Ok : AuditResult.Failed,
                    Reason = fault?.Kind.ToString(),
                    Details = AuditTrail.ToJson(new { Accounts = snapshots.Count, listing.Complete }),
                });
            }
            scope.Announce(ChangeKind.Account);
            return Done.Value;
        }, cancellation);

    private static void StoreOwnBalance(ProviderAccount row, ProviderBalance balance, DateTimeOffset now)
    {
        row.OwnBalanceAt = now;
        foreach (var amount in balance.Amounts)
        {
            var line = row.OwnBalances.FirstOrDefault(b => b.Currency == amount.Currency.Value);
            if (line is null)
            {
                line = new ProviderAccountBalance { ProviderAccountId = row.Id, Currency = amount.Currency.Value, Millionths = 0 };
                row.OwnBalances.Add(line);
            }
            line.Millionths = Money.ToMillionths(decimal.Round(amount.Amount, 6, MidpointRounding.ToZero));
        }
    }

    private sealed class ProgressOf(AccountRefresher owner, Guid providerAccountId, DateTimeOffset startedAt) : IProgress<int>
    {
        public void Report(int value)
        {
            owner._running[providerAccountId] = new RefreshProgress(providerAccountId, startedAt, value);
            owner.Announce(providerAccountId);
        }
    }

    private void Announce(Guid providerAccountId) => feed.Publish(new Change(ChangeKind.ProviderAccount, providerAccountId));
}

/// <summary>A person asks for fresh balances of one provider account, or of all. The work goes on without the page.</summary>
[UseCase(Permission.RefreshBalances)]
public sealed class RefreshAccounts(Identity.Application.AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, AccountRefresher refresher)
{
    /// <returns>A task that ends when all are done; the page need not wait for it.</returns>
    public async Task<Result<Task>> ExecuteAsync(Actor actor, Guid? providerAccountId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RefreshBalances, nameof(RefreshAccounts), cancellation) is { } refusal)
        {
            return refusal;
        }
        var ids = await IdsAsync(providerAccountId, cancellation);
        return Task.WhenAll(ids.Select(id => refresher.RefreshAsync(actor, id, CancellationToken.None)));
    }

    private async Task<List<Guid>> IdsAsync(Guid? only, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.ProviderAccounts
            .Where(p => p.State != ProviderAccountState.Removed && (only == null || p.Id == only))
            .Select(static p => p.Id).ToListAsync(cancellation);
    }
}
