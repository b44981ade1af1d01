using System.Globalization;
using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Withdrawals.Domain.Bulk;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>A fault of a cell as it is stored and shown: resource key "Error_{Code}".</summary>
public sealed record StoredFault(CsvColumn Column, string Code, IReadOnlyList<string> Arguments)
{
    public Error ToError() => new(Code, [.. Arguments]);
}

/// <summary>Between an item and the row of the file that it came from.</summary>
public static class ItemRows
{
    /// <summary>Null = not from a file.</summary>
    public static CsvRow? TypedOf(BatchItem item) =>
        item.Typed is { } json ? JsonSerializer.Deserialize<Stored>(json) is { } s ? new CsvRow(s.Line, s.Texts[0], s.Texts[1], s.Texts[2], s.Texts[3], s.Texts[4], s.Texts[5]) { Fault = s.Fault?.ToError() } : null : null;

    public static IReadOnlyList<StoredFault> FaultsOf(BatchItem item) => item.CellFaults is { } json ? JsonSerializer.Deserialize<List<StoredFault>>(json) ?? [] : [];

    /// <summary>
    /// Cells that held a full card number. Stored is the masked text, in which no check finds it any more: the fault stays until a person types
    /// over the cell.
    /// </summary>
    internal static IEnumerable<CellFault> MaskedOf(BatchItem item) =>
        FaultsOf(item).Where(static fault => fault.Code == "CardNumberInText").Select(static fault => new CellFault(fault.Column, fault.ToError()));

    /// <summary>Takes over what a row says; a valid one waits for its balance to be read.</summary>
    internal static BatchItem Take(BatchItem item, CheckedRow row, IReadOnlyDictionary<Guid, long?> balances)
    {
        item.Typed = JsonSerializer.Serialize(new Stored(
            row.Row.Line,
            [.. CsvColumns.All.Select(column => StorableText.Of(row.Row[column]) ?? "")],
            row.Row.Fault is { } fault ? Store(CsvColumn.Row, fault) : null));
        item.CellFaults = row.IsValid ? null : JsonSerializer.Serialize(row.Faults.Select(static f => Store(f.Column, f.Error)));
        item.AccountId = row.IsValid ? row.AccountId : null;
        item.Kind = row.Amount is { IsAll: true } ? BulkAmountKind.All : BulkAmountKind.Each;
        item.AskedMillionths = row is { IsValid: true, Amount.Stated: { } stated } ? Money.ToMillionths(stated) : 0;
        item.ClientReference = row.IsValid ? StorableText.Of(NullIfEmpty(row.Row.ClientReference)) : null;
        item.Note = row.IsValid ? StorableText.Of(NullIfEmpty(row.Row.Note)) : null;
        item.Fingerprint = row.IsValid ? row.Fingerprint : null;
        item.SeenMillionths = row is { IsValid: true, AccountId: { } account } ? balances.GetValueOrDefault(account) : null;
        item.State = row.IsValid ? BatchItemState.Waiting : BatchItemState.Invalid;
        item.Legs = "[]";
        item.PlannedMillionths = 0;
        item.LeftOutCode = null;
        item.LeftOutText = null;
        return item;
    }

    private static StoredFault Store(CsvColumn column, Error error) =>
        new(column, error.Code, [.. error.Arguments.Select(static a => Convert.ToString(a, CultureInfo.InvariantCulture) ?? "")]);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private sealed record Stored(int Line, IReadOnlyList<string> Texts, StoredFault? Fault);
}
