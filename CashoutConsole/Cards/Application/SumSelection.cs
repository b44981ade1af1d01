using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Cards.Application;

/// <summary>How many of the selected accounts cannot be withdrawn from, by reason.</summary>
public readonly record struct BlockCount(WithdrawalBlock Block, int Accounts);

/// <summary>What is selected, in figures.</summary>
/// <param name="Totals">Known money per currency, by currency; limits and unknown balances are not in it.</param>
/// <param name="Withdrawable">Accounts from which something can be withdrawn now.</param>
/// <param name="Blocks">Why not from the others, most frequent first.</param>
public sealed record SelectionSum(int Accounts, IReadOnlyList<Money> Totals, int Withdrawable, IReadOnlyList<BlockCount> Blocks);

/// <summary>Adds up the selected accounts, loaded or not, by the last readings. The database does the adding: a hundred thousand accounts come back as a few lines.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class SumSelection(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, IProviderRegistry registry, IAccountCommitments commitments)
{
    public async Task<Result<SelectionSum>> ExecuteAsync(Actor actor, AccountSelection selection, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(SumSelection), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (selection.AllOn is { } filter && await filter.FaultAsync(db, cancellation) is { } fault)
        {
            return fault;
        }
        var sheets = await SheetsAsync(db, cancellation);
        var open = commitments.AccountsWithOpen(db);
        var selected = selection.Apply(db);
        var groups = await GroupsAsync(selected.Where(a => !open.Contains(a.Id)), sheets, cancellation);
        groups.AddRange(await CommittedAsync(db, selected.Where(a => open.Contains(a.Id)), sheets, cancellation));
        return Sum(groups);
    }

    /// <summary>
    /// Accounts without open withdrawals, alike in all that <see cref="Withdrawability"/> looks at. A balance that is enough for every
    /// sheet counts as just enough, so that accounts with different balances can be alike.
    /// </summary>
    private static async Task<List<Group>> GroupsAsync(IQueryable<Account> accounts, Dictionary<Guid, SheetState> sheets, CancellationToken cancellation)
    {
        var enough = sheets.Values.Where(static s => s.Sheet is not null).Select(static s => Enough(s.Sheet!)).DefaultIfEmpty(0).Max();
        var rows = await accounts
            .GroupBy(a => new
            {
                a.ProviderAccountId,
                a.Kind,
                a.Currency,
                a.Status,
                a.BalanceKind,
                a.Listed,
                Frozen = a.FrozenAt != null,
                Balance = a.BalanceMillionths == null || a.BalanceMillionths < enough ? a.BalanceMillionths : enough,
            })
            .Select(static g => new { g.Key, Count = g.Count(), Sum = g.Sum(static a => a.BalanceKind == BalanceKind.Money ? a.BalanceMillionths ?? 0 : 0) })
            .ToListAsync(cancellation);
        return rows.ConvertAll(row =>
        {
            var alike = new Account
            {
                Id = Guid.Empty,
                ProviderAccountId = row.Key.ProviderAccountId,
                ExternalId = "",
                Kind = row.Key.Kind,
                Status = row.Key.Status,
                RawStatus = "",
                Currency = row.Key.Currency,
                BalanceMillionths = row.Key.Balance,
                BalanceKind = row.Key.BalanceKind,
                Listed = row.Key.Listed,
                FrozenAt = row.Key.Frozen ? DateTimeOffset.UnixEpoch : null,
                Source = "",
                FirstSeenAt = default,
                LastSeenAt = default,
            };
            return new Group(row.Key.Currency, row.Sum, row.Count, BlockOf(alike, sheets, OpenAmounts.None));
        });
    }

    /// <summary>Accounts with open withdrawals: what is free differs from one to the next.</summary>
    private async Task<IEnumerable<Group>> CommittedAsync(CashoutDbContext db, IQueryable<Account> accounts, Dictionary<Guid, SheetState> sheets, CancellationToken cancellation)
    {
        var rows = await accounts.ToListAsync(cancellation);
        var amounts = await commitments.ByAccountAsync(db, rows.ConvertAll(static a => a.Id), cancellation);
        return rows.Select(a => new Group(
            a.Currency, a.BalanceKind == BalanceKind.Money ? a.BalanceMillionths ?? 0 : 0, 1, BlockOf(a, sheets, amounts.GetValueOrDefault(a.Id, OpenAmounts.None))));
    }

    private static SelectionSum Sum(List<Group> groups) => new(
        groups.Sum(static g => g.Accounts),
        [
            .. groups.GroupBy(static g => g.Currency, StringComparer.Ordinal)
                .Select(static g => Money.FromMillionths(g.Sum(static x => x.Millionths), g.Key))
                .Where(static total => total.Amount != 0)
                .OrderBy(static total => total.Currency.Value, StringComparer.Ordinal),
        ],
        groups.Where(static g => g.Block is null).Sum(static g => g.Accounts),
        [
            .. groups.Where(static g => g.Block is not null)
                .GroupBy(static g => g.Block!.Value)
                .Select(static g => new BlockCount(g.Key, g.Sum(static x => x.Accounts)))
                .OrderByDescending(static count => count.Accounts).ThenBy(static count => count.Block),
        ]);

    private static WithdrawalBlock? BlockOf(Account account, Dictionary<Guid, SheetState> sheets, OpenAmounts open)
    {
        var (sheet, isConfirmed) = sheets[account.ProviderAccountId];
        return Withdrawability.Of(account, sheet, isConfirmed, open.Reserved, open.HasLive, open.OwnedByPlan).Block;
    }

    /// <summary>In millionths: one unit of the last decimal more than the minimum, so that cutting to the decimals never falls below it.</summary>
    private static long Enough(ProviderSheet sheet)
    {
        var unit = Enumerable.Repeat(0.1m, sheet.Decimals).Aggregate(1m, static (product, tenth) => product * tenth);
        return Money.ToMillionths(sheet.Minimum + unit);
    }

    private async Task<Dictionary<Guid, SheetState>> SheetsAsync(CashoutDbContext db, CancellationToken cancellation)
    {
        var sheets = registry.Definitions.ToDictionary(static d => d.Name, static d => d.Sheet, StringComparer.Ordinal);
        return await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(
            static p => p.Id, p => new SheetState(sheets.GetValueOrDefault(p.Name), p.State == ProviderAccountState.Active), cancellation);
    }

    private sealed record SheetState(ProviderSheet? Sheet, bool IsConfirmed);

    private sealed record Group(string Currency, long Millionths, int Accounts, WithdrawalBlock? Block);
}
