using System.Security.Claims;
using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Identity.Infrastructure;

/// <summary>Who sits at this circuit or request, as an actor for use cases. An anonymous one holds no permission anywhere.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    private static readonly Actor Anonymous = Actor.Operator("", "anonymous");

    public async Task<Actor> GetAsync() => Of((await authentication.GetAuthenticationStateAsync()).User, null);

    public static Actor Of(ClaimsPrincipal user, string? remoteAddress) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? Actor.Operator(id, user.Identity?.Name ?? id, remoteAddress)
            : Anonymous with { RemoteAddress = remoteAddress };
}
