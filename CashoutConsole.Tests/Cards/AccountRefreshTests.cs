using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Cards;

public sealed class AccountRefreshTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_refresh_adds_what_is_new_and_updates_what_is_known(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        var known = await rig.AccountAsync(100, "known");
        rig.Provider.Put(ConsoleRig.SnapshotOf("known", 70, Sheets.NoKey));
        rig.Provider.Put(ConsoleRig.SnapshotOf("new", 5.25m, Sheets.NoKey) with { Cards = [new ChildCard("c1", "•••• 1111", AccountStatus.Active, "ok", "work")] });
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await RefreshAsync(rig);

        Assert.Equal(70, (await rig.ReadAccountAsync(known.Id)).Balance!.Value.Amount);
        var added = await rig.QueryAsync(static db => db.Accounts.Include(static a => a.Cards).SingleAsync(static a => a.ExternalId == "new"));
        Assert.Equal((5.25m, "c1"), (added.Balance!.Value.Amount, added.Cards.Single().ExternalId));
        Assert.Equal(1000, await rig.QueryAsync(static db => db.ProviderAccountBalances.Select(static b => b.Millionths / 1_000_000).SingleAsync()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_a_complete_list_hides_what_is_missing_from_it(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        var gone = await rig.AccountAsync(100, "gone");
        var here = ConsoleRig.SnapshotOf("here", 1, Sheets.NoKey);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Provider.Listing = new AccountListing([here], Complete: false, new ProviderFault(ProviderFaultKind.NoAnswer, RawText: "page 2"));
        await RefreshAsync(rig);
        Assert.True((await rig.ReadAccountAsync(gone.Id)).Listed);
        Assert.Equal(ProviderFaultKind.NoAnswer, await rig.QueryAsync(static db => db.ProviderAccounts.Select(static p => p.RefreshFault).SingleAsync()));

        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Provider.Listing = new AccountListing([here], Complete: true);
        await RefreshAsync(rig);
        Assert.False((await rig.ReadAccountAsync(gone.Id)).Listed);

        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        rig.Provider.Listing = null;
        await RefreshAsync(rig);
        Assert.True((await rig.ReadAccountAsync(gone.Id)).Listed);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_balance_that_the_provider_did_not_say_is_unknown_and_never_zero(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        var account = await rig.AccountAsync(100, "a");
        rig.Provider.Put(ConsoleRig.SnapshotOf("a", null, Sheets.NoKey));
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await RefreshAsync(rig);

        Assert.Null((await rig.ReadAccountAsync(account.Id)).Balance);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_older_answer_never_replaces_a_newer_one(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100, "a");
        var reader = rig.Get<AccountReader>();
        var now = rig.Clock.Now();
        await reader.StoreAsync(account.Id, ConsoleRig.SnapshotOf("a", 60, Sheets.Member), now.AddSeconds(5), CancellationToken.None);
        await reader.StoreAsync(account.Id, ConsoleRig.SnapshotOf("a", 100, Sheets.Member), now.AddSeconds(4), CancellationToken.None);

        Assert.Equal(60, (await rig.ReadAccountAsync(account.Id)).Balance!.Value.Amount);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_person_s_refresh_is_on_record_and_the_interval_s_only_when_something_changed(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        await RefreshAsync(rig);
        Assert.Equal(0, await CountAsync(rig));
        await (await rig.Get<RefreshAccounts>().ExecuteAsync(rig.Treasury, rig.ProviderAccount.Id, CancellationToken.None)).Value;
        Assert.Equal(1, await CountAsync(rig));
        rig.Provider.Listing = new AccountListing([], Complete: false, new ProviderFault(ProviderFaultKind.Credentials));
        await RefreshAsync(rig);
        await RefreshAsync(rig);
        Assert.Equal(2, await CountAsync(rig));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Members_are_added_once_each_and_every_line_says_what_became_of_it(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Provider.Put(ConsoleRig.SnapshotOf("alice", 12.5m, Sheets.Member));
        await rig.AccountAsync(3, "bob");

        var lines = (await rig.Get<AddMembers>().ExecuteAsync(rig.Treasury, rig.ProviderAccount.Id, "alice, bob;nobody\nbad_name alice", CancellationToken.None)).Value;

        Assert.Equal(
            [("alice", AddMembers.MemberResult.Added), ("bob", AddMembers.MemberResult.AlreadyKnown), ("nobody", AddMembers.MemberResult.NotFound), ("bad_name", AddMembers.MemberResult.NotAUsername)],
            lines.Select(static line => (line.Username, line.Result)));
        Assert.Equal(12.5m, (await rig.QueryAsync(static db => db.Accounts.SingleAsync(static a => a.ExternalId == "alice"))).Balance!.Value.Amount);
        Assert.Equal(1, await rig.QueryAsync(static db => db.AuditEntries.CountAsync(static e => e.Action == "member.added")));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_member_that_no_list_shows_is_read_alone_at_each_refresh(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(3, "bob");
        rig.Provider.Put(ConsoleRig.SnapshotOf("bob", 9, Sheets.Member));
        rig.Provider.Listing = new AccountListing([], Complete: true);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await RefreshAsync(rig);

        Assert.Equal((9, true), ((await rig.ReadAccountAsync(account.Id)).Balance!.Value.Amount, (await rig.ReadAccountAsync(account.Id)).Listed));
    }

    private static Task<bool> RefreshAsync(ConsoleRig rig) =>
        rig.Get<AccountRefresher>().RefreshAsync(Actor.System("account-refresh"), rig.ProviderAccount.Id, CancellationToken.None);

    private static Task<int> CountAsync(ConsoleRig rig) => rig.QueryAsync(static db => db.AuditEntries.CountAsync(static e => e.Action == "accounts.refreshed"));
}
