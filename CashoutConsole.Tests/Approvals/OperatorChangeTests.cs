using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Application.Operators;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Approvals;

/// <summary>Operators are made and changed by two people, and nobody by themselves.</summary>
public sealed class OperatorChangeTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_new_operator_can_do_nothing_until_a_second_person_granted_the_roles(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var created = (await rig.CreateAsync(rig.Administrator, "nina", Role.Treasury, Role.Auditor)).Value;
        var id = created.Invite.OperatorId;
        var before = await rig.PersonAsync(id);
        Assert.Empty(before.Roles);
        Assert.Equal(OperatorState.Invited, before.StateAt(rig.Clock.Now()));
        Assert.True((await rig.AcceptAsync(created.Invite)).IsSuccess);
        Assert.False(await rig.QueryAsync(db => AccessGate.HoldsAsync(db, id, Permission.ViewAccounts, CancellationToken.None)));
        Assert.Equal("OwnRequest", (await rig.ApproveAsync(rig.Administrator, created.RequestId)).Error?.Code);
        var stamp = (await rig.PersonAsync(id)).SecurityStamp;

        Assert.Equal(ApprovalStatus.Approved, (await rig.ApproveAsync(rig.Supervisor, created.RequestId)).Value);

        Assert.Equal([Role.Treasury, Role.Auditor], await rig.RolesAsync(id));
        Assert.NotEqual(stamp, (await rig.PersonAsync(id)).SecurityStamp, StringComparer.Ordinal);
        var entry = await rig.QueryAsync(db => db.AuditEntries.SingleAsync(e => e.Action == "operator.roles-changed" && e.SubjectId == id));
        Assert.Equal(rig.Supervisor.Id, entry.ActorId);
        Assert.Contains("Treasury", entry.After, StringComparison.Ordinal);
        Assert.DoesNotContain("Treasury", entry.Before, StringComparison.Ordinal);
        Assert.True((await rig.VerifyAsync()).IsWhole);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_changes_themselves(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var admin = rig.Administrator;
        await rig.GiveTwoFactorAsync(admin);
        Error?[] errors =
        [
            (await rig.ProposeRolesAsync(admin, admin, Role.Administrator, Role.Supervisor)).Error,
            (await rig.DisableByAsync(admin, admin)).Error,
            (await rig.ProposeEnableAsync(admin, admin)).Error,
            (await rig.ProposeResetAsync(admin, admin)).Error,
            (await rig.Get<NewInvite>().ExecuteAsync(admin, admin.Id, CancellationToken.None)).Error,
            (await rig.Get<SignOutEverywhere>().ExecuteAsync(admin, new(admin.Id, "Test"), CancellationToken.None)).Error,
        ];

        Assert.All(errors, static error => Assert.Equal("CannotChangeSelf", error?.Code));
        Assert.Equal(0, await rig.QueryAsync(static db => db.ApprovalRequests.CountAsync()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whom_a_change_concerns_does_not_decide_it(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = (await rig.ProposeRolesAsync(rig.Administrator, rig.Supervisor, Role.Supervisor, Role.Auditor)).Value;
        var request = await rig.FindRequestAsync(id);

        Assert.Equal("ConcernsYou", (await rig.ApproveAsync(rig.Supervisor, request)).Error?.Code);
        Assert.Equal("ConcernsYou", (await rig.RejectAsync(rig.Supervisor, request)).Error?.Code);
        Assert.Equal(2, await rig.AuditedAsync("approval.refused", id.ToString(), "ConcernsYou"));
        Assert.Empty((await rig.Get<ListApprovals>().ExecuteAsync(rig.Supervisor, ApprovalTab.ForMe, 0, 10, CancellationToken.None)).Value.Rows);
        Assert.Equal("ConcernsYou", (await rig.Get<ShowApproval>().ExecuteAsync(rig.Supervisor, id, CancellationToken.None)).Value.Row.WhyNot?.Code);
        var shown = Assert.Single((await rig.Get<ListApprovals>().ExecuteAsync(rig.OtherSupervisor, ApprovalTab.ForMe, 0, 10, CancellationToken.None)).Value.Rows).Operator!;
        Assert.Equal([Role.Supervisor], shown.Before);
        Assert.Equal([Role.Supervisor, Role.Auditor], shown.After);
        Assert.True((await rig.ApproveAsync(rig.OtherSupervisor, request)).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Every_change_asks_for_a_step_up_but_signing_out_does_not(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (admin, about) = (rig.Administrator, rig.Treasury);
        await rig.GiveTwoFactorAsync(about);
        Error?[] errors =
        [
            (await rig.Get<CreateOperator>().ExecuteAsync(admin, new("nina", "Nina", [Role.Auditor], "Test"), CancellationToken.None)).Error,
            (await rig.Get<ProposeRoles>().ExecuteAsync(admin, new(about.Id, [Role.Auditor], "Test"), CancellationToken.None)).Error,
            (await rig.DisableByAsync(admin, about, stepUp: false)).Error,
            (await rig.Get<ProposeEnable>().ExecuteAsync(admin, new(about.Id, "Test"), CancellationToken.None)).Error,
            (await rig.Get<ProposeReset>().ExecuteAsync(admin, new(about.Id, false, "Test"), CancellationToken.None)).Error,
            (await rig.Get<NewInvite>().ExecuteAsync(admin, about.Id, CancellationToken.None)).Error,
        ];

        Assert.All(errors, static error => Assert.Equal("StepUpNeeded", error?.Code));
        Assert.True((await rig.Get<SignOutEverywhere>().ExecuteAsync(admin, new(about.Id, "Test"), CancellationToken.None)).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Roles_that_changed_meanwhile_are_not_overwritten(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = (await rig.ProposeRolesAsync(rig.Administrator, rig.Auditor, Role.Auditor, Role.Treasury)).Value;
        Assert.Equal("OperatorRequestPending", (await rig.ProposeRolesAsync(rig.Administrator, rig.Auditor, Role.Treasury)).Error?.Code);
        await rig.SetRolesAsync(rig.Auditor, [Role.Supervisor]);

        Assert.Equal("ApprovalMismatch", (await rig.ApproveAsync(rig.Supervisor, id)).Error?.Code);
        Assert.Equal([Role.Supervisor], await rig.RolesAsync(rig.Auditor.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_made_the_request_must_still_be_allowed_to(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var other = await rig.OperatorAsync("bea", Role.Administrator);
        var id = (await rig.ProposeRolesAsync(other, rig.Auditor, Role.Supervisor)).Value;
        Assert.True((await rig.DisableByAsync(rig.Administrator, other)).IsSuccess);

        Assert.Equal("MakerNoLongerAllowed", (await rig.ApproveAsync(rig.Supervisor, id)).Error?.Code);
        Assert.Equal([Role.Auditor], await rig.RolesAsync(rig.Auditor.Id));
        Assert.Equal(ApprovalStatus.Pending, (await rig.FindRequestAsync(id)).Status);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_change_after_which_nobody_could_approve_is_refused_with_the_counter_example(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var waiting = (await rig.ProposeRolesAsync(rig.Administrator, rig.OtherSupervisor, Role.Auditor)).Value;
        Assert.True((await rig.DisableByAsync(rig.Administrator, rig.Supervisor)).IsSuccess);

        var disable = (await rig.DisableByAsync(rig.Administrator, rig.OtherSupervisor)).Error;
        Assert.Equal("NotSatisfiable", disable?.Code);
        Assert.Equal("tina", disable!.Arguments[0]);
        Assert.False((await rig.PersonAsync(rig.OtherSupervisor.Id)).IsDisabled);
        var other = await rig.OperatorAsync("bea", Role.Administrator);
        Assert.Equal("NotSatisfiable", (await rig.ApproveAsync(other, waiting)).Error?.Code);
        Assert.Equal([Role.Supervisor], await rig.RolesAsync(rig.OtherSupervisor.Id));
        // What one person can always do at once.
        Assert.True((await rig.Get<SignOutEverywhere>().ExecuteAsync(rig.Administrator, new(rig.OtherSupervisor.Id, "Meanwhile"), CancellationToken.None)).IsSuccess);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Disabling_takes_everything_at_once_and_enabling_takes_two(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var stamp = (await rig.PersonAsync(rig.Auditor.Id)).SecurityStamp;
        await rig.OtherSessionAsync(rig.Auditor);
        Assert.True((await rig.DisableByAsync(rig.Administrator, rig.Auditor)).IsSuccess);
        Assert.Equal("OperatorIsDisabled", (await rig.DisableByAsync(rig.Administrator, rig.Auditor)).Error?.Code);

        Assert.Equal(0, await rig.LivingSessionsAsync(rig.Auditor));
        Assert.NotEqual(stamp, (await rig.PersonAsync(rig.Auditor.Id)).SecurityStamp, StringComparer.Ordinal);
        Assert.Equal(1, await rig.AuditedAsync("operator.disabled", rig.Auditor.Id, "Left the company"));
        Assert.False(await rig.QueryAsync(db => AccessGate.HoldsAsync(db, rig.Auditor.Id, Permission.ViewAccounts, CancellationToken.None)));

        var id = (await rig.ProposeEnableAsync(rig.Administrator, rig.Auditor)).Value;
        Assert.True((await rig.PersonAsync(rig.Auditor.Id)).IsDisabled);
        Assert.Equal("OwnRequest", (await rig.ApproveAsync(rig.Administrator, id)).Error?.Code);
        Assert.True((await rig.ApproveAsync(rig.Supervisor, id)).IsSuccess);
        Assert.False((await rig.PersonAsync(rig.Auditor.Id)).IsDisabled);
        Assert.Equal("OperatorNotDisabled", (await rig.ProposeEnableAsync(rig.Administrator, rig.Auditor)).Error?.Code);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_reset_by_two_people_leaves_nothing_of_the_second_factor(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        Assert.Equal("NothingToReset", (await rig.ProposeResetAsync(rig.Administrator, rig.Treasury)).Error?.Code);
        await rig.GiveTwoFactorAsync(rig.Treasury);
        var id = (await rig.ProposeResetAsync(rig.Administrator, rig.Treasury)).Value;
        Assert.NotNull((await rig.PersonAsync(rig.Treasury.Id)).TwoFactorSince);
        Assert.Equal("OwnRequest", (await rig.ApproveAsync(rig.Administrator, id)).Error?.Code);
        Assert.True((await rig.ApproveAsync(rig.Supervisor, id)).IsSuccess);

        var row = await rig.PersonAsync(rig.Treasury.Id);
        Assert.Null(row.TotpSecret);
        Assert.Null(row.TwoFactorSince);
        Assert.NotNull(row.PasswordHash);
        Assert.Equal(0, await rig.QueryAsync(db => db.RecoveryCodes.CountAsync(c => c.OperatorId == row.Id && c.UsedAt == null)));
        Assert.Equal(0, await rig.LivingSessionsAsync(rig.Treasury));
        Assert.Equal("PasswordIsSet", (await NewInviteAsync(rig, rig.Treasury)).Error?.Code);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_reset_of_the_password_too_leads_to_a_new_link(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = (await rig.ProposeResetAsync(rig.Administrator, rig.Treasury, takesPassword: true)).Value;
        Assert.True((await rig.ApproveAsync(rig.Supervisor, id)).IsSuccess);

        Assert.Null((await rig.PersonAsync(rig.Treasury.Id)).PasswordHash);
        var invite = (await NewInviteAsync(rig, rig.Treasury)).Value;
        Assert.True((await rig.AcceptAsync(invite)).IsSuccess);
        Assert.Equal([Role.Treasury], await rig.RolesAsync(rig.Treasury.Id));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_reset_of_the_last_approvers_password_is_refused(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        Assert.True((await rig.DisableByAsync(rig.Administrator, rig.Supervisor)).IsSuccess);

        Assert.Equal("NotSatisfiable", (await rig.ProposeResetAsync(rig.Administrator, rig.OtherSupervisor, takesPassword: true)).Error?.Code);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Who_may_confirm_sees_everybody_with_what_waits_for_them(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var created = (await rig.CreateAsync(rig.Administrator, "nina", Role.Treasury)).Value;
        var rows = (await rig.Get<ListOperators>().ExecuteAsync(rig.Supervisor, CancellationToken.None)).Value;

        Assert.Equal(["ada", "alex", "nina", "sam", "su", "tina", "tom"], rows.Select(static row => row.DisplayName), StringComparer.Ordinal);
        var nina = rows.Single(static row => row.UserName == "nina");
        Assert.Equal((OperatorState.Invited, 0, 1), (nina.State, nina.Roles.Count, nina.Pending.Count));
        Assert.Equal([Role.Treasury], nina.Pending[0].Roles);
        var shown = (await rig.Get<ShowOperator>().ExecuteAsync(rig.Supervisor, created.Invite.OperatorId, CancellationToken.None)).Value;
        Assert.Equal(rig.Clock.Now() + OperatorInvite.Lifetime, shown.Invite?.ExpiresAt);
        Assert.Equal("OperatorNotFound", (await rig.Get<ShowOperator>().ExecuteAsync(rig.Supervisor, "nobody", CancellationToken.None)).Error?.Code);
    }

    private static async Task<Result<InviteLink>> NewInviteAsync(ConsoleRig rig, Actor about)
    {
        await rig.StepUpAsync(rig.Administrator);
        return await rig.Get<NewInvite>().ExecuteAsync(rig.Administrator, about.Id, CancellationToken.None);
    }
}
