using System.Text;
using CashoutConsole.Exports.Application;

namespace CashoutConsole.Tests.Exports;

public sealed class CsvWriterTests
{
    [Fact]
    public async Task A_file_starts_with_the_byte_order_mark_and_ends_its_lines_with_cr_lf()
    {
        var bytes = await BytesAsync(static _ => { });
        Assert.Equal([0xEF, 0xBB, 0xBF], bytes[..3]);
        Assert.Equal("a,b\r\n\r\n", Encoding.UTF8.GetString(bytes.AsSpan(3)));
    }

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData(null, "")]
    [InlineData("a,b", "\"a,b\"")]
    [InlineData("say \"hi\"", "\"say \"\"hi\"\"\"")]
    [InlineData("two\r\nlines", "\"two\r\nlines\"")]
    [InlineData(" padded ", "\" padded \"")]
    [InlineData("中文", "中文")]
    [InlineData("=1+1", "\"'=1+1\"")]
    [InlineData("+1", "\"'+1\"")]
    [InlineData("-1", "\"'-1\"")]
    [InlineData("@x", "\"'@x\"")]
    [InlineData("\t=x", "\"'\t=x\"")]
    [InlineData("\u00A0=x", "\"'\u00A0=x\"")]
    [InlineData("fine\n=x", "\"'fine\n=x\"")]
    [InlineData("\rx", "\"'\rx\"")]
    [InlineData("＝x", "\"'＝x\"")]
    [InlineData("1-2", "1-2")]
    public async Task Text_is_quoted_by_the_rules_and_never_a_formula(string? text, string expected) =>
        Assert.Equal(expected, await RowAsync(csv => csv.Text(text)));

    [Theory]
    [InlineData("5555555555554444", "\"'5555555555554444\"")]
    [InlineData("1e5", "\"'1e5\"")]
    [InlineData("0012", "\"'0012\"")]
    [InlineData("a-1", "a-1")]
    [InlineData("", "")]
    public async Task An_id_stays_text_in_a_spreadsheet(string id, string expected) => Assert.Equal(expected, await RowAsync(csv => csv.Id(id)));

    [Fact]
    public async Task Numbers_amounts_and_times_are_plain_whatever_the_culture()
    {
        var culture = Thread.CurrentThread.CurrentCulture;
        Thread.CurrentThread.CurrentCulture = new System.Globalization.CultureInfo("de-DE");
        try
        {
            Assert.Equal("-7,1234567.50,0.000001,,2026-10-05T08:00:00.123456+00:00", await RowAsync(static csv => csv
                .Number(-7).Amount(1234567.5m).Amount(0.000001m).Amount(null)
                .Time(new DateTimeOffset(2026, 10, 5, 8, 0, 0, 123, 456, TimeSpan.Zero))));
        }
        finally
        {
            Thread.CurrentThread.CurrentCulture = culture;
        }
    }

    private static async Task<string> RowAsync(Action<CsvWriter> write) =>
        Encoding.UTF8.GetString((await BytesAsync(write)).AsSpan(8))[..^2];

    private static async Task<byte[]> BytesAsync(Action<CsvWriter> write)
    {
        using var output = new MemoryStream();
        var csv = new CsvWriter(output);
        await csv.HeaderAsync(["a", "b"], CancellationToken.None);
        write(csv);
        await csv.EndRowAsync(CancellationToken.None);
        await csv.FlushAsync(CancellationToken.None);
        return output.ToArray();
    }
}
