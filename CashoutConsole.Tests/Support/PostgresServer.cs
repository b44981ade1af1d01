using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace CashoutConsole.Tests.Support;

/// <summary>
/// One PostgreSQL server for the whole test run: CASHOUT_TEST_POSTGRES (a connection string whose user may create databases) when set,
/// else a server of our own in a temporary directory, started on first use and stopped with the process.
/// </summary>
public static class PostgresServer
{
    private static readonly string? Given = Environment.GetEnvironmentVariable("CASHOUT_TEST_POSTGRES");
    private static readonly string? Binaries = FindBinaries();
    private static readonly Lazy<Task<string>> Server = new(StartAsync);
    private static readonly Lazy<Task<string>> Template = new(MakeTemplateAsync);
    private static int _databases;

    /// <summary>Null when tests on PostgreSQL can run; else why they are skipped.</summary>
    public static string? WhyUnavailable { get; } = Given is not null || Binaries is not null
        ? null
        : "No PostgreSQL server binaries were found in PATH or /usr/lib/postgresql; install the package postgresql or set CASHOUT_TEST_POSTGRES.";

    /// <summary>A new database. <paramref name="migrated"/> false = empty.</summary>
    public static async Task<string> CreateDatabaseAsync(bool migrated)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"cashout_{Environment.ProcessId}_{Interlocked.Increment(ref _databases)}");
        var template = migrated ? await Template.Value : "template1";
        await ExecuteAsync($"CREATE DATABASE {name} TEMPLATE {template}");
        return Of(await Server.Value, name);
    }

    public static async Task DropDatabaseAsync(string connectionString)
    {
        NpgsqlConnection.ClearPool(new NpgsqlConnection(connectionString));
        await ExecuteAsync($"DROP DATABASE IF EXISTS {new NpgsqlConnectionStringBuilder(connectionString).Database} WITH (FORCE)");
    }

    private static async Task<string> MakeTemplateAsync()
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"cashout_{Environment.ProcessId}_template");
        await ExecuteAsync($"CREATE DATABASE {name}");
        var connection = new NpgsqlConnectionStringBuilder(Of(await Server.Value, name)) { Pooling = false }.ToString();
        await using var db = new PostgresCashoutDbContext(new DbContextOptionsBuilder<PostgresCashoutDbContext>().UseNpgsql(connection).Options);
        await db.Database.MigrateAsync();
        return name;
    }

    /// <summary>One at a time: a template database must not be in use by anybody else while it is copied.</summary>
    private static readonly SemaphoreSlim Gate = new(1, 1);

    private static async Task ExecuteAsync(string sql)
    {
        await Gate.WaitAsync();
        try
        {
            await using var connection = new NpgsqlConnection(Of(await Server.Value, "postgres"));
            await connection.OpenAsync();
            await using var command = connection.CreateCommand();
#pragma warning disable CA2100 // Database names of our own making.
            command.CommandText = sql;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync();
        }
        finally
        {
            Gate.Release();
        }
    }

    private static string Of(string server, string database) =>
        new NpgsqlConnectionStringBuilder(server) { Database = database, MaxPoolSize = 40, IncludeErrorDetail = true }.ToString();

    private static async Task<string> StartAsync()
    {
        if (Given is not null)
        {
            return Given;
        }
        var folder = Directory.CreateTempSubdirectory("cashout-postgres-").FullName;
        if (IsRoot)
        {
            Run("chown", "postgres", folder);
        }
        var data = Path.Combine(folder, "data");
        var port = FreePort().ToString(CultureInfo.InvariantCulture);
        AsServerUser("initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync");
        // Nothing here outlives the run, so nothing needs to reach the disk.
        var options = $"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} -c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=300";
        AsServerUser("pg_ctl", "-D", data, "-w", "-l", Path.Combine(folder, "log"), "-o", options, "start");
        StopWithThisProcess(folder, data);
        await Task.CompletedTask;
        return $"Host=127.0.0.1;Port={port};Username=postgres";
    }

    /// <summary>By a watcher of its own: a test host that is done, aborted or killed leaves its exit handlers no time.</summary>
    private static void StopWithThisProcess(string folder, string data)
    {
        const string script = "while ps -p \"$0\" >/dev/null 2>&1; do sleep 1; done; postmaster=$(head -n 1 \"$1/postmaster.pid\") && kill -QUIT \"$postmaster\"; sleep 1; rm -rf \"$2\"";
        var watcher = new ProcessStartInfo("/bin/sh", ["-c", "nohup \"$0\" \"$@\" >/dev/null 2>&1 </dev/null &", "/bin/sh", "-c", script, Id, data, folder]) { WorkingDirectory = "/" };
        using var process = Process.Start(watcher)!;
        process.WaitForExit();
    }

    private static string Id => Environment.ProcessId.ToString(CultureInfo.InvariantCulture);

    /// <summary>initdb and postgres refuse to run as root.</summary>
    private static void AsServerUser(string binary, params string[] arguments)
    {
        var path = Path.Combine(Binaries!, binary);
        if (IsRoot)
        {
            Run("runuser", ["-u", "postgres", "--", path, .. arguments]);
        }
        else
        {
            Run(path, arguments);
        }
    }

    private static void Run(string file, params string[] arguments)
    {
        // Without pipes: the server would inherit them and keep us waiting for their end.
        var info = new ProcessStartInfo("/bin/sh", ["-c", "exec \"$0\" \"$@\" >/dev/null 2>&1 </dev/null", file, .. arguments]) { WorkingDirectory = "/" };
        using var process = Process.Start(info)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{file} {string.Join(' ', arguments)} ended with exit code {process.ExitCode}.");
        }
    }

    private static bool IsRoot => Environment.UserName == "root";

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static string? FindBinaries()
    {
        if (OperatingSystem.IsWindows())
        {
            return null;
        }
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).ToList();
        if (Directory.Exists("/usr/lib/postgresql"))
        {
            folders.AddRange(Directory.GetDirectories("/usr/lib/postgresql").OrderDescending(StringComparer.Ordinal).Select(static version => Path.Combine(version, "bin")));
        }
        return folders.Find(static folder => File.Exists(Path.Combine(folder, "initdb")) && File.Exists(Path.Combine(folder, "pg_ctl")));
    }
}
