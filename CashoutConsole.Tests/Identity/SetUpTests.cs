using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Tests.Approvals;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Identity;

/// <summary>The set-up ceremony ends by itself and for good; what comes after it on the command line is loud.</summary>
public sealed class SetUpTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_live_set_up_closes_with_two_administrators_when_everything_can_be_approved(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, mode: OperatingMode.Live);
        Assert.True((await CreateAsync(rig, "late", Role.Treasury)).IsSuccess);
        Assert.Equal(0, await ClosingsAsync(rig));
        Assert.True((await CreateAsync(rig, "bea", Role.Administrator)).IsSuccess);

        Assert.Equal(1, await ClosingsAsync(rig));
        Assert.Equal("SetUpClosed", (await CreateAsync(rig, "later", Role.Treasury)).Error?.Code);
        var entry = await rig.QueryAsync(static db => db.AuditEntries.SingleAsync(static e => e.Action == "set-up.closed"));
        Assert.Equal("console", entry.ActorId);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task It_stays_open_while_somebodys_withdrawals_could_not_be_approved(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, mode: OperatingMode.Live);
        await rig.DisableAsync(rig.Supervisor);
        await rig.DisableAsync(rig.OtherSupervisor);
        Assert.True((await CreateAsync(rig, "bea", Role.Administrator)).IsSuccess);
        Assert.Equal(0, await ClosingsAsync(rig));
        Assert.True((await CreateAsync(rig, "sue", Role.Supervisor)).IsSuccess);

        Assert.Equal(1, await ClosingsAsync(rig));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task It_closes_at_start_and_when_an_invited_administrator_comes_in(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, mode: OperatingMode.Live);
        var created = (await rig.CreateAsync(rig.Administrator, "bea", Role.Administrator)).Value;
        Assert.True((await rig.ApproveAsync(rig.Supervisor, created.RequestId)).IsSuccess);
        Assert.Equal(0, await ClosingsAsync(rig));
        Assert.True((await rig.AcceptAsync(created.Invite)).IsSuccess);
        Assert.Equal(1, await ClosingsAsync(rig));

        await using var other = await ConsoleRig.StartAsync(kind, mode: OperatingMode.Live);
        await other.OperatorAsync("bea", Role.Administrator);
        Assert.True((await other.Get<SetUp>().CloseIfCompleteAsync(CancellationToken.None)).IsSuccess);
        Assert.Equal(1, await ClosingsAsync(other));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_rehearsal_stays_open_until_its_first_withdrawal(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        Assert.True((await CreateAsync(rig, "bea", Role.Administrator)).IsSuccess);
        await rig.Get<SetUp>().CloseIfCompleteAsync(CancellationToken.None);
        Assert.Equal(0, await ClosingsAsync(rig));
        await rig.RequestAsync(await rig.AccountAsync(100), 10);
        await rig.RequestAsync(await rig.AccountAsync(100), 10);

        Assert.Equal(1, await ClosingsAsync(rig));
        Assert.Equal("SetUpClosed", (await CreateAsync(rig, "late", Role.Treasury)).Error?.Code);
        Assert.Equal(1, await rig.AuditedAsync("set-up.closed", "set-up"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_recovery_stops_all_sending_until_two_people_resume_it(DatabaseKind kind)
    {
        await using var rig = await ClosedAsync(kind);
        var waiting = await rig.RequestAsync(await rig.AccountAsync(100), 10);
        var id = (await RecoverAsync(rig, "eve")).Value;
        await rig.SendAsync(waiting);

        Assert.Empty(rig.Provider.Effects);
        var stop = await rig.QueryAsync(static db => db.SendingStops.SingleAsync());
        Assert.Equal((SendingStop.EverythingId, true, "console"), (stop.ScopeId, stop.Stopped, stop.StoppedBy));
        Assert.Contains("eve", stop.Reason, StringComparison.Ordinal);
        var entry = await rig.QueryAsync(db => db.AuditEntries.SingleAsync(e => e.Action == "operator.recovered" && e.SubjectId == id));
        Assert.Equal(ActorKind.Console, entry.ActorKind);
        Assert.Equal([Role.Administrator], await rig.RolesAsync(id));
        await AcknowledgeByTwoAsync(rig);
        Assert.True((await rig.QueryAsync(static db => db.SendingStops.SingleAsync())).Stopped);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_recovery_needs_a_closed_set_up_and_the_rules_of_any_operator(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        Assert.Equal("SetUpOpen", (await RecoverAsync(rig, "eve")).Error?.Code);
        await rig.RequestAsync(await rig.AccountAsync(100), 10);

        Assert.Equal("OperatorExists", (await RecoverAsync(rig, "alex")).Error?.Code);
        var weak = await rig.Get<OperatorDirectory>().RecoverAsync(Actor.Console, new NewOperator("eve", "Eve", [Role.Administrator], "short"), CancellationToken.None);
        Assert.Equal("PasswordTooShort", weak.Error?.Code);
        Assert.Equal(0, await rig.QueryAsync(static db => db.SendingStops.CountAsync()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_recovery_is_shown_until_two_others_have_acknowledged_it(DatabaseKind kind)
    {
        await using var rig = await ClosedAsync(kind);
        var eve = await SignedInAsync(rig, (await RecoverAsync(rig, "eve")).Value);
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        var eva = await SignedInAsync(rig, (await RecoverAsync(rig, "eva")).Value);
        var recoveries = (await rig.Get<ListRecoveries>().ExecuteAsync(rig.Treasury, CancellationToken.None)).Value;
        Assert.Equal(["eve", "eva"], recoveries.Select(static row => row.UserName), StringComparer.Ordinal);
        Assert.All(recoveries, static row => Assert.Equal("Forbidden", row.WhyNot?.Code));
        var first = recoveries[0].Recovery.Id;

        Assert.Equal("ConcernsYou", (await AcknowledgeAsync(rig, eve, first)).Error?.Code);
        Assert.Equal("ConcernsYou", (await AcknowledgeAsync(rig, eva, first)).Error?.Code);
        Assert.Equal("StepUpNeeded", (await rig.Get<AcknowledgeRecovery>().ExecuteAsync(rig.Supervisor, first, CancellationToken.None)).Error?.Code);
        Assert.True((await AcknowledgeAsync(rig, rig.Supervisor, first)).IsSuccess);
        Assert.Equal("AlreadyAcknowledged", (await AcknowledgeAsync(rig, rig.Supervisor, first)).Error?.Code);
        Assert.Equal("sam", (await rig.Get<ListRecoveries>().ExecuteAsync(rig.Treasury, CancellationToken.None)).Value[0].FirstBy);
        Assert.True((await AcknowledgeAsync(rig, rig.Administrator, first)).IsSuccess);
        Assert.Equal("RecoveryNotOpen", (await AcknowledgeAsync(rig, rig.OtherSupervisor, first)).Error?.Code);
        Assert.Equal(["eva"], (await rig.Get<ListRecoveries>().ExecuteAsync(rig.Treasury, CancellationToken.None)).Value.Select(static row => row.UserName), StringComparer.Ordinal);
        // Acknowledged herself, she may vouch for the other.
        Assert.True((await AcknowledgeAsync(rig, eve, recoveries[1].Recovery.Id)).IsSuccess);
    }

    private static async Task AcknowledgeByTwoAsync(ConsoleRig rig)
    {
        var recovery = Assert.Single((await rig.Get<ListRecoveries>().ExecuteAsync(rig.Supervisor, CancellationToken.None)).Value).Recovery.Id;
        Assert.True((await AcknowledgeAsync(rig, rig.Supervisor, recovery)).IsSuccess);
        Assert.True((await AcknowledgeAsync(rig, rig.Administrator, recovery)).IsSuccess);
        Assert.Empty((await rig.Get<ListRecoveries>().ExecuteAsync(rig.Supervisor, CancellationToken.None)).Value);
    }

    private static async Task<Result<Done>> AcknowledgeAsync(ConsoleRig rig, Actor actor, Guid recoveryId)
    {
        await rig.StepUpAsync(actor);
        return await rig.Get<AcknowledgeRecovery>().ExecuteAsync(actor, recoveryId, CancellationToken.None);
    }

    private static async Task<Actor> SignedInAsync(ConsoleRig rig, string operatorId) => await rig.OtherSessionAsync(Actor.Operator(operatorId, "recovered"));

    private static async Task<ConsoleRig> ClosedAsync(DatabaseKind kind)
    {
        var rig = await ConsoleRig.StartAsync(kind);
        await rig.RequestAsync(await rig.AccountAsync(100), 10);
        return rig;
    }

    private static Task<Result<string>> CreateAsync(ConsoleRig rig, string userName, Role role) =>
        rig.Get<OperatorDirectory>().CreateAsync(Actor.Console, new NewOperator(userName, userName, [role], OperatorRig.Password), CancellationToken.None);

    private static Task<Result<string>> RecoverAsync(ConsoleRig rig, string userName) =>
        rig.Get<OperatorDirectory>().RecoverAsync(Actor.Console, new NewOperator(userName, userName, [Role.Administrator], OperatorRig.Password), CancellationToken.None);

    private static Task<int> ClosingsAsync(ConsoleRig rig) => rig.QueryAsync(static db => db.SetUpClosings.CountAsync());
}
