using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Cards.Application;

/// <summary>The ids of a stretch of the accounts list, in its order: for selecting a range of which not every row was loaded.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListAccountIds(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    /// <summary>Who means more than this means everything on the filter.</summary>
    public const int MaxRange = 20_000;

    /// <summary>Errors: RangeTooLong.</summary>
    public async Task<Result<IReadOnlyList<Guid>>> ExecuteAsync(Actor actor, AccountFilter filter, int start, int count, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListAccountIds), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (count > MaxRange)
        {
            return new Error("RangeTooLong", MaxRange);
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (await filter.FaultAsync(db, cancellation) is { } fault)
        {
            return fault;
        }
        return Result<IReadOnlyList<Guid>>.Success(
            await filter.Order(db, filter.Apply(db)).Skip(Math.Max(0, start)).Take(Math.Max(0, count)).Select(static a => a.Id).ToListAsync(cancellation));
    }
}
