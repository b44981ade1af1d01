using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application;

/// <summary>Sums of withdrawals that are not final, per account.</summary>
public sealed class OpenWithdrawals : IAccountCommitments
{
    public async Task<Dictionary<Guid, OpenAmounts>> ByAccountAsync(CashoutDbContext db, IReadOnlyCollection<Guid> accounts, CancellationToken cancellation)
    {
        var rows = await db.Withdrawals
            .Where(w => EF.Parameter(accounts).Contains(w.AccountId) && WithdrawalTransitions.Open.Contains(w.Status))
            .Select(static w => new Row(w.AccountId, w.AmountMillionths, w.Status, w.BatchId != null && (w.IsCeiling || w.Legs > 1)))
            .ToListAsync(cancellation);
        return Sum(rows);
    }

    /// <summary>Of every account of a batch.</summary>
    public async Task<Dictionary<Guid, OpenAmounts>> OfBatchAsync(CashoutDbContext db, Guid batchId, CancellationToken cancellation)
    {
        var rows = await db.Withdrawals
            .Where(w => WithdrawalTransitions.Open.Contains(w.Status) && db.BatchItems.Any(i => i.BatchId == batchId && i.AccountId == w.AccountId))
            .Select(static w => new Row(w.AccountId, w.AmountMillionths, w.Status, w.BatchId != null && (w.IsCeiling || w.Legs > 1)))
            .ToListAsync(cancellation);
        return Sum(rows);
    }

    public IQueryable<Guid> AccountsWithOpen(CashoutDbContext db) =>
        db.Withdrawals.Where(static w => WithdrawalTransitions.Open.Contains(w.Status)).Select(static w => w.AccountId);

    public async Task<OpenAmounts> OfAsync(CashoutDbContext db, Guid account, CancellationToken cancellation) =>
        (await ByAccountAsync(db, [account], cancellation)).GetValueOrDefault(account, OpenAmounts.None);

    private static Dictionary<Guid, OpenAmounts> Sum(List<Row> rows) => rows.GroupBy(static row => row.AccountId).ToDictionary(
        static group => group.Key,
        static group => new OpenAmounts(
            Money.ToDecimal(group.Sum(static row => row.Millionths)),
            group.Any(static row => WithdrawalTransitions.Live.Contains(row.Status)),
            group.Count(),
            group.Any(static row => row.OfPlan)));

    private sealed record Row(Guid AccountId, long Millionths, WithdrawalStatus Status, bool OfPlan);
}
