using System.Globalization;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Cards.Application;

public enum AccountSort
{
    Provider,
    Account,
    Holder,
    Status,
    Currency,
    Balance,
    Age,
}

/// <summary>What the accounts list shows. The page keeps it in the URL; totals and exports use the same filter.</summary>
public sealed record AccountFilter
{
    public string? Search { get; init; }

    public ProviderKind? Provider { get; init; }

    public Guid? ProviderAccountId { get; init; }

    public AccountStatus? Status { get; init; }

    public string? Currency { get; init; }

    public decimal? MinBalance { get; init; }

    public decimal? MaxBalance { get; init; }

    /// <summary>Hide accounts without money.</summary>
    public bool WithBalanceOnly { get; init; }

    public AccountSort Sort { get; init; } = AccountSort.Balance;

    public bool Descending { get; init; } = true;

    /// <summary>The same accounts, whatever their order.</summary>
    public AccountFilter Unsorted() => this with { Sort = default, Descending = false };

    /// <summary>Null = fine. A full card number is refused before it reaches a query, a log or a URL.</summary>
    public async Task<Error?> FaultAsync(CashoutDbContext db, CancellationToken cancellation)
    {
        if (!CardNumbers.ContainsCardNumber(Search))
        {
            return null;
        }
        var digits = string.Concat(Search!.Where(char.IsAsciiDigit));
        return await db.Accounts.AnyAsync(a => a.ExternalId == digits, cancellation) || await db.AccountCards.AnyAsync(c => c.ExternalId == digits, cancellation)
            ? null
            : new Error("CardNumberInText");
    }

    public IQueryable<Account> Apply(CashoutDbContext db)
    {
        var accounts = db.Accounts.AsNoTracking();
        if (Provider is { } provider)
        {
            accounts = accounts.Where(a => db.ProviderAccounts.Any(p => p.Id == a.ProviderAccountId && p.Provider == provider));
        }
        if (ProviderAccountId is { } providerAccount)
        {
            accounts = accounts.Where(a => a.ProviderAccountId == providerAccount);
        }
        if (Status is { } status)
        {
            accounts = accounts.Where(a => a.Status == status);
        }
        if (!string.IsNullOrWhiteSpace(Currency))
        {
            var currency = Currency.Trim().ToUpperInvariant();
            accounts = accounts.Where(a => a.Currency == currency);
        }
        if (MinBalance is { } min)
        {
            var least = Bound(min);
            accounts = accounts.Where(a => a.BalanceMillionths >= least);
        }
        if (MaxBalance is { } max)
        {
            var most = Bound(max);
            accounts = accounts.Where(a => a.BalanceMillionths <= most);
        }
        if (WithBalanceOnly)
        {
            accounts = accounts.Where(static a => a.BalanceMillionths > 0 && a.BalanceKind == BalanceKind.Money);
        }
        return string.IsNullOrWhiteSpace(Search) ? accounts : Searched(db, accounts, Search);
    }

    public IOrderedQueryable<Account> Order(CashoutDbContext db, IQueryable<Account> accounts)
    {
        var ordered = Sort switch
        {
            AccountSort.Provider => By(accounts, a => db.ProviderAccounts.Where(p => p.Id == a.ProviderAccountId).Select(p => p.Name).First()),
            AccountSort.Account => By(accounts, static a => a.MaskedNumber ?? a.DisplayName ?? a.ExternalId),
            AccountSort.Holder => By(accounts, static a => a.Holder ?? ""),
            AccountSort.Status => By(accounts, static a => a.Status),
            AccountSort.Currency => By(accounts, static a => a.Currency),
            AccountSort.Balance => By(accounts, static a => a.BalanceMillionths ?? -1),
            AccountSort.Age => By(accounts, static a => a.BalanceReadAt),
        };
        return ordered.ThenBy(static a => a.Id);
    }

    private IOrderedQueryable<Account> By<TKey>(IQueryable<Account> accounts, System.Linq.Expressions.Expression<Func<Account, TKey>> key) =>
        Descending ? accounts.OrderByDescending(key) : accounts.OrderBy(key);

    private static IQueryable<Account> Searched(CashoutDbContext db, IQueryable<Account> accounts, string search)
    {
        var escaped = search.Trim().ToLower(CultureInfo.InvariantCulture)
            .Replace("\\", "\\\\", StringComparison.Ordinal).Replace("%", "\\%", StringComparison.Ordinal).Replace("_", "\\_", StringComparison.Ordinal);
        var pattern = $"%{escaped}%";
#pragma warning disable CA1304, CA1311, MA0011 // Translated to SQL's lower(): there is no culture.
        return accounts.Where(a =>
            EF.Functions.Like(a.ExternalId.ToLower(), pattern, "\\")
            || EF.Functions.Like(a.MaskedNumber!.ToLower(), pattern, "\\")
            || EF.Functions.Like(a.DisplayName!.ToLower(), pattern, "\\")
            || EF.Functions.Like(a.Holder!.ToLower(), pattern, "\\")
            || db.AccountCards.Any(c => c.AccountId == a.Id && (EF.Functions.Like(c.ExternalId.ToLower(), pattern, "\\") || EF.Functions.Like(c.MaskedNumber!, pattern, "\\"))));
#pragma warning restore CA1304, CA1311, MA0011
    }

    /// <summary>Bounds typed with more decimals or digits than money has are cut, not refused: they only narrow a list.</summary>
    private static long Bound(decimal amount) =>
        Money.ToMillionths(decimal.Round(Math.Clamp(amount, -9_000_000_000_000m, 9_000_000_000_000m), 6, MidpointRounding.ToZero));
}
