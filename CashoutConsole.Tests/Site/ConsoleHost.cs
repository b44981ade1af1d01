using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CashoutConsole.Tests.Site;

/// <summary>The whole console on real sockets, over https and http, without provider accounts: what leaves it and what it lets in.</summary>
public sealed class ConsoleHost : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cashout-site-").FullName;
    private readonly X509Certificate2 _certificate = SelfSigned();

    private ConsoleHost()
    {
    }

    public WebApplication App { get; private set; } = null!;

    public string Https => App.Urls.Single(static url => url.StartsWith("https:", StringComparison.Ordinal)).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public string Http => App.Urls.Single(static url => url.StartsWith("http:", StringComparison.Ordinal)).Replace("127.0.0.1", "localhost", StringComparison.Ordinal);

    public static async Task<ConsoleHost> StartAsync(string environment, params (string Key, string Value)[] settings)
    {
        var host = new ConsoleHost();
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            ApplicationName = "CashoutConsole",
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = environment,
        });
        builder.Configuration.Sources.Clear();
        builder.Configuration.AddInMemoryCollection(
            settings.Select(static setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))
                .Append(new("ConnectionStrings:Cashout", $"Data Source={Path.Combine(host._folder, "cashout.db")}")));
        var faults = new List<string>();
        var configuration = ConsoleConfiguration.Read(builder.Configuration, host._folder, TimeProvider.System, faults);
        Assert.Empty(faults);
        WebHost.AddRooms(builder, configuration!);
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(host._certificate));
        });
        host.App = builder.Build();
        await using (var db = await host.ContextAsync())
        {
            await db.Database.MigrateAsync();
        }
        WebHost.MapRooms(host.App);
        await host.App.StartAsync();
        return host;
    }

    public Task<CashoutDbContext> ContextAsync() => App.Services.GetRequiredService<IDbContextFactory<CashoutDbContext>>().CreateDbContextAsync();

    /// <summary>True for this host's own certificate only.</summary>
    public bool Trusts(X509Certificate? shown) => shown?.GetCertHashString() == _certificate.Thumbprint;

    /// <summary>A client that trusts the test's certificate and keeps no cookies.</summary>
    public HttpClient NewClient(string baseAddress)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, shown, _, _) => Trusts(shown);
        return new HttpClient(handler) { BaseAddress = new Uri(baseAddress) };
    }

    /// <summary>The cookie of a new operator, as signing in would set it ("name=value").</summary>
    public async Task<string> CookieOfAsync(string userName, params Role[] roles)
    {
        var created = await App.Services.GetRequiredService<OperatorDirectory>()
            .CreateAsync(Actor.Console, new NewOperator(userName, userName, roles, "a long enough password"), CancellationToken.None);
        Assert.True(created.IsSuccess, created.Error?.ToString());
        await using var db = await ContextAsync();
        var person = await db.Users.Include(static u => u.Roles).SingleAsync(u => u.Id == created.Value);
        var now = TimeProvider.System.GetUtcNow();
        var session = new CashoutConsole.Identity.Domain.OperatorSession { Id = Guid.NewGuid(), OperatorId = person.Id, CreatedAt = now, EndsAt = now.AddHours(1), LastSeenAt = now };
        db.OperatorSessions.Add(session);
        await db.SaveChangesAsync();
        var options = App.Services.GetRequiredService<IOptionsMonitor<CookieAuthenticationOptions>>().Get(CookieAuthenticationDefaults.AuthenticationScheme);
        var properties = new AuthenticationProperties { IssuedUtc = TimeProvider.System.GetUtcNow(), ExpiresUtc = TimeProvider.System.GetUtcNow().AddHours(1) };
        var ticket = new AuthenticationTicket(OperatorPrincipal.Of(person, session.Id), properties, CookieAuthenticationDefaults.AuthenticationScheme);
        return $"{options.Cookie.Name}={options.TicketDataFormat.Protect(ticket)}";
    }

    public async ValueTask DisposeAsync()
    {
        await App.DisposeAsync();
        _certificate.Dispose();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(_folder, recursive: true);
    }

    private static X509Certificate2 SelfSigned()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var now = TimeProvider.System.GetUtcNow();
        return request.CreateSelfSigned(now.AddHours(-1), now.AddHours(1));
    }
}
