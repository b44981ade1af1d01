using System.Text;
using CashoutConsole.Audit.Application;
using CashoutConsole.Exports.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Exports;

public sealed class ExportTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task The_audit_export_has_exactly_the_filtered_rows_and_is_on_record_before_its_first_byte(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 10);
        await rig.RequestAndSendAsync(await rig.AccountAsync(100), 20);
        var filter = new AuditFilter { Subject = id.ToString() };
        var expected = await rig.QueryAsync(db => filter.Apply(db.AuditEntries).OrderBy(e => e.Sequence).Select(e => e.Sequence).ToListAsync());

        var export = await rig.Get<ExportAuditCsv>().ExecuteAsync(rig.Auditor, filter, CancellationToken.None);
        Assert.Equal(1, await rig.QueryAsync(static db => db.AuditEntries.CountAsync(static e => e.Action == "audit.exported")));

        var lines = await LinesAsync(export.Value);
        Assert.Equal(expected, lines.Skip(1).Select(static line => long.Parse(line.Split(',')[0], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.Equal(3, expected.Count);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_whole_audit_export_leaves_out_only_itself(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var before = await rig.QueryAsync(static db => db.AuditEntries.CountAsync());
        var export = await rig.Get<ExportAuditCsv>().ExecuteAsync(rig.Auditor, new AuditFilter(), CancellationToken.None);

        Assert.Equal(before, (await LinesAsync(export.Value)).Count - 1);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_withdrawal_export_has_exactly_the_rows_of_the_list(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var paid = await rig.RequestAndSendAsync(await rig.AccountAsync(100, "=evil"), 10.5m);
        await rig.RequestAsync(await rig.AccountAsync(100), 20);
        var export = await rig.Get<ExportWithdrawalsCsv>().ExecuteAsync(rig.Treasury, new WithdrawalFilter { Status = WithdrawalStatus.Succeeded }, CancellationToken.None);

        var line = Assert.Single((await LinesAsync(export.Value)).Skip(1));
        Assert.StartsWith(paid.ToString(), line, StringComparison.Ordinal);
        Assert.Contains(",10.50,USD,Succeeded,", line, StringComparison.Ordinal);
        Assert.Contains("\"'=evil\"", line, StringComparison.Ordinal);
        Assert.Equal("CardNumberInText", (await rig.Get<ExportWithdrawalsCsv>().ExecuteAsync(
            rig.Treasury, new WithdrawalFilter { Search = "4111111111111111" }, CancellationToken.None)).Error?.Code);
    }

    private static async Task<List<string>> LinesAsync(Func<Stream, CancellationToken, Task> write)
    {
        using var output = new MemoryStream();
        await write(output, CancellationToken.None);
        return [.. Encoding.UTF8.GetString(output.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }
}
