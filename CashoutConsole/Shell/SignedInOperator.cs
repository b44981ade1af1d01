using System.Security.Claims;
using CashoutConsole.Foundation;

namespace CashoutConsole.Shell;

/// <summary>Who the frame greets and which roles it filters by. For display only.</summary>
public sealed record SignedInOperator(string Name, IReadOnlyList<Role> Roles)
{
    /// <summary>Null when nobody is signed in. Role claims that are no role of ours are left out.</summary>
    public static SignedInOperator? From(ClaimsPrincipal principal) =>
        principal.Identity is { IsAuthenticated: true } identity
            ? new SignedInOperator(identity.Name ?? "?", [.. RolesOf(principal)])
            : null;

    private static IEnumerable<Role> RolesOf(ClaimsPrincipal principal)
    {
        foreach (var claim in principal.FindAll(ClaimTypes.Role))
        {
            if (Enum.TryParse<Role>(claim.Value, out var role) && Enum.IsDefined(role))
            {
                yield return role;
            }
        }
    }
}
