using System.Net.Http.Json;
using System.Text.Json;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>A line of the sandbox's money ledger: the independent oracle.</summary>
public sealed record LedgerEntry(string Provider, string Account, string Kind, decimal Amount, string Currency, string? Key, DateTimeOffset At);

/// <summary>An account as the sandbox holds it.</summary>
public sealed record SandboxAccount(string Provider, string Credential, string Id, string Status, decimal Balance, string Currency, string Kind, string? Name, string? Mode);

/// <summary>The control calls of the sandbox that journeys use.</summary>
public sealed class SandboxControl(string url) : IDisposable
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.AllowReadingFromString };

    private readonly HttpClient _http = new() { BaseAddress = new Uri(url) };

    public string Url => url;

    public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync(string provider, string account) =>
        (await _http.GetFromJsonAsync<LedgerView>($"/_control/ledger?provider={provider}&account={Uri.EscapeDataString(account)}", Json))!.Entries;

    public async Task<IReadOnlyList<LedgerEntry>> LedgerAsync(string provider) =>
        (await _http.GetFromJsonAsync<LedgerView>($"/_control/ledger?provider={provider}", Json))!.Entries;

    public async Task<IReadOnlyList<SandboxAccount>> AccountsAsync(string provider) =>
        (await _http.GetFromJsonAsync<AccountsView>($"/_control/accounts?provider={provider}", Json))!.Accounts;

    public Task FaultAsync(string provider, string operation, string kind, object? more = null) =>
        PostAsync("/_control/faults", Merge(new Dictionary<string, object?>(StringComparer.Ordinal) { ["provider"] = provider, ["operation"] = operation, ["kind"] = kind, ["count"] = 1 }, more));

    public Task ClearFaultsAsync() => _http.DeleteAsync(new Uri("/_control/faults", UriKind.Relative));

    public Task SettingsAsync(object settings) => PostAsync("/_control/settings", settings);

    /// <summary>Changes an account as its owner or the provider would: balance, status.</summary>
    public Task ChangeAsync(SandboxAccount account, object change) =>
        PostAsync($"/_control/accounts/{account.Provider}/{Uri.EscapeDataString(account.Id)}", Merge(Owner(account), change));

    /// <summary>The card holder spends money.</summary>
    public Task PurchaseAsync(SandboxAccount account, decimal amount) =>
        PostAsync($"/_control/accounts/{account.Provider}/{Uri.EscapeDataString(account.Id)}/purchase", Merge(Owner(account), new { amount }));

    /// <summary>Moves the sandbox's time, and with it that of a console that was started on its clock.</summary>
    public Task AdvanceClockAsync(TimeSpan by) => PostAsync("/_control/clock", new { advanceSeconds = by.TotalSeconds });

    public async Task<DateTimeOffset> NowAsync() => (await _http.GetFromJsonAsync<ClockView>("/_control/clock", Json))!.Now;

    public void Dispose() => _http.Dispose();

    private async Task PostAsync(string path, object body)
    {
        using var response = await _http.PostAsJsonAsync(path, body, Json);
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    private sealed record ClockView(DateTimeOffset Now);

    private sealed record LedgerView(List<LedgerEntry> Entries);

    private sealed record AccountsView(List<SandboxAccount> Accounts);

    private static Dictionary<string, object?> Owner(SandboxAccount account) => new(StringComparer.Ordinal) { ["credential"] = account.Credential };

    private static Dictionary<string, object?> Merge(Dictionary<string, object?> fields, object? more)
    {
        foreach (var property in more?.GetType().GetProperties() ?? [])
        {
            fields[property.Name] = property.GetValue(more);
        }
        return fields;
    }
}
