using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>An account that a text in a file stands for.</summary>
/// <param name="Label">What a person calls it; never a full card number.</param>
/// <param name="ByCard">The text was the id of one of its cards, not its own.</param>
public sealed record BookAccount(Guid Id, string ExternalId, string Label, string Currency, bool ByCard);

/// <summary>One provider account with the accounts that a file may mean.</summary>
/// <param name="Sheet">Null = not in the configuration.</param>
/// <param name="IsActive">False = its endpoint awaits confirmation or was removed, so nothing can be sent there.</param>
/// <param name="Accounts">By the account's own id or the id of one of its cards, as the file writes it; several = it is not clear which.</param>
public sealed record BookProvider(
    Guid Id, string Name, ProviderSheet? Sheet, bool IsActive, IReadOnlyDictionary<string, IReadOnlyList<BookAccount>> Accounts);

/// <summary>What is known about everything a file names, as one snapshot.</summary>
/// <param name="providers">By the name that the file uses; case does not matter.</param>
/// <param name="otherAccountIds">Ids of further accounts, which are no card numbers where a note mentions them.</param>
public sealed class BulkBook(IReadOnlyDictionary<string, BookProvider> providers, IReadOnlySet<string>? otherAccountIds = null)
{
    private readonly Dictionary<string, BookProvider> _providers = new(providers, StringComparer.OrdinalIgnoreCase);
    private readonly HashSet<string> _accountIds = new(
        providers.Values.SelectMany(static provider => provider.Accounts).Where(static entry => entry.Value.Count > 0).Select(static entry => entry.Key).Concat(otherAccountIds ?? Enumerable.Empty<string>()),
        StringComparer.Ordinal);

    public BookProvider? Provider(string name) => _providers.GetValueOrDefault(name);

    public bool IsAccountId(string text) => _accountIds.Contains(text);
}
