namespace CashoutConsole.Cards.UI;

/// <summary>Usernames out of a text or CSV file: the first column of each line, without quotes and without a heading.</summary>
public static class UsernameFile
{
    /// <summary>Enough for a thousand usernames with other columns beside them.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>Null = not a text.</summary>
    public static IReadOnlyList<string>? Read(string text)
    {
        if (text.Contains('\0', StringComparison.Ordinal) || text.Contains('\uFFFD', StringComparison.Ordinal))
        {
            return null;
        }
        var names = text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries)
            .Select(static line => line.Split([',', ';', '\t'], 2)[0].Trim().Trim('"').Trim())
            .Where(static name => name.Length > 0).ToList();
        return names is [var first, ..] && first.ToUpperInvariant() is "USERNAME" or "USER NAME" or "USER" or "MEMBER" ? names[1..] : names;
    }
}
