using CashoutConsole.Persistence;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Support;

/// <summary>A database of its own for one test, copied from a template that was migrated once.</summary>
public sealed class TestDatabase : IAsyncDisposable
{
    private static readonly Lazy<Task<string>> SqliteTemplate = new(MakeSqliteTemplateAsync);
    private static readonly string SqliteFolder = MakeFolder();
    private static int _files;

    private TestDatabase(DatabaseKind kind, string connectionString) => Options = new DatabaseOptions(kind, connectionString);

    public DatabaseOptions Options { get; }

    public static async Task<TestDatabase> CreateAsync(DatabaseKind kind, bool migrated = true)
    {
        if (kind == DatabaseKind.Postgres)
        {
            return new TestDatabase(kind, await PostgresServer.CreateDatabaseAsync(migrated));
        }
        var file = Path.Combine(SqliteFolder, $"{Interlocked.Increment(ref _files)}.db");
        if (migrated)
        {
            File.Copy(await SqliteTemplate.Value, file);
        }
        return new TestDatabase(kind, $"Data Source={file}");
    }

    public CashoutDbContext NewContext() => Options.Kind == DatabaseKind.Sqlite
        ? new SqliteCashoutDbContext(new DbContextOptionsBuilder<SqliteCashoutDbContext>().UseSqlite(Options.ConnectionString).AddInterceptors(new SqlitePragmas()).Options)
        : new PostgresCashoutDbContext(new DbContextOptionsBuilder<PostgresCashoutDbContext>().UseNpgsql(Options.ConnectionString).Options);

    /// <summary>Runs SQL as somebody with a database tool would.</summary>
    public async Task<int> ExecuteAsync(string sql)
    {
        await using var db = NewContext();
#pragma warning disable EF1002 // SQL of the tests' own making.
        return await db.Database.ExecuteSqlRawAsync(sql.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal));
#pragma warning restore EF1002
    }

    /// <summary>Takes away every trigger, as a database administrator could, and the foreign keys' watch with them.</summary>
    public async Task DropTriggersAsync()
    {
        await using var db = NewContext();
        var names = Options.Kind == DatabaseKind.Sqlite
            ? await db.Database.SqlQueryRaw<string>("SELECT name AS \"Value\" FROM sqlite_master WHERE type = 'trigger'").ToListAsync()
            : await db.Database.SqlQueryRaw<string>("SELECT tgname || ' ON ' || tgrelid::regclass AS \"Value\" FROM pg_trigger WHERE NOT tgisinternal").ToListAsync();
        foreach (var name in names)
        {
            await ExecuteAsync($"DROP TRIGGER {name}");
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (Options.Kind == DatabaseKind.Postgres)
        {
            await PostgresServer.DropDatabaseAsync(Options.ConnectionString);
        }
        else
        {
            using var connection = new SqliteConnection(Options.ConnectionString);
            SqliteConnection.ClearPool(connection);
            foreach (var end in new[] { "", "-wal", "-shm" })
            {
                File.Delete(connection.DataSource + end);
            }
        }
    }

    private static string MakeFolder()
    {
        var folder = Directory.CreateTempSubdirectory("cashout-sqlite-").FullName;
        AppDomain.CurrentDomain.ProcessExit += (_, _) =>
        {
            SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        };
        return folder;
    }

    private static async Task<string> MakeSqliteTemplateAsync()
    {
        var file = Path.Combine(SqliteFolder, "template.db");
        // Without the WAL, so that the one file is the whole database.
        await using var db = new SqliteCashoutDbContext(new DbContextOptionsBuilder<SqliteCashoutDbContext>().UseSqlite($"Data Source={file};Pooling=False").Options);
        await db.Database.MigrateAsync();
        await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=DELETE;");
        return file;
    }
}
