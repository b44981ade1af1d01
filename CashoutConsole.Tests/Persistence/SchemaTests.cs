using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Persistence;

/// <summary>What the databases themselves promise, whatever any code does.</summary>
public sealed class SchemaTests
{
    private static readonly string[] Final = ["Succeeded", "Failed", "NotSent", "Rejected", "Expired", "Cancelled"];

    [Theory, OnSqlite, OnPostgres]
    public async Task Migrations_build_an_empty_database_up_to_the_model(DatabaseKind kind)
    {
        await using var database = await TestDatabase.CreateAsync(kind, migrated: false);
        await using var db = database.NewContext();
        await db.Database.MigrateAsync();

        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.False(db.Database.HasPendingModelChanges());
        Assert.Equal(0, (await db.AuditHeads.SingleAsync()).Sequence);
    }

    [Theory]
    [OnSqlite("0.000001"), OnSqlite("10.5"), OnSqlite("9223372036854.775807")]
    [OnPostgres("0.000001"), OnPostgres("10.5"), OnPostgres("9223372036854.775807")]
    public async Task Money_survives_the_database(DatabaseKind kind, string amount)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var money = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture);
        var account = await rig.AccountAsync(money);

        Assert.Equal(money, (await rig.ReadAccountAsync(account.Id)).Balance!.Value.Amount);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Time_survives_the_database_to_the_microsecond_and_sorts(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Clock.Advance(TimeSpan.FromTicks(1234567));
        var earlier = await rig.AccountAsync(1);
        rig.Clock.Advance(TimeSpan.FromMicroseconds(1));
        var later = await rig.AccountAsync(1);

        var stored = await rig.QueryAsync(static db => db.Accounts.OrderBy(static a => a.FirstSeenAt).Select(static a => a.FirstSeenAt).ToListAsync());
        Assert.Equal([earlier.FirstSeenAt, later.FirstSeenAt], stored);
        Assert.Equal(TimeSpan.FromMicroseconds(1), stored[1] - stored[0]);
    }

    [Theory]
    [OnSqlite("audit_entries"), OnSqlite("status_changes"), OnSqlite("installations")]
    [OnPostgres("audit_entries"), OnPostgres("status_changes"), OnPostgres("installations")]
    public async Task An_append_only_table_refuses_every_change(DatabaseKind kind, string table)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.RequestAsync(await rig.AccountAsync(100), 10);
        var column = table switch { "audit_entries" => "actor_name", "status_changes" => "actor_name", _ => "mode" };

        await RefusedAsync(rig, $"UPDATE {table} SET {column} = 'x'");
        await RefusedAsync(rig, $"DELETE FROM {table}");
        if (kind == DatabaseKind.Postgres)
        {
            await RefusedAsync(rig, $"TRUNCATE {table} CASCADE");
        }
    }

    [Theory]
    [OnSqlite("withdrawals"), OnSqlite("attempts"), OnSqlite("breaks"), OnSqlite("audit_head")]
    [OnPostgres("withdrawals"), OnPostgres("attempts"), OnPostgres("breaks"), OnPostgres("audit_head")]
    public async Task Rows_about_money_are_never_deleted(DatabaseKind kind, string table)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Provider.Script(static (provider, submission) => new SubmissionOutcome.Succeeded(new Receipt { ExternalAccountId = "another" }, WireRecord.Nothing));
        await rig.RequestAndSendAsync(await rig.AccountAsync(100), 10);

        await RefusedAsync(rig, $"DELETE FROM {table}");
        if (kind == DatabaseKind.Postgres)
        {
            await RefusedAsync(rig, $"TRUNCATE {table} CASCADE");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_database_allows_exactly_the_transitions_of_the_table(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(1000);
        var allowed = WithdrawalTransitions.All.ToHashSet();
        foreach (var from in Enum.GetValues<WithdrawalStatus>())
        {
            foreach (var to in Enum.GetValues<WithdrawalStatus>().Where(to => to != from))
            {
                var id = Guid.NewGuid();
                await InsertAsync(rig, account.Id, id, from.ToString());
                var change = $"UPDATE withdrawals SET status = '{to}', final_at = {(Final.Contains(to.ToString()) ? "1" : "NULL")} WHERE id = {Text(rig, id)}";
                if (allowed.Contains((from, to)))
                {
                    Assert.Equal(1, await rig.Database.ExecuteAsync(change));
                }
                else
                {
                    await RefusedAsync(rig, change, $"{from} to {to}");
                }
                // Out of the way of the one live withdrawal per account: the next one gets an account of its own.
                account = await rig.AccountAsync(1000);
            }
        }
    }

    [Theory]
    [OnSqlite("NotExecuted", true), OnSqlite("Prepared", false), OnSqlite("MaybeExecuted", false), OnSqlite("Answered", false)]
    [OnPostgres("NotExecuted", true), OnPostgres("Prepared", false), OnPostgres("MaybeExecuted", false), OnPostgres("Answered", false)]
    public async Task The_database_schedules_again_only_what_was_certainly_not_executed(DatabaseKind kind, string state, bool allowed)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Provider.Script(FakeProvider.Throw);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 10);
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.SendAsync(id));
        await rig.Database.ExecuteAsync($"UPDATE attempts SET state = '{state}'");

        if (allowed)
        {
            Assert.Equal(1, await rig.Database.ExecuteAsync("UPDATE withdrawals SET status = 'Scheduled'"));
        }
        else
        {
            await RefusedAsync(rig, "UPDATE withdrawals SET status = 'Scheduled'");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_final_status_has_a_final_time_and_no_other_has(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.RequestAsync(await rig.AccountAsync(100), 10);

        await RefusedAsync(rig, "UPDATE withdrawals SET final_at = 1");
        await RefusedAsync(rig, "UPDATE withdrawals SET status = 'Cancelled'");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_amount_is_above_zero(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.RequestAsync(await rig.AccountAsync(100), 10);

        await RefusedAsync(rig, "UPDATE withdrawals SET amount_millionths = 0");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_account_has_at_most_one_live_withdrawal(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        await InsertAsync(rig, account.Id, Guid.NewGuid(), "OutcomeUnknown");
        await InsertAsync(rig, account.Id, Guid.NewGuid(), "Scheduled");

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => InsertAsync(rig, account.Id, Guid.NewGuid(), "Sending"));
        await RefusedAsync(rig, "UPDATE withdrawals SET status = 'Sending' WHERE status = 'Scheduled'");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_command_id_makes_one_withdrawal(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        var command = Guid.NewGuid();
        await InsertAsync(rig, account.Id, Guid.NewGuid(), "Scheduled", command);

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => InsertAsync(rig, account.Id, Guid.NewGuid(), "Scheduled", command));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_change_on_a_stale_version_is_a_conflict_and_changes_nothing(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 10);
        await using var stale = rig.Database.NewContext();
        var old = await stale.Withdrawals.SingleAsync(w => w.Id == id);
        await rig.SendAsync(id);

        old.Touch();
        await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => stale.SaveChangesAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_loser_of_two_changes_is_told_Conflict(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        var work = rig.Get<UnitOfWork>();

        var result = await work.RunAsync<Done>(Actor.System("test"), async scope =>
        {
            var row = await scope.Db.Accounts.SingleAsync(a => a.Id == account.Id);
            // Somebody else got in between: simulated by a row that carries an older version than the database.
            scope.Db.Entry(row).Property(a => a.Version).OriginalValue = row.Version - 1;
            row.Version++;
            return Done.Value;
        }, CancellationToken.None);

        Assert.Equal(UnitOfWork.Conflict, result.Error);
        Assert.Equal(0, (await rig.ReadAccountAsync(account.Id)).Version);
    }

    [Fact]
    public async Task Every_sqlite_connection_is_durable_and_checks_foreign_keys()
    {
        await using var database = await TestDatabase.CreateAsync(DatabaseKind.Sqlite);
        await using var db = database.NewContext();
        await db.Database.OpenConnectionAsync();

        Assert.Equal("wal", (await db.Database.SqlQueryRaw<string>("SELECT journal_mode AS Value FROM pragma_journal_mode").ToListAsync()).Single());
        Assert.Equal(2, (await db.Database.SqlQueryRaw<long>("SELECT synchronous AS Value FROM pragma_synchronous").ToListAsync()).Single());
        Assert.Equal(1, (await db.Database.SqlQueryRaw<long>("SELECT foreign_keys AS Value FROM pragma_foreign_keys").ToListAsync()).Single());
    }

    private static async Task RefusedAsync(ConsoleRig rig, string sql, string? what = null)
    {
        try
        {
            await rig.Database.ExecuteAsync(sql);
        }
        catch (System.Data.Common.DbException)
        {
            return;
        }
        Assert.Fail($"The database accepted: {what ?? sql}");
    }

    private static string Text(ConsoleRig rig, Guid id) =>
        rig.Database.Options.Kind == DatabaseKind.Sqlite ? $"'{id.ToString().ToUpperInvariant()}'" : $"'{id}'";

    private static Task<int> InsertAsync(ConsoleRig rig, Guid account, Guid id, string status, Guid? command = null) => rig.Database.ExecuteAsync($"""
        INSERT INTO withdrawals (id, command_id, provider_account_id, account_id, endpoint_identity, external_account_id, mode, amount_millionths,
            currency, idempotency_key, maker_id, reason, created_at, expires_at, status, version, not_before, checks, final_at, submission_number, required_checkers)
        VALUES ({Text(rig, id)}, {Text(rig, command ?? Guid.NewGuid())}, {Text(rig, rig.ProviderAccount.Id)}, {Text(rig, account)}, 'x', 'x', 'Exact', 1,
            'USD', '{Guid.NewGuid()}', '{rig.Treasury.Id}', 'x', 1, 1, '{status}', 1, 1, 0, {(Final.Contains(status) ? "1" : "NULL")},
            (SELECT COALESCE(MAX(submission_number), 0) + 1 FROM withdrawals), 0)
        """);
}
