using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Approvals;

/// <summary>Changes of operators at the same moment.</summary>
public sealed class OperatorRaceTests
{
    private const int Rounds = 10;

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_who_confirm_at_once_one_does_and_the_other_is_told(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            Role[] roles = round % 2 == 0 ? [Role.Auditor, Role.Treasury] : [Role.Auditor];
            var id = (await rig.ProposeRolesAsync(rig.Administrator, rig.Auditor, roles)).Value;
            var results = await Together(() => rig.ApproveAsync(rig.Supervisor, id, stepUp: false), () => rig.ApproveAsync(rig.OtherSupervisor, id, stepUp: false));

            Assert.Single(results, static result => result.IsSuccess);
            Assert.Single(results, static result => result.Error?.Code == "AlreadyDecided");
            Assert.Equal(roles.Order(), await rig.RolesAsync(rig.Auditor.Id));
        }
        Assert.True((await rig.VerifyAsync()).IsWhole);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_confirmation_against_the_disabling_of_its_maker_is_whole_or_nothing(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            var maker = await rig.OperatorAsync("maker" + round, Role.Administrator);
            var about = await rig.OperatorAsync("about" + round, Role.Auditor);
            var id = (await rig.ProposeRolesAsync(maker, about, Role.Treasury)).Value;
            var results = await Together(
                async () => (await rig.ApproveAsync(rig.Supervisor, id, stepUp: false)).Error,
                async () => (await rig.DisableByAsync(rig.Administrator, maker, stepUp: false)).Error);

            Assert.Null(results[1]);
            Assert.True((await rig.PersonAsync(maker.Id)).IsDisabled);
            var approved = (await rig.FindRequestAsync(id)).Status == ApprovalStatus.Approved;
            Assert.Equal(results[0] is null, approved);
            Assert.True(approved || results[0]!.Code == "MakerNoLongerAllowed", results[0]?.ToString());
            Assert.Equal([approved ? Role.Treasury : Role.Auditor], await rig.RolesAsync(about.Id));
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_changes_that_are_harmless_alone_do_not_leave_nobody_together(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        var other = await rig.OperatorAsync("bea", Role.Administrator);
        await rig.StepUpAsync(other);
        for (var round = 0; round < Rounds; round++)
        {
            var results = await Together(
                async () => (await rig.DisableByAsync(rig.Administrator, rig.Supervisor, stepUp: false)).Error,
                async () => (await rig.DisableByAsync(other, rig.OtherSupervisor, stepUp: false)).Error);

            Assert.Single(results, static error => error is null);
            Assert.Single(results, static error => error?.Code == "NotSatisfiable");
            await rig.ChangeAsync(db => db.Users.ExecuteUpdateAsync(set => set.SetProperty(static u => u.DisabledAt, static u => (DateTimeOffset?)null)));
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_administrators_who_disable_each_other_one_remains(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            var (a, b) = (await rig.OperatorAsync("a" + round, Role.Administrator), await rig.OperatorAsync("b" + round, Role.Administrator));
            await rig.StepUpAsync(a);
            await rig.StepUpAsync(b);
            var results = await Together(
                async () => (await rig.DisableByAsync(a, b, stepUp: false)).Error,
                async () => (await rig.DisableByAsync(b, a, stepUp: false)).Error);

            Assert.Single(results, static error => error is null);
            Assert.Single(results, static error => error?.Code == "Forbidden");
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_uses_of_one_link_one_sets_the_password(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            rig.Clock.Advance(TimeSpan.FromMinutes(2));
            var created = (await rig.CreateAsync(rig.Administrator, "new" + round, Role.Treasury)).Value;
            var results = await Together(() => rig.AcceptAsync(created.Invite, "the first password"), () => rig.AcceptAsync(created.Invite, "the second password"));

            Assert.Single(results, static result => result.IsSuccess);
            Assert.Single(results, static result => result.Error?.Code == "InviteRefused");
            Assert.Equal(1, await rig.AuditedAsync("operator.activated", created.Invite.OperatorId));
        }
    }

    private static async Task<ConsoleRig> ReadyAsync(DatabaseKind kind)
    {
        var rig = await ConsoleRig.StartAsync(kind);
        foreach (var actor in new[] { rig.Supervisor, rig.OtherSupervisor, rig.Administrator })
        {
            await rig.StepUpAsync(actor);
        }
        return rig;
    }

    private static async Task<T[]> Together<T>(params Func<Task<T>>[] people)
    {
        using var barrier = new Barrier(people.Length);
        return await Task.WhenAll(people.Select(person => Task.Factory.StartNew(() =>
        {
            barrier.SignalAndWait();
            return person();
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }
}
