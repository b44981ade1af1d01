using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Infrastructure;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Withdrawals;

/// <summary>From the request to the final word, step by step. The oracle is the provider's own ledger.</summary>
public sealed class WithdrawalFlowTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_provider_that_settles_at_once_pays_once(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100.5m);
        var id = await rig.RequestAndSendAsync(account, 40.25m);

        var withdrawal = await rig.ReadAsync(id);
        Assert.Equal(WithdrawalStatus.Succeeded, withdrawal.Status);
        Assert.Equal(40.25m, withdrawal.Settled!.Value.Amount);
        Assert.Equal(60.25m, (await rig.ReadAccountAsync(account.Id)).Balance!.Value.Amount);
        Assert.Equal(AttemptState.Answered, Assert.Single(await rig.AttemptsAsync(id)).State);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_provider_that_settles_later_is_asked_until_it_says_so(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Windowed);
        rig.Provider.Script(FakeProvider.Accept);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);

        Assert.Equal(WithdrawalStatus.Processing, (await rig.ReadAsync(id)).Status);
        Assert.False(await rig.ResolveAsync(id));
        rig.Provider.Settle((await rig.ReadAsync(id)).IdempotencyKey);
        Assert.True(await rig.ResolveAsync(id));
        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_accepted_order_that_fails_at_the_provider_fails_here(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        rig.Provider.Script(FakeProvider.Accept);
        var account = await rig.AccountAsync(100);
        var id = await rig.RequestAndSendAsync(account, 40);
        rig.Provider.Refuse((await rig.ReadAsync(id)).IdempotencyKey);

        Assert.True(await rig.ResolveAsync(id));
        Assert.Equal(WithdrawalStatus.Failed, (await rig.ReadAsync(id)).Status);
        Assert.Equal(100, (await rig.ReadAccountAsync(account.Id)).Balance!.Value.Amount);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Everything_is_cashed_out_by_the_call_without_an_amount(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(77.123456m), 77.123456m, all: true);

        var withdrawal = await rig.ReadAsync(id);
        Assert.Equal((WithdrawalMode.NativeAll, WithdrawalStatus.Succeeded), (withdrawal.Mode, withdrawal.Status));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task One_command_makes_one_withdrawal_however_often_it_is_sent(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var command = rig.CommandFor(await rig.AccountAsync(100), 40);
        var request = rig.Get<RequestWithdrawal>();

        var results = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Task.Run(() => request.ExecuteAsync(rig.Treasury, command, CancellationToken.None))));

        Assert.Single(results.Select(static result => result.Value).Distinct());
        Assert.Equal(1, await rig.QueryAsync(static db => db.Withdrawals.CountAsync()));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_command_id_with_another_amount_or_maker_is_refused(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var command = rig.CommandFor(await rig.AccountAsync(100), 40);
        var request = rig.Get<RequestWithdrawal>();
        await request.ExecuteAsync(rig.Treasury, command, CancellationToken.None);

        foreach (var (actor, amount) in new[] { (rig.Treasury, 41m), (rig.OtherTreasury, 40m), (rig.Treasury, 40.0000001m), (rig.Treasury, decimal.MaxValue) })
        {
            var again = await request.ExecuteAsync(actor, command with { Amount = amount }, CancellationToken.None);
            Assert.Equal("CommandReused", again.Error?.Code);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_second_dialog_on_the_same_account_is_told_that_it_changed(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        var request = rig.Get<RequestWithdrawal>();

        var results = await Task.WhenAll(Enumerable.Range(0, 12).Select(i =>
            Task.Run(() => request.ExecuteAsync(rig.Treasury, rig.CommandFor(account, 1 + i), CancellationToken.None))));

        Assert.Single(results, static result => result.IsSuccess);
        Assert.All(results.Where(static result => !result.IsSuccess), static result => Assert.Equal("AccountChanged", result.Error!.Code));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task No_more_is_reserved_than_the_last_reading_shows(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        await rig.RequestAsync(account, 70);
        account = await rig.ReadAccountAsync(account.Id);

        var tooMuch = await rig.Get<RequestWithdrawal>().ExecuteAsync(rig.Treasury, rig.CommandFor(account, 30.01m), CancellationToken.None);
        Assert.Equal("AmountAboveBalance", tooMuch.Error?.Code);
        await rig.RequestAsync(account, 30);
        account = await rig.ReadAccountAsync(account.Id);
        var nothingLeft = await rig.Get<RequestWithdrawal>().ExecuteAsync(rig.Treasury, rig.CommandFor(account, 0.01m), CancellationToken.None);
        Assert.Equal("NotWithdrawable", nothingLeft.Error?.Code);
    }

    [Theory]
    [OnSqlite("0", "AmountDecimals"), OnSqlite("-1", "AmountDecimals"), OnSqlite("1.0000001", "AmountDecimals"), OnSqlite("10000.01", "AmountAboveBalance")]
    [OnPostgres("10000.01", "AmountAboveBalance")]
    public async Task An_amount_out_of_bounds_makes_no_withdrawal(DatabaseKind kind, string amount, string code)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var command = rig.CommandFor(await rig.AccountAsync(10_000), decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture));
        var result = await rig.Get<RequestWithdrawal>().ExecuteAsync(rig.Treasury, command, CancellationToken.None);

        Assert.Equal(code, result.Error?.Code);
        Assert.Equal(0, await rig.QueryAsync(static db => db.Withdrawals.CountAsync()));
    }

    [Theory]
    [OnSqlite("", "ReasonMissing"), OnSqlite("card 4111 1111 1111 1111", "CardNumberInText")]
    public async Task A_reason_is_given_and_holds_no_card_number(DatabaseKind kind, string reason, string code)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var command = rig.CommandFor(await rig.AccountAsync(10), 1) with { Reason = reason };

        Assert.Equal(code, (await rig.Get<RequestWithdrawal>().ExecuteAsync(rig.Treasury, command, CancellationToken.None)).Error?.Code);
    }

    [Theory]
    [OnSqlite("a\0b"), OnSqlite("a\uD800b")]
    [OnPostgres("a\0b"), OnPostgres("a\uD800b")]
    public async Task A_reason_that_no_database_can_hold_breaks_neither_the_request_nor_the_chain(DatabaseKind kind, string reason)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var command = rig.CommandFor(await rig.AccountAsync(10), 1) with { Reason = reason };

        Assert.True((await rig.Get<RequestWithdrawal>().ExecuteAsync(rig.Treasury, command, CancellationToken.None)).IsSuccess);
        Assert.True((await rig.VerifyAsync()).IsWhole);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_certainly_not_executed_is_tried_later_and_paid_once(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        rig.Provider.Script(FakeProvider.NotConnected, FakeProvider.TryLater(ProviderFaultKind.RateLimited, TimeSpan.FromSeconds(7)));
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);

        Assert.Equal(WithdrawalStatus.Scheduled, (await rig.ReadAsync(id)).Status);
        Assert.False(await rig.SendAsync(id));
        for (var i = 0; i < 2; i++)
        {
            rig.Clock.SetUtcNow((await rig.ReadAsync(id)).NotBefore);
            Assert.True(await rig.SendAsync(id));
        }
        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        Assert.Equal([AttemptState.NotExecuted, AttemptState.NotExecuted, AttemptState.Answered], (await rig.AttemptsAsync(id)).Select(static a => a.State));
        Assert.Single(rig.Provider.Sends.Select(static send => send.Submission.BodyHash).Distinct(StringComparer.Ordinal));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_refusal_of_the_first_send_is_final(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        rig.Provider.Script(FakeProvider.RefuseWith(ProviderFaultKind.InsufficientBalance));
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);

        var withdrawal = await rig.ReadAsync(id);
        Assert.Equal((WithdrawalStatus.Failed, "RefusedByProvider"), (withdrawal.Status, withdrawal.ReasonCode));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_lost_answer_is_unknown_until_a_look_up_settles_it(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        rig.Provider.Script(FakeProvider.PayAndLoseAnswer);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);

        Assert.Equal(WithdrawalStatus.OutcomeUnknown, (await rig.ReadAsync(id)).Status);
        Assert.True(await rig.ResolveAsync(id));
        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        Assert.Single(rig.Provider.Sends);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_refusal_after_an_unknown_changes_nothing(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Provider.Script(FakeProvider.LoseRequest, FakeProvider.RefuseWith(ProviderFaultKind.InsufficientBalance), FakeProvider.NotConnected,
            FakeProvider.TryLater(ProviderFaultKind.Locked, TimeSpan.FromSeconds(1)));
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        while (rig.Provider.Sends.Count < 4)
        {
            await rig.ResolveAsync(id);
            Assert.Equal(WithdrawalStatus.OutcomeUnknown, (await rig.ReadAsync(id)).Status);
        }
        // The fifth send of the key reaches the provider.
        while (!(await rig.ReadAsync(id)).IsFinal)
        {
            await rig.ResolveAsync(id);
        }
        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory]
    [OnSqlite(ReplayRule.NoKey), OnSqlite(ReplayRule.Undocumented)]
    [OnPostgres(ReplayRule.NoKey), OnPostgres(ReplayRule.Undocumented)]
    public async Task An_unknown_outcome_is_never_sent_again_where_the_key_proves_nothing(DatabaseKind kind, ReplayRule rule)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, rule == ReplayRule.NoKey ? Sheets.NoKey : Sheets.Undocumented);
        rig.Provider.Script(FakeProvider.LoseRequest);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        for (var i = 0; i < 3000 && (await rig.ReadAsync(id)).NextCheckAt is not null; i += 100)
        {
            await rig.ResolveAsync(id);
            rig.Clock.Advance(TimeSpan.FromHours(1));
        }
        var withdrawal = await rig.ReadAsync(id);
        Assert.Equal((WithdrawalStatus.OutcomeUnknown, "NeedsPerson"), (withdrawal.Status, withdrawal.ReasonCode));
        Assert.Single(rig.Provider.Sends);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_safe_replay_has_the_same_key_and_body_and_pays_once(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Provider.Script(FakeProvider.LoseRequest, FakeProvider.PayAndLoseAnswer);
        rig.Provider.ScriptLookup(
            static _ => new LookupOutcome.NotKnown("not yet", WireRecord.Nothing), static _ => new LookupOutcome.NotKnown("not yet", WireRecord.Nothing),
            static _ => new LookupOutcome.NotKnown("not yet", WireRecord.Nothing), static _ => new LookupOutcome.NotKnown("not yet", WireRecord.Nothing));
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        while (!(await rig.ReadAsync(id)).IsFinal)
        {
            await rig.ResolveAsync(id);
        }
        Assert.True(rig.Provider.Sends.Count >= 2);
        Assert.Single(rig.Provider.Sends.Select(static send => (send.Submission.Instruction.IdempotencyKey, send.Submission.BodyHash)).Distinct());
        Assert.Contains(await rig.AttemptsAsync(id), static attempt => attempt.Kind == AttemptKind.Replay);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_replay_is_not_sent_once_its_window_is_over(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Windowed);
        rig.Provider.Script(FakeProvider.LoseRequest);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        rig.Clock.Advance(TimeSpan.FromHours(23));
        for (var i = 0; i < 5; i++)
        {
            await rig.ResolveAsync(id);
        }
        Assert.Single(rig.Provider.Sends);
        Assert.Equal(WithdrawalStatus.OutcomeUnknown, (await rig.ReadAsync(id)).Status);
    }

    [Fact]
    public async Task Replays_of_a_provider_that_stays_silent_come_at_the_pace_of_the_look_ups()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        rig.Provider.Otherwise = FakeProvider.LoseRequest;
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        var sentAt = rig.Clock.Now();
        while (rig.Clock.Now() - sentAt < TimeSpan.FromMinutes(10))
        {
            await rig.ResolveAsync(id);
        }
        Assert.InRange(rig.Provider.Sends.Count, 2, 16);
        Assert.All(rig.Provider.Sends.Zip(rig.Provider.Sends.Skip(1)), pair => Assert.True(pair.Second.At - pair.First.At >= rig.Provider.Sheet.ReplayGrace));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_key_that_exists_but_is_not_known_is_for_a_person(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Provider.Script(FakeProvider.SayDuplicate);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        await rig.ResolveAsync(id);

        var withdrawal = await rig.ReadAsync(id);
        Assert.Equal((WithdrawalStatus.OutcomeUnknown, "NeedsPerson", null), (withdrawal.Status, withdrawal.ReasonCode, withdrawal.NextCheckAt));
        Assert.Single(rig.Provider.Sends);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_cooldown_outlives_a_restart(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        var sentAt = rig.Clock.Now();
        var second = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Restart();

        Assert.False(await rig.SendAsync(second));
        Assert.Equal(("Cooldown", sentAt + Sheets.NoKey.Cooldown), ((await rig.ReadAsync(second)).ReasonCode, (await rig.ReadAsync(second)).NotBefore));
        rig.Clock.SetUtcNow(sentAt + Sheets.NoKey.Cooldown);
        Assert.True(await rig.SendAsync(second));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_cooldown_is_on_record_before_the_socket_opens(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        rig.Provider.Script(FakeProvider.Throw);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.SendAsync(id));

        var next = await rig.QueryAsync(static db => db.CooldownClocks.Select(static c => c.NextAllowedAt).SingleAsync());
        Assert.Equal(rig.Clock.Now() + Sheets.NoKey.SendTimeout + Sheets.NoKey.Cooldown, next);
    }

    [Fact]
    public async Task A_refusal_for_a_longer_cooldown_holds_everybody_for_as_long()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite, Sheets.NoKey);
        rig.Provider.Script(FakeProvider.TryLater(ProviderFaultKind.Cooldown, TimeSpan.FromMinutes(40)));
        await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);

        var clock = await rig.QueryAsync(static db => db.CooldownClocks.AsNoTracking().SingleAsync());
        Assert.Equal((rig.Clock.Now() + TimeSpan.FromMinutes(40), 1), (clock.NextAllowedAt, clock.RefusalsInARow));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_unknown_outcome_holds_its_whole_provider_account_until_the_look_ups_end(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        rig.Provider.Script(FakeProvider.LoseRequest);
        var unknown = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        var sentAt = rig.Clock.Now();
        var next = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Clock.Advance(Sheets.NoKey.Cooldown + TimeSpan.FromSeconds(1));

        Assert.False(await rig.SendAsync(next));
        Assert.Equal("UnknownHoldsProvider", (await rig.ReadAsync(next)).ReasonCode);
        while ((await rig.ReadAsync(unknown)).NextCheckAt is not null)
        {
            await rig.ResolveAsync(unknown);
        }
        Assert.True(rig.Clock.Now() - sentAt >= Sheets.NoKey.EvidenceWindow);
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await rig.SendAsync(next));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_look_ups_of_an_unknown_last_their_whole_time_after_the_send_that_counts(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        rig.Provider.Script(FakeProvider.TryLater(ProviderFaultKind.Cooldown, Sheets.NoKey.Cooldown), FakeProvider.LoseRequest);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        rig.Clock.SetUtcNow((await rig.ReadAsync(id)).NotBefore);
        Assert.True(await rig.SendAsync(id));
        var sentAt = rig.Clock.Now();
        rig.Clock.Advance(TimeSpan.FromMinutes(5));
        await rig.ResolveAsync(id);

        Assert.NotNull((await rig.ReadAsync(id)).NextCheckAt);
        Assert.Equal(sentAt, (await rig.ReadAsync(id)).FirstSentAt);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_second_withdrawal_waits_for_the_live_one_of_its_account(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        rig.Provider.Script(FakeProvider.Accept);
        var account = await rig.AccountAsync(100);
        var first = await rig.RequestAsync(account, 40);
        var second = await rig.RequestAsync(account, 40);
        await rig.SendAsync(first);

        Assert.False(await rig.SendAsync(second));
        Assert.Equal("AnotherIsLive", (await rig.ReadAsync(second)).ReasonCode);
        rig.Provider.Settle((await rig.ReadAsync(first)).IdempotencyKey);
        await rig.ResolveAsync(first);
        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await rig.SendAsync(second));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_stop_switch_holds_everything_and_resuming_takes_two_people(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        await rig.Get<StopSending>().ExecuteAsync(rig.Treasury, new(SendingStop.EverythingId, "Something is odd"), CancellationToken.None);

        Assert.False(await rig.SendAsync(id));
        Assert.Equal("SendingStopped", (await rig.ReadAsync(id)).ReasonCode);
        Assert.Empty(rig.Provider.Sends);

        Assert.Equal("NotProposed", (await ConfirmAsync(rig, rig.Administrator, 1)).Error?.Code);
        await rig.Get<ProposeResume>().ExecuteAsync(rig.Supervisor, new(SendingStop.EverythingId, "Looked into it"), CancellationToken.None);
        Assert.Equal("SecondPersonNeeded", (await ConfirmAsync(rig, rig.Supervisor, 2)).Error?.Code);
        Assert.Equal("Conflict", (await ConfirmAsync(rig, rig.OtherSupervisor, 1)).Error?.Code);
        Assert.True((await ConfirmAsync(rig, rig.Administrator, 2)).IsSuccess);

        rig.Clock.Advance(TimeSpan.FromSeconds(10));
        Assert.True(await rig.SendAsync(id));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_resume_whose_proposer_was_disabled_does_not_count(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.Get<StopSending>().ExecuteAsync(rig.Treasury, new(rig.ProviderAccount.Id, "Odd"), CancellationToken.None);
        await rig.Get<ProposeResume>().ExecuteAsync(rig.Supervisor, new(rig.ProviderAccount.Id, "Fine"), CancellationToken.None);
        await rig.DisableAsync(rig.Supervisor);

        var confirmed = await rig.Get<ConfirmResume>().ExecuteAsync(rig.OtherSupervisor, new(rig.ProviderAccount.Id, 2), CancellationToken.None);
        Assert.Equal("ProposerNoLongerAllowed", confirmed.Error?.Code);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_stop_between_the_reading_and_the_send_wins(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.BeforeReading = () => rig.Get<StopSending>().ExecuteAsync(rig.Treasury, new(rig.ProviderAccount.Id, "Stop!"), CancellationToken.None);

        Assert.False(await rig.SendAsync(id));
        Assert.Empty(rig.Provider.Sends);
        Assert.Equal(WithdrawalStatus.Scheduled, (await rig.ReadAsync(id)).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_cancellation_before_the_send_wins(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.BeforeReading = async () => Assert.True((await CancelAsync(rig, rig.Treasury, id)).IsSuccess);

        Assert.False(await rig.SendAsync(id));
        Assert.Equal(WithdrawalStatus.Cancelled, (await rig.ReadAsync(id)).Status);
        Assert.Empty(rig.Provider.Sends);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_cancellation_while_it_is_on_the_wire_is_too_late(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.BeforeEffect = async _ => Assert.Equal("TooLateToCancel", (await CancelAsync(rig, rig.Treasury, id)).Error?.Code);

        Assert.True(await rig.SendAsync(id));
        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Only_the_maker_or_a_supervisor_cancels_and_the_refusal_is_on_record(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);

        Assert.Equal("Forbidden", (await CancelAsync(rig, rig.OtherTreasury, id)).Error?.Code);
        Assert.Equal(1, await rig.QueryAsync(db => db.AuditEntries.CountAsync(e => e.Action == "permission.refused" && e.ActorId == rig.OtherTreasury.Id)));
        Assert.True((await CancelAsync(rig, rig.Supervisor, id)).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_disabled_makers_withdrawal_is_not_sent(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        await rig.DisableAsync(rig.Treasury);
        await AssertNotSentAsync(rig, id, "MakerNotAllowed");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_withdrawal_made_for_another_endpoint_is_not_sent(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Registry.Add(rig.Provider, origin: "http://127.0.0.1:10");
        await AssertNotSentAsync(rig, id, "WrongEndpoint");
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Another_endpoint_is_never_asked_about_a_withdrawal(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Provider.Script(FakeProvider.LoseRequest);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        rig.Registry.Add(rig.Provider, origin: "http://127.0.0.1:10");
        rig.Provider.Lookups.Clear();
        await rig.ResolveAsync(id);

        Assert.Empty(rig.Provider.Lookups);
        var withdrawal = await rig.ReadAsync(id);
        Assert.Equal((WithdrawalStatus.OutcomeUnknown, "WrongEndpoint"), (withdrawal.Status, withdrawal.ReasonCode));
        Assert.True(withdrawal.NextCheckAt > rig.Clock.Now());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task More_money_than_the_cap_is_not_cashed_out_by_the_call_without_an_amount(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        var id = await rig.RequestAsync(account, 100, all: true);
        rig.Provider.Put(ConsoleRig.SnapshotOf(account.ExternalId, 100.01m, rig.Provider.Sheet));
        await AssertNotSentAsync(rig, id, "BalanceAboveCap");
    }

    [Theory]
    [OnSqlite("39.99", AccountStatus.Active, "BalanceTooLow"), OnSqlite("100", AccountStatus.Frozen, "AccountNotWithdrawable"), OnSqlite("100", AccountStatus.Unknown, "AccountNotWithdrawable")]
    public async Task A_fresh_reading_that_forbids_it_ends_it_unsent(DatabaseKind kind, string balance, AccountStatus status, string code)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        var id = await rig.RequestAsync(account, 40);
        rig.Provider.Put(ConsoleRig.SnapshotOf(account.ExternalId, decimal.Parse(balance, System.Globalization.CultureInfo.InvariantCulture), rig.Provider.Sheet, status));
        await AssertNotSentAsync(rig, id, code);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Without_a_fresh_reading_nothing_is_sent_and_it_is_tried_later(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.ReadingFault = new ProviderFault(ProviderFaultKind.NoAnswer);

        Assert.False(await rig.SendAsync(id));
        Assert.Equal((WithdrawalStatus.Scheduled, "ReadingFailed"), ((await rig.ReadAsync(id)).Status, (await rig.ReadAsync(id)).ReasonCode));
        rig.Provider.ReadingFault = null;
        rig.Clock.Advance(TimeSpan.FromSeconds(30));
        Assert.True(await rig.SendAsync(id));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_old_withdrawal_expires_unsent(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Clock.Advance(TimeSpan.FromHours(24));

        Assert.False(await rig.SendAsync(id));
        Assert.Equal((WithdrawalStatus.Expired, "TooOld"), ((await rig.ReadAsync(id)).Status, (await rig.ReadAsync(id)).ReasonCode));
        Assert.Empty(rig.Provider.Sends);
    }

    private static async Task AssertNotSentAsync(ConsoleRig rig, Guid id, string code)
    {
        Assert.False(await rig.SendAsync(id));
        var withdrawal = await rig.ReadAsync(id);
        Assert.Equal((WithdrawalStatus.NotSent, code), (withdrawal.Status, withdrawal.ReasonCode));
        Assert.Empty(rig.Provider.Sends);
        await rig.AssertBooksAgreeAsync();
    }

    private static Task<Result<Done>> ConfirmAsync(ConsoleRig rig, Actor actor, long version) =>
        rig.Get<ConfirmResume>().ExecuteAsync(actor, new(SendingStop.EverythingId, version), CancellationToken.None);

    private static Task<Result<Done>> CancelAsync(ConsoleRig rig, Actor actor, Guid id) =>
        rig.Get<CancelWithdrawal>().ExecuteAsync(actor, new(id, "Not needed any more"), CancellationToken.None);
}
