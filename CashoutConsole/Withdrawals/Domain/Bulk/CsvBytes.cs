using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>From bytes to text: UTF-8 only, with or without a byte order mark. Nothing is guessed and nothing replaced: a changed id is another account.</summary>
internal static class CsvBytes
{
    /// <summary>Zip (and so every .xlsx), the older Excel, PDF and gzip: named by their first bytes even where no NUL follows.</summary>
    private static readonly byte[][] Signatures = [[0x50, 0x4B, 0x03, 0x04], [0xD0, 0xCF, 0x11, 0xE0], "%PDF"u8.ToArray(), [0x1F, 0x8B]];

    /// <summary>Errors: CsvBinary, CsvEncoding(line).</summary>
    public static Result<string> Decode(ReadOnlySpan<byte> bytes)
    {
        if (IsUtf16(bytes))
        {
            return new Error("CsvEncoding", 1);
        }
        if (bytes.Contains((byte)0) || IsOtherFormat(bytes))
        {
            return new Error("CsvBinary");
        }
        var content = bytes.StartsWith(Encoding.UTF8.Preamble) ? bytes[Encoding.UTF8.Preamble.Length..] : bytes;
        var chars = new char[content.Length];
        var status = Utf8.ToUtf16(content, chars, out var read, out var written, replaceInvalidSequences: false);
        return status == OperationStatus.Done ? new string(chars, 0, written) : new Error("CsvEncoding", LineAfter(content[..read]));
    }

    /// <summary>A byte order mark of UTF-16 or UTF-32, or every other byte of the first four a NUL.</summary>
    private static bool IsUtf16(ReadOnlySpan<byte> bytes) =>
        bytes is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..] or [0, 0, 0xFE, 0xFF, ..] or [not 0, 0, not 0, 0, ..] or [0, not 0, 0, not 0, ..];

    private static bool IsOtherFormat(ReadOnlySpan<byte> bytes)
    {
        foreach (var signature in Signatures)
        {
            if (bytes.StartsWith(signature))
            {
                return true;
            }
        }
        return false;
    }

    private static int LineAfter(ReadOnlySpan<byte> bytes)
    {
        var line = 1;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '\n' || (bytes[i] == '\r' && (i + 1 == bytes.Length || bytes[i + 1] != '\n')))
            {
                line++;
            }
        }
        return line;
    }
}
