using System.Security.Claims;
using CashoutConsole.Foundation;

namespace CashoutConsole.Identity.Infrastructure;

/// <summary>What the cookie's roles would allow. It only dresses pages (what is shown, and why a button is off); use cases ask the database.</summary>
public static class ShownPermissions
{
    public static bool May(this ClaimsPrincipal user, Permission permission) => RolePermissions.Grants(RolesOf(user), permission);

    /// <summary>Null (no authentication around) = nothing is allowed.</summary>
    public static async Task<bool> MayAsync(this Task<Microsoft.AspNetCore.Components.Authorization.AuthenticationState>? authentication, Permission permission) =>
        authentication is not null && (await authentication).User.May(permission);

    private static IEnumerable<Role> RolesOf(ClaimsPrincipal user)
    {
        foreach (var claim in user.FindAll(ClaimTypes.Role))
        {
            if (Enum.TryParse<Role>(claim.Value, out var role) && Enum.IsDefined(role))
            {
                yield return role;
            }
        }
    }
}
