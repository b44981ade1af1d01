using CashoutConsole.Cards.Infrastructure;
using CashoutConsole.Identity.Application;
using CashoutConsole.Notices.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Shell;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Infrastructure;
using Microsoft.Data.Sqlite;

namespace CashoutConsole;

/// <summary>Everything that is read from the configuration, checked as a whole: one start shows every faulty key.</summary>
public sealed class ConsoleConfiguration
{
    private ConsoleConfiguration(
        OperatingMode mode, DatabaseOptions database, SecurityOptions security, WithdrawalOptions withdrawals, NoticeOptions notices, RefreshInterval refresh, ProviderRegistry registry,
        SandboxConfiguration sandbox, SiteOptions site)
    {
        Mode = mode;
        Database = database;
        Security = security;
        Withdrawals = withdrawals;
        Notices = notices;
        Refresh = refresh;
        Registry = registry;
        Sandbox = sandbox;
        Site = site;
    }

    public OperatingMode Mode { get; }

    public DatabaseOptions Database { get; }

    public SecurityOptions Security { get; }

    public WithdrawalOptions Withdrawals { get; }

    public NoticeOptions Notices { get; }

    public RefreshInterval Refresh { get; }

    public ProviderRegistry Registry { get; }

    public SandboxConfiguration Sandbox { get; }

    public SiteOptions Site { get; }

    /// <summary>The SQLite file, or null on PostgreSQL or in memory.</summary>
    public string? SqliteFile => Database.Kind == DatabaseKind.Sqlite && new SqliteConnectionStringBuilder(Database.ConnectionString).DataSource is { Length: > 0 } file && file != ":memory:"
        ? Path.GetFullPath(file)
        : null;

    /// <summary>Where key files live: beside the SQLite file, or in data/.</summary>
    public string DataFolder => SqliteFile is { } file ? Path.GetDirectoryName(file)! : Path.GetFullPath("data");

    public SenderName Sender => new(
        Withdrawals.SenderName ?? $"{Environment.MachineName}-{Environment.ProcessId}",
        // One process per SQLite file, proven by the instance lock: a new one takes over a dead one's lease at once.
        Database.Kind == DatabaseKind.Sqlite);

    /// <summary>Null when anything is wrong; <paramref name="faults"/> then has one line per faulty key.</summary>
    /// <param name="development">Allows addresses that a real installation must not use.</param>
    public static ConsoleConfiguration? Read(
        IConfiguration configuration, string contentRoot, TimeProvider clock, List<string> faults, bool development = false)
    {
        var mode = OneOf<OperatingMode>(configuration, "Mode", OperatingMode.Live, faults);
        var kind = OneOf<DatabaseKind>(configuration, "Database:Provider", DatabaseKind.Sqlite, faults);
        var database = new DatabaseOptions(kind, ConnectionString(configuration, kind, contentRoot, faults));
        var security = Bind(configuration.GetSection("Security"), new SecurityOptions(), faults);
        faults.AddRange(security.Faults());
        var withdrawals = Bind(configuration.GetSection("Withdrawals"), new WithdrawalOptions(), faults);
        faults.AddRange(withdrawals.Faults());
        var notices = Bind(configuration.GetSection("Notices"), new NoticeOptions(), faults);
        faults.AddRange(notices.Faults(development));
        var minutes = Number(configuration, "Accounts:RefreshMinutes", 5, 0, 24 * 60, faults);
        var sandbox = Bind(configuration.GetSection("Sandbox"), new SandboxConfiguration(), faults);
        faults.AddRange(sandbox.Faults(mode));
        var site = Bind(configuration.GetSection("Site"), new SiteOptions(), faults);
        faults.AddRange(site.Faults());
        var environment = new ProviderEnvironment(clock, new ProviderHttp(clock, publicOnly: mode == OperatingMode.Live));
        var registry = ProviderRegistry.Build(configuration, mode, ProviderModules.All, environment, faults, development);
        return faults.Count == 0 && registry is not null
            ? new ConsoleConfiguration(mode, database, security, withdrawals, notices, new RefreshInterval(TimeSpan.FromMinutes(minutes)), registry, sandbox, site)
            : null;
    }

