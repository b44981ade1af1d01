using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace CashoutConsole.Persistence;

public sealed class SqliteCashoutDbContext(DbContextOptions<SqliteCashoutDbContext> options) : CashoutDbContext(options);

/// <summary>For dotnet-ef only.</summary>
public sealed class SqliteDesignTimeFactory : IDesignTimeDbContextFactory<SqliteCashoutDbContext>
{
    public SqliteCashoutDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SqliteCashoutDbContext>().UseSqlite("Data Source=design-time.db").Options);
}

/// <summary>
/// Durability and integrity of every SQLite connection: WAL with a full sync per commit, foreign keys on, and a wait instead of an
/// error while another connection writes. Write transactions begin IMMEDIATE (the library's default), so none fails half-way for a lock.
/// </summary>
public sealed class SqlitePragmas : DbConnectionInterceptor
{
    private const string Pragmas = "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000;";

    public override void ConnectionOpened(DbConnection connection, ConnectionEndEventData eventData)
    {
        using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        command.ExecuteNonQuery();
    }

    public override async Task ConnectionOpenedAsync(DbConnection connection, ConnectionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = Pragmas;
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
