using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>Takes rows out of a draft (with faults or without), or puts them back. The plan is made again, because others move up in the queue.</summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class DropItems(AccessGate gate, UnitOfWork work, BatchPlanner planner)
{
    /// <param name="Items">Null = every row with faults.</param>
    public sealed record Command(Guid BatchId, IReadOnlyList<int>? Items, bool Drop);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(DropItems), cancellation) is { } refusal)
        {
            return refusal;
        }
        var dropped = await work.RunAsync<Done>(actor, async scope =>
        {
            var found = await DraftOfAsync(scope, command.BatchId, cancellation);
            if (!found.IsSuccess)
            {
                return found.Error;
            }
            var items = scope.Db.BatchItems.Where(i => i.BatchId == command.BatchId);
            items = command.Items is { } numbers ? items.Where(i => numbers.Contains(i.Number)) : items.Where(static i => i.CellFaults != null);
            var changed = command.Drop
                ? await items.Where(static i => i.State != BatchItemState.Dropped)
                    .ExecuteUpdateAsync(static set => set.SetProperty(static i => i.State, BatchItemState.Dropped).SetProperty(static i => i.Legs, "[]").SetProperty(static i => i.PlannedMillionths, 0L), cancellation)
                : await items.Where(static i => i.State == BatchItemState.Dropped)
                    .ExecuteUpdateAsync(static set => set.SetProperty(static i => i.State, static i => i.CellFaults == null ? BatchItemState.Waiting : BatchItemState.Invalid), cancellation);
            found.Value.Touch();
            scope.Record(BatchRules.Entry(AuditActions.BatchChanged, found.Value) with { After = AuditTrail.ToJson(new { command.Drop, Items = changed }) });
            scope.Announce(ChangeKind.Batch, command.BatchId);
            return Done.Value;
        }, cancellation);
        return dropped.IsSuccess ? await planner.WriteAsync(command.BatchId, cancellation) : dropped;
    }

    /// <summary>One's own draft; nobody else changes it.</summary>
    internal static async Task<Result<Batch>> DraftOfAsync(WorkScope scope, Guid batchId, CancellationToken cancellation)
    {
        var batch = await scope.Db.Batches.SingleOrDefaultAsync(b => b.Id == batchId, cancellation);
        return batch switch
        {
            null => new Error("BatchNotFound"),
            _ when batch.MakerId != scope.Actor.Id => AccessGate.Forbidden,
            { State: BatchState.Submitted or BatchState.Discarded } => new Error("BatchClosed"),
            _ => batch,
        };
    }
}

/// <summary>Reads all balances of a draft again: it got too old, or something changed.</summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class ReadBatchAgain(AccessGate gate, UnitOfWork work)
{
    public async Task<Result<Done>> ExecuteAsync(Actor actor, Guid batchId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(ReadBatchAgain), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            var found = await DropItems.DraftOfAsync(scope, batchId, cancellation);
            if (!found.IsSuccess)
            {
                return found.Error;
            }
            found.Value.State = BatchState.Reading;
            found.Value.PlannedAt = null;
            found.Value.Touch();
            // What the maker has seen so far is what the next preview compares with.
            await scope.Db.BatchItems.Where(i => i.BatchId == batchId && i.AccountId != null && (i.State == BatchItemState.Planned || i.State == BatchItemState.LeftOut))
                .ExecuteUpdateAsync(
                    static set => set.SetProperty(static i => i.State, BatchItemState.Waiting).SetProperty(static i => i.LeftOutCode, (string?)null).SetProperty(static i => i.LeftOutText, (string?)null)
                        .SetProperty(static i => i.SeenMillionths, static i => i.ReadingMillionths ?? i.SeenMillionths),
                    cancellation);
            scope.Record(BatchRules.Entry(AuditActions.BatchChanged, found.Value) with { After = AuditTrail.ToJson(new { ReadAgain = true }) });
            scope.Announce(ChangeKind.Batch, batchId);
            return Done.Value;
        }, cancellation);
    }
}

