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
            .Where(w => accounts.Contains(w.AccountId) && WithdrawalTransitions.Open.Contains(w.Status))
            .Select(static w => new { w.AccountId, w.AmountMillionths, w.Status })
            .ToListAsync(cancellation);
        return rows.GroupBy(static row => row.AccountId).ToDictionary(
            static group => group.Key,
            static group => new OpenAmounts(
                Money.ToDecimal(group.Sum(static row => row.AmountMillionths)),
                group.Any(static row => WithdrawalTransitions.Live.Contains(row.Status)),
                group.Count()));
    }

    public async Task<OpenAmounts> OfAsync(CashoutDbContext db, Guid account, CancellationToken cancellation) =>
        (await ByAccountAsync(db, [account], cancellation)).GetValueOrDefault(account, OpenAmounts.None);
}
