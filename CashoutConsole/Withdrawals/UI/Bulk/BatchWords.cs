using System.Globalization;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Withdrawals.UI.Bulk;

/// <summary>Where a batch stands, in one word. Read from its withdrawals, never stored. Resource key "BatchPhase_{name}".</summary>
public enum BatchPhase
{
    Reading,
    Draft,
    Discarded,
    AwaitingApproval,
    Paused,
    Running,
    Finished,
}

/// <summary>How pages speak of batches.</summary>
internal static class BatchWords
{
    public const string List = "/batches";

    /// <summary>What went well comes first, then what needs somebody.</summary>
    public static readonly IReadOnlyList<OutcomeGroup> Order =
        [OutcomeGroup.Paid, OutcomeGroup.Failed, OutcomeGroup.Unknown, OutcomeGroup.Processing, OutcomeGroup.Waiting, OutcomeGroup.NotSent];

    public static string AddressOf(Guid batchId) => $"{List}/{batchId}";

    public static string TitleOf(this IStringLocalizer<Strings> texts, string? title, DateTimeOffset createdAt, DisplayTime display) =>
        title ?? texts["Batch_Untitled", display.Minute(createdAt)];

    public static string TitleOf(this IStringLocalizer<Strings> texts, Batch batch, DisplayTime display) => texts.TitleOf(batch.Title, batch.CreatedAt, display);

    public static BatchPhase PhaseOf(BatchRow row) => row switch
    {
        { Batch.State: BatchState.Reading } => BatchPhase.Reading,
        { Batch.State: BatchState.Draft } => BatchPhase.Draft,
        { Batch.State: BatchState.Discarded } => BatchPhase.Discarded,
        { AllFinal: true } => BatchPhase.Finished,
        { AwaitsApproval: true } => BatchPhase.AwaitingApproval,
        { Batch.PausedAt: not null } => BatchPhase.Paused,
        _ => BatchPhase.Running,
    };

    /// <summary>Green only when everything is paid.</summary>
    public static Tone ToneOf(BatchRow row) => PhaseOf(row) switch
    {
        BatchPhase.Reading or BatchPhase.Running => Tone.Info,
        BatchPhase.AwaitingApproval => Tone.Pending,
        BatchPhase.Paused => Tone.Warning,
        BatchPhase.Finished when row.CountOf(OutcomeGroup.Paid) == row.Withdrawals => Tone.Success,
        BatchPhase.Draft or BatchPhase.Discarded or BatchPhase.Finished => Tone.Neutral,
    };

    /// <summary>Nothing is green before all of the batch is final.</summary>
    public static Tone ToneOf(OutcomeGroup group, bool allFinal) => group switch
    {
        OutcomeGroup.Paid => allFinal ? Tone.Success : Tone.Neutral,
        OutcomeGroup.Failed => Tone.Danger,
        OutcomeGroup.Unknown => Tone.Warning,
        OutcomeGroup.Processing => Tone.Info,
        OutcomeGroup.Waiting => Tone.Pending,
        OutcomeGroup.NotSent => Tone.Neutral,
    };

    /// <summary>"48 paid".</summary>
    public static string CountOf(this IStringLocalizer<Strings> texts, OutcomeGroup group, int count) => texts["OutcomeCount_" + group, Number(count)];

    public static string NameOf(this IStringLocalizer<Strings> texts, OutcomeGroup group) => texts["OutcomeGroup_" + group];

    /// <summary>Why an account has no legs.</summary>
    public static string LeftOutOf(this IStringLocalizer<Strings> texts, string? code) =>
        code is null ? "" : Enum.IsDefined(typeof(WithdrawalBlock), code) ? texts["Blocked_" + code] : texts["LeftOut_" + code];

    /// <summary>What is asked of an account: "everything", "all but 100.00", "250.00".</summary>
    public static string AskedOf(this IStringLocalizer<Strings> texts, BatchItem item) => item.Kind switch
    {
        BulkAmountKind.Each => AmountFormat.Text(Money.ToDecimal(item.AskedMillionths)),
        BulkAmountKind.Leave => texts["Batch_AllBut", AmountFormat.Text(Money.ToDecimal(item.AskedMillionths))],
        BulkAmountKind.All => texts["Batch_Everything"],
    };

    /// <summary>"15 min 30 s", "2 h 5 min".</summary>
    public static string DurationOf(this IStringLocalizer<Strings> texts, TimeSpan span) => span switch
    {
        { TotalMinutes: < 1 } => texts["Duration_Seconds", (int)span.TotalSeconds],
        { TotalHours: < 1, Seconds: 0 } => texts["Duration_Minutes", span.Minutes],
        { TotalHours: < 1 } => texts["Duration_MinutesSeconds", span.Minutes, span.Seconds],
        _ => texts["Duration_Hours", (int)span.TotalHours, span.Minutes],
    };

    /// <summary>"12 accounts · 24 withdrawals".</summary>
    public static string CountsOf(this IStringLocalizer<Strings> texts, int accounts, int withdrawals) =>
        $"{texts[accounts == 1 ? "Batch_AccountsOne" : "Batch_Accounts", Number(accounts)]} · {texts[withdrawals == 1 ? "Batch_WithdrawalsOne" : "Batch_Withdrawals", Number(withdrawals)]}";

    public static string Number(int count) => count.ToString("N0", CultureInfo.CurrentCulture);
}
