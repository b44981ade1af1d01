using System.Text;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using CashoutConsole.Withdrawals.Infrastructure;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

/// <summary>A file becomes a batch: nothing exists before every row was checked, and no row is paid twice.</summary>
public sealed class UploadTests
{
    private const string Header = "provider_account,account,amount,currency,client_reference,note\n";

    [Theory, OnSqlite, OnPostgres]
    public async Task Good_rows_are_planned_bad_ones_wait_to_be_fixed_and_then_all_are_sent(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var one = await rig.AccountAsync(100);
        var two = await rig.AccountAsync(80);
        var name = rig.ProviderAccount.Name;
        var id = await UploadAsync(rig, $"{name},{one.ExternalId},25.50,USD,inv-1,\n{name},{two.ExternalId},-3,USD,inv-2,\n{name},nobody,ALL,USD,,\n{name},{one.ExternalId},1,USD,inv-3,\n");

        var items = await rig.ItemsAsync(id);
        Assert.Equal([BatchItemState.Planned, BatchItemState.Invalid, BatchItemState.Invalid, BatchItemState.Invalid], items.Select(static i => i.State));
        Assert.Equal(["AmountNegative"], ItemRows.FaultsOf(items[1]).Select(static f => f.Code), StringComparer.Ordinal);
        Assert.Equal(["AccountUnknown"], ItemRows.FaultsOf(items[2]).Select(static f => f.Code), StringComparer.Ordinal);
        Assert.Equal(["AccountTwice"], ItemRows.FaultsOf(items[3]).Select(static f => f.Code), StringComparer.Ordinal);
        Assert.Equal("RowsWithFaults", (await rig.SubmitAsync(id)).Error?.Code);
        Assert.Empty(await rig.LegsAsync(id));

        var fix = await rig.Get<FixRow>().ExecuteAsync(rig.Treasury, new FixRow.Command(id, 2, CsvColumn.Amount, "ALL"), CancellationToken.None);
        Assert.True(fix.IsSuccess, fix.Error?.ToString());
        Assert.True((await rig.Get<DropItems>().ExecuteAsync(rig.Treasury, new DropItems.Command(id, [3, 4], true), CancellationToken.None)).IsSuccess);
        await rig.Get<BatchReader>().StepAsync(CancellationToken.None);
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        Assert.Equal(2, await rig.SendDueAsync());
        Assert.Equal([25.50m, 80m], rig.Provider.Effects.Select(static effect => effect.Amount).Order());
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_card_number_stays_a_fault_until_its_own_cell_is_typed_over(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (one, two) = (await rig.AccountAsync(100), await rig.AccountAsync(80));
        var name = rig.ProviderAccount.Name;
        var id = await UploadAsync(rig, $"{name},{one.ExternalId},10,USD,,card 4111111111111111\n{name},{two.ExternalId},-3,USD,,\n");

        await FixAsync(2, CsvColumn.Amount, "3");
        await FixAsync(1, CsvColumn.Amount, "11");
        var items = await rig.ItemsAsync(id);
        Assert.Equal([BatchItemState.Invalid, BatchItemState.Waiting], items.Select(static i => i.State));
        Assert.Equal([(CsvColumn.Note, "CardNumberInText")], ItemRows.FaultsOf(items[0]).Select(static f => (f.Column, f.Code)));

        await FixAsync(1, CsvColumn.Note, "the second card");
        Assert.Equal(BatchItemState.Waiting, (await rig.ItemsAsync(id))[0].State);

        async Task FixAsync(int item, CsvColumn column, string text) =>
            Assert.True((await rig.Get<FixRow>().ExecuteAsync(rig.Treasury, new FixRow.Command(id, item, column, text), CancellationToken.None)).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_file_again_pays_nothing_twice(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        var name = rig.ProviderAccount.Name;
        var accounts = new[] { await rig.AccountAsync(100), await rig.AccountAsync(100), await rig.AccountAsync(100), await rig.AccountAsync(100) };
        var file = string.Concat(accounts.Select((a, index) => $"{name},{a.ExternalId},10,USD,{(index < 3 ? $"ref-{index}" : "")},\n"));
        var id = await UploadAsync(rig, file);
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        var legs = await rig.LegsAsync(id);
        rig.Provider.Script(FakeProvider.Pay);
        await rig.SendAsync(legs[0].Id);
        rig.Provider.Script(FakeProvider.RefuseWith(CashoutConsole.Providers.Contracts.ProviderFaultKind.Other));
        await rig.SendAsync(legs[1].Id);
        rig.Provider.Script(FakeProvider.PayAndLoseAnswer);
        await rig.SendAsync(legs[2].Id);
        rig.Provider.Script(FakeProvider.Pay);
        await rig.SendAsync(legs[3].Id);

        var again = await UploadAsync(rig, file);
        var items = await rig.ItemsAsync(again);
        Assert.Equal([LeftOutCodes.PaidBefore, null, "LiveWithdrawal", LeftOutCodes.PaidBefore], items.Select(static i => i.LeftOutCode), StringComparer.Ordinal);
        Assert.True((await rig.SubmitAsync(again)).IsSuccess);
        Assert.Equal(legs[1].AccountId, Assert.Single(await rig.LegsAsync(again)).AccountId);

        // Without a reference a row is known for a day; with one, for ever.
        rig.Clock.Advance(TimeSpan.FromHours(25));
        items = await rig.ItemsAsync(await UploadAsync(rig, file));
        Assert.Equal(LeftOutCodes.PaidBefore, items[0].LeftOutCode);
        Assert.Null(items[3].LeftOutCode);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_file_that_cannot_be_read_creates_nothing(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        foreach (var file in new[] { "", "\0\u0001binary", "a,b\n1,2\n", Header, Header.Replace(",note", ",note,\"open", StringComparison.Ordinal) })
        {
            var refused = await rig.Get<UploadBatch>().ExecuteAsync(rig.Treasury, new UploadBatch.Command(Guid.NewGuid(), new MemoryStream(Encoding.UTF8.GetBytes(file)), null), CancellationToken.None);
            Assert.False(refused.IsSuccess);
            Assert.StartsWith("Csv", refused.Error.Code, StringComparison.Ordinal);
        }
        Assert.Empty(await rig.QueryAsync(static db => db.Batches.ToListAsync()));
        Assert.Equal("Forbidden", (await rig.Get<UploadBatch>().ExecuteAsync(rig.Auditor, new UploadBatch.Command(Guid.NewGuid(), Stream.Null, null), CancellationToken.None)).Error?.Code);
    }

    private static async Task<Guid> UploadAsync(ConsoleRig rig, string rows)
    {
        var uploaded = await rig.Get<UploadBatch>().ExecuteAsync(
            rig.Treasury, new UploadBatch.Command(Guid.NewGuid(), new MemoryStream(Encoding.UTF8.GetBytes(Header + rows)), "Friday"), CancellationToken.None);
        Assert.True(uploaded.IsSuccess, uploaded.Error?.ToString());
        await rig.Get<BatchReader>().StepAsync(CancellationToken.None);
        return uploaded.Value;
    }
}
