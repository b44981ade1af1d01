using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CashoutConsole.Foundation;

namespace CashoutConsole.Audit.Domain;

/// <summary>
/// The bytes of the chain, format version 1 (docs/audit-format.md). Fields are written in a fixed order, each as a 4-byte big-endian
/// length and its UTF-8 bytes; a missing field is the length 0xFFFFFFFF alone, so that no two different entries share one encoding.
/// </summary>
public static class AuditHash
{
    public const int FormatVersion = 1;
    public const int Size = SHA256.HashSizeInBytes;

    public static readonly byte[] Genesis = new byte[Size];

    public static byte[] OfContent(AuditEntry entry)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var field in Fields(entry))
        {
            Append(hash, field);
        }
        return hash.GetHashAndReset();
    }

    public static byte[] OfEntry(long sequence, ReadOnlySpan<byte> previous, ReadOnlySpan<byte> content)
    {
        Span<byte> bytes = stackalloc byte[sizeof(long) + Size + Size];
        BinaryPrimitives.WriteInt64BigEndian(bytes, sequence);
        previous.CopyTo(bytes[sizeof(long)..]);
        content.CopyTo(bytes[(sizeof(long) + Size)..]);
        return SHA256.HashData(bytes);
    }

    private static IEnumerable<string?> Fields(AuditEntry entry) =>
    [
        entry.FormatVersion.ToString(CultureInfo.InvariantCulture),
        Clock.ToUnixMicroseconds(entry.At).ToString(CultureInfo.InvariantCulture),
        entry.ActorKind.ToString(),
        entry.ActorId,
        entry.ActorName,
        entry.OnBehalfOf,
        entry.RemoteAddress,
        entry.Action,
        entry.SubjectType,
        entry.SubjectId,
        entry.Result.ToString(),
        entry.Reason,
        entry.Before,
        entry.After,
        entry.Details,
        entry.CorrelationId,
    ];

    private static void Append(IncrementalHash hash, string? field)
    {
        Span<byte> length = stackalloc byte[sizeof(uint)];
        var bytes = field is null ? [] : Encoding.UTF8.GetBytes(field);
        BinaryPrimitives.WriteUInt32BigEndian(length, field is null ? uint.MaxValue : (uint)bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
