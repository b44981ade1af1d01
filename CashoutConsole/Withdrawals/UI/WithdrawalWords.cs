using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Withdrawals.UI;

/// <summary>How pages speak of a withdrawal's state.</summary>
internal static class WithdrawalWords
{
    /// <summary>The order in which groups are named: what needs somebody first.</summary>
    public static readonly IReadOnlyList<WithdrawalStatus> Order =
    [
        WithdrawalStatus.OutcomeUnknown, WithdrawalStatus.Failed, WithdrawalStatus.AwaitingApproval, WithdrawalStatus.Scheduled, WithdrawalStatus.Sending,
        WithdrawalStatus.Processing, WithdrawalStatus.Succeeded, WithdrawalStatus.NotSent, WithdrawalStatus.Rejected, WithdrawalStatus.Expired, WithdrawalStatus.Cancelled,
    ];

    public static Tone ToneOf(WithdrawalStatus status) => status switch
    {
        WithdrawalStatus.AwaitingApproval or WithdrawalStatus.Scheduled => Tone.Pending,
        WithdrawalStatus.Sending or WithdrawalStatus.Processing => Tone.Info,
        WithdrawalStatus.OutcomeUnknown => Tone.Warning,
        WithdrawalStatus.Succeeded => Tone.Success,
        WithdrawalStatus.Failed => Tone.Danger,
        WithdrawalStatus.NotSent or WithdrawalStatus.Rejected or WithdrawalStatus.Expired or WithdrawalStatus.Cancelled => Tone.Neutral,
    };

    public static Tone ToneOf(AttemptState state) => state switch
    {
        AttemptState.Prepared or AttemptState.Answered => Tone.Info,
        AttemptState.NotExecuted => Tone.Neutral,
        AttemptState.MaybeExecuted => Tone.Warning,
    };

    public static string StatusName(this IStringLocalizer<Strings> texts, WithdrawalStatus status) => texts["Status_" + status];

    public static string StatusHint(this IStringLocalizer<Strings> texts, WithdrawalStatus status) => texts["StatusHint_" + status];

    /// <summary>A ceiling that was not sent: less may be taken, never more.</summary>
    public static bool IsUpTo(Withdrawal withdrawal) => withdrawal is { IsCeiling: true, SentMillionths: null, Settled: null };

    /// <summary>"1,250.00 USD", or "up to 1,250.00 USD" before a ceiling is sent.</summary>
    public static string AmountOf(this IStringLocalizer<Strings> texts, Withdrawal withdrawal)
    {
        var money = withdrawal.Settled ?? withdrawal.Instructed;
        var text = $"{AmountFormat.Text(money.Amount)} {money.Currency}";
        return IsUpTo(withdrawal) ? texts["Amount_UpTo", text] : text;
    }

    public static string? ReasonOf(this IStringLocalizer<Strings> texts, string? code) => code is null ? null : texts["Reason_" + code].Value;
}
