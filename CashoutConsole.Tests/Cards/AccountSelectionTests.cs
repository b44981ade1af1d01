using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Cards;

public sealed class AccountSelectionTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_selection_is_added_up_per_currency_and_never_over_limits_or_unknown_balances(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        var sum = await SumAsync(rig, AccountSelection.Everything(new AccountFilter()));

        Assert.Equal(7, sum.Accounts);
        Assert.Equal([Money.FromMillionths(900_000_000, "EUR"), Usd(150.509m)], sum.Totals);
        Assert.Equal(3, sum.Withdrawable);
        Assert.Equal(
            [new BlockCount(WithdrawalBlock.StatusFrozen, 1), new BlockCount(WithdrawalBlock.LimitNotMoney, 1), new BlockCount(WithdrawalBlock.BalanceUnknown, 1), new BlockCount(WithdrawalBlock.BelowMinimum, 1)],
            sum.Blocks.OrderBy(static count => count.Block));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_the_ticked_or_all_but_the_unticked_are_added_up(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        var ids = await rig.QueryAsync(static db => db.Accounts.ToDictionaryAsync(static a => a.ExternalId, static a => a.Id, StringComparer.Ordinal));

        var ticked = await SumAsync(rig, new AccountSelection(null, new HashSet<Guid> { ids["rich"], ids["euro"] }));
        Assert.Equal((2, 2), (ticked.Accounts, ticked.Withdrawable));
        Assert.Equal(["EUR", "USD"], ticked.Totals.Select(static total => total.Currency.Value), StringComparer.Ordinal);
        Assert.Empty(ticked.Blocks);

        var rest = await SumAsync(rig, new AccountSelection(new AccountFilter { Currency = "USD", Sort = AccountSort.Age }, new HashSet<Guid> { ids["rich"] }));
        Assert.Equal(5, rest.Accounts);
        Assert.Equal(0, (await SumAsync(rig, AccountSelection.None)).Accounts);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_open_withdrawals_reserve_is_said_per_account(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        var rich = await rig.QueryAsync(static db => db.Accounts.AsNoTracking().SingleAsync(static a => a.ExternalId == "rich"));
        await rig.RequestAsync(rich, 100);

        var sum = await SumAsync(rig, new AccountSelection(null, new HashSet<Guid> { rich.Id }));
        Assert.Equal([Usd(100)], sum.Totals);
        Assert.Equal([new BlockCount(WithdrawalBlock.AllReserved, 1)], sum.Blocks);
        Assert.Equal(0, sum.Withdrawable);
    }

    /// <summary>The sum groups accounts that are alike; each account must be judged as the list judges it.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task The_sum_judges_every_account_as_the_list_does(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        await rig.ChangeAsync(async db => (await db.Accounts.SingleAsync(static a => a.ExternalId == "euro")).FrozenAt = rig.Clock.Now());
        foreach (var millionths in new long?[] { 0, 1, 9_999, 10_000, 10_001, 20_000, 20_001, -5 })
        {
            var account = await rig.AccountAsync(1);
            await rig.ChangeAsync(async db => (await db.Accounts.SingleAsync(a => a.Id == account.Id)).BalanceMillionths = millionths);
        }
        await rig.RequestAsync(await rig.AccountAsync(50), 20);
        await rig.RequestAsync(await rig.AccountAsync(50), 50, all: true);
        var rows = (await rig.Get<ListAccounts>().ExecuteAsync(rig.Auditor, new AccountFilter(), 0, 100, CancellationToken.None)).Value.Rows;
        var sum = await SumAsync(rig, AccountSelection.Everything(new AccountFilter()));

        Assert.Equal(rows.Count(static row => row.Limits.Block is null), sum.Withdrawable);
        Assert.Equal(
            rows.Where(static row => row.Limits.Block is not null).GroupBy(static row => row.Limits.Block!.Value).Select(static g => new BlockCount(g.Key, g.Count())).OrderBy(static count => count.Block),
            sum.Blocks.OrderBy(static count => count.Block));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_ids_of_a_range_stand_in_the_order_of_the_list(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        var filter = new AccountFilter { Sort = AccountSort.Account, Descending = false };
        var rows = (await rig.Get<ListAccounts>().ExecuteAsync(rig.Auditor, filter, 2, 3, CancellationToken.None)).Value.Rows;
        var ids = await rig.Get<ListAccountIds>().ExecuteAsync(rig.Auditor, filter, 2, 3, CancellationToken.None);
        Assert.Equal(rows.Select(static row => row.Account.Id), ids.Value);
        Assert.Equal("RangeTooLong", (await rig.Get<ListAccountIds>().ExecuteAsync(rig.Auditor, filter, 0, ListAccountIds.MaxRange + 1, CancellationToken.None)).Error?.Code);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_may_not_see_accounts_and_what_may_not_be_searched_is_refused(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        var sum = rig.Get<SumSelection>();
        var search = AccountSelection.Everything(new AccountFilter { Search = "4111 1111 1111 1111" });
        Assert.Equal("CardNumberInText", (await sum.ExecuteAsync(rig.Auditor, search, CancellationToken.None)).Error?.Code);
        await rig.DisableAsync(rig.Auditor);
        Assert.Equal("Forbidden", (await sum.ExecuteAsync(rig.Auditor, AccountSelection.Everything(new AccountFilter()), CancellationToken.None)).Error?.Code);
        Assert.Equal("Forbidden", (await rig.Get<ListAccountIds>().ExecuteAsync(rig.Auditor, new AccountFilter(), 0, 1, CancellationToken.None)).Error?.Code);
    }

    /// <summary>More ids than a statement may have parameters.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task Forty_thousand_ticked_rows_are_one_question(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        var rich = await rig.QueryAsync(static db => db.Accounts.AsNoTracking().SingleAsync(static a => a.ExternalId == "rich"));
        var ids = Enumerable.Range(0, 40_000).Select(static _ => Guid.NewGuid()).Append(rich.Id).ToHashSet();
        Assert.Equal([Usd(100)], (await SumAsync(rig, new AccountSelection(null, ids))).Totals);
        Assert.Equal(6, (await SumAsync(rig, new AccountSelection(new AccountFilter(), ids))).Accounts);
    }

    private static Money Usd(decimal amount) => Money.FromMillionths(Money.ToMillionths(amount), "USD");

    private static async Task<SelectionSum> SumAsync(ConsoleRig rig, AccountSelection selection) =>
        (await rig.Get<SumSelection>().ExecuteAsync(rig.Auditor, selection, CancellationToken.None)).Value;

    /// <summary>Minimum 0.01 with two decimals.</summary>
    private static async Task<ConsoleRig> SeededAsync(DatabaseKind kind)
    {
        var rig = await ConsoleRig.StartAsync(kind, Sheets.Windowed);
        await rig.AccountAsync(100, "rich");
        await rig.AccountAsync(30.5m, "modest");
        await rig.AccountAsync(900, "euro");
        await rig.AccountAsync(20, "frozen", status: AccountStatus.Frozen);
        await rig.AccountAsync(5000, "limit");
        await rig.AccountAsync(1, "unknown");
        await rig.AccountAsync(0.009m, "dust");
        await rig.ChangeAsync(async db =>
        {
            var all = await db.Accounts.ToDictionaryAsync(static a => a.ExternalId, StringComparer.Ordinal);
            all["euro"].Currency = "EUR";
            all["limit"].BalanceKind = BalanceKind.Limit;
            all["unknown"].BalanceMillionths = null;
        });
        return rig;
    }
}
