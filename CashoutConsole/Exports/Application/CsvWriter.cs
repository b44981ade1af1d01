using System.Buffers;
using System.Globalization;
using System.Text;
using CashoutConsole.Foundation;

namespace CashoutConsole.Exports.Application;

/// <summary>
/// The one CSV writer: UTF-8 with a byte order mark, CRLF, RFC 4180 quoting, written to the stream row by row with bounded memory.
/// Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers and times are typed columns and need none.
/// </summary>
public sealed class CsvWriter(Stream output)
{
    private const int FlushAt = 64 * 1024;

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n\t;'");

    private readonly StringBuilder _buffer = new(FlushAt + 4096);
    private bool _rowStarted;

    public async Task HeaderAsync(IEnumerable<string> names, CancellationToken cancellation)
    {
        await output.WriteAsync(Encoding.UTF8.Preamble.ToArray(), cancellation);
        foreach (var name in names)
        {
            Text(name);
        }
        await EndRowAsync(cancellation);
    }

    /// <summary>Anything that people or providers wrote.</summary>
    public CsvWriter Text(string? value)
    {
        Separate();
        if (string.IsNullOrEmpty(value))
        {
            return this;
        }
        var safe = SpreadsheetText.IsFormula(value) ? SpreadsheetText.Guard + value : value;
        if (safe.AsSpan().ContainsAny(Quoted) || safe[0] == ' ' || safe[^1] == ' ')
        {
            _buffer.Append('"').Append(safe.Replace("\"", "\"\"", StringComparison.Ordinal)).Append('"');
        }
        else
        {
            _buffer.Append(safe);
        }
        return this;
    }

    /// <summary>An id: always quoted and, where a spreadsheet would turn it into a number, kept as text by a leading apostrophe.</summary>
    public CsvWriter Id(string? value) =>
        value is not null && SpreadsheetText.IsNumberLike(value) ? Text(SpreadsheetText.Guard + value) : Text(value);

    public CsvWriter Number(long? value)
    {
        Separate();
        _buffer.Append(value?.ToString(CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>Plain notation with a point, at least two decimals, at most six.</summary>
    public CsvWriter Amount(decimal? value)
    {
        Separate();
        _buffer.Append(value?.ToString("0.00####", CultureInfo.InvariantCulture));
        return this;
    }

    /// <summary>ISO 8601 with offset.</summary>
    public CsvWriter Time(DateTimeOffset? value)
    {
        Separate();
        _buffer.Append(value?.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture));
        return this;
    }

    public async Task EndRowAsync(CancellationToken cancellation)
    {
        _buffer.Append("\r\n");
        _rowStarted = false;
        if (_buffer.Length >= FlushAt)
        {
            await FlushAsync(cancellation);
        }
    }

    public async Task FlushAsync(CancellationToken cancellation)
    {
        await output.WriteAsync(Encoding.UTF8.GetBytes(_buffer.ToString()), cancellation);
        await output.FlushAsync(cancellation);
        _buffer.Clear();
    }

    private void Separate()
    {
        if (_rowStarted)
        {
            _buffer.Append(',');
        }
        _rowStarted = true;
    }
}
