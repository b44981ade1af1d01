using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>
/// Takes the selected accounts into a new batch, with the balances that the list showed. Nothing is reserved and nothing can move: fresh
/// balances are read next, then the plan is shown.
/// </summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class StartBatch(AccessGate gate, UnitOfWork work)
{
    /// <param name="BatchId">Minted when the dialog opened; the same id again finds the first batch.</param>
    /// <param name="Amount">What to take from each or leave on each, in each account's own currency; ignored for everything.</param>
    public sealed record Command(Guid BatchId, AccountSelection Selection, BulkAmountKind Kind, decimal Amount, string? Title);

    public async Task<Result<Guid>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(StartBatch), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (BatchRules.TitleFault(command.Title) is { } titleFault)
        {
            return titleFault;
        }
        if (command.Selection.IsEmpty)
        {
            return new Error("NothingSelected");
        }
        if (command.Kind != BulkAmountKind.All && (command.Amount < 0 || (command.Kind == BulkAmountKind.Each && command.Amount == 0) || Money.DecimalsOf(command.Amount) > 6 || command.Amount > BatchRules.MostAmount))
        {
            return new Error("BulkAmount");
        }
        var result = await work.RunAsync(actor, scope => CreateAsync(scope, command, cancellation), cancellation);
        return result.IsSuccess || !result.Error.Is(UnitOfWork.Conflict.Code)
            ? result
            : await work.RunAsync<Guid>(actor, async scope => await OwnAsync(scope, command.BatchId, cancellation) ?? UnitOfWork.Conflict, cancellation);
    }

    private static async Task<Result<Guid>> CreateAsync(WorkScope scope, Command command, CancellationToken cancellation)
    {
        if (await OwnAsync(scope, command.BatchId, cancellation) is { } twin)
        {
            return twin;
        }
        if (command.Selection.AllOn is { } filter && await filter.FaultAsync(scope.Db, cancellation) is { } fault)
        {
            return fault;
        }
        var count = await command.Selection.Apply(scope.Db).CountAsync(cancellation);
        if (count is 0 or > Batch.MaxItems)
        {
            return count == 0 ? new Error("NothingSelected") : new Error("BatchTooLarge", count, Batch.MaxItems);
        }
        var accounts = await command.Selection.Apply(scope.Db)
            .OrderBy(static a => a.ProviderAccountId).ThenByDescending(static a => a.BalanceMillionths).ThenBy(static a => a.Id)
            .Select(static a => new { a.Id, a.BalanceMillionths }).ToListAsync(cancellation);
        var batch = new Batch
        {
            Id = command.BatchId,
            Source = BatchSource.Selection,
            Title = StorableText.Of(string.IsNullOrWhiteSpace(command.Title) ? null : command.Title.Trim()),
            MakerId = scope.Actor.Id,
            CreatedAt = scope.Now,
            State = BatchState.Reading,
        };
        var asked = command.Kind == BulkAmountKind.All ? 0 : Money.ToMillionths(command.Amount);
        await scope.StartAsync(batch, accounts.Select((account, index) => new BatchItem
        {
            BatchId = batch.Id,
            Number = index + 1,
            AccountId = account.Id,
            Kind = command.Kind,
            AskedMillionths = asked,
            SeenMillionths = account.BalanceMillionths,
            State = BatchItemState.Waiting,
        }), new { command.Kind, Asked = command.Kind == BulkAmountKind.All ? (decimal?)null : command.Amount, Accounts = accounts.Count, command.Selection.AllOn }, cancellation);
        return batch.Id;
    }

    private static async Task<Result<Guid>?> OwnAsync(WorkScope scope, Guid batchId, CancellationToken cancellation)
    {
        var maker = await scope.Db.Batches.Where(b => b.Id == batchId).Select(static b => b.MakerId).SingleOrDefaultAsync(cancellation);
        return maker is null ? null : maker == scope.Actor.Id ? batchId : new Error("CommandReused");
    }
}

/// <summary>What every way to make a batch shares.</summary>
public static class BatchRules
{
    public const string Subject = "batch";

    /// <summary>Amounts above this fit no account and no database.</summary>
    public const decimal MostAmount = 1_000_000_000m;

    public static Error? TitleFault(string? title) => title switch
    {
        { Length: > Batch.MaxTitleLength } => new Error("TitleTooLong", Batch.MaxTitleLength),
        _ when CardNumbers.ContainsCardNumber(title) => new Error("CardNumberInText"),
        _ => null,
    };

    /// <summary>Writes a new batch with its items, past the change tracker, and puts it on record.</summary>
    internal static async Task StartAsync(this WorkScope scope, Batch batch, IEnumerable<BatchItem> items, object details, CancellationToken cancellation)
    {
        scope.Db.Batches.Add(batch);
        await scope.Db.SaveChangesAsync(cancellation);
        await scope.Db.InsertManyAsync(items, cancellation);
        scope.Record(Entry(AuditActions.BatchStarted, batch) with { After = AuditTrail.ToJson(new { batch.Source, batch.Title, batch.PreviousId, details }) });
        scope.Announce(ChangeKind.Batch, batch.Id);
    }

    internal static AuditDraft Entry(string action, Batch batch) => new(action, Subject, batch.Id.ToString()) { CorrelationId = batch.Id.ToString() };
}
