using System.Collections.Concurrent;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>Chooses an account of the sandbox that can give up a small amount, a different one each time.</summary>
public static class AccountPicker
{
    private static readonly ConcurrentDictionary<string, bool> Taken = new(StringComparer.Ordinal);

    /// <summary>The UQPay card in US dollars with the most money on it: enough for amounts that others must approve.</summary>
    public static async Task<SandboxAccount> RichestAsync(SandboxControl sandbox, int place = 0) =>
        (await sandbox.AccountsAsync("uqpay")).Where(static account => account is { Kind: "card", Currency: "USD", Mode: "SINGLE", Balance: >= 5000 } && string.Equals(account.Status, "active", StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(static account => account.Balance).ElementAt(place);

    public static async Task<SandboxAccount> PickAsync(SandboxControl sandbox, string provider, string kind, string status)
    {
        var accounts = await sandbox.AccountsAsync(provider);
        return accounts
            .Where(account => account.Kind == kind && string.Equals(account.Status, status, StringComparison.OrdinalIgnoreCase)
                && account.Mode is not "SHARE" && account.Balance is > 100 and < 4000)
            .OrderByDescending(static account => account.Balance)
            .First(account => Taken.TryAdd($"{sandbox.Url}|{account.Id}", true));
    }
}
