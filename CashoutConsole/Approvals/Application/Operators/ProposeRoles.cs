using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;

namespace CashoutConsole.Approvals.Application.Operators;

/// <summary>
/// Proposes what somebody else shall be: the complete new set of roles. Giving and taking alike need a second person; who must not act
/// until then is signed out or disabled, which one person can do at once.
/// </summary>
[UseCase(Permission.Administer)]
public sealed class ProposeRoles(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    public sealed record Command(string OperatorId, IReadOnlyList<Role> Roles, string Reason);

    public async Task<Result<Guid>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(ProposeRoles), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (!command.Roles.All(Enum.IsDefined))
        {
            return new Error("RoleMissing");
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<Guid>(actor, async scope =>
        {
            var found = await OperatorStanding.BeginAsync(scope, command.OperatorId, Permission.Administer, security, cancellation);
            if (!found.IsSuccess)
            {
                return found.Error;
            }
            var row = found.Value;
            if (await ObstacleAsync(scope.Db, row, command.Roles, cancellation) is { } obstacle)
            {
                return obstacle;
            }
            var line = OperatorLines.OfRoles(row.Id, row.UserName!, row.DisplayName, OperatorStanding.RolesOf(row), command.Roles);
            return await OperatorRequests.OpenAsync(scope, ApprovalKind.Roles, row, line, command.Reason, cancellation);
        }, cancellation);
    }

    private static async Task<Error?> ObstacleAsync(CashoutDbContext db, Operator row, IReadOnlyList<Role> roles, CancellationToken cancellation)
    {
        if (row.IsDisabled)
        {
            return new Error("OperatorIsDisabled");
        }
        if (roles.ToHashSet().SetEquals(OperatorStanding.RolesOf(row)))
        {
            return new Error("RolesUnchanged");
        }
        return await OperatorRequests.PendingAsync(db, ApprovalKind.Roles, row.Id, cancellation)
            ?? await ActingPeople.GapAsync(db, OperatorRequests.With(row, roles), null, cancellation);
    }
}

/// <summary>A second person confirmed: the operator has these roles from now on, and signs in anew.</summary>
public sealed class RolesAction(SetUp setUp, SecurityOptions security) : IApprovedAction
{
    public ApprovalKind Kind => ApprovalKind.Roles;

    public Permission MakerPermission => Permission.Administer;

    /// <summary>The roles before as they are now, the roles after as they were asked for.</summary>
    public async Task<IReadOnlyList<CanonicalLine>> LinesAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        if (await OperatorRequests.ReadAsync(db, request.SubjectId, cancellation) is not { } row)
        {
            return [];
        }
        var after = OperatorLines.RolesAfter(await OperatorRequests.StoredLineAsync(db, request, cancellation));
        return [new CanonicalLine(row.Id, OperatorLines.OfRoles(row.Id, row.UserName!, row.DisplayName, OperatorStanding.RolesOf(row), after))];
    }

    public async Task<Error?> ApproveAsync(WorkScope scope, ApprovalRequest request, CancellationToken cancellation)
    {
        var found = await OperatorRequests.BeginAsync(this, scope, request, cancellation);
        if (!found.IsSuccess || found.Value.IsDisabled)
        {
            return found.Error ?? new Error("OperatorIsDisabled");
        }
        var row = found.Value;
        var before = OperatorStanding.RolesOf(row);
        var after = OperatorLines.RolesAfter(await OperatorRequests.StoredLineAsync(scope.Db, request, cancellation));
        if (await ActingPeople.GapAsync(scope.Db, OperatorRequests.With(row, after), null, cancellation) is { } gap)
        {
            return gap;
        }
        scope.Db.OperatorRoles.RemoveRange(row.Roles.Where(role => !after.Contains(role.Role)));
        scope.Db.OperatorRoles.AddRange(after.Except(before).Select(role => new OperatorRole { OperatorId = row.Id, Role = role, GrantedAt = scope.Now }));
        await OperatorStanding.SignOutAsync(scope, row, security, "roles changed", cancellation);
        scope.Record(OperatorStanding.Entry(AuditActions.OperatorRolesChanged, row) with
        {
            Reason = request.Reason,
            Before = AuditTrail.ToJson(new { Roles = before }),
            After = AuditTrail.ToJson(new { Roles = after }),
            CorrelationId = request.Id.ToString(),
        });
        await setUp.CloseIfCompleteAsync(scope, cancellation);
        return null;
    }

    public Task CloseAsync(WorkScope scope, ApprovalRequest request, string? reason, CancellationToken cancellation)
    {
        scope.Announce(ChangeKind.Operator);
        return Task.CompletedTask;
    }
}
