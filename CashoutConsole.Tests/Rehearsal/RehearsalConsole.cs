using System.Text.Json;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Sandbox;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.AspNetCore.Builder;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Tests.Rehearsal;

/// <summary>The whole console without its pages, against the real sandbox over real HTTP: adapters, dispatcher, resolver, audit.</summary>
public sealed class RehearsalConsole : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("cashout-rehearsal-").FullName;
    private readonly HttpClient _control = new();
    private SandboxServer _sandbox = null!;
    private WebApplication _app = null!;

    public Actor Treasury { get; private set; } = null!;

    public IServiceProvider Services => _app.Services;

    public static async Task<RehearsalConsole> StartAsync(params (string Key, string Value)[] settings)
    {
        var console = new RehearsalConsole();
        console._sandbox = await SandboxHost.StartAsync(
            new SandboxOptions { Url = "http://localhost:0", File = Path.Combine(console._folder, "sandbox.db"), SettleDelay = TimeSpan.FromMilliseconds(200) },
            TimeProvider.System);
        console._control.BaseAddress = new Uri(console._sandbox.Url);
        await console.StartConsoleAsync(settings);
        return console;
    }

    public Task StopConsoleAsync() => _app.StopAsync();

    public async Task StartConsoleAsync(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development, ContentRootPath = _folder });
        builder.Configuration.AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.Development.json"));
        builder.Configuration.AddInMemoryCollection(Overrides(_sandbox.Url).Append(new("ConnectionStrings:Cashout", $"Data Source={Path.Combine(_folder, "cashout.db")}")).Concat(settings.Select(static s => new KeyValuePair<string, string?>(s.Key, s.Value))));
        var faults = new List<string>();
        var configuration = ConsoleConfiguration.Read(builder.Configuration, _folder, TimeProvider.System, faults);
        Assert.Empty(faults);
        WebHost.AddRooms(builder, configuration!);
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        _app = builder.Build();
        await using (var db = await ContextAsync())
        {
            await db.Database.MigrateAsync();
        }
        Assert.Empty(await Services.GetRequiredService<ProviderAccountRegistration>().RegisterAsync(CancellationToken.None));
        Assert.True((await Services.GetRequiredService<CashoutConsole.Approvals.Application.PolicyBook>().EnsureFirstAsync(CancellationToken.None)).IsSuccess);
        await Services.GetRequiredService<DemoSetUp>().EnsureAsync(CancellationToken.None);
        await using (var db = await ContextAsync())
        {
            var person = await db.Users.SingleAsync(u => u.UserName == "treasury");
            Treasury = Actor.Operator(person.Id, person.DisplayName);
            var refresher = Services.GetRequiredService<AccountRefresher>();
            var ids = await db.ProviderAccounts.Select(p => p.Id).ToListAsync();
            await Task.WhenAll(ids.Select(id => refresher.RefreshAsync(Actor.System("test"), id, CancellationToken.None)));
        }
        await _app.StartAsync();
    }

    public Task<CashoutDbContext> ContextAsync() => Services.GetRequiredService<IDbContextFactory<CashoutDbContext>>().CreateDbContextAsync();

    /// <summary>An account at one provider account that can give up <paramref name="amount"/> and that no other test has used.</summary>
    public async Task<Account> AccountWithAsync(string providerAccount, decimal amount)
    {
        await using var db = await ContextAsync();
        var provider = await db.ProviderAccounts.SingleAsync(p => p.Name == providerAccount);
        var least = Money.ToMillionths(amount * 2);
        // Under every approval threshold; the small ones include cards that the sandbox keeps "not ready".
        var most = Money.ToMillionths(4000m);
        return await db.Accounts.AsNoTracking()
            .Where(a => a.ProviderAccountId == provider.Id && a.Status == AccountStatus.Active && a.BalanceKind == BalanceKind.Money && a.BalanceMillionths >= least && a.BalanceMillionths <= most
                && !db.Withdrawals.Any(w => w.AccountId == a.Id))
            .OrderByDescending(a => a.BalanceMillionths).FirstAsync();
    }

    public async Task<Guid> RequestAsync(Account account, decimal amount, bool all = false)
    {
        var opened = await Services.GetRequiredService<OpenDialog>().ExecuteAsync(Treasury, account.Id, CancellationToken.None);
        Assert.True(opened.IsSuccess, opened.Error?.ToString());
        var command = new RequestWithdrawal.Command(opened.Value.CommandId, account.Id, opened.Value.Account.Version, all, amount, "test");
        var requested = await Services.GetRequiredService<RequestWithdrawal>().ExecuteAsync(Treasury, command, CancellationToken.None);
        Assert.True(requested.IsSuccess, requested.Error?.ToString());
        return requested.Value;
    }

    public Task<Withdrawal> WaitForAsync(Guid id, WithdrawalStatus status) => WaitForAsync(id, w => w.Status == status, status.ToString());

    public async Task<Withdrawal> WaitForAsync(Guid id, Func<Withdrawal, bool> condition, string what)
    {
        using var limit = new CancellationTokenSource(Patience);
        while (true)
        {
            await using var db = await ContextAsync();
            var withdrawal = await db.Withdrawals.AsNoTracking().SingleAsync(w => w.Id == id);
            if (condition(withdrawal))
            {
                return withdrawal;
            }
            if (limit.IsCancellationRequested)
            {
                Assert.Fail($"Waited for {what}; it is {withdrawal.Status} ({withdrawal.ReasonCode}, {withdrawal.ProviderText}; last look-up: {withdrawal.LastCheckNote}).");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System);
        }
    }

    public async Task FaultAsync(string provider, string operation, string kind, int count = 1, int? ms = null)
    {
        using var response = await _control.PostAsync(new Uri("/_control/faults", UriKind.Relative), JsonContent(new { provider, operation, kind, count, ms }));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    public async Task SandboxSettingAsync(string name, string value)
    {
        using var response = await _control.PostAsync(new Uri("/_control/settings", UriKind.Relative), JsonContent(new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value }));
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
    }

    /// <summary>What the sandbox moved on an account, net of what it gave back.</summary>
    public async Task<IReadOnlyList<decimal>> EffectsAsync(string provider, string account)
    {
        var text = await _control.GetStringAsync(new Uri($"/_control/ledger?provider={provider}&account={Uri.EscapeDataString(account)}", UriKind.Relative));
        using var json = JsonDocument.Parse(text);
        return
        [
            .. json.RootElement.GetProperty("entries").EnumerateArray()
                .Where(static e => e.GetProperty("kind").GetString() == "withdrawal")
                .Select(static e => decimal.Parse(e.GetProperty("amount").GetString()!, System.Globalization.CultureInfo.InvariantCulture)),
        ];
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        await _sandbox.DisposeAsync();
        _control.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static StringContent JsonContent(object body) => new(JsonSerializer.Serialize(body), System.Text.Encoding.UTF8, "application/json");

    private static IEnumerable<KeyValuePair<string, string?>> Overrides(string sandboxUrl)
    {
        (string Account, string Path)[] accounts =
        [
            ("Pikabao:Accounts:main", "/pikabao"), ("KeySecure:Accounts:main", "/keysecure"), ("Uqpay:Accounts:main", "/uqpay/api"), ("Uqpay:Accounts:sg", "/uqpay/api"),
            ("UnCash:Accounts:main", "/uncash"), ("UnCash:Accounts:apac", "/uncash"), ("MemberWallet:Accounts:thb", "/member-wallet"), ("MemberWallet:Accounts:php", "/member-wallet"),
        ];
        foreach (var (account, path) in accounts)
        {
            yield return new($"Providers:{account}:BaseUrl", sandboxUrl + path);
        }
        yield return new("Sandbox:Enabled", "false");
        yield return new("Accounts:RefreshMinutes", "0");
    }
}
