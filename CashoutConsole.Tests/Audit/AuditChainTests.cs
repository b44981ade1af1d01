using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Audit;

public sealed class AuditChainTests
{
    /// <summary>The bytes of format version 1 are for ever: an entry written today must verify in ten years.</summary>
    [Fact]
    public void The_hash_of_an_entry_never_changes()
    {
        var entry = new AuditEntry
        {
            Sequence = 7,
            FormatVersion = 1,
            At = new DateTimeOffset(2026, 10, 5, 8, 0, 0, 123, 456, TimeSpan.Zero),
            ActorKind = ActorKind.Operator,
            ActorId = "operator-1",
            ActorName = "Tina 财务",
            OnBehalfOf = null,
            RemoteAddress = "192.0.2.7",
            Action = "withdrawal.requested",
            SubjectType = "withdrawal",
            SubjectId = "w-1",
            Result = AuditResult.Ok,
            Reason = "",
            Before = null,
            After = "{\"amount\":\"10.00 USD\"}",
            Details = null,
            CorrelationId = "w-1",
            ContentHash = [],
            PreviousHash = new byte[32],
            EntryHash = [],
        };
        var content = AuditHash.OfContent(entry);

        Assert.Equal("586504c34273c2496bdf9717d83628a70046d3136445928b3f44d5dddc41bbe8", Convert.ToHexStringLower(content));
        Assert.Equal("34cb3e974c55496c0dce15636476d7b98eadbd4d435fc7fa8ffb2128a1f05594", Convert.ToHexStringLower(AuditHash.OfEntry(7, new byte[32], content)));
    }

    [Fact]
    public void A_missing_field_and_an_empty_one_and_a_shifted_one_hash_differently()
    {
        var hashes = new[] { (null, "ab"), ("", "ab"), ("a", "b"), ("ab", ""), ("ab", null) }
            .Select(static pair => Convert.ToHexString(AuditHash.OfContent(Entry(pair.Item1, pair.Item2))));
        Assert.Equal(5, hashes.Distinct(StringComparer.Ordinal).Count());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Many_writers_at_once_make_one_whole_chain_without_gaps(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var work = rig.Get<UnitOfWork>();
        var before = await HeadAsync(rig);

        var results = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => Task.Run(() =>
            work.RecordAsync(Actor.System("writer"), new AuditDraft("test.written", "test", $"{i}"), CancellationToken.None))));

