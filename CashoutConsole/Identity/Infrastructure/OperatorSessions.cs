using System.Security.Claims;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Identity.Infrastructure;

/// <summary>What the cookie carries: who, and the security stamp it was issued under. Roles in it only dress pages; the gate re-reads them.</summary>
public static class OperatorPrincipal
{
    public const string StampClaim = "stamp";

    public static ClaimsPrincipal Of(Operator person)
    {
        var identity = new ClaimsIdentity(CookieAuthenticationDefaults.AuthenticationScheme, ClaimTypes.Name, ClaimTypes.Role);
        identity.AddClaim(new Claim(ClaimTypes.NameIdentifier, person.Id));
        identity.AddClaim(new Claim(ClaimTypes.Name, person.DisplayName));
        identity.AddClaim(new Claim(StampClaim, person.SecurityStamp ?? ""));
        identity.AddClaims(person.Roles.Select(static role => new Claim(ClaimTypes.Role, role.Role.ToString())));
        return new ClaimsPrincipal(identity);
    }

    /// <summary>True while the operator exists, is enabled, and has the roles and stamp that the principal was made from.</summary>
    public static async Task<bool> IsCurrentAsync(ClaimsPrincipal principal, IDbContextFactory<CashoutDbContext> contexts, CancellationToken cancellation)
    {
        if (principal.FindFirstValue(ClaimTypes.NameIdentifier) is not { } id)
        {
            return false;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var person = await db.Users.AsNoTracking().Include(static u => u.Roles).SingleOrDefaultAsync(u => u.Id == id, cancellation);
        return person is { IsDisabled: false }
            && person.SecurityStamp == principal.FindFirstValue(StampClaim)
            && person.Roles.Select(static r => r.Role.ToString()).ToHashSet(StringComparer.Ordinal)
                .SetEquals(principal.FindAll(ClaimTypes.Role).Select(static claim => claim.Value));
    }
}

/// <summary>Every request with a cookie asks whether it still stands: a disabled operator's next request is anonymous.</summary>
public sealed class OperatorCookieEvents(IDbContextFactory<CashoutDbContext> contexts) : CookieAuthenticationEvents
{
    public override async Task ValidatePrincipal(CookieValidatePrincipalContext context)
    {
        if (context.Principal is null || !await OperatorPrincipal.IsCurrentAsync(context.Principal, contexts, context.HttpContext.RequestAborted))
        {
            context.RejectPrincipal();
            await context.HttpContext.SignOutAsync(CookieAuthenticationDefaults.AuthenticationScheme);
        }
    }
}

/// <summary>Open circuits ask the same every few seconds: a change of standing ends them.</summary>
public sealed class OperatorRevalidation(ILoggerFactory loggers, IServiceScopeFactory scopes) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    protected override TimeSpan RevalidationInterval => TimeSpan.FromSeconds(5);

    protected override async Task<bool> ValidateAuthenticationStateAsync(AuthenticationState authenticationState, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var contexts = scope.ServiceProvider.GetRequiredService<IDbContextFactory<CashoutDbContext>>();
        return await OperatorPrincipal.IsCurrentAsync(authenticationState.User, contexts, cancellationToken);
    }
}