    private static string ConnectionString(IConfiguration configuration, DatabaseKind kind, string contentRoot, List<string> faults)
    {
        var text = configuration.GetConnectionString("Cashout");
        if (kind == DatabaseKind.Postgres)
        {
            if (string.IsNullOrWhiteSpace(text))
            {
                faults.Add("ConnectionStrings:Cashout: missing; Database:Provider is Postgres, so name host, database and user");
            }
            return text ?? "";
        }
        try
        {
            var builder = new SqliteConnectionStringBuilder(string.IsNullOrWhiteSpace(text) ? DatabaseOptions.DefaultSqlite : text);
            builder.DataSource = builder.DataSource is "" or ":memory:" ? builder.DataSource : Path.GetFullPath(builder.DataSource, contentRoot);
            return builder.ToString();
        }
        catch (ArgumentException exception)
        {
            faults.Add($"ConnectionStrings:Cashout: not a SQLite connection string ({exception.Message}); use e.g. Data Source=data/cashout.db");
            return DatabaseOptions.DefaultSqlite;
        }
    }

    private static T OneOf<T>(IConfiguration configuration, string key, T fallback, List<string> faults)
        where T : struct, Enum
    {
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return fallback;
        }
        if (Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) && !int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out _))
        {
            return value;
        }
        faults.Add($"{key}: '{text}' is none of {string.Join(", ", Enum.GetNames<T>())}");
        return fallback;
    }

    private static double Number(IConfiguration configuration, string key, double fallback, double least, double most, List<string> faults)
    {
        var text = configuration[key];
        if (string.IsNullOrWhiteSpace(text))
        {
            return fallback;
        }
        if (double.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
        {
            return value;
        }
        faults.Add($"{key}: '{text}' is not a number from {least} to {most}");
        return fallback;
    }

    private static T Bind<T>(IConfigurationSection section, T options, List<string> faults)
        where T : class
    {
        try
        {
            section.Bind(options, static binder => binder.ErrorOnUnknownConfiguration = true);
        }
        catch (InvalidOperationException exception)
        {
            // A value inside a list inside a map is wrapped once for each; one of the messages names the key.
            faults.Add($"{section.Path}: {string.Join(' ', Causes(exception).Select(static cause => cause.Message).Distinct(StringComparer.Ordinal))}");
        }
        return options;
    }

    private static IEnumerable<Exception> Causes(Exception exception)
    {
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}

/// <summary>Settings of the section Sandbox.</summary>
public sealed class SandboxConfiguration
{
    public bool Enabled { get; set; }

    public string Url { get; set; } = "http://localhost:5081";

    public string File { get; set; } = "data/sandbox.db";

    /// <summary>The console that gets the sandbox's webhooks.</summary>
    public string? CallbackBaseUrl { get; set; }

    public double SettleSeconds { get; set; } = 2;

    public Sandbox.SandboxOptions ToOptions(string contentRoot) => new()
    {
        Url = Url,
        File = Path.GetFullPath(File, contentRoot),
        CallbackBaseUrl = CallbackBaseUrl,
        SettleDelay = TimeSpan.FromSeconds(SettleSeconds),
    };

    public IEnumerable<string> Faults(OperatingMode mode)
    {
        if (Enabled && mode != OperatingMode.Rehearsal)
        {
            yield return "Sandbox:Enabled: the sandbox runs only with Mode Rehearsal; set it to false";
        }
        if (!Uri.TryCreate(Url, UriKind.Absolute, out var url) || !url.IsLoopback || url.Scheme != Uri.UriSchemeHttp)
        {
            yield return "Sandbox:Url: set an http URL on a loopback host, e.g. http://localhost:5081";
        }
        if (SettleSeconds is not (>= 0 and <= 3600))
        {
            yield return "Sandbox:SettleSeconds: set a number from 0 to 3600";
        }
    }
}
