using System.Text;
using CashoutConsole.Exports.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Withdrawals.Domain.Bulk;
using FsCheck;
using FsCheck.Fluent;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

/// <summary>What was written reads back the same, and nothing that is uploaded makes the reader throw.</summary>
public sealed class CsvRoundTripTests
{
    private static readonly string[] Pieces =
        ["a", "7", "1e5", "0012", "=1+1", "+", "-", "@", "＝", "'", "''", "\"", ",", ";", "\t", "\r", "\n", "\r\n", " ", "\u00A0", "中", "😀", ".", "\u2028", "•"];

    private static readonly string[] BrokenPieces =
        ["provider_account,account,amount,currency", "account", "amount", "result_x", ",", ";", "\t", "\"", "\"\"", "\r", "\n", "x", " ", "\uFEFF", "4111111111111111", "=1", "-5", "ALL"];

    private static readonly Gen<string> Texts = Gen.Elements(Pieces).ListOf().Select(static pieces => string.Concat(pieces));

    private static readonly Gen<CsvRow> Rows =
        from cells in Texts.ArrayOf(6)
        select new CsvRow(0, Typed(cells[0]) + "p", Typed(cells[1]), Typed(cells[2]), Typed(cells[3]), Typed(cells[4]), Typed(cells[5]));

    [Fact]
    public void What_our_writer_writes_reads_back_as_it_was()
    {
        Check.QuickThrowOnFailure(Prop.ForAll(Rows.NonEmptyListOf().ToArbitrary(), static rows =>
        {
            var read = CsvFile.ReadAsync(new MemoryStream(DownloadAsync(rows).GetAwaiter().GetResult())).GetAwaiter().GetResult().Value;
            Assert.Equal(rows, read.Select(static row => row with { Line = 0 }));
        }));
    }

    [Fact]
    public async Task Guards_and_results_of_a_download_are_taken_away_again()
    {
        CsvRow[] rows =
        [
            new(0, "Uqpay:main", "0012345678", "10.00", "USD", "=HYPERLINK(1)", "- two\n- lines"),
            new(0, "+p", "1e5", "ALL", "USD", "20261005", "it's 'quoted'"),
            new(0, "@p", "+8613800000000", "-5", "USD", "'", "'name'"),
        ];
        var file = await DownloadAsync(rows);
        Assert.Contains("\"'0012345678\"", Encoding.UTF8.GetString(file), StringComparison.Ordinal);
        Assert.Equal(rows, (await CsvFile.ReadAsync(new MemoryStream(file))).Value.Select(static row => row with { Line = 0 }));
    }

    [Fact]
    public void Any_separator_and_line_end_reads_the_same()
    {
        var files = from rows in Rows.NonEmptyListOf()
                    from separator in Gen.Elements(',', ';', '\t')
                    from lineEnd in Gen.Elements("\r", "\n", "\r\n")
                    select (rows, separator, lineEnd);
        Check.QuickThrowOnFailure(Prop.ForAll(files.ToArbitrary(), static file =>
        {
            var lines = file.rows.Select(row => string.Join(file.separator, CsvColumns.All.Select(column => '"' + row[column].Replace("\"", "\"\"", StringComparison.Ordinal) + '"')));
            var text = string.Join(file.lineEnd, lines.Prepend(string.Join(file.separator, CsvColumns.Names)));
            Assert.Equal(file.rows, CsvFileTests.RowsAsync(text).GetAwaiter().GetResult().Select(static row => row with { Line = 0 }));
        }));
    }

    [Fact]
    public void No_bytes_make_the_reader_or_the_rules_throw()
    {
        var bytes = Gen.OneOf(
            Gen.Choose(0, 255).Select(static b => (byte)b).ArrayOf(),
            Gen.Elements(BrokenPieces).ListOf().Select(static pieces => Encoding.UTF8.GetBytes(string.Concat(pieces))),
            Gen.Elements(BrokenPieces).ListOf().Select(static pieces => Encoding.UTF8.GetBytes("provider_account,account,amount,currency\n" + string.Concat(pieces))));
        var book = new BulkBook(new Dictionary<string, BookProvider>(StringComparer.Ordinal));
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(2000), Prop.ForAll(bytes.ToArbitrary(), content =>
        {
            var read = CsvFile.ReadAsync(new MemoryStream(content)).GetAwaiter().GetResult();
            return !read.IsSuccess || BulkRowRules.Check(read.Value, book).Count == read.Value.Count;
        }));
    }

    private static string Typed(string cell) => SpreadsheetText.WithoutGuard(cell);

    private static async Task<byte[]> DownloadAsync(IEnumerable<CsvRow> rows)
    {
        using var output = new MemoryStream();
        var csv = new CsvWriter(output);
        await csv.HeaderAsync([.. CsvColumns.Names, .. CsvColumns.ResultNames], CancellationToken.None);
        foreach (var row in rows)
        {
            csv.Text(row.ProviderAccount).Id(row.Account).Text(row.Amount).Text(row.Currency).Id(row.ClientReference).Text(row.Note)
                .Text("Succeeded").Text("").Number(1).Amount(9.5m).Text("USD").Time(DateTimeOffset.UnixEpoch);
            await csv.EndRowAsync(CancellationToken.None);
        }
        await csv.FlushAsync(CancellationToken.None);
        return output.ToArray();
    }
}
