using System.Security.Claims;
using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Identity.Infrastructure;

/// <summary>Who sits at this circuit or request, as an actor for use cases. An anonymous one holds no permission anywhere.</summary>
public sealed class CurrentActor(AuthenticationStateProvider authentication)
{
    public const string SessionClaim = "sid";

    private static readonly Actor Anonymous = Actor.Operator("", "anonymous");

    public async Task<Actor> GetAsync() => Of((await authentication.GetAuthenticationStateAsync()).User, null);

    /// <summary>
    /// Whether a page should offer something, by the roles that the session was issued with. It only dresses the page: every use case
    /// asks the database.
    /// </summary>
    public async Task<bool> IsOfferedAsync(Permission permission)
    {
        var user = (await authentication.GetAuthenticationStateAsync()).User;
        return Enum.GetValues<Role>().Any(role => user.IsInRole(role.ToString()) && RolePermissions.Of(role).Contains(permission));
    }

    public static Actor Of(ClaimsPrincipal user, string? remoteAddress) =>
        user.FindFirstValue(ClaimTypes.NameIdentifier) is { } id
            ? Actor.Operator(id, user.Identity?.Name ?? id, remoteAddress) with { SessionId = SessionOf(user) }
            : Anonymous with { RemoteAddress = remoteAddress };

    public static Guid? SessionOf(ClaimsPrincipal user) => Guid.TryParse(user.FindFirstValue(SessionClaim), out var id) ? id : null;
}
