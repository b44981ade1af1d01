using System.Text;
using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>The cells of one record as they stand in the file, quotes resolved.</summary>
/// <param name="Line">The line on which it starts, from 1.</param>
internal sealed record CsvRecord(int Line, IReadOnlyList<string> Cells)
{
    public bool IsBlank => Cells.All(string.IsNullOrWhiteSpace);
}

/// <summary>
/// Reads RFC 4180 records one by one: quoted cells may hold separators, doubled quotes and line breaks; a line ends with CR, LF or CRLF.
/// Stops at the first fault, so a file of any shape costs one pass at most.
/// </summary>
internal sealed class CsvRecordReader(string text)
{
    private static readonly char[] Separators = [',', ';', '\t'];

    private readonly char _separator = SeparatorOf(text);
    private int _at;
    private int _line = 1;

    /// <summary>Why <see cref="Next"/> stopped: CsvTooManyColumns, CsvFieldTooLong, CsvQuoteOpen or CsvQuoteStray; null = the end.</summary>
    public Error? Fault { get; private set; }

    /// <summary>The next record that is not blank; null at the end or at a fault.</summary>
    public CsvRecord? Next()
    {
        while (Fault is null && _at < text.Length)
        {
            if (Record() is { IsBlank: false } record)
            {
                return record;
            }
        }
        return null;
    }

    private CsvRecord? Record()
    {
        var line = _line;
        var cells = new List<string>();
        do
        {
            if (cells.Count == CsvFile.MaxColumns)
            {
                Fault = new Error("CsvTooManyColumns", CsvFile.MaxColumns, line);
            }
            else if (Cell() is { } cell)
            {
                cells.Add(cell);
            }
            if (Fault is not null)
            {
                return null;
            }
        }
        while (Took(_separator));
        TakeLineBreak();
        return new CsvRecord(line, cells);
    }

    private string? Cell()
    {
        var start = _at;
        TakeSpaces();
        if (Took('"'))
        {
            return QuotedCell();
        }
        var length = text.AsSpan(start).IndexOfAny(_separator, '\r', '\n');
        _at = length < 0 ? text.Length : start + length;
        return _at - start <= CsvFile.MaxCellLength ? text[start.._at] : Fail("CsvFieldTooLong", _line, CsvFile.MaxCellLength);
    }

    private string? QuotedCell()
    {
        var opened = _line;
        var cell = new StringBuilder();
        while (_at < text.Length)
        {
            if (Took('"') && !Took('"', keep: true))
            {
                TakeSpaces();
                return _at == text.Length || text[_at] == _separator || text[_at] is '\r' or '\n' ? cell.ToString() : Fail("CsvQuoteStray", _line);
            }
            if (cell.Length == CsvFile.MaxCellLength)
            {
                return text.IndexOf('"', _at) < 0 ? Fail("CsvQuoteOpen", opened) : Fail("CsvFieldTooLong", opened, CsvFile.MaxCellLength);
            }
            if (IsLineEnd(_at))
            {
                _line++;
            }
            cell.Append(text[_at++]);
        }
        return Fail("CsvQuoteOpen", opened);
    }

    private string? Fail(string code, params object[] arguments)
    {
        Fault = new Error(code, arguments);
        return null;
    }

    /// <param name="keep">True = only look, so that the character is read as the next one of the cell.</param>
    private bool Took(char expected, bool keep = false)
    {
        var stands = _at < text.Length && text[_at] == expected;
        _at += stands && !keep ? 1 : 0;
        return stands;
    }

    private void TakeSpaces()
    {
        while (Took(' '))
        {
        }
    }

    private void TakeLineBreak()
    {
        if (_at < text.Length)
        {
            _at += IsLineEnd(_at) ? 1 : 2;
            _line++;
        }
    }

    /// <summary>The CR of a CRLF ends no line, its LF does.</summary>
    private bool IsLineEnd(int at) => text[at] == '\n' || (text[at] == '\r' && (at + 1 == text.Length || text[at + 1] != '\n'));

    /// <summary>The one that stands most often in the first line that is not blank, outside quotes. Header names hold none of them.</summary>
    private static char SeparatorOf(string text)
    {
        var counts = new int[Separators.Length];
        var quoted = false;
        foreach (var c in text.AsSpan().TrimStart())
        {
            if (c == '"')
            {
                quoted = !quoted;
            }
            if (!quoted && c is '\r' or '\n')
            {
                break;
            }
            if (!quoted && Array.IndexOf(Separators, c) is >= 0 and var which)
            {
                counts[which]++;
            }
        }
        return Separators[Array.IndexOf(counts, counts.Max())];
    }
}
