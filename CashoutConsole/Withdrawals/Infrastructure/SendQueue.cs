using CashoutConsole.Persistence;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>
/// What is due at one provider account, in a fair order: single withdrawals and each batch take turns, so that a batch of thousands delays
/// nobody else. What a paused batch or an earlier leg holds back is not looked at.
/// </summary>
public sealed class SendQueue(IDbContextFactory<CashoutDbContext> contexts)
{
    /// <summary>How many are looked at per source.</summary>
    private const int PerLook = 24;

    /// <param name="turn">Grows with every look: which source begins.</param>
    public async Task<List<Withdrawal>> DueAsync(Guid providerAccountId, int turn, DateTimeOffset now, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var scheduled = db.Withdrawals.AsNoTracking().Where(w => w.ProviderAccountId == providerAccountId && w.Status == WithdrawalStatus.Scheduled);
        var expired = await scheduled.Where(w => w.ExpiresAt <= now).OrderBy(static w => w.ExpiresAt).Take(PerLook).ToListAsync(cancellation);
        var due = scheduled.Where(w => w.NotBefore <= now && w.ExpiresAt > now);
        if (await db.SendingStops.AnyAsync(s => s.Stopped && (s.ScopeId == SendingStop.EverythingId || s.ScopeId == providerAccountId), cancellation))
        {
            // Nothing goes; single ones are told why, once. A stopped batch says so by its provider account.
            due = due.Where(static w => w.BatchId == null && w.ReasonCode != ReasonCodes.SendingStopped);
        }
        var ready = due.Where(w => w.BatchId == null
            || (!db.Batches.Any(b => b.Id == w.BatchId && b.PausedAt != null)
                && !db.BatchItems.Any(i => i.BatchId == w.BatchId && i.Number == w.BatchItem && i.PausedAt != null)
                && (w.Leg == 1 || !db.Withdrawals.Any(p => p.BatchId == w.BatchId && p.BatchItem == w.BatchItem && p.Leg < w.Leg && p.FinalAt == null))));
        var sources = await ready.Select(static w => w.BatchId).Distinct().ToListAsync(cancellation);
        var queues = new List<Queue<Withdrawal>>();
        foreach (var source in sources.OrderBy(static id => id))
        {
            var rows = await ready.Where(w => w.BatchId == source)
                .OrderBy(static w => w.NotBefore).ThenBy(static w => w.SubmissionNumber).Take(PerLook).ToListAsync(cancellation);
            queues.Add(new Queue<Withdrawal>(rows));
        }
        return [.. expired, .. Interleave(queues, turn)];
    }

    private static IEnumerable<Withdrawal> Interleave(List<Queue<Withdrawal>> queues, int turn)
    {
        for (var index = turn; queues.Exists(static queue => queue.Count > 0); index++)
        {
            if (queues[index % queues.Count].TryDequeue(out var next))
            {
                yield return next;
            }
        }
    }
}
