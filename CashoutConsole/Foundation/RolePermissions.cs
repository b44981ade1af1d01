using System.Collections.Frozen;

namespace CashoutConsole.Foundation;

/// <summary>The one role-to-permission table. Application enforces it for every use case; pages only mirror it.</summary>
public static class RolePermissions
{
    private static readonly FrozenDictionary<Role, FrozenSet<Permission>> Table = new Dictionary<Role, FrozenSet<Permission>>
    {
        [Role.Treasury] = Set(
            Permission.ViewAccounts, Permission.RefreshBalances, Permission.RequestWithdrawals, Permission.MaintainMemberDirectory,
            Permission.CancelOwnWithdrawal, Permission.StopSending, Permission.ExportWithdrawals),
        [Role.Supervisor] = Set(
            Permission.ViewAccounts, Permission.RefreshBalances, Permission.CancelOwnWithdrawal, Permission.CancelAnyWithdrawal,
            Permission.Approve, Permission.ResolveUnknowns, Permission.StopSending, Permission.ProposeResume, Permission.ConfirmResume,
            Permission.ExportWithdrawals, Permission.ReadAudit, Permission.ConfirmAdministration),
        [Role.Auditor] = Set(
            Permission.ViewAccounts, Permission.ExportWithdrawals, Permission.ReadAudit, Permission.ExportAudit),
        [Role.Administrator] = Set(
            Permission.ViewAccounts, Permission.StopSending, Permission.ConfirmResume, Permission.Administer, Permission.ConfirmAdministration),
    }.ToFrozenDictionary();

    public static IReadOnlySet<Permission> Of(Role role) => Table[role];

    public static bool Grants(IEnumerable<Role> roles, Permission permission) => roles.Any(role => Table[role].Contains(permission));

    private static FrozenSet<Permission> Set(params Permission[] permissions) => permissions.ToFrozenSet();
}
