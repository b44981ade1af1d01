using CashoutConsole.Audit.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Audit.Application;

/// <summary>What a verification found.</summary>
/// <param name="Checked">Entries that were read and hold.</param>
/// <param name="FirstBad">The first sequence that does not hold; null = the whole chain holds.</param>
/// <param name="Problem">One of "changed", "missing", "relinked", "added", "cut-tail", "head-changed"; null = fine.</param>
public sealed record ChainReport(long Checked, long? FirstBad, string? Problem)
{
    public bool IsWhole => FirstBad is null;
}

/// <summary>Recomputes the chain from the first entry to the head, in chunks, so that memory stays bounded whatever its length.</summary>
public sealed class ChainVerifier(IDbContextFactory<CashoutDbContext> contexts)
{
    private const int ChunkSize = 2000;

    public async Task<ChainReport> VerifyAsync(IProgress<long>? progress, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        // The head is read first: entries appended meanwhile lie beyond it and are not judged.
        var head = await db.AuditHeads.AsNoTracking().SingleAsync(cancellation);
        var previous = AuditHash.Genesis;
        var sequence = 0L;
        while (sequence < head.Sequence)
        {
            var from = sequence;
            var (chunk, readable) = await ReadAsync(
                db.AuditEntries.AsNoTracking().Where(e => e.Sequence > from && e.Sequence <= head.Sequence).OrderBy(static e => e.Sequence).Take(ChunkSize), cancellation);
            if (chunk.Count == 0 && readable)
            {
                return new ChainReport(sequence, sequence + 1, "cut-tail");
            }
            foreach (var entry in chunk)
            {
                if (ProblemOf(entry, sequence + 1, previous) is { } problem)
                {
                    return new ChainReport(sequence, sequence + 1, problem);
                }
                previous = entry.EntryHash;
                sequence = entry.Sequence;
            }
            if (!readable)
            {
                return new ChainReport(sequence, sequence + 1, "changed");
            }
            progress?.Report(sequence);
        }
        if (await AddedAsync(db, cancellation) is { } added)
        {
            return new ChainReport(sequence, added, "added");
        }
        return previous.AsSpan().SequenceEqual(head.EntryHash) ? new ChainReport(sequence, null, null) : new ChainReport(sequence, sequence, "head-changed");
    }

    /// <summary>Row by row: an entry that no longer reads as one (an actor kind that does not exist) was changed, and those before it are judged first.</summary>
    private static async Task<(List<AuditEntry> Entries, bool Readable)> ReadAsync(IQueryable<AuditEntry> rows, CancellationToken cancellation)
    {
        var entries = new List<AuditEntry>();
        try
        {
            await foreach (var entry in rows.AsAsyncEnumerable().WithCancellation(cancellation))
            {
                entries.Add(entry);
            }
            return (entries, true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or ArgumentException or FormatException or InvalidCastException)
        {
            return (entries, false);
        }
    }

    /// <summary>An entry outside the chain: before its first number, or beyond a head that is read after it.</summary>
    private static async Task<long?> AddedAsync(CashoutDbContext db, CancellationToken cancellation)
    {
        if (await db.AuditEntries.Where(static e => e.Sequence < 1).MinAsync(static e => (long?)e.Sequence, cancellation) is { } early)
        {
            return early;
        }
        var last = await db.AuditEntries.MaxAsync(static e => (long?)e.Sequence, cancellation) ?? 0;
        var head = await db.AuditHeads.AsNoTracking().SingleAsync(cancellation);
        return last > head.Sequence
            ? await db.AuditEntries.Where(e => e.Sequence > head.Sequence).MinAsync(static e => (long?)e.Sequence, cancellation)
            : null;
    }

    private static string? ProblemOf(AuditEntry entry, long expected, byte[] previous)
    {
        if (entry.Sequence != expected)
        {
            return "missing";
        }
        if (!AuditHash.OfContent(entry).AsSpan().SequenceEqual(entry.ContentHash))
        {
            return "changed";
        }
        return entry.PreviousHash.AsSpan().SequenceEqual(previous)
            && AuditHash.OfEntry(entry.Sequence, previous, entry.ContentHash).AsSpan().SequenceEqual(entry.EntryHash)
            ? null
            : "relinked";
    }
}
