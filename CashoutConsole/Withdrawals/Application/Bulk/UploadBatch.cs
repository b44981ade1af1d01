using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>
/// Takes a CSV file into a new batch. A file that cannot be read creates nothing; rows with faults wait to be fixed or taken out; the
/// balances of the others are read next. Nothing is reserved and nothing can move before the confirmation.
/// </summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class UploadBatch(AccessGate gate, UnitOfWork work, IProviderRegistry registry)
{
    /// <param name="BatchId">Minted by the page: the same file sent twice by one click is one batch.</param>
    public sealed record Command(Guid BatchId, Stream File, string? Title);

    public async Task<Result<Guid>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(UploadBatch), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (BatchRules.TitleFault(command.Title) is { } titleFault)
        {
            return titleFault;
        }
        var read = await CsvFile.ReadAsync(command.File, cancellation: cancellation);
        if (!read.IsSuccess)
        {
            return read.Error;
        }
        return await work.RunAsync<Guid>(actor, async scope =>
        {
            if (await scope.Db.Batches.Where(b => b.Id == command.BatchId).Select(static b => b.MakerId).SingleOrDefaultAsync(cancellation) is { } maker)
            {
                return maker == scope.Actor.Id ? command.BatchId : new Error("CommandReused");
            }
            var rows = BulkRowRules.Check(read.Value, await BulkBooks.OfAsync(scope.Db, registry, read.Value, cancellation));
            var balances = await BulkBooks.BalancesAsync(scope.Db, rows, cancellation);
            var batch = new Batch
            {
                Id = command.BatchId,
                Source = BatchSource.Upload,
                Title = StorableText.Of(string.IsNullOrWhiteSpace(command.Title) ? null : command.Title.Trim()),
                MakerId = scope.Actor.Id,
                CreatedAt = scope.Now,
                State = BatchState.Reading,
            };
            var items = rows.Select((row, index) => ItemRows.Take(new BatchItem { BatchId = batch.Id, Number = index + 1 }, row, balances)).ToList();
            await scope.StartAsync(batch, items, new { Rows = rows.Count, Faulty = rows.Count(static row => !row.IsValid) }, cancellation);
            return batch.Id;
        }, cancellation);
    }
}

/// <summary>Fixes one cell of an uploaded row in place. All rows are checked again, because a row can be the twin of another.</summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class FixRow(AccessGate gate, UnitOfWork work, IProviderRegistry registry)
{
    public sealed record Command(Guid BatchId, int Item, CsvColumn Column, string Text);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(FixRow), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (command.Text.Length > CsvFile.MaxCellLength)
        {
            return new Error("TooLong", CsvFile.MaxCellLength);
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            var found = await DropItems.DraftOfAsync(scope, command.BatchId, cancellation);
            if (!found.IsSuccess)
            {
                return found.Error;
            }
            var items = await scope.Db.BatchItems.Where(i => i.BatchId == command.BatchId && i.Typed != null && i.State != BatchItemState.Dropped)
                .OrderBy(static i => i.Number).ToListAsync(cancellation);
            if (items.Find(i => i.Number == command.Item) is not { } fixedItem)
            {
                return new Error("BatchNotFound");
            }
            var typed = items.ConvertAll(item => item == fixedItem ? ItemRows.TypedOf(item)!.With(command.Column, command.Text) with { Fault = null } : ItemRows.TypedOf(item)!);
            var checkedRows = BulkRowRules.Check(typed, await BulkBooks.OfAsync(scope.Db, registry, typed, cancellation));
            var rows = checkedRows.Zip(items, (row, item) => row.WithFaults(ItemRows.MaskedOf(item).Where(cell => item != fixedItem || cell.Column != command.Column))).ToList();
            var balances = await BulkBooks.BalancesAsync(scope.Db, rows, cancellation);
            var more = false;
            foreach (var (item, row) in items.Zip(rows))
            {
                // Rows that the fix did not touch keep their reading and their place in the plan.
                if (item == fixedItem || (item.State == BatchItemState.Invalid) == row.IsValid)
                {
                    ItemRows.Take(item, row, balances);
                    more |= row.IsValid;
                }
            }
            found.Value.State = more ? BatchState.Reading : found.Value.State;
            found.Value.Touch();
            scope.Record(BatchRules.Entry(Audit.Domain.AuditActions.BatchChanged, found.Value) with { After = AuditTrail.ToJson(new { Fixed = command.Item, command.Column }) });
            scope.Announce(ChangeKind.Batch, command.BatchId);
            return Done.Value;
        }, cancellation);
    }
}
