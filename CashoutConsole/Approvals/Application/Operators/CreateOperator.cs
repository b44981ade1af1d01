using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;

namespace CashoutConsole.Approvals.Application.Operators;

/// <summary>
/// Makes an operator who can do nothing yet: without a password, which they set by a link, and without roles, which a second person must
/// grant. The request for the roles is opened with it.
/// </summary>
[UseCase(Permission.Administer)]
public sealed class CreateOperator(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    public sealed record Command(string UserName, string DisplayName, IReadOnlyList<Role> Roles, string Reason);

    /// <param name="Invite">Shown once to whoever made it: only a hash of its token is kept.</param>
    /// <param name="RequestId">The request for the roles.</param>
    public sealed record Created(InviteLink Invite, Guid RequestId);

    public async Task<Result<Created>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(CreateOperator), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (FaultOf(command) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync(actor, scope => CreateAsync(scope, command, cancellation), cancellation);
    }

    private async Task<Result<Created>> CreateAsync(WorkScope scope, Command command, CancellationToken cancellation)
    {
        await OperatorStanding.LockAsync(scope.Db, cancellation);
        if (!await AccessGate.HoldsAsync(scope.Db, scope.Actor, Permission.Administer, cancellation))
        {
            return AccessGate.Forbidden;
        }
        if (await StepUps.MissingAsync(scope.Db, scope.Actor, scope.Now, security, cancellation) is { } stepUp)
        {
            return stepUp;
        }
        if (await OperatorRows.IsTakenAsync(scope.Db, command.UserName, cancellation))
        {
            return new Error("OperatorExists", command.UserName);
        }
        var row = OperatorRows.New(command.UserName, command.DisplayName, [], scope.Now);
        scope.Db.Users.Add(row);
        scope.Record(OperatorStanding.Entry(AuditActions.OperatorCreated, row) with
        {
            Reason = command.Reason.Trim(),
            After = AuditTrail.ToJson(new { row.UserName, row.DisplayName, Roles = Array.Empty<Role>(), Wanted = command.Roles }),
        });
        var invite = await OperatorInvites.IssueAsync(scope, row, cancellation);
        var line = OperatorLines.OfRoles(row.Id, row.UserName!, row.DisplayName, [], command.Roles);
        return new Created(invite, await OperatorRequests.OpenAsync(scope, ApprovalKind.Roles, row, line, command.Reason, cancellation));
    }

    private static Error? FaultOf(Command command) =>
        OperatorRows.FaultOf(command.UserName, command.DisplayName)
        ?? (command.Roles.Count == 0 || !command.Roles.All(Enum.IsDefined) ? new Error("RoleMissing") : TextRules.FaultOf(command.Reason));
}
