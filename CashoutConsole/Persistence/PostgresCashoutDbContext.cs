using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace CashoutConsole.Persistence;

public sealed class PostgresCashoutDbContext(DbContextOptions<PostgresCashoutDbContext> options) : CashoutDbContext(options);

/// <summary>For dotnet-ef only.</summary>
public sealed class PostgresDesignTimeFactory : IDesignTimeDbContextFactory<PostgresCashoutDbContext>
{
    public PostgresCashoutDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<PostgresCashoutDbContext>().UseNpgsql("Host=localhost;Database=design").Options);
}
