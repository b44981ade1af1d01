using CashoutConsole.Foundation;

namespace CashoutConsole.Approvals.Domain;

/// <summary>
/// The canonical lines of requests about operators. They name the state that they start from, so that a change in between makes another
/// text, and the checkers' approval does not fit it.
/// </summary>
public static class OperatorLines
{
    private const string Before = "roles-before";
    private const string After = "roles-after";
    private const string Takes = "takes";
    private const string TwoFactor = "two-factor";
    private const string TwoFactorAndPassword = "two-factor, password";

    public static string OfRoles(string operatorId, string userName, string displayName, IEnumerable<Role> before, IEnumerable<Role> after) =>
        ApprovalDigest.TextOf([.. Who(operatorId, userName, displayName), (Before, TextOf(before)), (After, TextOf(after))]);

    public static string OfReset(string operatorId, string userName, string displayName, DateTimeOffset? twoFactorSince, bool takesPassword) =>
        ApprovalDigest.TextOf([.. Who(operatorId, userName, displayName), ("two-factor-since", TextOf(twoFactorSince)), (Takes, takesPassword ? TwoFactorAndPassword : TwoFactor)]);

    public static string OfEnable(string operatorId, string userName, string displayName, IEnumerable<Role> roles, DateTimeOffset? disabledAt) =>
        ApprovalDigest.TextOf([.. Who(operatorId, userName, displayName), ("roles", TextOf(roles)), ("disabled-at", TextOf(disabledAt))]);

    /// <summary>What somebody was when it was asked for, from the stored line.</summary>
    public static IReadOnlyList<Role> RolesBefore(string line) => RolesIn(line, Before);

    /// <summary>What somebody would be, from the stored line.</summary>
    public static IReadOnlyList<Role> RolesAfter(string line) => RolesIn(line, After);

    /// <summary>Whether the stored line takes the password away too.</summary>
    public static bool TakesPassword(string line) => ValueOf(line, Takes) == TwoFactorAndPassword;

    private static (string, string)[] Who(string operatorId, string userName, string displayName) =>
        [("operator", operatorId), ("user-name", userName), ("name", displayName)];

    private static string TextOf(IEnumerable<Role> roles) => string.Join(", ", roles.Distinct().Order());

    private static string TextOf(DateTimeOffset? time) => time?.UtcDateTime.ToString("O", System.Globalization.CultureInfo.InvariantCulture) ?? "";

    private static IReadOnlyList<Role> RolesIn(string line, string name) =>
        [.. ValueOf(line, name).Split(", ", StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<Role>)];

    private static string ValueOf(string line, string name) => ApprovalDigest.Read(line).Single(field => field.Name == name).Value;
}
