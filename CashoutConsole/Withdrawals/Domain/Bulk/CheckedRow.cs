using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>What is wrong with one cell, or with the row as a whole (<see cref="CsvColumn.Row"/>).</summary>
public sealed record CellFault(CsvColumn Column, Error Error);

/// <summary>One row with all its faults at once, in the order of the columns; a withdrawal can be made of it when there are none.</summary>
/// <param name="Row">What may be kept: full card numbers are masked.</param>
/// <param name="Provider">Null = not clear.</param>
/// <param name="Account">Null = not clear.</param>
/// <param name="Amount">Null = not readable, or not takeable by the provider.</param>
/// <param name="Fingerprint">Null = what it is made of is not clear.</param>
public sealed record CheckedRow(
    CsvRow Row, BookProvider? Provider, BookAccount? Account, RowAmount? Amount, string? Fingerprint, IReadOnlyList<CellFault> Faults)
{
    public bool IsValid => Faults.Count == 0;

    /// <summary>The row with faults that are known from elsewhere, at cells that have none yet.</summary>
    public CheckedRow WithFaults(IEnumerable<CellFault> more) => this with { Faults = [.. Faults.UnionBy(more, static fault => fault.Column).OrderBy(static fault => fault.Column)] };

    public Guid? ProviderAccountId => Provider?.Id;

    public Guid? AccountId => Account?.Id;

    /// <summary>Else it holds for <see cref="RowFingerprint.HoldsWithoutReference"/>.</summary>
    public bool FingerprintHoldsForever => Fingerprint is not null && Row.ClientReference.Length > 0;
}
