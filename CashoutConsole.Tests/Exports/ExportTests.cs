using System.Text;
using CashoutConsole.Audit.Application;
using CashoutConsole.Exports.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using CashoutConsole.Tests.Withdrawals.Bulk;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using CashoutConsole.Withdrawals.Infrastructure;
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

    [Theory, OnSqlite, OnPostgres]
    public async Task The_file_of_a_batch_has_a_row_per_account_and_its_failures_can_be_uploaded_again(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Windowed);
        var accounts = new[] { await rig.AccountAsync(100, "a1"), await rig.AccountAsync(90, "a2"), await rig.AccountAsync(5, "a3") };
        var id = await rig.DraftAsync(BatchRig.These(accounts), BulkAmountKind.Each, 20.5m);
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        rig.Provider.Script(FakeProvider.RefuseWith(CashoutConsole.Providers.Contracts.ProviderFaultKind.Other), FakeProvider.Pay);
        Assert.Equal(2, await rig.SendDueAsync());
        var failed = (await rig.LegsAsync(id)).Single(static w => w.Status == WithdrawalStatus.Failed);

        var all = await LinesAsync((await rig.Get<ExportBatchCsv>().ExecuteAsync(rig.Auditor, new ExportBatchCsv.Query(id, BatchRows.All), CancellationToken.None)).Value);
        Assert.Equal(4, all.Count);
        Assert.StartsWith("provider_account,account,amount,currency,client_reference,note,result_status", all[0].TrimStart('\uFEFF'), StringComparison.Ordinal);
        Assert.Single(all, static line => line.Contains(",20.50,USD,,,Paid,", StringComparison.Ordinal) && line.Contains(",20.50,USD,2", StringComparison.Ordinal));
        Assert.Single(all, static line => line.Contains(",a3,20.50,USD,,,LeftOut,LessThanAsked,", StringComparison.Ordinal));

        var again = await LinesAsync((await rig.Get<ExportBatchCsv>().ExecuteAsync(rig.Treasury, new ExportBatchCsv.Query(id, BatchRows.Failed), CancellationToken.None)).Value);
        Assert.Contains($",{failed.ExternalAccountId},20.50,USD,,,Failed,", Assert.Single(again.Skip(1)), StringComparison.Ordinal);
        Assert.Equal(2, await rig.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == "withdrawals.exported" && e.SubjectId == id.ToString())));
        Assert.Equal("Forbidden", (await rig.Get<ExportBatchCsv>().ExecuteAsync(rig.Administrator, new ExportBatchCsv.Query(id, BatchRows.All), CancellationToken.None)).Error?.Code);
        var draft = await rig.DraftAsync(BatchRig.These(accounts[2]));
        Assert.Equal("BatchNotFound", (await rig.Get<ExportBatchCsv>().ExecuteAsync(rig.Auditor, new ExportBatchCsv.Query(draft, BatchRows.All), CancellationToken.None)).Error?.Code);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Rows_that_were_taken_out_because_of_faults_stay_in_the_file_as_they_were_typed(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (name, account) = (rig.ProviderAccount.Name, (await rig.AccountAsync(100)).ExternalId);
        var file = $"provider_account,account,amount,currency,client_reference,note\n{name},{account},10,USD,,\n{name},nobody,4.50,USD,ref-2,second\n";
        var id = (await rig.Get<UploadBatch>().ExecuteAsync(rig.Treasury, new UploadBatch.Command(Guid.NewGuid(), new MemoryStream(Encoding.UTF8.GetBytes(file)), null), CancellationToken.None)).Value;
        await rig.Get<BatchReader>().StepAsync(CancellationToken.None);
        Assert.True((await rig.Get<DropItems>().ExecuteAsync(rig.Treasury, new DropItems.Command(id, null, Drop: true), CancellationToken.None)).IsSuccess);
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);

        var all = await LinesAsync((await rig.Get<ExportBatchCsv>().ExecuteAsync(rig.Treasury, new ExportBatchCsv.Query(id, BatchRows.All), CancellationToken.None)).Value);

        Assert.Equal(3, all.Count);
        Assert.EndsWith(",USD,ref-2,second,Dropped,account: AccountUnknown,,,,", all[2], StringComparison.Ordinal);
        Assert.Contains("nobody", all[2], StringComparison.Ordinal);
    }

    private static async Task<List<string>> LinesAsync(Func<Stream, CancellationToken, Task> write)
    {
        using var output = new MemoryStream();
        await write(output, CancellationToken.None);
        return [.. Encoding.UTF8.GetString(output.ToArray()).Split("\r\n", StringSplitOptions.RemoveEmptyEntries)];
    }
}
