using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>
/// Reads an uploaded file into rows, or says what is wrong with the file as a whole. What is wrong with a row is not its matter
/// (<see cref="BulkRowRules"/>).
/// </summary>
public static class CsvFile
{
    /// <summary>A file must be smaller than this: 10,000 rows with 500 bytes each.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    public const int MaxRows = Batch.MaxItems;

    /// <summary>Several times our own columns and those of our result downloads.</summary>
    public const int MaxColumns = 40;

    /// <summary>In UTF-16 code units; longer than any cell may be, so that the row can say which limit it breaks.</summary>
    public const int MaxCellLength = 4_000;

    private const decimal BytesPerMegabyte = 1024 * 1024;

    /// <summary>
    /// Never reads more than the limit. Errors: CsvTooLarge, CsvBinary, CsvEncoding, CsvEmpty, CsvNoHeader, CsvColumnMissing, CsvColumnUnknown,
    /// CsvColumnUnnamed, CsvColumnTwice, CsvTooManyColumns, CsvTooManyRows, CsvFieldTooLong, CsvQuoteOpen, CsvQuoteStray.
    /// </summary>
    public static async Task<Result<IReadOnlyList<CsvRow>>> ReadAsync(Stream stream, long limitBytes = MaxBytes, CancellationToken cancellation = default) =>
        await BytesAsync(stream, limitBytes, cancellation) is { } bytes
            ? CsvBytes.Decode(bytes).Match(Rows, static fault => fault)
            : new Error("CsvTooLarge", limitBytes / BytesPerMegabyte);

    /// <summary>Null = the limit was reached; whether a byte more would follow is not looked at.</summary>
    private static async Task<byte[]?> BytesAsync(Stream stream, long limit, CancellationToken cancellation)
    {
        using var content = new MemoryStream();
        var chunk = new byte[64 * 1024];
        while (content.Length < limit)
        {
            var most = (int)Math.Min(chunk.Length, limit - content.Length);
            var read = await stream.ReadAsync(chunk.AsMemory(0, most), cancellation);
            if (read == 0)
            {
                return content.ToArray();
            }
            content.Write(chunk, 0, read);
        }
        return null;
    }

    private static Result<IReadOnlyList<CsvRow>> Rows(string text)
    {
        var reader = new CsvRecordReader(text);
        if (reader.Next() is not { } first)
        {
            return reader.Fault ?? new Error("CsvEmpty");
        }
        var header = CsvHeader.Read(first.Cells);
        return header.IsSuccess ? Rows(reader, header.Value) : header.Error;
    }

    private static Result<IReadOnlyList<CsvRow>> Rows(CsvRecordReader reader, CsvHeader header)
    {
        var rows = new List<CsvRow>();
        while (reader.Next() is { } record)
        {
            if (rows.Count == MaxRows)
            {
                return new Error("CsvTooManyRows", MaxRows);
            }
            rows.Add(header.RowOf(record));
        }
        return reader.Fault ?? (rows.Count > 0 ? Result<IReadOnlyList<CsvRow>>.Success(rows) : new Error("CsvEmpty"));
    }
}
