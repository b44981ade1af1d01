using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.UI;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Approvals.UI;

/// <summary>How pages speak of requests, rules and why something cannot be decided.</summary>
public static class ApprovalWords
{
    public static Tone ToneOf(ApprovalStatus status) => status switch
    {
        ApprovalStatus.Pending => Tone.Pending,
        ApprovalStatus.Approved => Tone.Success,
        ApprovalStatus.Rejected => Tone.Danger,
        ApprovalStatus.Expired or ApprovalStatus.Recalled => Tone.Neutral,
    };

    /// <summary>What a request is about, in one line: the money, or the change and whom it concerns.</summary>
    public static string HeadlineOf(this IStringLocalizer<Strings> texts, ApprovalRow row) => row switch
    {
        { Money: { } money } => $"{AmountFormat.Text(money.Amount.Amount)} {money.Amount.Currency}",
        { Batch: { } batch } => $"{texts[batch.Withdrawals == 1 ? "Batch_WithdrawalsOne" : "Batch_Withdrawals", batch.Withdrawals]} · {DecisionTotals.Text([row])}",
        { Request.Kind: ApprovalKind.Policy } => texts["Approval_PolicyTitle", row.Title],
        { Request.Kind: ApprovalKind.Roles, Operator: { } terms } => texts["Approval_RolesTitle", row.Title, texts.RoleNames(terms.Before), texts.RoleNames(terms.After)],
        { Operator.TakesPassword: true } => texts["Approval_ResetPasswordTitle", row.Title],
        _ => $"{texts.NameOf(row.Request.Kind)}: {row.Title}",
    };

    /// <summary>Why the rule asked, in plain words: "Amount of at least 5,000.00 USD: 6,200.00".</summary>
    public static string WordsOf(this IStringLocalizer<Strings> texts, FiredRule rule) => rule.Measure is { } measure
        ? texts["Fired_" + measure, AmountFormat.Text(rule.Threshold), rule.Currency, AmountFormat.Text(rule.Amount)]
        : texts["Fired_NoRule", rule.Currency];

    /// <summary>Why it cannot be decided. The gate's word speaks of pages; here it is about one action.</summary>
    public static string WhyNot(this IStringLocalizer<Strings> texts, Error error) => error switch
    {
        { Code: "Forbidden" } => texts["Reason_NotAllowed"],
        // Nobody decided it: it expired or was taken back.
        { Code: "AlreadyDecided", Arguments: [ApprovalStatus status, ""] } => texts.TextOf(new Error("AlreadyClosed", status)),
        _ => texts.TextOf(error),
    };
}
