using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>Looks up what the rows of a file name: provider accounts, and accounts by their own id or by one of their cards.</summary>
internal static class BulkBooks
{
    /// <summary>Ids asked for with one statement.</summary>
    private const int Chunk = 500;

    public static async Task<BulkBook> OfAsync(CashoutDbContext db, IProviderRegistry registry, IReadOnlyList<CsvRow> rows, CancellationToken cancellation)
    {
        var providers = await db.ProviderAccounts.AsNoTracking().Where(static p => p.State != ProviderAccountState.Removed).ToListAsync(cancellation);
        var found = new Dictionary<(Guid Provider, string Text), List<BookAccount>>();
        foreach (var texts in rows.Select(static row => row.Account).Where(static text => text.Length is > 0 and <= 200).Distinct(StringComparer.Ordinal).Chunk(Chunk))
        {
            foreach (var a in await db.Accounts.AsNoTracking().Where(a => texts.Contains(a.ExternalId)).ToListAsync(cancellation))
            {
                Add(a.ProviderAccountId, a.ExternalId, new BookAccount(a.Id, a.ExternalId, a.Label, a.Currency, ByCard: false));
            }
            var byCard = await (
                from card in db.AccountCards.AsNoTracking()
                where texts.Contains(card.ExternalId)
                join account in db.Accounts on card.AccountId equals account.Id
                select new { card.ExternalId, Account = account }).ToListAsync(cancellation);
            foreach (var row in byCard)
            {
                Add(row.Account.ProviderAccountId, row.ExternalId, new BookAccount(row.Account.Id, row.Account.ExternalId, row.Account.Label, row.Account.Currency, ByCard: true));
            }
        }
        return new BulkBook(providers.ToDictionary(
            static p => p.Name,
            p => new BookProvider(
                p.Id, p.Name,
                registry.Definitions.FirstOrDefault(d => d.Name == p.Name && d.EndpointIdentity == p.EndpointIdentity)?.Sheet,
                p.State == ProviderAccountState.Active,
                found.Where(entry => entry.Key.Provider == p.Id).ToDictionary(static entry => entry.Key.Text, static entry => (IReadOnlyList<BookAccount>)entry.Value, StringComparer.Ordinal)),
            StringComparer.OrdinalIgnoreCase));

        void Add(Guid provider, string text, BookAccount account)
        {
            if (!found.TryGetValue((provider, text), out var list))
            {
                found[(provider, text)] = list = [];
            }
            if (!list.Exists(known => known.Id == account.Id))
            {
                list.Add(account);
            }
        }
    }

    /// <summary>The balances as they are known now, for "what changed since".</summary>
    public static async Task<Dictionary<Guid, long?>> BalancesAsync(CashoutDbContext db, IReadOnlyList<CheckedRow> rows, CancellationToken cancellation)
    {
        var balances = new Dictionary<Guid, long?>();
        foreach (var ids in rows.Select(static row => row.AccountId).OfType<Guid>().Distinct().Chunk(Chunk))
        {
            foreach (var row in await db.Accounts.Where(a => ids.Contains(a.Id)).Select(static a => new { a.Id, a.BalanceMillionths }).ToListAsync(cancellation))
            {
                balances[row.Id] = row.BalanceMillionths;
            }
        }
        return balances;
    }
}
