using Microsoft.Data.Sqlite;

namespace CashoutConsole.Sandbox;

/// <summary>
/// The sandbox's file: one connection, one transaction at a time, each committed (WAL, synchronous=FULL) before its answer leaves,
/// so that killing the process loses nothing that a client was told.
/// </summary>
internal sealed class SandboxStore : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly Lock _gate = new();

    private SandboxStore(SqliteConnection connection) => _connection = connection;

    public static SandboxStore Open(string file)
    {
        var path = Path.GetFullPath(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        // Unpooled: a closed sandbox must let go of its file, so that a test can open it again or delete it.
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = path, Pooling = false, DefaultTimeout = 10 }.ToString());
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA busy_timeout = 10000; " + SandboxSchema.Sql;
        command.ExecuteNonQuery();
        return new SandboxStore(connection);
    }

    /// <summary>Runs the work in one immediate transaction and commits it; an exception rolls everything back.</summary>
    public T InTransaction<T>(Func<SandboxTransaction, T> work)
    {
        lock (_gate)
        {
            using var transaction = _connection.BeginTransaction(deferred: false);
            var result = work(new SandboxTransaction(_connection, transaction));
            transaction.Commit();
            return result;
        }
    }

    public void InTransaction(Action<SandboxTransaction> work) => InTransaction<object?>(transaction =>
    {
        work(transaction);
        return null;
    });

    public void Dispose()
    {
        lock (_gate)
        {
            _connection.Dispose();
        }
    }
}
