using CashoutConsole.Cards.Application;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Cards.UI;

/// <summary>The accounts list's filter as query string values and back. What cannot be read is left out: addresses are typed and cut by people.</summary>
public static class AccountFilterAddress
{
    public const string Search = "q";
    public const string Provider = "provider";
    public const string ProviderAccount = "providerAccount";
    public const string Status = "status";
    public const string Currency = "currency";
    public const string Min = "min";
    public const string Max = "max";
    public const string WithBalance = "money";
    public const string Sort = "sort";

    private static readonly AccountFilter Default = new();

    /// <summary>Every name, with null for what is as usual, ready for GetUriWithQueryParameters.</summary>
    public static IReadOnlyDictionary<string, object?> Write(AccountFilter filter) => new Dictionary<string, object?>(StringComparer.Ordinal)
    {
        [Search] = string.IsNullOrWhiteSpace(filter.Search) ? null : filter.Search,
        [Provider] = filter.Provider?.ToString(),
        [ProviderAccount] = filter.ProviderAccountId?.ToString(),
        [Status] = filter.Status?.ToString(),
        [Currency] = filter.Currency,
        [Min] = filter.MinBalance is { } min ? AmountText.Plain(min) : null,
        [Max] = filter.MaxBalance is { } max ? AmountText.Plain(max) : null,
        [WithBalance] = filter.WithBalanceOnly ? "1" : null,
        [Sort] = filter.Sort == Default.Sort && filter.Descending == Default.Descending ? null : SortOf(filter).ToString(),
    };

    public static AccountFilter Read(Func<string, string?> value)
    {
        var sort = TableSort.Parse(value(Sort));
        var known = sort is { } order && Enum.TryParse<AccountSort>(order.Key, ignoreCase: true, out var key) && Enum.IsDefined(key) ? key : (AccountSort?)null;
        return new AccountFilter
        {
            Search = value(Search) is { } search && !string.IsNullOrWhiteSpace(search) ? search.Trim() : null,
            Provider = Named<ProviderKind>(value(Provider)),
            ProviderAccountId = Guid.TryParse(value(ProviderAccount), out var id) ? id : null,
            Status = Named<AccountStatus>(value(Status)),
            Currency = CurrencyCode.TryParse(value(Currency), out var currency) ? currency.Value : null,
            MinBalance = Amount(value(Min)),
            MaxBalance = Amount(value(Max)),
            WithBalanceOnly = value(WithBalance) == "1",
            Sort = known ?? Default.Sort,
            Descending = known is null ? Default.Descending : sort!.Value.Descending,
        };
    }

    public static TableSort SortOf(AccountFilter filter) => new(filter.Sort.ToString().ToLowerInvariant(), filter.Descending);

    private static decimal? Amount(string? text) => AmountText.Parse(text) is { IsSuccess: true } parsed ? parsed.Value : null;

    private static TEnum? Named<TEnum>(string? text)
        where TEnum : struct, Enum => Enum.TryParse<TEnum>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;
}
