using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Exports.Application;

/// <summary>Which rows of a batch a file has.</summary>
public enum BatchRows
{
    All,

    /// <summary>What certainly did not happen, with what is missing: ready to be uploaded again.</summary>
    Failed,

    /// <summary>Rows of a file that still have faults, as they were typed.</summary>
    Errors,
}

/// <summary>Writes a batch as an upload would have it, one row per account, and beside it what became of each.</summary>
[UseCase(Permission.ExportWithdrawals)]
public sealed class ExportBatchCsv(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work)
{
    public sealed record Query(Guid BatchId, BatchRows Rows);

    private static readonly string[] Header = [.. CsvColumns.Names, .. CsvColumns.ResultNames];

    public async Task<Result<Func<Stream, CancellationToken, Task>>> ExecuteAsync(Actor actor, Query query, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ExportWithdrawals, nameof(ExportBatchCsv), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!await db.Batches.AnyAsync(b => b.Id == query.BatchId && (b.State == BatchState.Submitted || b.MakerId == actor.Id), cancellation))
        {
            return new Error("BatchNotFound");
        }
        var recorded = await work.RecordAsync(actor, new AuditDraft(AuditActions.WithdrawalsExported, BatchRules.Subject, query.BatchId.ToString()) { Details = AuditTrail.ToJson(query) }, cancellation);
        if (!recorded.IsSuccess)
        {
            return recorded.Error;
        }
        return Result<Func<Stream, CancellationToken, Task>>.Success((output, token) => WriteAsync(output, query, token));
    }

    private async Task WriteAsync(Stream output, Query query, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var missing = await BatchFailures.OfAsync(db, query.BatchId, cancellation);
        var withdrawals = (await db.Withdrawals.AsNoTracking().Where(w => w.BatchId == query.BatchId).OrderBy(static w => w.Leg).ToListAsync(cancellation)).ToLookup(static w => w.BatchItem!.Value);
        var rows =
            from item in db.BatchItems.AsNoTracking()
            where item.BatchId == query.BatchId
            join account in db.Accounts on item.AccountId equals account.Id into accounts
            from account in accounts.DefaultIfEmpty()
            join provider in db.ProviderAccounts on account.ProviderAccountId equals provider.Id into providers
            from provider in providers.DefaultIfEmpty()
            orderby item.Number
            select new { Item = item, Account = account.ExternalId, account.Currency, Provider = provider.Name };
        var csv = new CsvWriter(output);
        await csv.HeaderAsync(Header, cancellation);
        await foreach (var row in rows.AsAsyncEnumerable().WithCancellation(cancellation))
        {
            var isWanted = query.Rows switch
            {
                BatchRows.All => true,
                BatchRows.Failed => missing.ContainsKey(row.Item.Number),
                BatchRows.Errors => row.Item.State == BatchItemState.Invalid,
            };
            if (!isWanted)
            {
                continue;
            }
            if (row.Item.CellFaults is not null)
            {
                WriteTyped(csv, row.Item);
            }
            else
            {
                csv.Text(row.Provider).Id(row.Account);
                WriteAmount(csv, row.Item, query.Rows == BatchRows.Failed ? missing[row.Item.Number] : null);
                csv.Text(row.Currency).Id(row.Item.ClientReference).Text(row.Item.Note);
                BatchResult.Of(row.Item, [.. withdrawals[row.Item.Number]]).WriteTo(csv);
            }
            await csv.EndRowAsync(cancellation);
        }
        await csv.FlushAsync(cancellation);
    }

    /// <summary>Everything is asked for anew as everything; of any other amount only what is missing.</summary>
    private static void WriteAmount(CsvWriter csv, BatchItem item, long? missing)
    {
        if (item.Kind == BulkAmountKind.All)
        {
            csv.Text(RowAmount.AllWord);
        }
        else if (item.Kind == BulkAmountKind.Leave && missing is null)
        {
            // No upload asks for this; the file says what was asked for all the same.
            csv.Text($"ALL BUT {AmountText.Plain(Money.ToDecimal(item.AskedMillionths))}");
        }
        else
        {
            csv.Amount(Money.ToDecimal(missing ?? item.AskedMillionths));
        }
    }

    private static void WriteTyped(CsvWriter csv, BatchItem item)
    {
        var typed = ItemRows.TypedOf(item);
        foreach (var column in CsvColumns.All)
        {
            csv.Id(typed?[column]);
        }
        csv.Text(item.State == BatchItemState.Invalid ? "Faulty" : item.State.ToString()).Text(string.Join("; ", ItemRows.FaultsOf(item).Select(static fault => $"{CsvColumns.NameOf(fault.Column)}: {fault.Code}"))).Text(null).Amount(null).Text(null).Time(null);
    }
}

/// <summary>What became of one account of a batch, in the words of the file.</summary>
/// <param name="Status">The outcome of its withdrawals, PartlyPaid when they ended differently; LeftOut, Dropped or Planned when it has none.</param>
internal sealed record BatchResult(string Status, string? Reason, string? Withdrawals, Money? Settled, DateTimeOffset? FinishedAt)
{
    /// <summary>The first that applies names the status of all.</summary>
    private static readonly OutcomeGroup[] Order = [OutcomeGroup.Unknown, OutcomeGroup.Processing, OutcomeGroup.Waiting, OutcomeGroup.Failed, OutcomeGroup.NotSent, OutcomeGroup.Paid];

    public static BatchResult Of(BatchItem item, IReadOnlyList<Withdrawal> withdrawals)
    {
        if (withdrawals.Count == 0)
        {
            return new BatchResult(item.State.ToString(), item.LeftOutCode, null, null, null);
        }
        var groups = withdrawals.Select(static w => OutcomeGroups.Of(w.Status)).ToHashSet();
        var isFinal = withdrawals.All(static w => w.IsFinal);
        var paid = withdrawals.Where(static w => w.Settled is not null).ToList();
        return new BatchResult(
            isFinal && groups.Count > 1 && groups.Contains(OutcomeGroup.Paid) ? "PartlyPaid" : Order.First(groups.Contains).ToString(),
            string.Join(' ', withdrawals.Where(static w => w.Status != WithdrawalStatus.Succeeded).Select(static w => w.ReasonCode).Where(static code => code is not null).Distinct(StringComparer.Ordinal)),
            string.Join(' ', withdrawals.Select(static w => w.Id)),
            paid.Count == 0 ? null : Money.FromMillionths(paid.Sum(static w => w.SettledMillionths!.Value), paid[0].Currency),
            isFinal ? withdrawals.Max(static w => w.FinalAt) : null);
    }

    public void WriteTo(CsvWriter csv) =>
        csv.Text(Status).Text(Reason).Text(Withdrawals).Amount(Settled?.Amount).Text(Settled?.Currency.ToString()).Time(FinishedAt);
}
