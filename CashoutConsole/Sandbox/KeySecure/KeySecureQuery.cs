using System.Globalization;
using System.Text.Json;
using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox.KeySecure;

/// <summary>The common part of KeySecure's list calls: a required time window of at most 90 days, pages from 0, at most 100 rows.</summary>
internal sealed record KeySecureQuery(JsonElement Filter, long From, long To, int Page, int Size)
{
    private const int LongestWindowDays = 90;
    private const int LargestPage = 100;
    private const string DateOnly = "yyyy-MM-dd";

    /// <summary>The parsed query, or the refusal.</summary>
    public static (KeySecureQuery? Query, SandboxReply? Refusal) Parse(SandboxCall call)
    {
        if (call.Json is not { } json)
        {
            return (null, KeySecureErrors.Reply(KeySecureErrors.InvalidParameter));
        }
        if (!TryOffset(call.Header("Timezone"), out var offset))
        {
            return (null, KeySecureErrors.Field("Timezone"));
        }
        if (!TryTime(json.Text("start_time"), offset, out var start, out _))
        {
            return (null, KeySecureErrors.Field("start_time"));
        }
        if (!TryTime(json.Text("end_time"), offset, out var end, out var endIsDay))
        {
            return (null, KeySecureErrors.Field("end_time"));
        }
        // Assumed: a plain end date means that whole day.
        var last = endIsDay ? end.AddDays(1) : end;
        if (last <= start)
        {
            return (null, KeySecureErrors.Reply(KeySecureErrors.EndNotAfterStart));
        }
        if (end - start > TimeSpan.FromDays(LongestWindowDays))
        {
            return (null, KeySecureErrors.Reply(KeySecureErrors.SpanTooLong));
        }
        if (!TryWhole(json, "page", 0, 0, int.MaxValue / LargestPage, out var page))
        {
            return (null, KeySecureErrors.Field("page"));
        }
        return TryWhole(json, "size", 10, 1, LargestPage, out var size)
            ? (new KeySecureQuery(json, Clock.ToUnixMicroseconds(start), Clock.ToUnixMicroseconds(last), page, size), null)
            : (null, KeySecureErrors.Field("size"));
    }

    /// <summary>True when the filter is absent, empty or equal to the value.</summary>
    public bool Matches(string filter, string? value) => Filter.Text(filter) is not { Length: > 0 } wanted || wanted == value;

    public bool Covers(long at) => at >= From && at <= To;

    public List<T> PageOf<T>(IEnumerable<T> rows) => rows.Skip(Page * Size).Take(Size).ToList();

    private static bool TryTime(string? text, TimeSpan offset, out DateTimeOffset time, out bool isDay)
    {
        isDay = DateTime.TryParseExact(text, DateOnly, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local);
        var valid = isDay || DateTime.TryParseExact(text, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.None, out local);
        time = valid ? new DateTimeOffset(local, offset) : default;
        return valid;
    }

    /// <summary>"UTC+8" (the default), "UTC-5", "UTC+5:30", "UTC".</summary>
    private static bool TryOffset(string? header, out TimeSpan offset)
    {
        offset = TimeSpan.FromHours(8);
        if (string.IsNullOrEmpty(header))
        {
            return true;
        }
        if (!header.StartsWith("UTC", StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }
        var text = header[3..];
        if (text.Length == 0)
        {
            offset = TimeSpan.Zero;
            return true;
        }
        var parts = text[1..].Split(':');
        var valid = text[0] is '+' or '-'
            && parts.Length <= 2
            && parts.All(static part => part.Length is 1 or 2)
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out _)
            && (parts.Length == 1 || int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out _));
        if (!valid)
        {
            return false;
        }
        var size = new TimeSpan(int.Parse(parts[0], CultureInfo.InvariantCulture), parts.Length == 2 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0, 0);
        offset = text[0] == '-' ? -size : size;
        return size <= TimeSpan.FromHours(14);
    }

    private static bool TryWhole(JsonElement json, string name, int fallback, int least, int most, out int value)
    {
        value = fallback;
        if (!json.TryGetProperty(name, out var property) || property.ValueKind == JsonValueKind.Null)
        {
            return true;
        }
        return property.ValueKind == JsonValueKind.Number && property.TryGetInt32(out value) && value >= least && value <= most;
    }
}
