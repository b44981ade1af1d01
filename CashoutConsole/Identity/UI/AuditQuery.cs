using System.Globalization;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using Microsoft.AspNetCore.WebUtilities;

namespace CashoutConsole.Identity.UI;

/// <summary>The audit list's filter as a query string: in the page's address and in that of its CSV file, which reads the same keys.</summary>
public static class AuditQuery
{
    public const string List = "/audit";
    public const string Csv = "/exports/audit.csv";

    /// <summary>The entry whose details are open; the page's only, no filter.</summary>
    private const string EntryKey = "entry";

    public static AuditFilter Read(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        return new AuditFilter
        {
            From = Moment(One("from")),
            To = Moment(One("to")),
            Actor = One("actor"),
            Action = One("action"),
            SubjectType = One("subjectType"),
            Subject = One("subject"),
            Result = Enum.TryParse<AuditResult>(One("result"), ignoreCase: true, out var result) && Enum.IsDefined(result) ? result : null,
        };

        string? One(string key) => query.TryGetValue(key, out var values) && values.ToString() is { Length: > 0 } value ? value : null;
    }

    public static long? OpenEntry(string address) =>
        QueryHelpers.ParseQuery(new Uri(address).Query).TryGetValue(EntryKey, out var text)
            && long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var sequence) ? sequence : null;

    public static string Write(string path, AuditFilter filter, long? openEntry = null) =>
        QueryHelpers.AddQueryString(path, Pairs(filter, openEntry));

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(AuditFilter filter, long? openEntry) =>
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["from"] = Text(filter.From),
            ["to"] = Text(filter.To),
            ["actor"] = filter.Actor,
            ["action"] = filter.Action,
            ["subjectType"] = filter.SubjectType,
            ["subject"] = filter.Subject,
            ["result"] = filter.Result?.ToString(),
            [EntryKey] = openEntry?.ToString(CultureInfo.InvariantCulture),
        }.Where(static pair => !string.IsNullOrEmpty(pair.Value));

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string? Text(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
