using System.Text;
using CashoutConsole.Foundation;
using CashoutConsole.Withdrawals.Domain.Bulk;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

public sealed class CsvFileTests
{
    private const string Header = "provider_account,account,amount,currency,client_reference,note";
    private const string Row = "Uqpay:main,c-1,10.00,USD,INV-1,for rent";

    [Fact]
    public async Task The_template_is_a_header_that_reads_and_has_no_rows_yet()
    {
        var template = CsvTemplate.Content();
        Assert.Equal([0xEF, 0xBB, 0xBF], template[..3]);
        Assert.Equal("CsvEmpty", Code(await CsvFile.ReadAsync(new MemoryStream(template))));
        Assert.Equal(
            new CsvRow(2, "Uqpay:main", "c-1", "10.00", "USD", "INV-1", "for rent"),
            Assert.Single((await CsvFile.ReadAsync(new MemoryStream([.. template, .. Encoding.UTF8.GetBytes(Row)]))).Value));
    }

    [Theory]
    [InlineData(",", "\r\n", false)]
    [InlineData(",", "\n", true)]
    [InlineData(";", "\r", false)]
    [InlineData(";", "\r\n", true)]
    [InlineData("\t", "\n", false)]
    public async Task Separator_line_end_and_byte_order_mark_are_found_out(string separator, string lineEnd, bool mark)
    {
        var text = (mark ? "\uFEFF" : "") + string.Join(lineEnd, Header.Replace(",", separator), Row.Replace(",", separator), "", Row.Replace(",", separator)) + lineEnd;
        Assert.Equal(
            [new(2, "Uqpay:main", "c-1", "10.00", "USD", "INV-1", "for rent"), new(4, "Uqpay:main", "c-1", "10.00", "USD", "INV-1", "for rent")],
            await RowsAsync(text));
    }

    [Fact]
    public async Task Quoted_cells_hold_separators_quotes_and_line_breaks_and_lines_are_counted_on()
    {
        var rows = await RowsAsync(Header + "\r\na, \"b,c\" ,1,USD,\"say \"\"hi\"\"\",\"one\r\ntwo\nthree\"\r\nd,e,2,USD,5\" nail,");
        Assert.Equal(
            [new(2, "a", "b,c", "1", "USD", "say \"hi\"", "one\r\ntwo\nthree"), new CsvRow(5, "d", "e", "2", "USD", "5\" nail", "")], rows);
    }

    [Theory]
    [InlineData("Account,AMOUNT,Currency,Provider Account\nc-1,10,USD,Uqpay:main")]
    [InlineData(" account , amount , currency , provider-account \n c-1 , 10 ,USD,Uqpay:main")]
    [InlineData("account,amount,result_status,currency,provider_account,result_anything\nc-1,10,Succeeded,USD,Uqpay:main,x")]
    [InlineData("\"account\",amount,currency,provider_account,,\nc-1,10,USD,Uqpay:main,,\n,,,,,\n   \n")]
    [InlineData("\"result_of,\n,,,,one\";account;amount;currency;provider_account\nx;c-1;10;USD;Uqpay:main")]
    [InlineData("\n \naccount;amount;currency;\"provider_account\"\nc-1;10;USD;Uqpay:main")]
    public async Task Names_in_any_case_and_order_are_understood_and_our_results_left_out(string text)
    {
        var row = Assert.Single(await RowsAsync(text));
        Assert.Equal(row with { Line = 0 }, new CsvRow(0, "Uqpay:main", "c-1", "10", "USD", "", ""));
    }

    [Theory]
    [InlineData("", "CsvEmpty")]
    [InlineData(" \r\n\r\n", "CsvEmpty")]
    [InlineData(Header, "CsvEmpty")]
    [InlineData(Header + "\r\n,,,,,\r\n", "CsvEmpty")]
    [InlineData(Row + "\n" + Row, "CsvNoHeader")]
    [InlineData("provider_account,account\nx,y", "CsvColumnMissing", "amount, currency")]
    [InlineData(Header + ",iban\n" + Row + ",x", "CsvColumnUnknown", "iban")]
    [InlineData(Header + ",5555555555554444\n" + Row + ",x", "CsvColumnUnknown", "••••4444")]
    [InlineData("account,,amount\nx,y,z", "CsvColumnUnnamed", 2)]
    [InlineData("account,amount,Amount\nx,y,z", "CsvColumnTwice", "amount")]
    [InlineData(Header + "\n" + Row + "\na,b,1,USD,\"x,y\na,b", "CsvQuoteOpen", 3)]
    [InlineData("\"account,amount\n1,2", "CsvQuoteOpen", 1)]
    [InlineData(Header + "\na,b,1,USD,\"x\"y,z", "CsvQuoteStray", 2)]
    public async Task A_fault_of_the_file_is_named_with_what_to_look_at(string text, string code, object? argument = null)
    {
        var fault = (await ReadAsync(text)).Error!;
        Assert.Equal(code, fault.Code);
        Assert.True(argument is null || argument.Equals(fault.Arguments[0]), $"{fault}");
    }

    [Theory]
    [InlineData("a,b,1,USD,ref", 5)]
    [InlineData("a,b,1000,00,USD,ref,note", 7)]
    [InlineData("a", 1)]
    public async Task A_row_with_other_cells_than_the_header_is_a_fault_of_that_row_alone(string line, int cells)
    {
        var rows = await RowsAsync($"{Header}\n{line}\n{Row}");
        Assert.Equal("CsvCellCount", rows[0].Fault!.Code);
        Assert.Equal([cells, 6], rows[0].Fault!.Arguments);
        Assert.Null(rows[1].Fault);
    }

