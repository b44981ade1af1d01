using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Identity;

public sealed class StepUpTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_step_up_counts_for_its_own_session_and_for_its_window(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var elsewhere = await rig.OtherSessionAsync(rig.Supervisor);
        Assert.Equal(StepUps.Needed, await MissingAsync(rig, rig.Supervisor));
        await rig.StepUpAsync(rig.Supervisor);

        Assert.Null(await MissingAsync(rig, rig.Supervisor));
        Assert.Equal(StepUps.Needed, await MissingAsync(rig, elsewhere));
        Assert.Equal(StepUps.Needed, await MissingAsync(rig, rig.OtherSupervisor with { SessionId = rig.Supervisor.SessionId }));
        Assert.Equal(StepUps.Needed, await MissingAsync(rig, rig.Supervisor with { SessionId = null }));
        rig.Clock.Advance(rig.Security.StepUpWindow);
        Assert.Null(await MissingAsync(rig, rig.Supervisor));
        rig.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(StepUps.Needed, await MissingAsync(rig, rig.Supervisor));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_step_up_ends_with_its_session_and_never_lies_ahead(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.StepUpAsync(rig.Supervisor);
        await rig.StepUpAsync(rig.Treasury);
        await rig.ChangeAsync(async db => (await db.OperatorSessions.SingleAsync(s => s.Id == rig.Supervisor.SessionId)).EndedAt = rig.Clock.Now());
        rig.Clock.ShiftWallClock(TimeSpan.FromSeconds(-1));

        Assert.Equal(StepUps.Needed, await MissingAsync(rig, rig.Supervisor));
        Assert.Equal(StepUps.Needed, await MissingAsync(rig, rig.Treasury));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_code_steps_up_this_session_once(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var here = await rig.SignedInAsync(-1);
        var elsewhere = await rig.SignedInAsync();
        Assert.Equal(SecondFactor.Refused, (await TryAsync(rig, here, rig.Code())).Error);
        Assert.Equal("code used before", await rig.LastReasonAsync(AuditActions.StepUpRefused));

        Assert.True((await TryAsync(rig, here, rig.Code(1))).IsSuccess);
        Assert.Null(await MissingAsync(rig.Console, here));
        Assert.Equal(StepUps.Needed, await MissingAsync(rig.Console, elsewhere));
        Assert.Equal(1, await rig.CountAsync(AuditActions.SteppedUp));
        rig.Clock.Advance(rig.Console.Security.StepUpWindow + TimeSpan.FromSeconds(1));
        Assert.Equal(StepUps.Needed, await MissingAsync(rig.Console, here));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_sessions_with_the_same_code_at_once_step_up_one_of_them(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var sessions = new[] { await rig.SignedInAsync(-1), await rig.SignedInAsync() };
        var code = rig.Code(1);
        var results = await Task.WhenAll(sessions.Select(session => Task.Run(() => TryAsync(rig, session, code))));

        Assert.Single(results, static result => result.IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Wrong_codes_lock_the_operator_out_of_step_up_and_sign_in(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind);
        var here = await rig.SignedInAsync(-1);
        for (var i = 0; i < SignIn.MaxFailures; i++)
        {
            Assert.Equal(SecondFactor.Refused, (await TryAsync(rig, here, rig.WrongCode())).Error);
        }
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(SecondFactor.Refused, (await TryAsync(rig, here, rig.Code())).Error);
        Assert.Equal(SignIn.Refused, (await rig.PasswordAsync()).Error);
        Assert.Equal(StepUps.Needed, await MissingAsync(rig.Console, here));
    }

    [Theory, OnSqlite]
    public async Task Without_two_factor_the_password_steps_up_but_not_where_two_factor_is_required(DatabaseKind kind)
    {
        await using var rig = await TwoFactorRig.StartAsync(kind, twoFactor: false);
        var here = TwoFactorRig.ActorOf((await rig.PasswordAsync()).Value.SignedIn!);
        Assert.Equal(SecondFactor.Refused, (await TryAsync(rig, here, "wrong")).Error);
        Assert.True((await TryAsync(rig, here, TwoFactorRig.Password)).IsSuccess);

        await rig.Console.Database.DropTriggersAsync();
        await rig.Console.ChangeAsync(static db => db.Installations.ExecuteUpdateAsync(static set => set.SetProperty(static i => i.Mode, OperatingMode.Live)));
        Assert.Equal(SecondFactor.Refused, (await TryAsync(rig, here, TwoFactorRig.Password)).Error);
    }

    [Fact]
    public async Task The_password_does_not_stand_in_for_the_code()
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite);
        Assert.Equal(SecondFactor.Refused, (await TryAsync(rig, await rig.SignedInAsync(), TwoFactorRig.Password)).Error);
    }

    [Fact]
    public async Task A_session_that_was_ended_steps_up_no_more()
    {
        await using var rig = await TwoFactorRig.StartAsync(DatabaseKind.Sqlite);
        var here = await rig.SignedInAsync();
        await rig.SignIn.SignedOutAsync(here, CancellationToken.None);
        Assert.Equal(AccessGate.Forbidden, (await TryAsync(rig, here, rig.Code(1))).Error);
        Assert.Equal(SecondFactor.Refused, (await TryAsync(rig, here with { SessionId = null }, rig.Code(1))).Error);
    }

    private static Task<Result<Done>> TryAsync(TwoFactorRig rig, Actor actor, string code) => rig.Console.Get<StepUp>().ExecuteAsync(actor, code, CancellationToken.None);

    private static Task<Error?> MissingAsync(ConsoleRig rig, Actor actor) =>
        rig.QueryAsync(db => StepUps.MissingAsync(db, actor, rig.Clock.Now(), rig.Security, CancellationToken.None));
}
