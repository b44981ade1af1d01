using CashoutConsole.Approvals.Application.Operators;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Approvals;

/// <summary>What administrators do with operators, in one line each. The administrator has stepped up unless a test says otherwise.</summary>
internal static class OperatorRig
{
    public const string Password = "correct horse battery";

    public static async Task<Result<CreateOperator.Created>> CreateAsync(this ConsoleRig rig, Actor maker, string userName, params Role[] roles)
    {
        await rig.StepUpAsync(maker);
        return await rig.Get<CreateOperator>().ExecuteAsync(maker, new(userName, userName, roles, "Joins the team"), CancellationToken.None);
    }

    public static async Task<Result<Guid>> ProposeRolesAsync(this ConsoleRig rig, Actor maker, Actor about, params Role[] roles)
    {
        await rig.StepUpAsync(maker);
        return await rig.Get<ProposeRoles>().ExecuteAsync(maker, new(about.Id, roles, "New duties"), CancellationToken.None);
    }

    public static async Task<Result<Done>> DisableByAsync(this ConsoleRig rig, Actor maker, Actor about, bool stepUp = true)
    {
        if (stepUp)
        {
            await rig.StepUpAsync(maker);
        }
        return await rig.Get<DisableOperator>().ExecuteAsync(maker, new(about.Id, "Left the company"), CancellationToken.None);
    }

    public static async Task<Result<Guid>> ProposeEnableAsync(this ConsoleRig rig, Actor maker, Actor about)
    {
        await rig.StepUpAsync(maker);
        return await rig.Get<ProposeEnable>().ExecuteAsync(maker, new(about.Id, "Came back"), CancellationToken.None);
    }

    public static async Task<Result<Guid>> ProposeResetAsync(this ConsoleRig rig, Actor maker, Actor about, bool takesPassword = false)
    {
        await rig.StepUpAsync(maker);
        return await rig.Get<ProposeReset>().ExecuteAsync(maker, new(about.Id, takesPassword, "Lost the phone"), CancellationToken.None);
    }

    public static Task<Result<Done>> AcceptAsync(this ConsoleRig rig, InviteLink invite, string password = Password) =>
        rig.Get<AcceptInvite>().ExecuteAsync(TokenOf(invite), password, "192.0.2.1", CancellationToken.None);

    public static string TokenOf(InviteLink invite) => invite.Path.Split('/')[^1];

    public static Task<Operator> PersonAsync(this ConsoleRig rig, string id) =>
        rig.QueryAsync(db => db.Users.AsNoTracking().Include(static u => u.Roles).SingleAsync(u => u.Id == id));

    public static async Task<IEnumerable<Role>> RolesAsync(this ConsoleRig rig, string id) => (await rig.PersonAsync(id)).Roles.Select(static r => r.Role).Order();

    public static Task<ApprovalRequest> FindRequestAsync(this ConsoleRig rig, Guid id) => rig.QueryAsync(db => db.ApprovalRequests.AsNoTracking().SingleAsync(r => r.Id == id));

    public static async Task<Result<ApprovalStatus>> ApproveAsync(this ConsoleRig rig, Actor checker, Guid requestId, bool stepUp = true) =>
        await rig.ApproveAsync(checker, await rig.FindRequestAsync(requestId), stepUp);

    /// <summary>As if two-factor had been set up, with recovery codes.</summary>
    public static Task GiveTwoFactorAsync(this ConsoleRig rig, Actor actor) => rig.ChangeAsync(async db =>
    {
        var row = await db.Users.SingleAsync(u => u.Id == actor.Id);
        (row.TotpSecret, row.TwoFactorSince) = ("sealed", rig.Clock.Now());
        db.RecoveryCodes.AddRange(Enumerable.Range(1, 10).Select(number => new RecoveryCode { OperatorId = actor.Id, Number = number, Hash = $"hash {number}" }));
    });

    public static Task SetRolesAsync(this ConsoleRig rig, Actor actor, IEnumerable<Role> roles) => rig.ChangeAsync(async db =>
    {
        await db.OperatorRoles.Where(r => r.OperatorId == actor.Id).ExecuteDeleteAsync();
        db.OperatorRoles.AddRange(roles.Select(role => new OperatorRole { OperatorId = actor.Id, Role = role, GrantedAt = rig.Clock.Now() }));
    });

    public static Task<int> LivingSessionsAsync(this ConsoleRig rig, Actor actor) => rig.QueryAsync(db => db.OperatorSessions.CountAsync(s => s.OperatorId == actor.Id && s.EndedAt == null));
}
