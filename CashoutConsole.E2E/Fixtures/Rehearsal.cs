using System.Collections.Concurrent;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Sandbox;
using Microsoft.Data.Sqlite;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>
/// One rehearsal: the sandbox in this process, the console in another, each with a database of its own in one temporary folder. The
/// console can be killed and started again on the same database; the sandbox lives on and keeps the money.
/// </summary>
public sealed class Rehearsal : IAsyncDisposable
{
    private static readonly ConcurrentDictionary<string, Rehearsal> Running = new(StringComparer.Ordinal);

    private readonly string _folder = Directory.CreateTempSubdirectory("cashout-e2e-").FullName;
    private readonly string _url = $"http://localhost:{ConsoleProcess.FreePort()}";
    private SandboxServer? _sandbox;

    /// <summary>Null while it is not running.</summary>
    public ConsoleProcess? Console { get; private set; }

    public SandboxControl Sandbox { get; private set; } = null!;

    public string DatabaseFile => Path.Combine(_folder, "cashout.db");

    public string SandboxFile => Path.Combine(_folder, "sandbox.db");

    /// <summary>Settings that a test adds or changes before the console starts.</summary>
    public Dictionary<string, string> Settings { get; } = new(StringComparer.Ordinal);

    public static async Task<Rehearsal> StartAsync(Action<Rehearsal>? configure = null, bool startConsole = true)
    {
        var rehearsal = new Rehearsal();
        Running[rehearsal.Url] = rehearsal;
        rehearsal._sandbox = await SandboxHost.StartAsync(
            new SandboxOptions
            {
                Url = "http://localhost:0",
                File = rehearsal.SandboxFile,
                CallbackBaseUrl = null,
                SettleDelay = TimeSpan.FromMilliseconds(500),
            },
            TimeProvider.System);
        rehearsal.Sandbox = new SandboxControl(rehearsal._sandbox.Url);
        rehearsal.PointProvidersAt(rehearsal._sandbox.Url);
        configure?.Invoke(rehearsal);
        if (startConsole)
        {
            await rehearsal.StartConsoleAsync();
        }
        return rehearsal;
    }

    public string Url => _url;

    /// <summary>The rehearsal whose console has this page.</summary>
    public static Rehearsal Of(string address) => Running[new Uri(address).GetLeftPart(UriPartial.Authority)];

    /// <summary>
    /// For the demo operators as if half a minute had passed: each code counts once, and waiting for the next ones took longer than all else.
    /// </summary>
    public async Task RenewCodesAsync()
    {
        await using var connection = new SqliteConnection($"Data Source={DatabaseFile};Default Timeout=10;Pooling=False");
        await connection.OpenAsync();
        await using var command = connection.CreateCommand();
        // Not all the way back: the code that comes next is the one of now, which has the most of its time before it.
        command.CommandText = "UPDATE identity_users SET last_totp_step = min(last_totp_step, $step)";
        command.Parameters.AddWithValue("$step", Totp.StepAt(TimeProvider.System.GetUtcNow()) - 1);
        await command.ExecuteNonQueryAsync();
    }

    public async Task StartConsoleAsync() => Console = await ConsoleProcess.StartAsync(_url, Settings);

    /// <summary>The console reads the sandbox's clock, which a journey can move. Call before the console starts.</summary>
    public void ShareClock()
    {
        Settings["DOTNET_STARTUP_HOOKS"] = typeof(StartupHook).Assembly.Location;
        Settings[StartupHook.ClockVariable] = Sandbox.Url + "/_control/clock";
    }

    /// <summary>SIGKILL; the database and the sandbox stay.</summary>
    public async Task KillConsoleAsync()
    {
        await Console!.DisposeAsync();
        Console = null;
    }

    public void PointProvidersAt(string sandboxUrl)
    {
        Settings["Sandbox:Enabled"] = "false";
        Settings["ConnectionStrings:Cashout"] = $"Data Source={DatabaseFile}";
        Settings["Accounts:RefreshMinutes"] = "5";
        // Journeys sign in far more often than people do, all from one address.
        Settings["Security:TriesPerName"] = "60";
        Settings["Security:TriesPerAddress"] = "600";
        Settings["Providers:Pikabao:Accounts:main:BaseUrl"] = $"{sandboxUrl}/pikabao";
        Settings["Providers:KeySecure:Accounts:main:BaseUrl"] = $"{sandboxUrl}/keysecure";
        foreach (var key in new[] { "main", "sg" })
        {
            Settings[$"Providers:Uqpay:Accounts:{key}:BaseUrl"] = $"{sandboxUrl}/uqpay/api";
        }
        foreach (var key in new[] { "main", "apac" })
        {
            Settings[$"Providers:UnCash:Accounts:{key}:BaseUrl"] = $"{sandboxUrl}/uncash";
        }
        foreach (var key in new[] { "thb", "php" })
        {
            Settings[$"Providers:MemberWallet:Accounts:{key}:BaseUrl"] = $"{sandboxUrl}/member-wallet";
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Console is not null)
        {
            await Console.DisposeAsync();
        }
        Running.TryRemove(Url, out _);
        Sandbox.Dispose();
        if (_sandbox is not null)
        {
            await _sandbox.DisposeAsync();
        }
        Directory.Delete(_folder, recursive: true);
    }
}
