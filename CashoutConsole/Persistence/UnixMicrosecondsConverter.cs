using CashoutConsole.Foundation;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace CashoutConsole.Persistence;

/// <summary>UTC as microseconds since 1970: sortable in both databases, where SQLite has no type for it.</summary>
public sealed class UnixMicrosecondsConverter()
    : ValueConverter<DateTimeOffset, long>(static time => Clock.ToUnixMicroseconds(time), static value => Clock.FromUnixMicroseconds(value));