    [Fact]
    public async Task A_file_that_is_no_text_is_refused_as_such()
    {
        Assert.Equal("CsvBinary", await CodeAsync([0x50, 0x4B, 0x03, 0x04, 0x14, 0x01]));
        Assert.Equal("CsvBinary", await CodeAsync([0xD0, 0xCF, 0x11, 0xE0]));
        Assert.Equal("CsvBinary", await CodeAsync("%PDF-1.7"u8.ToArray()));
        Assert.Equal("CsvBinary", await CodeAsync([.. Encoding.UTF8.GetBytes(Header + "\nx,y,"), 0, 0, 0, 7]));
    }

    [Fact]
    public async Task Another_encoding_is_refused_with_the_line_that_shows_it()
    {
        Assert.Equal("CsvEncoding (1)", await FaultAsync([.. Encoding.Unicode.Preamble, .. Encoding.Unicode.GetBytes(Header)]));
        Assert.Equal("CsvEncoding (1)", await FaultAsync([.. Encoding.BigEndianUnicode.Preamble, .. Encoding.BigEndianUnicode.GetBytes(Header)]));
        Assert.Equal("CsvEncoding (1)", await FaultAsync(Encoding.Unicode.GetBytes(Header)));
        Assert.Equal("CsvEncoding (1)", await FaultAsync(Encoding.BigEndianUnicode.GetBytes(Header)));
        Assert.Equal("CsvEncoding (3)", await FaultAsync([.. Encoding.UTF8.GetBytes(Header + "\r\n" + Row + "\r\na,b,1,USD,"), 0xB7, 0xBF, 0xD7, 0xE2]));
        // Cut in the middle of a character.
        Assert.Equal("CsvEncoding (2)", await FaultAsync([.. Encoding.UTF8.GetBytes(Header + "\ra,b,1,USD,,"), 0xE4, 0xB8]));
    }

    [Fact]
    public async Task Ten_thousand_rows_are_read_and_one_more_is_refused()
    {
        var text = Header + "\r\n" + string.Concat(Enumerable.Repeat(Row + "\r\n", CsvFile.MaxRows));
        Assert.Equal(10_000, (await RowsAsync(text + "\r\n")).Count);
        Assert.Equal("CsvTooManyRows (10000)", (await ReadAsync(text + Row)).Error!.ToString());
    }

    [Fact]
    public async Task A_hundred_thousand_columns_are_refused_wherever_they_stand()
    {
        var many = string.Join(',', Enumerable.Repeat("amount", 100_000));
        Assert.Equal("CsvTooManyColumns (40, 1)", (await ReadAsync(many + "\n" + Row)).Error!.ToString());
        Assert.Equal("CsvTooManyColumns (40, 3)", (await ReadAsync(Header + "\n" + Row + "\n" + many)).Error!.ToString());
        Assert.Equal("CsvTooManyColumns (40, 2)", (await ReadAsync(Header + "\n" + new string(',', 100_000))).Error!.ToString());
    }

    [Fact]
    public async Task A_cell_longer_than_any_may_be_is_refused_and_an_open_quote_before_much_text_is_called_that()
    {
        var novel = new string('x', CsvFile.MaxCellLength + 1);
        Assert.Equal("CsvFieldTooLong (2, 4000)", (await ReadAsync($"{Header}\n{novel},b,1,USD,,")).Error!.ToString());
        Assert.Equal("CsvFieldTooLong (2, 4000)", (await ReadAsync($"{Header}\n\"{novel}\",b,1,USD,,")).Error!.ToString());
        Assert.Equal("CsvQuoteOpen (2)", (await ReadAsync($"{Header}\n\"{novel},b,1,USD,,")).Error!.ToString());
        Assert.Single(await RowsAsync($"{Header}\n\"{novel[1..]}\",b,1,USD,,{novel[1..]}"));
    }

    [Fact]
    public async Task Fifty_megabytes_are_refused_without_reading_past_the_limit()
    {
        using var stream = new EndlessStream(50 * 1024 * 1024);
        var fault = (await CsvFile.ReadAsync(stream)).Error!;
        Assert.Equal("CsvTooLarge (5)", fault.ToString());
        Assert.Equal(CsvFile.MaxBytes, stream.BytesRead);
    }

    [Fact]
    public async Task A_file_of_the_limit_is_too_large_and_one_byte_less_is_not()
    {
        var text = Encoding.UTF8.GetBytes(Header + "\n" + Row);
        Assert.Equal("CsvTooLarge", Code(await CsvFile.ReadAsync(new MemoryStream(text), text.Length)));
        Assert.Single((await CsvFile.ReadAsync(new MemoryStream(text), text.Length + 1)).Value);
    }

    internal static async Task<Result<IReadOnlyList<CsvRow>>> ReadAsync(string text) => await CsvFile.ReadAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)));

    internal static async Task<IReadOnlyList<CsvRow>> RowsAsync(string text) => (await ReadAsync(text)).Value;

    private static async Task<string> CodeAsync(byte[] bytes) => Code(await CsvFile.ReadAsync(new MemoryStream(bytes)));

    private static async Task<string> FaultAsync(byte[] bytes) => (await CsvFile.ReadAsync(new MemoryStream(bytes))).Error!.ToString();

    private static string Code(Result<IReadOnlyList<CsvRow>> result) => result.Error!.Code;

    /// <summary>Bytes that come in pieces, as from a browser, and a count of how many were asked out of it.</summary>
    private sealed class EndlessStream(long length) : Stream
    {
        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => length;

        public override long Position { get => BytesRead; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            var read = (int)Math.Min(Math.Min(buffer.Length, 30_000), length - BytesRead);
            buffer[..read].Fill((byte)'a');
            BytesRead += read;
            return read;
        }

        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) => ValueTask.FromResult(Read(buffer.Span));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
