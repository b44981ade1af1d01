using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Persistence;

public enum DatabaseKind
{
    Sqlite,
    Postgres,
}

/// <summary>Which database: Database:Provider and ConnectionStrings:Cashout.</summary>
public sealed record DatabaseOptions(DatabaseKind Kind, string ConnectionString)
{
    public const string DefaultSqlite = "Data Source=data/cashout.db";
}

public static class DatabaseSetup
{
    /// <summary>Registers the factory that every operation takes its own context from. No context lives as long as a circuit.</summary>
    public static IServiceCollection AddCashoutDatabase(this IServiceCollection services, DatabaseOptions options)
    {
        services.AddSingleton(options);
        switch (options.Kind)
        {
            case DatabaseKind.Sqlite:
                services.AddDbContextFactory<SqliteCashoutDbContext>(builder => builder.UseSqlite(options.ConnectionString).AddInterceptors(new SqlitePragmas()));
                services.AddSingleton<IDbContextFactory<CashoutDbContext>, UpcastFactory<SqliteCashoutDbContext>>();
                break;
            case DatabaseKind.Postgres:
                services.AddDbContextFactory<PostgresCashoutDbContext>(builder => builder.UseNpgsql(options.ConnectionString));
                services.AddSingleton<IDbContextFactory<CashoutDbContext>, UpcastFactory<PostgresCashoutDbContext>>();
                break;
        }
        // Identity's stores want a scoped context; nothing else uses it.
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<CashoutDbContext>>().CreateDbContext());
        return services;
    }

    private sealed class UpcastFactory<TContext>(IDbContextFactory<TContext> inner) : IDbContextFactory<CashoutDbContext>
        where TContext : CashoutDbContext
    {
        public CashoutDbContext CreateDbContext() => inner.CreateDbContext();

        public async Task<CashoutDbContext> CreateDbContextAsync(CancellationToken cancellationToken = default) =>
            await inner.CreateDbContextAsync(cancellationToken);
    }
}
