using CashoutConsole.Approvals.UI;
using CashoutConsole.Foundation;

namespace CashoutConsole.Shell;

/// <summary>An entry of the navigation: the resource key of its title, where it leads, and the permissions of which one is enough to see it.</summary>
/// <param name="Badge">A component beside the title that counts what waits there and keeps itself current; null = none.</param>
public sealed record NavItem(string TitleKey, string Href, string Icon, Type? Badge, params IReadOnlyList<Permission> NeedsOne)
{
    public NavItem(string titleKey, string href, string icon, Permission needs)
        : this(titleKey, href, icon, null, needs)
    {
    }
}

public sealed record NavGroup(string TitleKey, IReadOnlyList<NavItem> Items);

/// <summary>The navigation. It only mirrors the permissions; each use case enforces them itself.</summary>
public static class NavItems
{
    public static readonly IReadOnlyList<NavGroup> Groups =
    [
        new("Nav_Work",
        [
            new("Nav_Accounts", "/accounts", "accounts", Permission.ViewAccounts),
            new("Nav_Withdrawals", "/withdrawals", "withdrawals", Permission.ViewAccounts),
            new("Nav_Approvals", "/approvals", "approvals", typeof(ApprovalBadge), Permission.ViewAccounts),
            new("Nav_Members", "/members", "members", Permission.ViewAccounts),
        ]),
        new("Nav_Control",
        [
            new("Nav_Providers", "/providers", "providers", Permission.ViewAccounts),
            new("Nav_Audit", "/audit", "audit", Permission.ReadAudit),
        ]),
    ];

    public static IEnumerable<NavGroup> For(IReadOnlyCollection<Role> roles) =>
        Groups
            .Select(group => group with { Items = [.. group.Items.Where(item => item.NeedsOne.Any(permission => RolePermissions.Grants(roles, permission)))] })
            .Where(static group => group.Items.Count > 0);
}
