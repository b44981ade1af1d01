using System.Globalization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Domain;

/// <summary>A break to open with a decision.</summary>
public sealed record BreakDraft(BreakKind Kind, string Detail);

/// <summary>What an answer or a look-up means for a withdrawal.</summary>
public sealed record Decision
{
    /// <summary>Null = the status stays; only "last checked", the next time and the reason change.</summary>
    public WithdrawalStatus? MoveTo { get; init; }

    public string? ReasonCode { get; init; }

    /// <summary>One English line for the history.</summary>
    public required string Evidence { get; init; }

    /// <summary>Back to Scheduled: not before this time.</summary>
    public DateTimeOffset? NotBefore { get; init; }

    /// <summary>Still open: when to ask next; null = a person is needed.</summary>
    public DateTimeOffset? NextCheckAt { get; init; }

    /// <summary>The new state of the attempt that was answered; null for look-ups.</summary>
    public AttemptState? Attempt { get; init; }

    public Receipt? Receipt { get; init; }

    public ProviderFault? Fault { get; init; }

    public BreakDraft? Break { get; init; }

    /// <summary>Send the same key and body again now: only ever set where the sheet calls it safe.</summary>
    public bool Replay { get; init; }
}

/// <summary>
/// The judgement of every answer, pure. The rule behind it: Failed needs a documented refusal of the first send with nothing sent
/// before, or positive evidence from the provider; everything else without a clear answer is unknown, and a refusal after an unknown
/// changes nothing.
/// </summary>
public static class OutcomeRules
{
    /// <summary>First retries come quickly, later ones each five minutes.</summary>
    private static readonly TimeSpan[] NotExecutedWaits =
        [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5)];

    /// <param name="maybeExecutedBefore">An earlier attempt of this withdrawal may have moved money.</param>
    public static Decision OnAnswer(
        Withdrawal withdrawal, int attemptNumber, bool maybeExecutedBefore, SubmissionOutcome outcome, ProviderSheet sheet, DateTimeOffset now)
    {
        var firstSend = !maybeExecutedBefore && withdrawal.Status == WithdrawalStatus.Sending;
        return outcome switch
        {
            SubmissionOutcome.NotExecuted(var fault, _) when firstSend => Again(fault, ReasonCodes.ProviderUnreachable, now + Wait(NotExecutedWaits, attemptNumber - 1)),
            SubmissionOutcome.TryLater(var fault, var wait, _) when firstSend =>
                Again(fault, fault.Kind == ProviderFaultKind.Cooldown ? ReasonCodes.Cooldown : ReasonCodes.ProviderTryLater, now + wait),
            SubmissionOutcome.Refused(var fault, _) when firstSend => new Decision
            {
                MoveTo = WithdrawalStatus.Failed,
                ReasonCode = ReasonCodes.RefusedByProvider,
                Attempt = AttemptState.Answered,
                Fault = fault,
                Evidence = $"The provider refused the first send: {fault}",
            },
            SubmissionOutcome.NotExecuted(var fault, _) => Unchanged(withdrawal, sheet, now, AttemptState.NotExecuted, fault),
            SubmissionOutcome.TryLater(var fault, _, _) => Unchanged(withdrawal, sheet, now, AttemptState.Answered, fault),
            SubmissionOutcome.Refused(var fault, _) => Unchanged(withdrawal, sheet, now, AttemptState.Answered, fault),
            SubmissionOutcome.Accepted(var receipt, _) => OnReceipt(withdrawal, sheet, now, receipt, WithdrawalStatus.Processing, ReasonCodes.AcceptedByProvider,
                "The provider accepted the order.") with
            { Attempt = AttemptState.Answered },
            SubmissionOutcome.Succeeded(var receipt, _) => OnReceipt(withdrawal, sheet, now, receipt, WithdrawalStatus.Succeeded, ReasonCodes.ConfirmedByAnswer,
                "The provider's answer says that the money moved.") with
            { Attempt = AttemptState.Answered },
            SubmissionOutcome.Failed(var receipt, var fault, _) => OnReceipt(withdrawal, sheet, now, receipt, WithdrawalStatus.Failed, ReasonCodes.FailedAtProvider,
                $"The provider's order failed: {fault}") with
            { Attempt = AttemptState.Answered, Fault = fault },
            SubmissionOutcome.Unknown(var fault, _) => new Decision
            {
                MoveTo = withdrawal.Status == WithdrawalStatus.Sending ? WithdrawalStatus.OutcomeUnknown : null,
                ReasonCode = fault.Kind == ProviderFaultKind.NoAnswer ? ReasonCodes.AnswerLost : ReasonCodes.AnswerUnclear,
                Attempt = AttemptState.MaybeExecuted,
                // After a replay the waits go on growing: a silent provider is not asked every few seconds for hours.
                NextCheckAt = now + Wait(sheet.PollSchedule, withdrawal.Checks),
                Fault = fault,
                Evidence = $"No clear answer: {fault}",
            },
            _ => throw new InvalidOperationException($"No rule for {outcome.GetType().Name}."),
        };
    }

    /// <param name="duplicateSeen">An attempt was answered with "this key exists": then absence is a contradiction, not a reason to send again.</param>
    /// <param name="lastSentAt">When the newest attempt was prepared; null = never.</param>
    public static Decision OnLookup(
        Withdrawal withdrawal, LookupOutcome lookup, ProviderSheet sheet, bool duplicateSeen, DateTimeOffset? lastSentAt, DateTimeOffset now)
    {
        return lookup switch
        {
            LookupOutcome.Succeeded(var receipt, var note, _) =>
                OnReceipt(withdrawal, sheet, now, receipt, WithdrawalStatus.Succeeded, ReasonCodes.ConfirmedByLookup, note),
            LookupOutcome.Failed(var receipt, var fault, var note, _) =>
                OnReceipt(withdrawal, sheet, now, receipt, WithdrawalStatus.Failed, ReasonCodes.FailedAtProvider, note) with { Fault = fault },
            LookupOutcome.Processing(var receipt, var note, _) => StillProcessing(withdrawal, sheet, now, receipt, note),
            LookupOutcome.NotKnown(var note, _) => NotKnown(withdrawal, sheet, now, duplicateSeen, lastSentAt, note),
            LookupOutcome.Inconclusive(var note, _) => KeepAsking(withdrawal, sheet, now, note),
            LookupOutcome.HalfDone(var note, _) => new Decision
            {
                ReasonCode = ReasonCodes.NeedsPerson,
                Evidence = note,
                Break = new BreakDraft(BreakKind.HalfDone, note),
            },
            LookupOutcome.CouldNotAsk(var fault, var note, _) => KeepAsking(withdrawal, sheet, now, note) with { Fault = fault },
            _ => throw new InvalidOperationException($"No rule for {lookup.GetType().Name}."),
        };
    }

    /// <summary>A replay moves no second money by the sheet, and its window is still open by the recorded clock.</summary>
    public static bool MayReplay(Withdrawal withdrawal, ProviderSheet sheet, DateTimeOffset now) =>
        withdrawal.Status == WithdrawalStatus.OutcomeUnknown
        && sheet.Replay == ReplayRule.Safe
        && withdrawal.FirstSentAt is { } first
        && (sheet.ReplayWindow is not { } window || now < first + window);

    public static TimeSpan Wait(IReadOnlyList<TimeSpan> schedule, int step) => schedule[Math.Clamp(step, 0, schedule.Count - 1)];

    /// <summary>What the answer names must be what was instructed, before anything in it is believed.</summary>
    private static Decision OnReceipt(
        Withdrawal withdrawal, ProviderSheet sheet, DateTimeOffset now, Receipt receipt, WithdrawalStatus status, string reasonCode, string evidence)
    {
        var next = now + Wait(sheet.PollSchedule, 0);
        if (NamesAnotherOrder(withdrawal, receipt) is { } contradiction)
        {
            return new Decision
            {
                MoveTo = withdrawal.Status == WithdrawalStatus.OutcomeUnknown ? null : WithdrawalStatus.OutcomeUnknown,
                ReasonCode = ReasonCodes.NeedsPerson,
                Evidence = $"{evidence} But {contradiction}",
                Break = new BreakDraft(BreakKind.AnswerContradictsInstruction, contradiction),
            };
        }
        var decision = new Decision { Evidence = evidence, ReasonCode = reasonCode, Receipt = receipt, NextCheckAt = next };
        return status switch
        {
            WithdrawalStatus.Succeeded => decision with { MoveTo = status, NextCheckAt = null, Break = MoneyBreak(withdrawal, receipt) },
            WithdrawalStatus.Failed => decision with { MoveTo = status, NextCheckAt = null },
            _ => decision with { MoveTo = withdrawal.Status == status ? null : status, Break = MoneyBreak(withdrawal, receipt) },
        };
    }

    private static string? NamesAnotherOrder(Withdrawal withdrawal, Receipt receipt)
    {
        if (receipt.ExternalAccountId is { } account && account != withdrawal.ExternalAccountId)
        {
            return $"it names the account {account}, not {withdrawal.ExternalAccountId}.";
        }
        if (receipt.IdempotencyKey is { } key && key != withdrawal.IdempotencyKey)
        {
            return $"it names the key {key}, not {withdrawal.IdempotencyKey}.";
        }
        return null;
    }

    private static BreakDraft? MoneyBreak(Withdrawal withdrawal, Receipt receipt)
    {
        if (receipt.Currency is { } currency && currency != withdrawal.Amount.Currency)
        {
            return new(BreakKind.AnswerContradictsInstruction, $"The answer is in {currency}, the instruction in {withdrawal.Currency}.");
        }
        if (receipt.Amount is { } settled && settled != withdrawal.Instructed.Amount && (withdrawal.Mode == WithdrawalMode.Exact || settled > withdrawal.Instructed.Amount))
        {
            var kind = settled > withdrawal.Instructed.Amount ? BreakKind.SettledAboveApproved : BreakKind.AnswerContradictsInstruction;
            return new(kind, string.Create(CultureInfo.InvariantCulture, $"The answer says {settled} {withdrawal.Currency}, the instruction {withdrawal.Instructed}."));
        }
        if (withdrawal.Mode == WithdrawalMode.NativeAll && receipt.AccountBalanceAfter is { } left && left != 0)
        {
            return new(BreakKind.BalanceLeftAfterCashOut, string.Create(CultureInfo.InvariantCulture, $"{left} {withdrawal.Currency} were left after cashing out everything."));
        }
        return null;
    }

    private static Decision Again(ProviderFault fault, string reasonCode, DateTimeOffset notBefore) => new()
    {
        MoveTo = WithdrawalStatus.Scheduled,
        ReasonCode = reasonCode,
        Attempt = AttemptState.NotExecuted,
        NotBefore = notBefore,
        Fault = fault,
        Evidence = $"Certainly not executed, tried again later: {fault}",
    };

    private static Decision Unchanged(Withdrawal withdrawal, ProviderSheet sheet, DateTimeOffset now, AttemptState attempt, ProviderFault fault) =>
        KeepAsking(withdrawal, sheet, now, $"An answer after an unknown outcome proves nothing: {fault}") with
        {
            Attempt = attempt,
            Fault = fault,
            MoveTo = withdrawal.Status == WithdrawalStatus.Sending ? WithdrawalStatus.OutcomeUnknown : null,
        };

    private static Decision StillProcessing(Withdrawal withdrawal, ProviderSheet sheet, DateTimeOffset now, Receipt receipt, string note)
    {
        if (withdrawal.Status == WithdrawalStatus.Processing && now - withdrawal.FirstSentAt > sheet.ProcessingLimit)
        {
            return ProcessingTooLong(sheet, now, note) with { Receipt = receipt };
        }
        if (withdrawal.Status == WithdrawalStatus.OutcomeUnknown && now - withdrawal.FirstSentAt > sheet.ProcessingLimit)
        {
            return KeepAsking(withdrawal, sheet, now, note);
        }
        return OnReceipt(withdrawal, sheet, now, receipt, WithdrawalStatus.Processing, ReasonCodes.AcceptedByProvider, note) with
        {
            NextCheckAt = now + Wait(sheet.PollSchedule, withdrawal.Checks),
        };
    }

    private static Decision NotKnown(Withdrawal withdrawal, ProviderSheet sheet, DateTimeOffset now, bool duplicateSeen, DateTimeOffset? lastSentAt, string note)
    {
        if (withdrawal.Status == WithdrawalStatus.Processing)
        {
            return now - withdrawal.FirstSentAt > sheet.ForgottenAfter
                ? new Decision
                {
                    MoveTo = WithdrawalStatus.OutcomeUnknown,
                    ReasonCode = ReasonCodes.ProviderForgot,
                    NextCheckAt = now + Wait(sheet.PollSchedule, int.MaxValue),
                    Evidence = note,
                }
                : KeepAsking(withdrawal, sheet, now, note) with { ReasonCode = ReasonCodes.AcceptedByProvider };
        }
        if (duplicateSeen)
        {
            return new Decision
            {
                ReasonCode = ReasonCodes.NeedsPerson,
                Evidence = $"{note} But an earlier answer said that the key exists: a person decides.",
            };
        }
        return MayReplay(withdrawal, sheet, now)
            ? KeepAsking(withdrawal, sheet, now, note) with { Replay = now - lastSentAt >= sheet.ReplayGrace }
            : KeepAsking(withdrawal, sheet, now, note);
    }

    private static Decision KeepAsking(Withdrawal withdrawal, ProviderSheet sheet, DateTimeOffset now, string note)
    {
        if (withdrawal.Status == WithdrawalStatus.Processing && now - withdrawal.FirstSentAt > sheet.ProcessingLimit)
        {
            return ProcessingTooLong(sheet, now, note);
        }
        var givenUp = withdrawal.Status == WithdrawalStatus.OutcomeUnknown && now - withdrawal.FirstSentAt > sheet.EvidenceWindow;
        return new Decision
        {
            ReasonCode = givenUp ? ReasonCodes.NeedsPerson : withdrawal.ReasonCode,
            NextCheckAt = givenUp ? null : now + Wait(sheet.PollSchedule, withdrawal.Checks),
            Evidence = note,
        };
    }

    private static Decision ProcessingTooLong(ProviderSheet sheet, DateTimeOffset now, string note) => new()
    {
        MoveTo = WithdrawalStatus.OutcomeUnknown,
        ReasonCode = ReasonCodes.ProcessingTooLong,
        NextCheckAt = now + Wait(sheet.PollSchedule, int.MaxValue),
        Evidence = note,
    };
}
