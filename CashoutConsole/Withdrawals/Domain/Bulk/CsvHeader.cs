using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>Which cell of a row is which column.</summary>
/// <param name="Columns">In the order of the file; <see cref="CsvColumn.Row"/> = a column of our own result downloads, left out.</param>
internal sealed record CsvHeader(IReadOnlyList<CsvColumn> Columns)
{
    private const int ShownLength = 40;

    private static readonly Dictionary<string, CsvColumn> ByName = CsvColumns.All.ToDictionary(CsvColumns.NameOf, StringComparer.Ordinal);

    /// <summary>Errors: CsvNoHeader, CsvColumnUnknown, CsvColumnUnnamed, CsvColumnTwice, CsvColumnMissing.</summary>
    public static Result<CsvHeader> Read(IReadOnlyList<string> cells)
    {
        var names = TakeEnd(cells, 0).Select(Normalised).ToList();
        if (!names.Exists(ByName.ContainsKey))
        {
            return new Error("CsvNoHeader", string.Join(", ", CsvColumns.Names));
        }
        var columns = new List<CsvColumn>();
        foreach (var (position, name) in names.Index())
        {
            var isResult = name.StartsWith(CsvColumns.ResultPrefix, StringComparison.Ordinal);
            var column = ByName.GetValueOrDefault(name);
            if (column == CsvColumn.Row && !isResult)
            {
                return name.Length == 0 ? new Error("CsvColumnUnnamed", position + 1) : new Error("CsvColumnUnknown", Shown(cells[position]), string.Join(", ", CsvColumns.Names));
            }
            if (!isResult && columns.Contains(column))
            {
                return new Error("CsvColumnTwice", name);
            }
            columns.Add(column);
        }
        var missing = CsvColumns.Required.Except(columns).Select(CsvColumns.NameOf).ToList();
        return missing.Count == 0 ? new CsvHeader(columns) : new Error("CsvColumnMissing", string.Join(", ", missing));
    }

    /// <summary>The row, with a fault of its own when it has not as many cells as the header; empty cells beyond the header do not count.</summary>
    public CsvRow RowOf(CsvRecord record)
    {
        var cells = TakeEnd(record.Cells, Columns.Count);
        var row = new CsvRow(record.Line, "", "", "", "", "", "");
        foreach (var (column, cell) in Columns.Zip(cells))
        {
            row = row.With(column, cell);
        }
        return cells.Count == Columns.Count ? row : row with { Fault = new Error("CsvCellCount", cells.Count, Columns.Count) };
    }

    /// <summary>Spreadsheets leave separators behind where something once stood.</summary>
    private static List<string> TakeEnd(IReadOnlyList<string> cells, int least)
    {
        var kept = cells.ToList();
        while (kept.Count > least && string.IsNullOrWhiteSpace(kept[^1]))
        {
            kept.RemoveAt(kept.Count - 1);
        }
        return kept;
    }

    private static string Normalised(string name) => name.Trim().ToLowerInvariant().Replace(' ', '_').Replace('-', '_');

    /// <summary>What stands in the header may be data: shortened, and never a full card number.</summary>
    private static string Shown(string name)
    {
        var masked = CardNumbers.Mask(name.Trim());
        return masked.Length <= ShownLength ? masked : masked[..ShownLength] + "…";
    }
}
