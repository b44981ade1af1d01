using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Withdrawals;

/// <summary>What stops half-way, what contradicts itself, and what a provider may send to break our books.</summary>
public sealed class CrashAndBreakTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_send_that_a_crash_cut_off_is_unknown_after_the_restart(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.Script((provider, submission) =>
        {
            FakeProvider.Pay(provider, submission);
            throw new InvalidOperationException("killed after the effect");
        });
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.SendAsync(id));
        Assert.Equal((WithdrawalStatus.Sending, AttemptState.Prepared), ((await rig.ReadAsync(id)).Status, (await rig.AttemptsAsync(id))[0].State));

        rig.Restart();
        await rig.RecoverAsync();
        Assert.Equal((WithdrawalStatus.OutcomeUnknown, AttemptState.MaybeExecuted), ((await rig.ReadAsync(id)).Status, (await rig.AttemptsAsync(id))[0].State));
        await rig.ResolveAsync(id);
        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        Assert.Single(rig.Provider.Sends);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_replay_that_a_crash_cut_off_is_maybe_executed_after_the_restart(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Provider.Script(FakeProvider.LoseRequest, FakeProvider.Throw);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            while (true)
            {
                await rig.ResolveAsync(id);
            }
        });
        rig.Restart();
        await rig.RecoverAsync();
        Assert.DoesNotContain(await rig.AttemptsAsync(id), static attempt => attempt.State == AttemptState.Prepared);
        while (!(await rig.ReadAsync(id)).IsFinal)
        {
            await rig.ResolveAsync(id);
        }
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_crash_between_claim_and_send_holds_nothing_up(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.BeforeReading = static () => throw new InvalidOperationException("killed while reading");
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.SendAsync(id));
        rig.Provider.BeforeReading = static () => Task.CompletedTask;

        rig.Restart();
        Assert.True(await rig.SendAsync(id));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_sender_that_lost_its_lease_sends_nothing(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        var old = await rig.LeaseAsync();
        rig.Clock.Advance(SenderLeases.Duration + TimeSpan.FromSeconds(1));
        await using var second = rig.SecondProcess();
        await rig.LeaseAsync(second);

        Assert.False((await rig.Get<WithdrawalSender>().SendAsync(id, old, CancellationToken.None)).Sent);
        Assert.Empty(rig.Provider.Sends);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_lease_taken_over_between_the_reading_and_the_send_stops_the_send(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        await using var second = rig.SecondProcess();
        rig.Provider.BeforeReading = async () =>
        {
            rig.Clock.Advance(SenderLeases.Duration + TimeSpan.FromSeconds(1));
            await rig.LeaseAsync(second);
        };
        Assert.False(await rig.SendAsync(id));
        Assert.Empty(rig.Provider.Sends);
    }

    [Fact]
    public async Task On_postgres_a_second_process_waits_for_the_lease()
    {
        if (PostgresServer.WhyUnavailable is not null)
        {
            return;
        }
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Postgres);
        await rig.LeaseAsync();
        await using var second = rig.SecondProcess();

        Assert.Null(await second.GetRequiredService<SenderLeases>().HoldAsync(rig.ProviderAccount.Id, null, rig.Provider.Sheet, CancellationToken.None));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_lease_leaves_room_for_the_longest_send_that_can_be_set(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Member with { SendTimeout = TimeSpan.FromSeconds(600) });
        await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);

        Assert.Single(rig.Provider.Sends);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_slow_reading_does_not_make_an_old_claim_send(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.BeforeReading = () =>
        {
            rig.Clock.Advance(SenderLeases.Duration / 4);
            return Task.CompletedTask;
        };
        await rig.SendAsync(id);

        Assert.Empty(rig.Provider.Sends);
        Assert.Equal(WithdrawalStatus.Scheduled, (await rig.ReadAsync(id)).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_answer_that_could_not_be_written_is_recovered_by_a_look_up(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Clock.FireAtOnce = TimeSpan.FromSeconds(10);
        rig.Provider.BeforeEffect = _ => rig.Database.ExecuteAsync(BreakWrites(kind));
        await Assert.ThrowsAnyAsync<Exception>(() => rig.SendAsync(id));
        await rig.Database.ExecuteAsync(HealWrites(kind));
        Assert.Equal(WithdrawalStatus.Sending, (await rig.ReadAsync(id)).Status);

        await rig.RecoverAsync();
        await rig.ResolveAsync(id);
        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        Assert.Single(rig.Provider.Sends);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Without_a_database_that_takes_the_attempt_nothing_is_sent(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.BeforeReading = () => rig.Database.ExecuteAsync(BreakWrites(kind));
        await Assert.ThrowsAnyAsync<Exception>(() => rig.SendAsync(id));

        Assert.Empty(rig.Provider.Sends);
        await rig.Database.ExecuteAsync(HealWrites(kind));
        Assert.Equal(WithdrawalStatus.Scheduled, (await rig.ReadAsync(id)).Status);
    }

    [Theory]
    [OnSqlite("account"), OnSqlite("key")]
    [OnPostgres("account"), OnPostgres("key")]
    public async Task An_answer_about_another_order_opens_a_break_and_freezes_the_account(DatabaseKind kind, string what)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        rig.Provider.Script((_, _) => new SubmissionOutcome.Succeeded(
            what == "account" ? new Receipt { ExternalAccountId = "another" } : new Receipt { IdempotencyKey = "another" }, FakeProvider.Wire("?")));
        var id = await rig.RequestAndSendAsync(account, 40);

        Assert.Equal((WithdrawalStatus.OutcomeUnknown, "NeedsPerson"), ((await rig.ReadAsync(id)).Status, (await rig.ReadAsync(id)).ReasonCode));
        Assert.Equal(BreakKind.AnswerContradictsInstruction, Assert.Single(await rig.BreaksAsync()).Kind);
        Assert.NotNull((await rig.ReadAccountAsync(account.Id)).FrozenAt);
    }

    [Theory]
    [OnSqlite("41", "USD", BreakKind.SettledAboveApproved), OnSqlite("39", "USD", BreakKind.AnswerContradictsInstruction), OnSqlite("40", "EUR", BreakKind.AnswerContradictsInstruction)]
    [OnPostgres("41", "USD", BreakKind.SettledAboveApproved)]
    public async Task Another_sum_than_instructed_is_a_break(DatabaseKind kind, string amount, string currency, BreakKind expected)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var account = await rig.AccountAsync(100);
        rig.Provider.Script((_, _) => new SubmissionOutcome.Succeeded(
            new Receipt { Amount = decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Currency = CurrencyCode.Parse(currency) }, FakeProvider.Wire("?")));
        var id = await rig.RequestAndSendAsync(account, 40);

        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        Assert.Equal(expected, Assert.Single(await rig.BreaksAsync()).Kind);
        var next = await rig.Get<RequestWithdrawal>().ExecuteAsync(rig.Treasury, rig.CommandFor(await rig.ReadAccountAsync(account.Id), 1), CancellationToken.None);
        Assert.Equal("NotWithdrawable", next.Error?.Code);
    }

    [Fact]
    public async Task An_answer_in_another_currency_settles_no_figure()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        rig.Provider.Script(static (_, _) => new SubmissionOutcome.Succeeded(new Receipt { Amount = 40, Currency = CurrencyCode.Parse("EUR") }, FakeProvider.Wire("?")));
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);

        Assert.Null((await rig.ReadAsync(id)).Settled);
    }

    [Fact]
    public async Task Cashing_out_everything_without_a_reported_amount_makes_no_figure_up()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        rig.Provider.Script(static (_, _) => new SubmissionOutcome.Succeeded(new Receipt(), FakeProvider.Wire("?")));
        var account = await rig.AccountAsync(100);
        var id = await rig.RequestAndSendAsync(account, 100, all: true);

        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        Assert.Null((await rig.ReadAsync(id)).Settled);
        Assert.Null((await rig.ReadAccountAsync(account.Id)).Balance);
    }

    [Fact]
    public async Task Money_left_after_cashing_out_everything_is_a_break()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        rig.Provider.Script(static (_, _) => new SubmissionOutcome.Succeeded(new Receipt { Amount = 90, AccountBalanceAfter = 10 }, FakeProvider.Wire("?")));
        await rig.RequestAndSendAsync(await rig.AccountAsync(100), 100, all: true);

        Assert.Equal(BreakKind.BalanceLeftAfterCashOut, Assert.Single(await rig.BreaksAsync()).Kind);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_same_contradiction_in_every_look_up_is_one_break(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        rig.Provider.Script(FakeProvider.Accept);
        rig.Provider.OtherwiseLookup = static _ => new LookupOutcome.Processing(new Receipt { Amount = 41 }, "pending", WireRecord.Nothing);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        for (var i = 0; i < 4; i++)
        {
            await rig.ResolveAsync(id);
        }
        Assert.Single(await rig.BreaksAsync());
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Half_done_is_one_break_and_a_persons_business(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        rig.Provider.Script(FakeProvider.LoseRequest);
        rig.Provider.OtherwiseLookup = static _ => new LookupOutcome.HalfDone("card debited, wallet not credited", WireRecord.Nothing);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        await rig.ResolveAsync(id);

        Assert.Equal(BreakKind.HalfDone, Assert.Single(await rig.BreaksAsync()).Kind);
        Assert.Null((await rig.ReadAsync(id)).NextCheckAt);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_payment_that_shows_up_after_the_failure_opens_a_break_and_flips_nothing(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        var account = await rig.AccountAsync(100);
        var id = await rig.RequestAsync(account, 40);
        rig.Provider.BeforeEffect = async _ =>
        {
            // Meanwhile another process took over, asked, and was told that the order failed.
            await rig.Get<SendingRecovery>().RecoverAsync(rig.ProviderAccount.Id, rig.Provider.Sheet, new HashSet<Guid>(), CancellationToken.None);
            rig.Provider.ScriptLookup(static _ => new LookupOutcome.Failed(new Receipt(), new ProviderFault(ProviderFaultKind.Other), "failed", WireRecord.Nothing));
            Assert.True(await rig.ResolveAsync(id));
        };
        await rig.SendAsync(id);

        Assert.Equal(WithdrawalStatus.Failed, (await rig.ReadAsync(id)).Status);
        Assert.Equal(BreakKind.PaidAfterFailed, Assert.Single(await rig.BreaksAsync()).Kind);
        Assert.NotNull((await rig.ReadAccountAsync(account.Id)).FrozenAt);
        Assert.Equal("Succeeded", Assert.Single(await rig.AttemptsAsync(id)).Outcome);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_late_answer_after_a_recovery_settles_the_unknown(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.BeforeEffect = _ =>
            rig.Get<SendingRecovery>().RecoverAsync(rig.ProviderAccount.Id, rig.Provider.Sheet, new HashSet<Guid>(), CancellationToken.None);
        await rig.SendAsync(id);

        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(id)).Status);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_late_refusal_after_a_recovery_proves_nothing(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        rig.Provider.Script(FakeProvider.RefuseWith(ProviderFaultKind.InsufficientBalance));
        rig.Provider.BeforeEffect = _ =>
            rig.Get<SendingRecovery>().RecoverAsync(rig.ProviderAccount.Id, rig.Provider.Sheet, new HashSet<Guid>(), CancellationToken.None);
        await rig.SendAsync(id);

        Assert.Equal(WithdrawalStatus.OutcomeUnknown, (await rig.ReadAsync(id)).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task No_text_of_a_provider_can_keep_its_answer_off_the_books(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        rig.Clock.FireAtOnce = TimeSpan.FromSeconds(10);
        var evil = new string('x', 1990) + "\0\uD800" + new string('y', 3000);
        rig.Provider.Script((_, _) => new SubmissionOutcome.Failed(
            new Receipt { ProviderReference = evil }, new ProviderFault(ProviderFaultKind.Other, "1", evil), new WireRecord(200, new string('b', 64), evil, null, TimeSpan.Zero)));
        var account = await rig.AccountAsync(100);
        var id = await rig.RequestAndSendAsync(account, 40);

        Assert.Equal(WithdrawalStatus.Failed, (await rig.ReadAsync(id)).Status);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_processing_order_that_nobody_can_ask_about_becomes_unknown_in_the_end(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        rig.Provider.Script(FakeProvider.Accept);
        rig.Provider.OtherwiseLookup = static _ => new LookupOutcome.CouldNotAsk(new ProviderFault(ProviderFaultKind.Unreachable), "unreachable", WireRecord.Nothing);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        rig.Clock.Advance(Sheets.Undocumented.ProcessingLimit + TimeSpan.FromSeconds(1));
        await rig.ResolveAsync(id);

        Assert.Equal((WithdrawalStatus.OutcomeUnknown, "ProcessingTooLong"), ((await rig.ReadAsync(id)).Status, (await rig.ReadAsync(id)).ReasonCode));
    }

    private static string BreakWrites(DatabaseKind kind) => kind == DatabaseKind.Sqlite
        ? "CREATE TRIGGER broken BEFORE INSERT ON audit_entries BEGIN SELECT RAISE(ABORT, 'disk full'); END;"
        : "CREATE TRIGGER broken BEFORE INSERT ON audit_entries FOR EACH ROW EXECUTE FUNCTION refuse_change();";

    private static string HealWrites(DatabaseKind kind) => kind == DatabaseKind.Sqlite ? "DROP TRIGGER broken" : "DROP TRIGGER broken ON audit_entries";
}