        Assert.All(results, static result => Assert.True(result.IsSuccess));
        var report = await rig.VerifyAsync();
        Assert.Equal(new ChainReport(before + 100, null, null), report);
        Assert.Equal(100, await rig.QueryAsync(static db => db.AuditEntries.Where(static e => e.Action == "test.written").Select(static e => e.SubjectId).Distinct().CountAsync()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_change_that_rolls_back_leaves_no_entry(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var before = await HeadAsync(rig);
        var work = rig.Get<UnitOfWork>();

        await work.RunAsync<Done>(Actor.Console, static scope =>
        {
            scope.Record(new AuditDraft("test.written", "test", "1"));
            return Task.FromResult<Result<Done>>(new Error("Refused"));
        }, CancellationToken.None);
        await Assert.ThrowsAsync<InvalidOperationException>(() => work.RunAsync<Done>(Actor.Console, static scope =>
        {
            scope.Record(new AuditDraft("test.written", "test", "1"));
            throw new InvalidOperationException();
        }, CancellationToken.None));

        Assert.Equal(before, await HeadAsync(rig));
        Assert.True((await rig.VerifyAsync()).IsWhole);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_change_whose_entry_cannot_be_written_does_not_happen(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        await rig.Database.ExecuteAsync(kind == DatabaseKind.Sqlite
            ? "CREATE TRIGGER broken BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END;"
            : "CREATE TRIGGER broken BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();");

        await Assert.ThrowsAsync<DbUpdateException>(() => rig.RequestAsync(account, 10));
        Assert.Equal(0, await rig.QueryAsync(static db => db.Withdrawals.CountAsync()));
    }

    [Theory]
    [OnSqlite, OnPostgres]
    public async Task A_changed_field_of_an_entry_is_found_by_its_number(DatabaseKind kind)
    {
        string[] texts = ["actor_kind", "actor_id", "actor_name", "on_behalf_of", "remote_address", "action", "subject_type", "subject_id", "result", "reason", "before", "after", "details", "correlation_id"];
        await using var rig = await WrittenAsync(kind);
        foreach (var column in texts)
        {
            await TamperAsync(rig, 4, $"{column} = 'Failed'", $"{column} = 'x'", $"{column} = NULL");
        }
        await TamperAsync(rig, 4, "at = at + 1", "format_version = 2");
        foreach (var column in new[] { "content_hash", "previous_hash", "entry_hash" })
        {
            await TamperAsync(rig, 4, kind == DatabaseKind.Sqlite ? $"{column} = zeroblob(32)" : $"{column} = decode(repeat('00', 32), 'hex')");
            await TamperAsync(rig, 4, kind == DatabaseKind.Sqlite ? $"{column} = x'00'" : $"{column} = decode('00', 'hex')");
        }
    }

    [Theory]
    [OnSqlite("DELETE FROM audit_entries WHERE sequence = 5", 5, "missing")]
    [OnSqlite("UPDATE audit_entries SET sequence = 1000 WHERE sequence = 5", 5, "missing")]
    [OnSqlite("UPDATE audit_entries SET sequence = 0 WHERE sequence = 5; UPDATE audit_entries SET sequence = 5 WHERE sequence = 6; UPDATE audit_entries SET sequence = 6 WHERE sequence = 0", 5, "relinked")]
    [OnSqlite("DELETE FROM audit_entries WHERE sequence > 6", 7, "cut-tail")]
    [OnSqlite("DELETE FROM audit_entries WHERE sequence > 6; UPDATE audit_head SET sequence = 6", 6, "head-changed")]
    [OnSqlite("UPDATE audit_head SET sequence = sequence + 1", 0, "cut-tail")]
    [OnPostgres("DELETE FROM audit_entries WHERE sequence = 5", 5, "missing")]
    [OnPostgres("UPDATE audit_entries SET sequence = 0 WHERE sequence = 5; UPDATE audit_entries SET sequence = 5 WHERE sequence = 6; UPDATE audit_entries SET sequence = 6 WHERE sequence = 0", 5, "relinked")]
    [OnPostgres("DELETE FROM audit_entries WHERE sequence > 6", 7, "cut-tail")]
    public async Task A_removed_moved_or_cut_entry_is_found_by_its_number(DatabaseKind kind, string sql, int firstBad, string problem)
    {
        await using var rig = await WrittenAsync(kind);
        var head = await HeadAsync(rig);
        await rig.Database.ExecuteAsync(sql);

        var report = await rig.VerifyAsync();
        Assert.Equal((firstBad == 0 ? head + 1 : firstBad, problem), (report.FirstBad!.Value, report.Problem));
    }

    [Theory]
    [OnSqlite(0), OnSqlite(1), OnSqlite(1000)]
    [OnPostgres(0), OnPostgres(1), OnPostgres(1000)]
    public async Task An_entry_that_was_put_in_from_outside_is_found(DatabaseKind kind, int beyondHead)
    {
        await using var rig = await WrittenAsync(kind);
        var sequence = beyondHead == 0 ? 0 : await HeadAsync(rig) + beyondHead;
        await rig.Database.ExecuteAsync($"""
            INSERT INTO audit_entries (sequence, format_version, at, actor_kind, actor_id, actor_name, action, subject_type, subject_id, result, content_hash, previous_hash, entry_hash)
            SELECT {sequence}, format_version, at, actor_kind, actor_id, 'somebody else', action, subject_type, subject_id, result, content_hash, previous_hash, entry_hash
            FROM audit_entries WHERE sequence = 3
            """);

        var report = await rig.VerifyAsync();
        Assert.Equal((sequence, "added"), (report.FirstBad!.Value, report.Problem));
    }

    private static async Task<ConsoleRig> WrittenAsync(DatabaseKind kind)
    {
        var rig = await ConsoleRig.StartAsync(kind);
        for (var i = 0; i < 10; i++)
        {
            await rig.Get<UnitOfWork>().RecordAsync(
                Actor.System("writer", "somebody") with { RemoteAddress = "192.0.2.1" },
                new AuditDraft("test.written", "test", $"{i}") { Reason = "r", Before = "{}", After = "{}", Details = "{}", CorrelationId = "c" },
                CancellationToken.None);
        }
        await rig.Database.DropTriggersAsync();
        return rig;
    }

    /// <summary>Each change alone is found at the very entry; then the entry is put back.</summary>
    private static async Task TamperAsync(ConsoleRig rig, int sequence, params string[] changes)
    {
        foreach (var change in changes)
        {
            var columns = await rig.QueryAsync(db => db.AuditEntries.AsNoTracking().SingleAsync(e => e.Sequence == sequence));
            try
            {
                await rig.Database.ExecuteAsync($"UPDATE audit_entries SET {change} WHERE sequence = {sequence}");
            }
            catch (System.Data.Common.DbException)
            {
                // A column that may not be null.
                continue;
            }
            var report = await rig.VerifyAsync();
            Assert.True(report.FirstBad == sequence, $"{change}: {report}");
            await rig.ChangeAsync(async db =>
            {
                await db.AuditEntries.Where(e => e.Sequence == sequence).ExecuteDeleteAsync();
                db.AuditEntries.Add(columns);
            });
            Assert.True((await rig.VerifyAsync()).IsWhole, "Putting the entry back did not make the chain whole.");
        }
    }

    private static Task<long> HeadAsync(ConsoleRig rig) => rig.QueryAsync(static db => db.AuditHeads.Select(static h => h.Sequence).SingleAsync());

    private static AuditEntry Entry(string? subjectId, string? reason) => new()
    {
        Sequence = 1,
        FormatVersion = 1,
        At = DateTimeOffset.UnixEpoch,
        ActorKind = ActorKind.Console,
        ActorId = "a",
        ActorName = "a",
        Action = "a",
        SubjectType = "s",
        SubjectId = "x",
        Result = AuditResult.Ok,
        Reason = subjectId,
        Before = reason,
        ContentHash = [],
        PreviousHash = [],
        EntryHash = [],
    };
}
