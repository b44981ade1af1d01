using CashoutConsole.Approvals;
using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.UI;
using CashoutConsole.Audit;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Cards;
using CashoutConsole.Exports;
using CashoutConsole.Foundation;
using CashoutConsole.Identity;
using CashoutConsole.Identity.Application;
using CashoutConsole.Notices;
using CashoutConsole.Notices.UI;
using CashoutConsole.Persistence;
using CashoutConsole.Providers;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.UI;
using CashoutConsole.Sandbox;
using CashoutConsole.Shell;
using CashoutConsole.Withdrawals;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole;

/// <summary>The web console: checks everything that could make it unsafe to run, then runs.</summary>
internal static class WebHost
{
    private const int Refused = 2;

    public static async Task<int> RunAsync(string[] args, CancellationToken cancellation)
    {
        var builder = WebApplication.CreateBuilder(args);
        ConfigurationFiles.AddTo(builder.Configuration, builder.Environment.EnvironmentName);
        if (builder.Environment.IsDevelopment())
        {
            builder.WebHost.UseStaticWebAssets();
        }
        var faults = new List<string>();
        var configuration = ConsoleConfiguration.Read(builder.Configuration, builder.Environment.ContentRootPath, TimeProvider.System, faults, builder.Environment.IsDevelopment());
        if (configuration is { Sandbox.Enabled: true } && !builder.Environment.IsDevelopment())
        {
            faults.Add("Sandbox:Enabled: the sandbox never starts outside Development; set it to false");
        }
        if (configuration is null || faults.Count > 0)
        {
            return Refuse(faults);
        }
        using var instance = configuration.SqliteFile is { } file ? InstanceLock.TryTake(file) : null;
        if (configuration.SqliteFile is { } taken && instance is null)
        {
            return Refuse([$"ConnectionStrings:Cashout: another CashoutConsole is running on {taken}; stop it first, or use PostgreSQL for several instances"]);
        }
        AddRooms(builder, configuration);
        await using var app = builder.Build();
        await using var sandbox = configuration.Sandbox.Enabled
            ? await SandboxHost.StartAsync(configuration.Sandbox.ToOptions(app.Environment.ContentRootPath), TimeProvider.System, cancellation)
            : null;
        var refusals = await PrepareAsync(app, configuration, cancellation);
        if (refusals.Count > 0)
        {
            return Refuse(refusals);
        }
        MapRooms(app);
        await app.RunAsync(cancellation);
        await RecordAsync(app, AuditActions.SystemStopped);
        return 0;
    }

    internal static void AddRooms(WebApplicationBuilder builder, ConsoleConfiguration configuration)
    {
        var services = builder.Services;
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ChangeFeed>();
        services.AddCashoutDatabase(configuration.Database);
        services.AddAudit();
        services.AddOperators(builder.Environment, Path.Combine(configuration.DataFolder, "keys"), configuration.Security);
        services.AddProviders(configuration.Registry);
        services.AddApprovals(new PolicySeed(configuration.Withdrawals.ApprovalThresholds));
        services.AddCards(configuration.Refresh);
        services.AddWithdrawals(configuration.Withdrawals, configuration.Sender);
        services.AddNotices(configuration.Notices);
        services.AddExports();
        services.AddOperatorConnections(configuration.Site.MaxConnectionsPerOperator);
        services.AddSiteSecurity(configuration.Site, builder.Environment);
        services.AddShell(shell =>
        {
            shell.IsRehearsal = configuration.Mode == OperatingMode.Rehearsal;
            shell.AddToTopBar<StopSwitch>().AddNotice<StopNotice>().AddToNavigation<ApprovalBadge>("/approvals").AddToNavigation<LostNotices>("/notices");
        });
        services.AddHealthChecks().AddDbContextCheck<CashoutDbContext>("database", tags: ["ready"]);
        // What is on the wire gets the time it needs to come back.
        services.Configure<HostOptions>(static host => host.ShutdownTimeout = TimeSpan.FromSeconds(100));
    }

    internal static void MapRooms(WebApplication app)
    {
        app.UseSiteSecurity();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseOperatorConnections();
        app.MapShell();
        app.MapOperators();
        app.MapExports();
        app.MapHealthChecks("/health/live", new() { Predicate = static _ => false });
        app.MapHealthChecks("/health/ready", new() { Predicate = static check => check.Tags.Contains("ready") });
    }

    /// <summary>The schema, the stamp, the endpoints, the first operators. Returns every reason not to start.</summary>
    private static async Task<IReadOnlyList<string>> PrepareAsync(WebApplication app, ConsoleConfiguration configuration, CancellationToken cancellation)
    {
        var contexts = app.Services.GetRequiredService<IDbContextFactory<CashoutDbContext>>();
        await using (var db = await contexts.CreateDbContextAsync(cancellation))
        {
            if (app.Environment.IsDevelopment())
            {
                await db.Database.MigrateAsync(cancellation);
            }
            else if ((await db.Database.GetPendingMigrationsAsync(cancellation)).ToList() is { Count: > 0 } pending)
            {
                return [$"Database: {pending.Count} migrations are pending ({string.Join(", ", pending)}); run: CashoutConsole database migrate"];
            }
        }
        var refusals = await app.Services.GetRequiredService<ProviderAccountRegistration>().RegisterAsync(cancellation);
        if (refusals.Count > 0)
        {
            return refusals;
        }
        await app.Services.GetRequiredService<PolicyBook>().EnsureFirstAsync(cancellation);
        if (app.Environment.IsDevelopment() && configuration.Mode == OperatingMode.Rehearsal)
        {
            await app.Services.GetRequiredService<DemoSetUp>().EnsureAsync(cancellation);
        }
        await app.Services.GetRequiredService<SetUp>().CloseIfCompleteAsync(cancellation);
        await RecordAsync(app, AuditActions.SystemStarted);
        return [];
    }

    private static Task<Result<Done>> RecordAsync(WebApplication app, string action) => app.Services.GetRequiredService<UnitOfWork>().RecordAsync(
        Actor.System("host"),
        new AuditDraft(action, "system", Environment.MachineName) { Details = AuditTrail.ToJson(new { app.Environment.EnvironmentName }) },
        CancellationToken.None);

    private static int Refuse(IReadOnlyList<string> reasons)
    {
        Console.Error.WriteLine("CashoutConsole does not start:");
        foreach (var reason in reasons)
        {
            Console.Error.WriteLine($"  - {reason}");
        }
        return Refused;
    }
}
