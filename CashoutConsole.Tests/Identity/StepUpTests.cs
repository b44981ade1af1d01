using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
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

    private static Task<Error?> MissingAsync(ConsoleRig rig, Actor actor) =>
        rig.QueryAsync(db => StepUps.MissingAsync(db, actor, rig.Clock.Now(), rig.Security, CancellationToken.None));
}
