namespace CashoutConsole.Foundation;

/// <summary>
/// What a spreadsheet would make of a text: the one rule that the CSV writer guards by, that uploads refuse by, and that takes the
/// guard away again, so that a downloaded file can be uploaded as it is.
/// </summary>
public static class SpreadsheetText
{
    /// <summary>What the writer puts before text so that a spreadsheet takes it as text.</summary>
    public const char Guard = '\'';

    /// <summary>True when any line of the text, after white space of any kind, starts with what a spreadsheet evaluates.</summary>
    public static bool IsFormula(string text)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            var start = line.TrimStart();
            if (!start.IsEmpty && start[0] is '=' or '+' or '-' or '@' or '＝' or '＋' or '－' or '＠')
            {
                return true;
            }
        }
        return text.Length > 0 && text[0] is '\t' or '\r' or '\n';
    }

    /// <summary>True for an id that a spreadsheet would turn into a number, and so change.</summary>
    public static bool IsNumberLike(string text) => text.Length > 0 && text.All(static c => char.IsAsciiDigit(c) || c is '.' or 'e' or 'E');

    /// <summary>A cell as it was before the guard was put before it, without white space around it. A person's own apostrophe stays.</summary>
    public static string WithoutGuard(string cell)
    {
        var text = cell.Trim();
        while (text.Length > 1 && text[0] == Guard && (IsFormula(text[1..]) || IsNumberLike(text[1..])))
        {
            text = text[1..].Trim();
        }
        return text;
    }
}
