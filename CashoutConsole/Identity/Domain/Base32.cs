using System.Text;

namespace CashoutConsole.Identity.Domain;

/// <summary>RFC 4648 base32 without padding: the alphabet of authenticator apps.</summary>
public static class Base32
{
    private const string Alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private const int Bits = 5;

    public static string Encode(ReadOnlySpan<byte> bytes)
    {
        var text = new StringBuilder();
        var (buffer, held) = (0, 0);
        foreach (var octet in bytes)
        {
            (buffer, held) = ((buffer << 8) | octet, held + 8);
            while (held >= Bits)
            {
                held -= Bits;
                text.Append(Alphabet[(buffer >> held) & 31]);
            }
            buffer &= (1 << held) - 1;
        }
        return held == 0 ? text.ToString() : text.Append(Alphabet[(buffer << (Bits - held)) & 31]).ToString();
    }

    /// <exception cref="FormatException">A character is not of the alphabet.</exception>
    public static byte[] Decode(string text)
    {
        var bytes = new List<byte>(text.Length * Bits / 8);
        var (buffer, held) = (0, 0);
        foreach (var letter in text)
        {
            var value = Alphabet.IndexOf(letter, StringComparison.Ordinal);
            if (value < 0)
            {
                throw new FormatException($"'{letter}' is not base32.");
            }
            (buffer, held) = ((buffer << Bits) | value, held + Bits);
            if (held >= 8)
            {
                held -= 8;
                bytes.Add((byte)(buffer >> held));
                buffer &= (1 << held) - 1;
            }
        }
        return [.. bytes];
    }

    public static bool IsValid(string text) => text.All(static letter => Alphabet.Contains(letter, StringComparison.Ordinal));
}
