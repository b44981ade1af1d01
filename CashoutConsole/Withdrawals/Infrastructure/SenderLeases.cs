using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>This process is the one sender of a provider account until <see cref="ExpiresAt"/>.</summary>
public sealed record HeldLease(Guid ProviderAccountId, string Holder, long Fence, DateTimeOffset ExpiresAt)
{
    /// <summary>Written to claims and attempts: a later holder has a higher fence.</summary>
    public string Sender => $"{Holder}#{Fence}";
}

/// <summary>
/// One sender per provider account, by a row that is taken and renewed by compare-and-set. The lease is far longer than a send, and a
/// send starts only while enough of it is left.
/// </summary>
public sealed class SenderLeases(UnitOfWork work, SenderName name)
{
    /// <summary>The least; a provider account with a long send time-out holds longer leases.</summary>
    public static readonly TimeSpan Duration = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(30);

    private static readonly Actor Dispatcher = Actor.System("dispatcher");

    /// <summary>How much of the lease must be left when a send starts: the longest send and a margin.</summary>
    public static TimeSpan RoomFor(ProviderSheet sheet) => sheet.SendTimeout + Margin;

    /// <summary>At least four times the room of one send, so that a lease that is renewed at half its time always has that room.</summary>
    public static TimeSpan DurationFor(ProviderSheet sheet) => RoomFor(sheet) * 4 > Duration ? RoomFor(sheet) * 4 : Duration;

    /// <summary>Takes or renews the lease; null while another process holds it or won the race.</summary>
    public async Task<HeldLease?> HoldAsync(Guid providerAccountId, HeldLease? held, ProviderSheet sheet, CancellationToken cancellation)
    {
        var result = await work.RunAsync<HeldLease>(Dispatcher, async scope =>
        {
            var row = await scope.Db.SenderLeases.SingleOrDefaultAsync(lease => lease.ProviderAccountId == providerAccountId, cancellation);
            var mine = row is not null && row.Holder == name.Value && held is not null && row.Fence == held.Fence;
            if (row is not null && !mine && row.ExpiresAt > scope.Now && !name.ReplacesPredecessor)
            {
                return UnitOfWork.Conflict;
            }
            var expires = scope.Now + DurationFor(sheet);
            if (row is null)
            {
                row = new SenderLease { ProviderAccountId = providerAccountId, Holder = name.Value, Fence = 1, ExpiresAt = expires };
                scope.Db.SenderLeases.Add(row);
            }
            else
            {
                row.Fence = mine ? row.Fence : row.Fence + 1;
                row.Holder = name.Value;
                row.ExpiresAt = expires;
            }
            return new HeldLease(providerAccountId, name.Value, row.Fence, expires);
        }, cancellation);
        return result.IsSuccess ? result.Value : null;
    }

    /// <summary>Asked in the transaction that commits an attempt: is the lease still ours, with room for one send?</summary>
    public static async Task<bool> HoldsAsync(CashoutDbContext db, HeldLease lease, ProviderSheet sheet, DateTimeOffset now, CancellationToken cancellation)
    {
        var needed = now + RoomFor(sheet);
        return await db.SenderLeases.AsNoTracking().AnyAsync(
            row => row.ProviderAccountId == lease.ProviderAccountId && row.Fence == lease.Fence && row.Holder == lease.Holder && row.ExpiresAt > needed, cancellation);
    }
}

/// <summary>The name of this process as a sender.</summary>
/// <param name="ReplacesPredecessor">
/// True on SQLite, where the instance lock proves that no other process runs on this database: a new process takes over at once
/// instead of waiting for a dead one's lease to run out.
/// </param>
public sealed record SenderName(string Value, bool ReplacesPredecessor);
