using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Cards.Application;

/// <summary>One line of the accounts list.</summary>
public sealed record AccountRow(Account Account, ProviderAccount ProviderAccount, OpenAmounts Open, Withdrawability Limits);

/// <summary>Money on accounts, per provider and currency. Limits (SHARE cards) and unknown balances are counted, never summed.</summary>
public sealed record AccountTotal(ProviderKind Provider, string Currency, decimal Balance, int Accounts, int UnknownBalances, int Limits);

/// <summary>A page of accounts, for a virtualised list.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListAccounts(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, IProviderRegistry registry, IAccountCommitments commitments)
{
    public const int MaxPage = 500;

    public sealed record Page(IReadOnlyList<AccountRow> Rows, int Total);

    public async Task<Result<Page>> ExecuteAsync(Actor actor, AccountFilter filter, int skip, int take, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListAccounts), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await filter.FaultAsync(db, cancellation) is { } fault)
        {
            return fault;
        }
        var matching = filter.Apply(db);
        var total = await matching.CountAsync(cancellation);
        var accounts = await filter.Order(db, matching).Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 0, MaxPage)).Include(static a => a.Cards).AsSplitQuery().ToListAsync(cancellation);
        return new Page(await RowsAsync(db, accounts, registry, commitments, cancellation), total);
    }

    internal static async Task<IReadOnlyList<AccountRow>> RowsAsync(
        CashoutDbContext db, List<Account> accounts, IProviderRegistry registry, IAccountCommitments commitments, CancellationToken cancellation)
    {
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, cancellation);
        var open = await commitments.ByAccountAsync(db, accounts.ConvertAll(static a => a.Id), cancellation);
        var sheets = registry.Definitions.ToDictionary(static d => d.Name, static d => d.Sheet, StringComparer.Ordinal);
        return accounts.ConvertAll(account =>
        {
            var provider = providers[account.ProviderAccountId];
            var amounts = open.GetValueOrDefault(account.Id, OpenAmounts.None);
            var limits = Withdrawability.Of(
                account, sheets.GetValueOrDefault(provider.Name), provider.State == ProviderAccountState.Active, amounts.Reserved, amounts.HasLive, amounts.OwnedByPlan);
            return new AccountRow(account, provider, amounts, limits);
        });
    }
}

/// <summary>Totals of everything on the filter, loaded or not.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class SumAccounts(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    public async Task<Result<IReadOnlyList<AccountTotal>>> ExecuteAsync(Actor actor, AccountFilter filter, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(SumAccounts), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await filter.FaultAsync(db, cancellation) is { } fault)
        {
            return fault;
        }
        var groups = await filter.Apply(db)
            .GroupBy(static a => new { a.ProviderAccountId, a.Currency })
            .Select(static g => new
            {
                g.Key,
                Sum = g.Sum(static a => a.BalanceKind == BalanceKind.Money ? a.BalanceMillionths ?? 0 : 0),
                Count = g.Count(),
                Unknown = g.Count(static a => a.BalanceMillionths == null),
                Limits = g.Count(static a => a.BalanceKind == BalanceKind.Limit),
            })
            .ToListAsync(cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, static p => p.Provider, cancellation);
        return Result<IReadOnlyList<AccountTotal>>.Success(
        [
            .. groups.GroupBy(g => (Provider: providers[g.Key.ProviderAccountId], g.Key.Currency))
                .OrderBy(static g => g.Key.Currency, StringComparer.Ordinal).ThenBy(static g => g.Key.Provider)
                .Select(static g => new AccountTotal(
                    g.Key.Provider, g.Key.Currency, Money.ToDecimal(g.Sum(static x => x.Sum)), g.Sum(static x => x.Count), g.Sum(static x => x.Unknown), g.Sum(static x => x.Limits))),
        ]);
    }
}

/// <summary>One account with everything its page shows except its withdrawals, which the withdrawals room lists.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ShowAccount(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, IProviderRegistry registry, IAccountCommitments commitments)
{
    /// <param name="Others">The provider account's sheet, for "provider limits"; null when it is not configured.</param>
    public sealed record View(AccountRow Row, ProviderSheet? Sheet);

    public async Task<Result<View>> ExecuteAsync(Actor actor, Guid accountId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ShowAccount), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var account = await db.Accounts.AsNoTracking().Include(static a => a.Cards).SingleOrDefaultAsync(a => a.Id == accountId, cancellation);
        if (account is null)
        {
            return new Error("AccountNotFound");
        }
        var row = (await ListAccounts.RowsAsync(db, [account], registry, commitments, cancellation))[0];
        return new View(row, registry.Definitions.FirstOrDefault(d => d.Name == row.ProviderAccount.Name)?.Sheet);
    }
}
