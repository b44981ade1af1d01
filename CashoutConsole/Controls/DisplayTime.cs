using System.Globalization;

namespace CashoutConsole.Controls;

/// <summary>
/// The operator's time zone, one instance per circuit. Times are kept in UTC and shown in this zone, always year first and on a
/// 24-hour clock, because day-first and month-first readers share one log. Until the browser has told its zone, UTC is shown and says so.
/// </summary>
public sealed class DisplayTime
{
    private const int LongestZoneId = 64;

    private TimeZoneInfo? _zone;

    /// <summary>Takes an IANA zone id from the browser. An unknown one is ignored: it is untrusted text.</summary>
    public void UseZone(string? id)
    {
        if (id is { Length: > 0 and <= LongestZoneId } && TimeZoneInfo.TryFindSystemTimeZoneById(id, out var zone))
        {
            _zone = zone;
        }
    }

    /// <summary>"2026-11-21 14:05:09".</summary>
    public string Full(DateTimeOffset time) => Format(time, "yyyy-MM-dd HH:mm:ss");

    /// <summary>"2026-11-21 14:05".</summary>
    public string Minute(DateTimeOffset time) => Format(time, "yyyy-MM-dd HH:mm");

    /// <summary>"14:05" for a moment of the same day, "2026-11-22 14:05" for any other.</summary>
    public string Near(DateTimeOffset time, DateTimeOffset now) => DayOf(time) == DayOf(now) ? Format(time, "HH:mm") : Minute(time);

    /// <summary>"2026-11-21".</summary>
    public string Day(DateTimeOffset time) => Format(time, "yyyy-MM-dd");

    /// <summary>The day that the operator's calendar shows at that moment.</summary>
    public DateOnly DayOf(DateTimeOffset time) => DateOnly.FromDateTime(Local(time).DateTime);

    /// <summary>The moment that day starts in the operator's zone; where a clock change skips midnight, the first moment after it.</summary>
    public DateTimeOffset StartOf(DateOnly day)
    {
        var midnight = day.ToDateTime(TimeOnly.MinValue);
        while (_zone?.IsInvalidTime(midnight) == true)
        {
            midnight = midnight.AddMinutes(15);
        }
        return new DateTimeOffset(midnight, _zone?.GetUtcOffset(midnight) ?? TimeSpan.Zero).ToUniversalTime();
    }

    /// <summary>Exact local time with its offset, and UTC: what a pointer resting on a time shows.</summary>
    public string Exact(DateTimeOffset time)
    {
        var utc = time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture) + " UTC";
        return _zone is null ? utc : Local(time).ToString("yyyy-MM-dd HH:mm:ss zzz", CultureInfo.InvariantCulture) + " · " + utc;
    }

    /// <summary>The value of an HTML datetime attribute.</summary>
    public static string Machine(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);

    private string Format(DateTimeOffset time, string format) =>
        Local(time).ToString(format, CultureInfo.InvariantCulture) + (_zone is null ? " UTC" : "");

    private DateTimeOffset Local(DateTimeOffset time) => _zone is null ? time.ToUniversalTime() : TimeZoneInfo.ConvertTime(time, _zone);
}
