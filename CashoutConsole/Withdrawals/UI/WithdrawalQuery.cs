using System.Globalization;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.AspNetCore.WebUtilities;

namespace CashoutConsole.Withdrawals.UI;

/// <summary>The withdrawals list's filter as a query string: in the page's address and in that of its CSV file, which reads the same keys.</summary>
public static class WithdrawalQuery
{
    public const string List = "/withdrawals";
    public const string Csv = "/exports/withdrawals.csv";

    /// <summary>A value that means nothing here is left out, so that an old or mistyped address still opens the list.</summary>
    public static WithdrawalFilter Read(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        return new WithdrawalFilter
        {
            Search = One("q"),
            Provider = Named<ProviderKind>(One("provider")),
            ProviderAccountId = Guid.TryParse(One("providerAccount"), out var providerAccount) ? providerAccount : null,
            AccountId = Guid.TryParse(One("account"), out var account) ? account : null,
            Status = Named<WithdrawalStatus>(One("status")),
            OpenOnly = One("open") == "true",
            MakerId = One("maker"),
            Currency = One("currency"),
            From = Moment(One("from")),
            To = Moment(One("to")),
        };

        string? One(string key) => query.TryGetValue(key, out var values) && values.ToString() is { Length: > 0 } value ? value : null;
    }

    public static string Write(string path, WithdrawalFilter filter) => QueryHelpers.AddQueryString(path, Pairs(filter));

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(WithdrawalFilter filter) =>
        new Dictionary<string, string?>(StringComparer.Ordinal)
        {
            ["q"] = filter.Search,
            ["provider"] = filter.Provider?.ToString(),
            ["providerAccount"] = filter.ProviderAccountId?.ToString(),
            ["account"] = filter.AccountId?.ToString(),
            ["status"] = filter.Status?.ToString(),
            ["open"] = filter.OpenOnly ? "true" : null,
            ["maker"] = filter.MakerId,
            ["currency"] = filter.Currency,
            ["from"] = Text(filter.From),
            ["to"] = Text(filter.To),
        }.Where(static pair => !string.IsNullOrEmpty(pair.Value));

    private static T? Named<T>(string? text)
        where T : struct, Enum => Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;

    private static DateTimeOffset? Moment(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;

    private static string? Text(DateTimeOffset? time) => time?.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
