using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;
using FsCheck;
using FsCheck.Fluent;

namespace CashoutConsole.Tests.Withdrawals;

/// <summary>Every answer in every situation, as tables; and what no sequence of answers may ever do.</summary>
public sealed class OutcomeRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 10, 5, 8, 0, 0, TimeSpan.Zero);
    private static readonly ProviderFault Fault = new(ProviderFaultKind.Other, "1", "words");

    public static TheoryData<string, string, WithdrawalStatus?, AttemptState> Answers { get; } = new()
    {
        // The first send: nothing before it can have moved money.
        { "first", "NotExecuted", WithdrawalStatus.Scheduled, AttemptState.NotExecuted },
        { "first", "TryLater", WithdrawalStatus.Scheduled, AttemptState.NotExecuted },
        { "first", "Refused", WithdrawalStatus.Failed, AttemptState.Answered },
        { "first", "Accepted", WithdrawalStatus.Processing, AttemptState.Answered },
        { "first", "Succeeded", WithdrawalStatus.Succeeded, AttemptState.Answered },
        { "first", "Failed", WithdrawalStatus.Failed, AttemptState.Answered },
        { "first", "Unknown", WithdrawalStatus.OutcomeUnknown, AttemptState.MaybeExecuted },
        // An earlier attempt may have moved money: refusals prove nothing any more.
        { "after-unknown", "NotExecuted", WithdrawalStatus.OutcomeUnknown, AttemptState.NotExecuted },
        { "after-unknown", "TryLater", WithdrawalStatus.OutcomeUnknown, AttemptState.Answered },
        { "after-unknown", "Refused", WithdrawalStatus.OutcomeUnknown, AttemptState.Answered },
        { "after-unknown", "Accepted", WithdrawalStatus.Processing, AttemptState.Answered },
        { "after-unknown", "Succeeded", WithdrawalStatus.Succeeded, AttemptState.Answered },
        { "after-unknown", "Failed", WithdrawalStatus.Failed, AttemptState.Answered },
        { "after-unknown", "Unknown", WithdrawalStatus.OutcomeUnknown, AttemptState.MaybeExecuted },
        // A replay while the status is OutcomeUnknown: null = it stays.
        { "replay", "NotExecuted", null, AttemptState.NotExecuted },
        { "replay", "TryLater", null, AttemptState.Answered },
        { "replay", "Refused", null, AttemptState.Answered },
        { "replay", "Accepted", WithdrawalStatus.Processing, AttemptState.Answered },
        { "replay", "Succeeded", WithdrawalStatus.Succeeded, AttemptState.Answered },
        { "replay", "Failed", WithdrawalStatus.Failed, AttemptState.Answered },
        { "replay", "Unknown", null, AttemptState.MaybeExecuted },
    };

    [Theory, MemberData(nameof(Answers))]
    public void An_answer_means_what_the_table_says(string situation, string answer, WithdrawalStatus? moveTo, AttemptState attempt)
    {
        var withdrawal = At(situation == "replay" ? WithdrawalStatus.OutcomeUnknown : WithdrawalStatus.Sending);
        var decision = OutcomeRules.OnAnswer(withdrawal, 1, situation != "first", Outcome(answer), Sheets.Member, Start);

        Assert.Equal((moveTo, attempt), (decision.MoveTo, decision.Attempt));
        Assert.Equal(decision.MoveTo == WithdrawalStatus.Scheduled, decision.NotBefore is not null);
        Assert.False(decision.Replay);
    }

    public static TheoryData<WithdrawalStatus, string, WithdrawalStatus?> Lookups { get; } = new()
    {
        { WithdrawalStatus.Processing, "Succeeded", WithdrawalStatus.Succeeded },
        { WithdrawalStatus.Processing, "Failed", WithdrawalStatus.Failed },
        { WithdrawalStatus.Processing, "Processing", null },
        { WithdrawalStatus.Processing, "NotKnown", null },
        { WithdrawalStatus.Processing, "Inconclusive", null },
        { WithdrawalStatus.Processing, "HalfDone", null },
        { WithdrawalStatus.Processing, "CouldNotAsk", null },
        { WithdrawalStatus.OutcomeUnknown, "Succeeded", WithdrawalStatus.Succeeded },
        { WithdrawalStatus.OutcomeUnknown, "Failed", WithdrawalStatus.Failed },
        { WithdrawalStatus.OutcomeUnknown, "Processing", WithdrawalStatus.Processing },
        { WithdrawalStatus.OutcomeUnknown, "NotKnown", null },
        { WithdrawalStatus.OutcomeUnknown, "Inconclusive", null },
        { WithdrawalStatus.OutcomeUnknown, "HalfDone", null },
        { WithdrawalStatus.OutcomeUnknown, "CouldNotAsk", null },
    };

    [Theory, MemberData(nameof(Lookups))]
    public void A_look_up_means_what_the_table_says(WithdrawalStatus status, string answer, WithdrawalStatus? moveTo)
    {
        foreach (var sheet in Sheets.All)
        {
            var decision = OutcomeRules.OnLookup(At(status), Lookup(answer), sheet, duplicateSeen: false, Start, Start.AddMinutes(1));
            Assert.Equal(moveTo, decision.MoveTo);
            Assert.Null(decision.Attempt);
            Assert.Equal(answer == "NotKnown" && status == WithdrawalStatus.OutcomeUnknown && sheet.Replay == ReplayRule.Safe, decision.Replay);
        }
    }

    [Theory]
    [InlineData("Processing", 25, WithdrawalStatus.OutcomeUnknown, "ProcessingTooLong")]
    [InlineData("NotKnown", 1, WithdrawalStatus.OutcomeUnknown, "ProviderForgot")]
    [InlineData("CouldNotAsk", 25, WithdrawalStatus.OutcomeUnknown, "ProcessingTooLong")]
    [InlineData("Inconclusive", 25, WithdrawalStatus.OutcomeUnknown, "ProcessingTooLong")]
    public void Processing_does_not_last_for_ever(string answer, int hours, WithdrawalStatus moveTo, string code)
    {
        var decision = OutcomeRules.OnLookup(At(WithdrawalStatus.Processing), Lookup(answer), Sheets.Undocumented, false, Start, Start.AddHours(hours));
        Assert.Equal((moveTo, code), (decision.MoveTo!.Value, decision.ReasonCode));
    }

    [Theory]
    [InlineData(ReplayRule.NoKey, 0, false)]
    [InlineData(ReplayRule.Undocumented, 0, false)]
    [InlineData(ReplayRule.Safe, 0, true)]
    [InlineData(ReplayRule.Safe, 22.99, true)]
    [InlineData(ReplayRule.Safe, 23, false)]
    public void A_replay_needs_a_safe_key_and_an_open_window(ReplayRule rule, double hours, bool allowed)
    {
        var sheet = Sheets.Windowed with { Replay = rule };
        Assert.Equal(allowed, OutcomeRules.MayReplay(At(WithdrawalStatus.OutcomeUnknown), sheet, Start.AddHours(hours)));
        Assert.False(OutcomeRules.MayReplay(At(WithdrawalStatus.Processing), sheet, Start));
        Assert.False(OutcomeRules.MayReplay(At(WithdrawalStatus.Sending), sheet, Start));
    }

    [Fact]
    public void A_replay_waits_for_the_grace_after_the_last_attempt()
    {
        var withdrawal = At(WithdrawalStatus.OutcomeUnknown);
        var later = Start.AddHours(1);
        Assert.False(OutcomeRules.OnLookup(withdrawal, Lookup("NotKnown"), Sheets.Member, false, later, later.AddSeconds(4)).Replay);
        Assert.True(OutcomeRules.OnLookup(withdrawal, Lookup("NotKnown"), Sheets.Member, false, later, later.AddSeconds(5)).Replay);
        Assert.False(OutcomeRules.OnLookup(withdrawal, Lookup("NotKnown"), Sheets.Member, true, later, later.AddSeconds(5)).Replay);
    }

    /// <summary>The state that the rules keep between answers, driven as the sender and the resolver drive it.</summary>
    [Fact]
    public void No_sequence_of_answers_ever_leads_from_maybe_executed_to_failed_by_refusal_or_to_scheduled()
    {
        string[] answers = ["NotExecuted", "TryLater", "Refused", "Accepted", "Succeeded", "Failed", "Unknown"];
        string[] lookups = ["Succeeded", "Failed", "Processing", "NotKnown", "Inconclusive", "HalfDone", "CouldNotAsk"];
        var steps = Gen.ListOf(Gen.Zip(Gen.Elements(answers.AsEnumerable()), Gen.Zip(Gen.Elements(lookups.AsEnumerable()), Gen.Choose(0, 3)))).ToArbitrary();
        Check.QuickThrowOnFailure(Prop.ForAll(steps, sequence =>
        {
            foreach (var sheet in Sheets.All)
            {
                Drive([.. sequence], sheet);
            }
        }));
    }

    private static void Drive(IReadOnlyList<(string Answer, (string Lookup, int Hours) More)> sequence, ProviderSheet sheet)
    {
        var withdrawal = At(WithdrawalStatus.Scheduled);
        var attempts = new List<AttemptState>();
        var now = Start;
        foreach (var (answer, (lookup, hours)) in sequence)
        {
            now = now.AddHours(hours).AddSeconds(10);
            if (withdrawal.IsFinal)
            {
                Assert.All(Enum.GetValues<WithdrawalStatus>(), to => Assert.Throws<InvalidOperationException>(() => withdrawal.MoveTo(to, Actor.Console, now, null)));
                return;
            }
            var maybeExecuted = attempts.Contains(AttemptState.MaybeExecuted);
            var said = lookup;
            Decision decision;
            if (withdrawal.Status is WithdrawalStatus.Scheduled)
            {
                Assert.DoesNotContain(attempts, static state => state != AttemptState.NotExecuted);
                withdrawal.MoveTo(WithdrawalStatus.Sending, Actor.Console, now, null);
                said = answer;
                decision = OutcomeRules.OnAnswer(withdrawal, attempts.Count + 1, maybeExecuted, Outcome(answer), sheet, now);
                attempts.Add(decision.Attempt!.Value);
            }
            else
            {
                decision = OutcomeRules.OnLookup(withdrawal, Lookup(lookup), sheet, duplicateSeen: false, Start, now);
                if (decision.Replay)
                {
                    Assert.Equal(ReplayRule.Safe, sheet.Replay);
                    Apply(withdrawal, decision, now);
                    decision = OutcomeRules.OnAnswer(withdrawal, attempts.Count + 1, true, Outcome(answer), sheet, now);
                    attempts.Add(decision.Attempt!.Value);
                    said = answer;
                }
                maybeExecuted = true;
            }
            if (maybeExecuted)
            {
                Assert.NotEqual(WithdrawalStatus.Scheduled, decision.MoveTo);
                Assert.NotEqual(ReasonCodes.RefusedByProvider, decision.ReasonCode, StringComparer.Ordinal);
                Assert.True(decision.MoveTo != WithdrawalStatus.Failed || said == "Failed", $"{said} ended as Failed");
            }
            Apply(withdrawal, decision, now);
        }
    }

    private static void Apply(Withdrawal withdrawal, Decision decision, DateTimeOffset now)
    {
        if (decision.MoveTo is { } status)
        {
            withdrawal.MoveTo(status, Actor.Console, now, decision.ReasonCode);
        }
    }

    internal static Withdrawal At(WithdrawalStatus status, WithdrawalMode mode = WithdrawalMode.Exact, decimal amount = 40)
    {
        var withdrawal = new Withdrawal
        {
            Id = Guid.NewGuid(),
            CommandId = Guid.NewGuid(),
            ProviderAccountId = Guid.NewGuid(),
            AccountId = Guid.NewGuid(),
            EndpointIdentity = "e",
            ExternalAccountId = "account",
            Mode = mode,
            AmountMillionths = Money.ToMillionths(amount),
            Currency = "USD",
            IdempotencyKey = "key",
            MakerId = "maker",
            Reason = "reason",
            CreatedAt = Start,
            ExpiresAt = Start.AddDays(1),
            NotBefore = Start,
            FirstSentAt = Start,
            SubmissionNumber = 1,
            PolicyNumber = 1,
            RequiredCheckers = 0,
            ApprovalId = null,
        };
        withdrawal.Start(WithdrawalStatus.Scheduled, Actor.Console, Start);
        if (status != WithdrawalStatus.Scheduled)
        {
            withdrawal.MoveTo(WithdrawalStatus.Sending, Actor.Console, Start, null);
        }
        if (status is not (WithdrawalStatus.Scheduled or WithdrawalStatus.Sending))
        {
            withdrawal.MoveTo(status, Actor.Console, Start, null);
        }
        return withdrawal;
    }

    private static SubmissionOutcome Outcome(string name) => name switch
    {
        "NotExecuted" => new SubmissionOutcome.NotExecuted(Fault, WireRecord.Nothing),
        "TryLater" => new SubmissionOutcome.TryLater(Fault, TimeSpan.FromSeconds(9), WireRecord.Nothing),
        "Refused" => new SubmissionOutcome.Refused(Fault, WireRecord.Nothing),
        "Accepted" => new SubmissionOutcome.Accepted(new Receipt(), WireRecord.Nothing),
        "Succeeded" => new SubmissionOutcome.Succeeded(new Receipt(), WireRecord.Nothing),
        "Failed" => new SubmissionOutcome.Failed(new Receipt(), Fault, WireRecord.Nothing),
        _ => new SubmissionOutcome.Unknown(Fault, WireRecord.Nothing),
    };

    private static LookupOutcome Lookup(string name) => name switch
    {
        "Succeeded" => new LookupOutcome.Succeeded(new Receipt(), "note", WireRecord.Nothing),
        "Failed" => new LookupOutcome.Failed(new Receipt(), Fault, "note", WireRecord.Nothing),
        "Processing" => new LookupOutcome.Processing(new Receipt(), "note", WireRecord.Nothing),
        "NotKnown" => new LookupOutcome.NotKnown("note", WireRecord.Nothing),
        "Inconclusive" => new LookupOutcome.Inconclusive("note", WireRecord.Nothing),
        "HalfDone" => new LookupOutcome.HalfDone("note", WireRecord.Nothing),
        _ => new LookupOutcome.CouldNotAsk(Fault, "note", WireRecord.Nothing),
    };
}
