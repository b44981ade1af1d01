using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>Checks every row of an upload before anything exists, pure: all faults at once, each at its cell.</summary>
public static class BulkRowRules
{
    public const int MaxReferenceLength = BatchItem.MaxReferenceLength;

    public const int MaxNoteLength = 500;

    /// <summary>
    /// Only the rows that come back may be kept: in them full card numbers are masked. Errors per cell: CsvCellCount, ProviderAccountMissing,
    /// ProviderAccountUnknown, ProviderAccountNotReady, AccountMissing, AccountUnknown, AccountAmbiguous, CurrencyMissing, CurrencyDiffers,
    /// those of <see cref="RowAmount.Parse"/>, AmountBelowMinimum, CardNumberInText, FormulaInText, ControlCharacters, TooLong, and at the
    /// account of the later of two rows DuplicateRow or AccountTwice.
    /// </summary>
    public static IReadOnlyList<CheckedRow> Check(IReadOnlyList<CsvRow> rows, BulkBook book)
    {
        var byFingerprint = new Dictionary<string, int>(StringComparer.Ordinal);
        var byAccount = new Dictionary<Guid, int>();
        var result = new List<CheckedRow>(rows.Count);
        foreach (var row in rows)
        {
            var one = new RowCheck(row.Each(SpreadsheetText.WithoutGuard), book).Run();
            result.Add(TwinFault(one, byFingerprint, byAccount) is { } fault ? one with { Faults = WithAccountFault(one.Faults, fault) } : one);
        }
        return result;
    }

    /// <summary>One row per account and file: a second one, by another card or reference, could not know what the first leaves.</summary>
    private static Error? TwinFault(CheckedRow row, Dictionary<string, int> byFingerprint, Dictionary<Guid, int> byAccount)
    {
        var line = row.Row.Line;
        var known = row.Fingerprint is { } fingerprint && !byFingerprint.TryAdd(fingerprint, line) ? byFingerprint[fingerprint] : (int?)null;
        var first = row.Account is { } account && !byAccount.TryAdd(account.Id, line) ? byAccount[account.Id] : (int?)null;
        return (known, first) switch
        {
            ({ } twin, _) => new Error("DuplicateRow", twin),
            (_, { } other) => new Error("AccountTwice", other, row.Account!.Label),
            _ => null,
        };
    }

    private static IReadOnlyList<CellFault> WithAccountFault(IReadOnlyList<CellFault> faults, Error fault) =>
        [.. faults.Append(new CellFault(CsvColumn.Account, fault)).OrderBy(static entry => entry.Column)];
}
