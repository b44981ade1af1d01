using System.Text;

namespace CashoutConsole.Foundation;

/// <summary>
/// Text from outside made fit for both databases, so that no answer or reason can be unstorable: PostgreSQL refuses NUL, unpaired
/// surrogates and anything longer than its column. What cannot be kept becomes U+FFFD.
/// </summary>
public static class StorableText
{
    private const char Replacement = '\uFFFD';

    /// <param name="maxLength">In UTF-16 code units, at least as strict as PostgreSQL's count of characters.</param>
    public static string? Of(string? text, int maxLength = int.MaxValue)
    {
        if (text is null)
        {
            return null;
        }
        var cut = text.Length <= maxLength ? text : text[..maxLength];
        return cut.All(static c => c != '\0' && !char.IsSurrogate(c)) ? cut : Repair(cut);
    }

    private static string Repair(string text)
    {
        var result = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                result.Append(text[i]).Append(text[++i]);
            }
            else
            {
                result.Append(text[i] == '\0' || char.IsSurrogate(text[i]) ? Replacement : text[i]);
            }
        }
        return result.ToString();
    }
}
