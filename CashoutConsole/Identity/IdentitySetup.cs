using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http.Connections;
using Microsoft.AspNetCore.Identity;

namespace CashoutConsole.Identity;

public static class IdentitySetup
{
    public static IServiceCollection AddOperators(this IServiceCollection services, IHostEnvironment environment, string keyFolder, SecurityOptions security)
    {
        services.AddDataProtection().SetApplicationName("CashoutConsole").PersistKeysToFileSystem(new DirectoryInfo(keyFolder));
        services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme).AddCookie(options =>
        {
            // The __Host- prefix demands https, which Development does not have.
            options.Cookie.Name = environment.IsDevelopment() ? "cashout-session" : "__Host-cashout-session";
            options.Cookie.SecurePolicy = environment.IsDevelopment() ? CookieSecurePolicy.SameAsRequest : CookieSecurePolicy.Always;
            options.Cookie.SameSite = SameSiteMode.Strict;
            options.Cookie.HttpOnly = true;
            options.LoginPath = "/sign-in";
            options.AccessDeniedPath = "/not-found";
            // The session's row says when it ends; the cookie lasts for as long as any could.
            options.ExpireTimeSpan = security.AbsoluteTimeout;
            options.SlidingExpiration = false;
            options.EventsType = typeof(OperatorCookieEvents);
        });
        services.AddSingleton(security);
        services.AddAuthorization();
        services.AddHttpContextAccessor();
        services.AddScoped<OperatorCookieEvents>();
        services.AddScoped<AuthenticationStateProvider, OperatorRevalidation>();
        services.AddScoped<CurrentActor>();
        services.AddSingleton<IPasswordHasher<Operator>, PasswordHasher<Operator>>();
        services.AddSingleton<SignInThrottle>();
        services.AddSingleton<SessionCheck>();
        services.AddSingleton<TotpSecrets>();
        services.AddSingleton<SecondFactor>();
        services.AddSingleton<TwoFactorEnrolment>();
        services.AddSingleton<PendingSignIns>();
        services.AddSingleton<DemoSetUp>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<DemoCodes>(provider, environment.IsDevelopment()));
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<SignInCookies>(provider, environment.IsDevelopment()));
        return services
            .AddSingleton<AccessGate>()
            .AddSingleton<SignIn>()
            .AddSingleton<SetUp>()
            .AddSingleton<OperatorDirectory>()
            .AddSingleton<AcceptInvite>()
            .AddSingleton<NewInvite>()
            .AddSingleton<ListOperators>()
            .AddSingleton<ShowOperator>()
            .AddSingleton<SignOutEverywhere>()
            .AddSingleton<ListRecoveries>()
            .AddSingleton<AcknowledgeRecovery>()
            .AddSingleton<StepUp>()
            .AddSingleton<ShowStepUp>()
            .AddSingleton<ShowOwnSecurity>()
            .AddSingleton<EndOwnSession>()
            .AddSingleton<EndOtherSessions>()
            .AddSingleton<OfferTwoFactor>()
            .AddSingleton<SetUpTwoFactor>()
            .AddSingleton<RenewRecoveryCodes>()
            .AddSingleton<ListAuditEntries>()
            .AddSingleton<ShowSubjectTrail>()
            .AddSingleton<VerifyAudit>();
    }

    /// <summary>
    /// Signing out is a form post with an antiforgery token, on every page; signing in is a page of its own. The browser reports here that
    /// somebody is at an open page, which changes nothing but the time of the session's last use.
    /// </summary>
    public static WebApplication MapOperators(this WebApplication app)
    {
        app.MapPost(OperatorCookieEvents.SeenPath, static () => Results.NoContent()).DisableAntiforgery();
        app.MapPost("/sign-out", async (HttpContext context, SignIn signIn) =>
        {
            if (context.User.Identity?.IsAuthenticated == true)
            {
                await signIn.SignedOutAsync(CurrentActor.Of(context.User, context.Connection.RemoteIpAddress?.ToString()), context.RequestAborted);
            }
            await context.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
            return Results.LocalRedirect("/sign-in");
        }).RequireAntiforgery();
        return app;
    }
}
