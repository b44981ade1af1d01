using System.Text;

namespace CashoutConsole.Foundation;

/// <summary>
/// The card-number firewall: finds full card numbers (13 to 19 digits that pass the Luhn check, also written with single spaces or
/// hyphens) in text that people type or providers send, and masks them. An id that we know to be an account id is not a card number.
/// </summary>
public static class CardNumbers
{
    private const int MinDigits = 13;
    private const int MaxDigits = 19;

    public static bool ContainsCardNumber(string? text, Func<string, bool>? isKnownAccountId = null) =>
        Find(text, isKnownAccountId).Any();

    /// <summary>Replaces every card number in <paramref name="text"/> by its last four digits.</summary>
    public static string Mask(string text, Func<string, bool>? isKnownAccountId = null)
    {
        var result = new StringBuilder(text.Length);
        var copied = 0;
        foreach (var (start, end, digits) in Find(text, isKnownAccountId))
        {
            result.Append(text, copied, start - copied).Append("••••").Append(digits, digits.Length - 4, 4);
            copied = end;
        }
        return copied == 0 ? text : result.Append(text, copied, text.Length - copied).ToString();
    }

    /// <summary>A number as providers send it, in full or already masked, reduced to its last four digits: "•••• 1249". Null when fewer than four digits are there.</summary>
    public static string? LastFour(string? number)
    {
        var tail = new string((number ?? "").Where(char.IsAsciiDigit).TakeLast(4).ToArray());
        return number is not null && tail.Length == 4 && !number.EndsWith('*') ? "•••• " + tail : null;
    }

    private static IEnumerable<(int Start, int End, string Digits)> Find(string? text, Func<string, bool>? isKnownAccountId)
    {
        var groups = DigitGroups(text ?? "");
        for (var first = 0; first < groups.Count; first++)
        {
            var digits = "";
            for (var last = first; last < groups.Count && (last == first || groups[last].FollowsPrevious); last++)
            {
                digits += groups[last].Digits;
                if (digits.Length > MaxDigits)
                {
                    break;
                }
                if (digits.Length >= MinDigits && PassesLuhn(digits) && isKnownAccountId?.Invoke(digits) != true)
                {
                    yield return (groups[first].Start, groups[last].Start + groups[last].Digits.Length, digits);
                    first = last;
                    break;
                }
            }
        }
    }

    /// <summary>Runs of digits; a group follows the previous one when exactly one space or hyphen stands between them.</summary>
    private static List<(int Start, string Digits, bool FollowsPrevious)> DigitGroups(string text)
    {
        var groups = new List<(int Start, string Digits, bool FollowsPrevious)>();
        for (var i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiDigit(text[i]))
            {
                continue;
            }
            var start = i;
            while (i < text.Length && char.IsAsciiDigit(text[i]))
            {
                i++;
            }
            var follows = groups.Count > 0 && groups[^1].Start + groups[^1].Digits.Length == start - 1 && text[start - 1] is (' ' or '-');
            groups.Add((start, text[start..i], follows));
        }
        return groups;
    }

    private static bool PassesLuhn(string digits)
    {
        var sum = 0;
        for (var i = 0; i < digits.Length; i++)
        {
            var digit = digits[digits.Length - 1 - i] - '0';
            var weighted = i % 2 == 0 ? digit : digit * 2;
            sum += weighted > 9 ? weighted - 9 : weighted;
        }
        return sum % 10 == 0;
    }
}
