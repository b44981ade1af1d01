using CashoutConsole.Identity.Application;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Http;

namespace CashoutConsole.Identity.Infrastructure;

/// <summary>
/// What a browser carries: the session's cookie, or before it for a few minutes the pending sign-in's, which is no authentication and
/// opens nothing but the page of its next step.
/// </summary>
public sealed class SignInCookies(PendingSignIns pending, bool isDevelopment)
{
    // The __Host- prefix demands https, which Development does not have.
    private string PendingName => isDevelopment ? "cashout-pending" : "__Host-cashout-pending";

    public static Device DeviceOf(HttpContext context) => new(context.Connection.RemoteIpAddress?.ToString(), context.Request.Headers.UserAgent.ToString());

    /// <summary>From here on the browser is signed in, until the session's absolute end.</summary>
    public async Task SignInAsync(HttpContext context, SignedIn signedIn)
    {
        Forget(context);
        await context.SignInAsync(
            CookieAuthenticationDefaults.AuthenticationScheme,
            OperatorPrincipal.Of(signedIn.Operator, signedIn.Session.Id),
            new AuthenticationProperties { ExpiresUtc = signedIn.Session.EndsAt, AllowRefresh = false });
    }

    public void Keep(HttpContext context, PendingSignIn signIn) =>
        context.Response.Cookies.Append(PendingName, pending.Seal(signIn), Options(context, PendingSignIns.Lifetime));

    public PendingSignIn? PendingOf(HttpContext context) => pending.Open(context.Request.Cookies[PendingName]);

    public void Forget(HttpContext context) => context.Response.Cookies.Delete(PendingName, Options(context, null));

    private CookieOptions Options(HttpContext context, TimeSpan? lifetime) => new()
    {
        HttpOnly = true,
        SameSite = SameSiteMode.Strict,
        Secure = !isDevelopment || context.Request.IsHttps,
        MaxAge = lifetime,
        IsEssential = true,
        Path = "/",
    };
}