/// <summary>Throws a draft away. Nothing had been reserved.</summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class DiscardBatch(AccessGate gate, UnitOfWork work)
{
    public async Task<Result<Done>> ExecuteAsync(Actor actor, Guid batchId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(DiscardBatch), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            var found = await DropItems.DraftOfAsync(scope, batchId, cancellation);
            if (!found.IsSuccess)
            {
                return found.Error;
            }
            found.Value.State = BatchState.Discarded;
            found.Value.Touch();
            scope.Record(BatchRules.Entry(AuditActions.BatchDiscarded, found.Value));
            scope.Announce(ChangeKind.Batch, batchId);
            return Done.Value;
        }, cancellation);
    }
}

/// <summary>
/// A new batch from what certainly did not happen in an earlier one: failed, not sent, expired, cancelled or rejected. New withdrawals with keys
/// of their own, previewed, confirmed and judged anew; what is unknown or open stays where it is.
/// </summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class RetryBatch(AccessGate gate, UnitOfWork work)
{
    /// <param name="NewBatchId">Minted by the page: a second click finds the first.</param>
    public sealed record Command(Guid BatchId, Guid NewBatchId);

    public async Task<Result<Guid>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(RetryBatch), cancellation) is { } refusal)
        {
            return refusal;
        }
        return await work.RunAsync<Guid>(actor, async scope =>
        {
            if (await scope.Db.Batches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == command.BatchId, cancellation) is not { State: BatchState.Submitted } earlier)
            {
                return new Error("BatchNotFound");
            }
            if (await scope.Db.Batches.AnyAsync(b => b.Id == command.NewBatchId, cancellation))
            {
                return command.NewBatchId;
            }
            var items = await ItemsAsync(scope, earlier, command.NewBatchId, cancellation);
            if (items.Count == 0)
            {
                return new Error("NothingToRetry");
            }
            var batch = new Batch
            {
                Id = command.NewBatchId,
                Source = BatchSource.Retry,
                Title = earlier.Title,
                MakerId = scope.Actor.Id,
                CreatedAt = scope.Now,
                PreviousId = earlier.Id,
                State = BatchState.Reading,
            };
            await scope.StartAsync(batch, items, new { Items = items.Count }, cancellation);
            return batch.Id;
        }, cancellation);
    }

    /// <summary>A stated amount asks for what is missing, the others anew.</summary>
    private static async Task<List<BatchItem>> ItemsAsync(WorkScope scope, Batch earlier, Guid newBatchId, CancellationToken cancellation)
    {
        var missing = await BatchFailures.OfAsync(scope.Db, earlier.Id, cancellation);
        var items = await scope.Db.BatchItems.AsNoTracking().Where(i => i.BatchId == earlier.Id && i.State == BatchItemState.Planned).OrderBy(static i => i.Number).ToListAsync(cancellation);
        return items.FindAll(i => missing.ContainsKey(i.Number)).ConvertAll(item => new BatchItem
        {
            BatchId = newBatchId,
            Number = item.Number,
            AccountId = item.AccountId,
            Kind = item.Kind,
            AskedMillionths = item.Kind == BulkAmountKind.Each ? missing[item.Number] : item.AskedMillionths,
            ClientReference = item.ClientReference,
            Note = item.Note,
            Fingerprint = item.Fingerprint,
            SeenMillionths = item.ReadingMillionths,
            State = BatchItemState.Waiting,
        });
    }
}

/// <summary>What of a batch certainly did not happen.</summary>
public static class BatchFailures
{
    private static readonly WithdrawalStatus[] MovedNothing =
        [WithdrawalStatus.Failed, WithdrawalStatus.NotSent, WithdrawalStatus.Expired, WithdrawalStatus.Cancelled, WithdrawalStatus.Rejected];

    /// <returns>Items of which something certainly moved nothing and nothing is open, with the sum of that in millionths.</returns>
    public static async Task<Dictionary<int, long>> OfAsync(CashoutDbContext db, Guid batchId, CancellationToken cancellation)
    {
        var withdrawals = await db.Withdrawals.AsNoTracking().Where(w => w.BatchId == batchId)
            .Select(static w => new { Item = w.BatchItem!.Value, w.Status, w.AmountMillionths }).ToListAsync(cancellation);
        return withdrawals.GroupBy(static w => w.Item)
            .Where(static g => g.All(static w => WithdrawalTransitions.IsFinal(w.Status)) && g.Any(static w => MovedNothing.Contains(w.Status)))
            .ToDictionary(static g => g.Key, static g => g.Where(static w => MovedNothing.Contains(w.Status)).Sum(static w => w.AmountMillionths));
    }
}
