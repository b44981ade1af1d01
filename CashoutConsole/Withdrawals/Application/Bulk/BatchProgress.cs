using System.Collections.Concurrent;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>How far the reading of balances for a batch is, in this process.</summary>
public sealed record ReadingProgress(int Read, int Total);

public sealed class BatchProgress
{
    private readonly ConcurrentDictionary<Guid, ReadingProgress> _readings = new();

    public ReadingProgress? Of(Guid batchId) => _readings.GetValueOrDefault(batchId);

    internal void Report(Guid batchId, int read, int total) => _readings[batchId] = new ReadingProgress(read, total);

    internal void End(Guid batchId) => _readings.TryRemove(batchId, out _);
}
