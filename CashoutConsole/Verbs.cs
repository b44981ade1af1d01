using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Application;
using CashoutConsole.Sandbox;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole;

/// <summary>The verbs of the command line. Exit codes: 0 = done, 1 = done and bad news, 2 = refused.</summary>
internal static class Verbs
{
    private const int BadNews = 1;
    private const int Refused = 2;

    public static async Task<int> VerifyAuditAsync(CancellationToken cancellation)
    {
        await using var services = Build();
        if (services is null)
        {
            return Refused;
        }
        var progress = new Progress<long>(static checkedSoFar => Console.Error.Write($"\r{checkedSoFar} entries"));
        var report = await services.GetRequiredService<ChainVerifier>().VerifyAsync(progress, cancellation);
        Console.Error.WriteLine();
        Console.WriteLine(report.IsWhole
            ? $"The audit trail is whole: {report.Checked} entries."
            : $"The audit trail is NOT whole: entry {report.FirstBad} ({report.Problem}); {report.Checked} entries before it hold.");
        return report.IsWhole ? 0 : BadNews;
    }

    public static async Task<int> MigrateAsync(CancellationToken cancellation)
    {
        await using var services = Build();
        if (services is null)
        {
            return Refused;
        }
        await using var db = await services.GetRequiredService<IDbContextFactory<CashoutDbContext>>().CreateDbContextAsync(cancellation);
        var pending = (await db.Database.GetPendingMigrationsAsync(cancellation)).ToList();
        await db.Database.MigrateAsync(cancellation);
        Console.WriteLine(pending.Count == 0 ? "The database was up to date." : $"Applied: {string.Join(", ", pending)}");
        return 0;
    }

    public static async Task<int> CreateOperatorAsync(string userName, string displayName, string[] roles, bool recover, CancellationToken cancellation)
    {
        await using var services = Build();
        if (services is null)
        {
            return Refused;
        }
        var parsed = new List<Role>();
        foreach (var text in roles.SelectMany(static role => role.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)))
        {
            if (!Enum.TryParse<Role>(text, ignoreCase: true, out var role) || !Enum.IsDefined(role))
            {
                Console.Error.WriteLine($"--role: '{text}' is none of {string.Join(", ", Enum.GetNames<Role>())}");
                return Refused;
            }
            parsed.Add(role);
        }
        if (!Console.IsInputRedirected)
        {
            Console.Error.Write($"Password (at least {PasswordRules.MinLength} characters): ");
        }
        var password = await Console.In.ReadLineAsync(cancellation) ?? "";
        var refusals = await services.GetRequiredService<ProviderAccountRegistration>().RegisterAsync(cancellation);
        if (refusals.Count > 0)
        {
            Console.Error.WriteLine(string.Join(Environment.NewLine, refusals));
            return Refused;
        }
        var directory = services.GetRequiredService<OperatorDirectory>();
        var asked = new NewOperator(userName, displayName, parsed, password);
        var created = await (recover ? directory.RecoverAsync(Actor.Console, asked, cancellation) : directory.CreateAsync(Actor.Console, asked, cancellation));
        Console.WriteLine(created.IsSuccess ? $"Created operator {userName} ({string.Join(", ", parsed)}).{(recover ? " All sending is stopped." : "")}" : $"Refused: {created.Error}.{HintOn(created.Error)}");
        return created.IsSuccess ? 0 : Refused;
    }

    private static string HintOn(Error refusal) => refusal.Code switch
    {
        "SetUpClosed" => " Operators are now created in the console by two people. When nobody can sign in any more: --recover, which stops all sending.",
        "SetUpOpen" => " Set-up is still open: create the operator without --recover.",
        _ => "",
    };

    public static async Task<int> RunSandboxAsync(CancellationToken cancellation)
    {
        var builder = Host.CreateApplicationBuilder();
        ConfigurationFiles.AddTo(builder.Configuration, builder.Environment.EnvironmentName);
        if (builder.Environment.IsProduction() && builder.Configuration["Sandbox:Url"] is null)
        {
            // Alone it may run in any environment: it listens on the loopback interface only and knows only its own demo credentials.
            Console.Error.WriteLine("No section Sandbox in the configuration: using the defaults.");
        }
        var settings = new SandboxConfiguration();
        builder.Configuration.GetSection("Sandbox").Bind(settings);
        await using var server = await SandboxHost.StartAsync(settings.ToOptions(builder.Environment.ContentRootPath), TimeProvider.System, cancellation);
        Console.WriteLine($"Sandbox listening on {server.Url}");
        await server.WaitForShutdown(cancellation);
        return 0;
    }

    /// <summary>The services of the console without its web host and loops. Null after the faults were printed.</summary>
    private static ServiceProvider? Build()
    {
        var builder = WebApplication.CreateBuilder();
        ConfigurationFiles.AddTo(builder.Configuration, builder.Environment.EnvironmentName);
        var faults = new List<string>();
        var configuration = ConsoleConfiguration.Read(builder.Configuration, builder.Environment.ContentRootPath, TimeProvider.System, faults, builder.Environment.IsDevelopment());
        if (configuration is null)
        {
            Console.Error.WriteLine(string.Join(Environment.NewLine, faults));
            return null;
        }
        if (configuration.SqliteFile is { } file)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        }
        WebHost.AddRooms(builder, configuration);
        return builder.Services.BuildServiceProvider();
    }
}
