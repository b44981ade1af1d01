using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>
/// Counts wrong passwords and wrong codes of an operator together. Each statement changes the row itself, so that guesses sent at the
/// same moment are counted one by one on either database.
/// </summary>
internal static class LockOuts
{
    /// <summary>
    /// Counts a try as failed before it is judged, and locks the operator out with the last one allowed; <see cref="ForgiveAsync"/> takes
    /// it back. False = locked out already, nothing was counted.
    /// </summary>
    public static async Task<bool> TakeTryAsync(CashoutDbContext db, string operatorId, DateTimeOffset now, CancellationToken cancellation)
    {
        DateTimeOffset? until = now + SignIn.LockOut;
        return await db.Users
            .Where(u => u.Id == operatorId && (u.LockoutEnd == null || u.LockoutEnd <= now))
            .ExecuteUpdateAsync(
                set => set
                    .SetProperty(static u => u.AccessFailedCount, static u => u.AccessFailedCount + 1 >= SignIn.MaxFailures ? 0 : u.AccessFailedCount + 1)
                    .SetProperty(static u => u.LockoutEnd, u => u.AccessFailedCount + 1 >= SignIn.MaxFailures ? until : null),
                cancellation) == 1;
    }

    public static Task<bool> IsLockedAsync(CashoutDbContext db, string operatorId, DateTimeOffset now, CancellationToken cancellation) =>
        db.Users.AnyAsync(u => u.Id == operatorId && u.LockoutEnd > now, cancellation);

    /// <summary>Everything that was asked for was right.</summary>
    public static Task ForgiveAsync(CashoutDbContext db, string operatorId, CancellationToken cancellation) =>
        db.Users.Where(u => u.Id == operatorId).ExecuteUpdateAsync(
            static set => set.SetProperty(static u => u.AccessFailedCount, 0).SetProperty(static u => u.LockoutEnd, static u => (DateTimeOffset?)null),
            cancellation);
}
