using System.Net;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace CashoutConsole.Shell;

/// <summary>What stands before everything else: who is believed about the address, https, headers, and whose pages may open circuits.</summary>
public static class SiteSecurity
{
    private static readonly TimeSpan HttpsRemembered = TimeSpan.FromDays(365);

    public static IServiceCollection AddSiteSecurity(this IServiceCollection services, SiteOptions site, IHostEnvironment environment)
    {
        services.AddSingleton(Options.Create(site));
        services.AddHsts(static options => options.MaxAge = HttpsRemembered);
        services.Configure<ForwardedHeadersOptions>(options => Believe(options, site.TrustedProxies));
        services.AddAntiforgery(options =>
        {
            // The __Host- prefix demands https, which Development does not have.
            options.Cookie.Name = environment.IsDevelopment() ? "cashout-form" : "__Host-cashout-form";
            options.Cookie.SecurePolicy = environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            options.Cookie.SameSite = SameSiteMode.Strict;
            // SecurityHeaders forbids every frame.
            options.SuppressXFrameOptionsHeader = true;
        });
        return services;
    }

    /// <summary>Call before anything else is in the pipeline.</summary>
    public static WebApplication UseSiteSecurity(this WebApplication app)
    {
        if (app.Services.GetRequiredService<IOptions<SiteOptions>>().Value.TrustedProxies.Count > 0)
        {
            app.UseForwardedHeaders();
        }
        app.Use(SecurityHeaders.AddAsync);
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
            // Load balancers ask for health over plain http inside their network; the answer is one word.
            app.UseWhen(
                static context => !context.Request.Path.StartsWithSegments("/health", StringComparison.OrdinalIgnoreCase),
                static secured => secured.UseHttpsRedirection().Use(RefusePlainHttp));
        }
        app.UseMiddleware<OriginGuard>();
        return app;
    }

    /// <summary>Reached over plain http only when no https port is known to redirect to: then nothing is answered, rather than in the clear.</summary>
    private static Task RefusePlainHttp(HttpContext context, RequestDelegate next)
    {
        if (context.Request.IsHttps)
        {
            return next(context);
        }
        context.RequestServices.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(SiteSecurity)).LogWarning(
            "A request over plain http was refused. Give the console an https address, or name the proxy that ends TLS in Site:TrustedProxies.");
        context.Response.StatusCode = StatusCodes.Status400BadRequest;
        return Task.CompletedTask;
    }

    private static void Believe(ForwardedHeadersOptions options, IEnumerable<string> proxies)
    {
        options.ForwardedHeaders = ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
        options.KnownProxies.Clear();
        options.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
        {
            if (IPAddress.TryParse(proxy, out var address))
            {
                options.KnownProxies.Add(address);
            }
            else
            {
                options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            }
        }
    }
}
