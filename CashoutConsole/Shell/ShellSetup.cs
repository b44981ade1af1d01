using CashoutConsole.Controls;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Localization;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Radzen;

namespace CashoutConsole.Shell;

/// <summary>The frame: pages, languages, shared controls, static files.</summary>
public static class ShellSetup
{
    /// <summary>The largest message from a browser; the fields of a form are far smaller.</summary>
    private const int MaxMessageBytes = 32 * 1024;

    public static IServiceCollection AddShell(this IServiceCollection services, Action<ShellOptions>? configure = null)
    {
        services.AddRazorComponents()
            .AddInteractiveServerComponents(static circuits =>
            {
                // A page that lost its connection keeps its memory here: for a short gap in the network, not for a lunch break.
                circuits.DisconnectedCircuitMaxRetained = 50;
                circuits.DisconnectedCircuitRetentionPeriod = TimeSpan.FromMinutes(2);
            })
            .AddHubOptions(static hub => hub.MaximumReceiveMessageSize = MaxMessageBytes);
        services.AddCascadingAuthenticationState();
        services.AddAuthorizationCore();
        services.AddLocalization();
        services.AddRadzenComponents();
        services.Configure<RequestLocalizationOptions>(static options =>
        {
            options.DefaultRequestCulture = new RequestCulture(ShellCultures.Cultures[0]);
            options.SupportedCultures = ShellCultures.Cultures;
            options.SupportedUICultures = ShellCultures.Cultures;
            // The operator's choice, else the browser's. Not the query string: an address must not change what numbers look like.
            options.RequestCultureProviders = [new CookieRequestCultureProvider(), new AcceptLanguageHeaderRequestCultureProvider()];
        });
        services.AddOptions<ShellOptions>().Configure(options => configure?.Invoke(options));
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<AgeTicker>();
        services.AddScoped<DisplayTime>();
        return services;
    }

    /// <summary>Call after authentication and authorisation are in the pipeline.</summary>
    public static WebApplication MapShell(this WebApplication app)
    {
        if (!app.Environment.IsDevelopment())
        {
            app.UseExceptionHandler(ShellPaths.Error, createScopeForErrors: true);
        }
        app.UseStatusCodePagesWithReExecute(ShellPaths.NotFound, createScopeForStatusCodePages: true);
        app.Use(static (context, next) =>
        {
            // The explaining page is for people: a webhook or a script gets its bare status code.
            if (!IsPageRequest(context) && context.Features.Get<IStatusCodePagesFeature>() is { } pages)
            {
                pages.Enabled = false;
            }
            return next(context);
        });
        app.UseRequestLocalization();
        app.UseAntiforgery();
        app.MapStaticAssets();
        app.MapGet("/", static () => Results.LocalRedirect(ShellPaths.Home));
        app.MapGet(ShellPaths.Culture, ChangeCulture);
        // SecurityHeaders sends the same words as part of the whole policy.
        app.MapRazorComponents<App>().AddInteractiveServerRenderMode(static options => options.ContentSecurityFrameAncestorsPolicy = "'none'");
        return app;
    }

    private static bool IsPageRequest(HttpContext context) =>
        HttpMethods.IsGet(context.Request.Method) && context.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>Sets the language cookie and goes back. A language that is not spoken here changes nothing; an address elsewhere is refused.</summary>
    private static IResult ChangeCulture(HttpContext context, string culture, string returnUrl)
    {
        if (ShellCultures.IsSpoken(culture))
        {
            context.Response.Cookies.Append(
                CookieRequestCultureProvider.DefaultCookieName,
                CookieRequestCultureProvider.MakeCookieValue(new RequestCulture(culture)),
                new CookieOptions { MaxAge = TimeSpan.FromDays(365), SameSite = SameSiteMode.Lax, Secure = context.Request.IsHttps, HttpOnly = true, IsEssential = true });
        }
        return Results.LocalRedirect(LocalPath.OrHome(returnUrl));
    }
}
