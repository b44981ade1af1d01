using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Identity.UI;

/// <summary>How pages speak of operators.</summary>
internal static class OperatorWords
{
    public static string RoleNames(this IStringLocalizer<Strings> texts, IReadOnlyCollection<Role> roles) =>
        roles.Count == 0 ? texts["Role_None"] : string.Join(" · ", roles.Select(role => texts.NameOf(role)));

    /// <summary>What is asked for: "Roles: Treasury · Auditor", "Reset of an operator's sign-in".</summary>
    public static string ChangeName(this IStringLocalizer<Strings> texts, PendingChange change) =>
        change.Roles is { } roles ? texts["Operators_PendingRoles", texts.RoleNames(roles)] : texts.NameOf(change.Kind);

    public static Tone ToneOf(OperatorState state) => state switch
    {
        OperatorState.Active => Tone.Success,
        OperatorState.Invited => Tone.Pending,
        OperatorState.Locked => Tone.Warning,
        OperatorState.Disabled => Tone.Neutral,
    };
}
