using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Cards;

public sealed class AccountListTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task The_list_is_filtered_sorted_and_paged(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);

        Assert.Equal(["c3", "c1", "c2", "c4"], await IdsAsync(rig, new AccountFilter()));
        Assert.Equal(["c4", "c2", "c1", "c3"], await IdsAsync(rig, new AccountFilter { Descending = false }));
        Assert.Equal(["c1", "c2"], await IdsAsync(rig, new AccountFilter(), skip: 1, take: 2));
        Assert.Equal(["c3", "c1"], await IdsAsync(rig, new AccountFilter { MinBalance = 50 }));
        Assert.Equal(["c1", "c2"], await IdsAsync(rig, new AccountFilter { MinBalance = 0.0000009m, MaxBalance = 100, WithBalanceOnly = true }));
        Assert.Equal(["c2"], await IdsAsync(rig, new AccountFilter { Status = AccountStatus.Frozen }));
        Assert.Equal(["c3"], await IdsAsync(rig, new AccountFilter { Currency = " eur " }));
        Assert.Empty(await IdsAsync(rig, new AccountFilter { Provider = ProviderKind.Uqpay }));
        foreach (var sort in Enum.GetValues<AccountSort>())
        {
            Assert.Equal(4, (await IdsAsync(rig, new AccountFilter { Sort = sort })).Count);
        }
    }

    [Theory]
    [OnSqlite("C2", "c2"), OnSqlite("lena", "c2"), OnSqlite("100%", "c3"), OnSqlite("_", "c4"), OnSqlite("\\", "c1"), OnSqlite("4242", "c1")]
    [OnPostgres("C2", "c2"), OnPostgres("lena", "c2"), OnPostgres("100%", "c3"), OnPostgres("_", "c4"), OnPostgres("\\", "c1"), OnPostgres("4242", "c1")]
    public async Task A_search_finds_by_id_name_holder_and_number_and_takes_wildcards_literally(DatabaseKind kind, string search, string expected)
    {
        await using var rig = await SeededAsync(kind);
        Assert.Equal([expected], await IdsAsync(rig, new AccountFilter { Search = search }));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_card_number_is_refused_as_a_search_unless_it_is_an_account_s_id(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        var list = rig.Get<ListAccounts>();
        var sum = rig.Get<SumAccounts>();
        var filter = new AccountFilter { Search = "4111 1111 1111 1111" };

        Assert.Equal("CardNumberInText", (await list.ExecuteAsync(rig.Auditor, filter, 0, 10, CancellationToken.None)).Error?.Code);
        Assert.Equal("CardNumberInText", (await sum.ExecuteAsync(rig.Auditor, filter, CancellationToken.None)).Error?.Code);
        await rig.AccountAsync(1, "5555555555554444");
        Assert.True((await list.ExecuteAsync(rig.Auditor, filter with { Search = "5555555555554444" }, 0, 10, CancellationToken.None)).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Totals_are_per_currency_and_count_neither_limits_nor_unknown_balances(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        await rig.ChangeAsync(async db => (await db.Accounts.SingleAsync(static a => a.ExternalId == "c2")).BalanceKind = BalanceKind.Limit);

        var totals = (await rig.Get<SumAccounts>().ExecuteAsync(rig.Auditor, new AccountFilter(), CancellationToken.None)).Value;

        Assert.Equal(
            [new AccountTotal(ProviderKind.UnCash, "EUR", 900, 1, 0, 0), new AccountTotal(ProviderKind.UnCash, "USD", 100, 3, 1, 1)],
            totals);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_is_reserved_is_shown_and_not_withdrawable_again(DatabaseKind kind)
    {
        await using var rig = await SeededAsync(kind);
        var account = await rig.QueryAsync(static db => db.Accounts.AsNoTracking().SingleAsync(static a => a.ExternalId == "c1"));
        await rig.RequestAsync(account, 30);

        var row = (await rig.Get<ShowAccount>().ExecuteAsync(rig.Auditor, account.Id, CancellationToken.None)).Value.Row;
        Assert.Equal((30, 70m), (row.Open.Reserved, row.Limits.Most));
        var provider = Assert.Single((await rig.Get<ListProviderAccounts>().ExecuteAsync(rig.Auditor, CancellationToken.None)).Value);
        Assert.Equal((4, 1, 0), (provider.Accounts, provider.Scheduled, provider.Live));
    }

    private static async Task<ConsoleRig> SeededAsync(DatabaseKind kind)
    {
        var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        var c1 = await rig.AccountAsync(100, "c1");
        await rig.AccountAsync(20, "c2", status: AccountStatus.Frozen);
        await rig.AccountAsync(900, "c3");
        await rig.AccountAsync(0, "c4");
        await rig.ChangeAsync(async db =>
        {
            var all = await db.Accounts.ToDictionaryAsync(static a => a.ExternalId, StringComparer.Ordinal);
            all["c1"].DisplayName = "back\\slash";
            all["c1"].Cards.Add(new CashoutConsole.Cards.Domain.AccountCard { AccountId = c1.Id, ExternalId = "child", MaskedNumber = "•••• 4242", Status = AccountStatus.Active, RawStatus = "" });
            all["c2"].Holder = "Lena Li";
            all["c3"].DisplayName = "100% mine";
            all["c3"].Currency = "EUR";
            all["c4"].DisplayName = "under_score";
            all["c4"].BalanceMillionths = null;
        });
        return rig;
    }

    private static async Task<IReadOnlyList<string>> IdsAsync(ConsoleRig rig, AccountFilter filter, int skip = 0, int take = 10)
    {
        var page = await rig.Get<ListAccounts>().ExecuteAsync(rig.Auditor, filter, skip, take, CancellationToken.None);
        return [.. page.Value.Rows.Select(static row => row.Account.ExternalId)];
    }
}
