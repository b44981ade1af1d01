using System.Security.Claims;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Identity.Infrastructure;

/// <summary>
/// What the cookie carries: who, in which session, and the security stamp it was issued under. Roles in it only dress pages; the gate
/// re-reads them.
/// </summary>
public static class OperatorPrincipal
{
    public const string StampClaim = "stamp";

    public static ClaimsPrincipal Of(Operator person, Guid sessionId)
    {
        var identity = new ClaimsIdentity(CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, person.Id));
        identity.AddClaim(new Claim(ClaimTypes.Name, person.DisplayName));
        identity.AddClaim(new Claim(StampClaim, person.SecurityStamp ?? ""));
        identity.AddClaim(new Claim(CurrentActor.SessionClaim, sessionId.ToString()));
        identity.AddClaims(person.Roles.Select(static role => new Claim(ClaimTypes.Role, role.Role.ToString())));
        return new ClaimsPrincipal(identity);
    }
}

/// <summary>Whether a cookie or a circuit still stands for somebody.</summary>
public sealed class SessionCheck(IDbContextFactory<CashoutDbContext> contexts, SecurityOptions options, TimeProvider clock)
{
    /// <summary>True while the operator exists, is enabled, has the roles and stamp that the principal was made from, and the session lives.</summary>
    public async Task<bool> IsCurrentAsync(ClaimsPrincipal principal, CancellationToken cancellation)
    {
        if (principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id || CurrentActor.SessionOf(principal) is not { } session)
        {
            return false;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var person = await db.Users.AsNoTracking().Include(static u => u.Roles).SingleOrDefaultAsync(u => u.Id == id, cancellation);
        return person is { IsDisabled: false }
            && person.SecurityStamp == principal.FindFirstValue(OperatorPrincipal.StampClaim)
            && person.Roles.Select(static r => r.Role.ToString()).ToHashSet(StringComparer.Ordinal)
                .SetEquals(principal.FindAll(ClaimTypes.Role).Select(static claim => claim.Value))
            && await Sessions.IsLivingAsync(db, id, session, clock.Now(), options, cancellation);
    }

    /// <summary>A person uses the session now.</summary>
    public async Task SeenAsync(ClaimsPrincipal principal, CancellationToken cancellation)
    {
        if (principal.FindFirstValue(ClaimTypes.NameIdentifier) is { } id && CurrentActor.SessionOf(principal) is { } session)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            await Sessions.SeenAsync(db, id, session, clock.Now(), options, cancellation);
        }
    }
}

/// <summary>
/// Every request with a cookie asks whether it still stands: a disabled operator's next request is anonymous. A request also says that
/// somebody is there, except those that an open page makes by itself: a circuit that only sits there reconnects, acknowledges each of its
/// clocks' ticks, and must not keep the session alive. People at an open page are noticed by the browser, which says so at
/// <see cref="SeenPath"/>.
/// </summary>
public sealed class OperatorCookieEvents(SessionCheck check) : CookieAuthenticationEvents
{
    public const string SeenPath = "/session/seen";

    private static readonly PathString Circuits = "/_blazor";

    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        var cancellation = context.HttpContext.RequestAborted;
        if (context.Principal is null || !await check.IsCurrentAsync(context.Principal, cancellation))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
        else if (!context.HttpContext.Request.Path.StartsWithSegments(Circuits, StringComparison.OrdinalIgnoreCase))
        {
            await check.SeenAsync(context.Principal, cancellation);
        }
    }
}

/// <summary>Open circuits ask the same every few seconds: a change of standing or the end of the session ends them.</summary>
public sealed class OperatorRevalidation(ILoggerFactory loggers, SessionCheck check) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    protected override Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken) =>
        check.IsCurrentAsync(authenticationState.User, cancellationToken);
}
