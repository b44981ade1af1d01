using CashoutConsole.Persistence;

namespace CashoutConsole.Cards.Application;

/// <summary>What is open on an account: how much of its balance is spoken for, and whether something may be happening at the provider.</summary>
/// <param name="OwnedByPlan">A plan owns the account until its last leg is final: nothing else is withdrawn meanwhile.</param>
public sealed record OpenAmounts(decimal Reserved, bool HasLive, int Count, bool OwnedByPlan = false)
{
    public static readonly OpenAmounts None = new(0, false, 0);
}

/// <summary>Port to the withdrawals room, which comes later: what is reserved on accounts.</summary>
public interface IAccountCommitments
{
    /// <summary>Accounts without open withdrawals are missing from the answer.</summary>
    Task<Dictionary<Guid, OpenAmounts>> ByAccountAsync(CashoutDbContext db, IReadOnlyCollection<Guid> accounts, CancellationToken cancellation);

    /// <summary>The ids of all accounts that have open withdrawals, for use in a larger query.</summary>
    IQueryable<Guid> AccountsWithOpen(CashoutDbContext db);
}
