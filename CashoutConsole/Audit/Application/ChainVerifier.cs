using CashoutConsole.Audit.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Audit.Application;

/// <summary>What a verification found.</summary>
/// <param name="Checked">Entries that were read and hold.</param>
/// <param name="FirstBad">The first sequence that does not hold; null = the whole chain holds.</param>
/// <param name="Problem">One of "changed", "missing", "relinked", "cut-tail", "head-changed"; null = fine.</param>
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
            var chunk = await db.AuditEntries.AsNoTracking()
                .Where(e => e.Sequence > from && e.Sequence <= head.Sequence).OrderBy(static e => e.Sequence).Take(ChunkSize).ToListAsync(cancellation);
            if (chunk.Count == 0)
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
            progress?.Report(sequence);
        }
        return previous.AsSpan().SequenceEqual(head.EntryHash) ? new ChainReport(sequence, null, null) : new ChainReport(sequence, sequence, "head-changed");
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
