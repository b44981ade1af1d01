using CashoutConsole.Foundation;

namespace CashoutConsole.Shell;

/// <summary>An entry of the navigation: the resource key of its title, where it leads, and the permission without which it is not shown.</summary>
public sealed record NavItem(string TitleKey, string Href, string Icon, Permission Needs);

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
            new("Nav_Batches", "/batches", "batches", Permission.ViewAccounts),
            new("Nav_Approvals", "/approvals", "approvals", Permission.ViewAccounts),
            new("Nav_Members", "/members", "members", Permission.ViewAccounts),
        ]),
        new("Nav_Control",
        [
            new("Nav_Providers", "/providers", "providers", Permission.ViewAccounts),
            new("Nav_Policy", "/policy", "policy", Permission.ConfirmAdministration),
            new("Nav_Operators", "/operators", "operators", Permission.ConfirmAdministration),
            new("Nav_Notices", "/notices", "notices", Permission.ConfirmAdministration),
            new("Nav_Audit", "/audit", "audit", Permission.ReadAudit),
        ]),
    ];

    public static IEnumerable<NavGroup> For(IReadOnlyCollection<Role> roles) =>
        Groups
            .Select(group => group with { Items = [.. group.Items.Where(item => RolePermissions.Grants(roles, item.Needs))] })
            .Where(static group => group.Items.Count > 0);
}
