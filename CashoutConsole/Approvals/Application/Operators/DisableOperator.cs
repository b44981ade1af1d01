using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;

namespace CashoutConsole.Approvals.Application.Operators;

/// <summary>
/// Takes everything from somebody at once: the safe direction, so one person does it. It is refused when too few would be left to approve
/// what others ask for; then stopping to send and signing the operator out still works. What they requested can be approved no more.
/// </summary>
[UseCase(Permission.Administer)]
public sealed class DisableOperator(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    public sealed record Command(string OperatorId, string Reason);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(DisableOperator), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            var found = await OperatorStanding.BeginAsync(scope, command.OperatorId, Permission.Administer, security, cancellation);
            if (!found.IsSuccess || found.Value.IsDisabled)
            {
                return found.Error ?? new Error("OperatorIsDisabled");
            }
            var row = found.Value;
            // Somebody without a password approves nothing, so nothing is lost with them.
            if (row.IsActivated && await ActingPeople.GapAsync(scope.Db, OperatorRequests.Without(row), null, cancellation) is { } gap)
            {
                return gap;
            }
            row.DisabledAt = scope.Now;
            await OperatorInvites.RevokeAsync(scope.Db, row.Id, scope.Now, cancellation);
            await OperatorStanding.SignOutAsync(scope, row, security, "disabled", cancellation);
            scope.Record(OperatorStanding.Entry(AuditActions.OperatorDisabled, row) with { Reason = command.Reason.Trim() });
            return Done.Value;
        }, cancellation);
    }
}

/// <summary>Proposes that a disabled operator may work again, in the roles they had.</summary>
[UseCase(Permission.Administer)]
public sealed class ProposeEnable(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    public sealed record Command(string OperatorId, string Reason);

    public async Task<Result<Guid>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(ProposeEnable), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<Guid>(actor, async scope =>
        {
            var found = await OperatorStanding.BeginAsync(scope, command.OperatorId, Permission.Administer, security, cancellation);
            if (!found.IsSuccess || !found.Value.IsDisabled)
            {
                return found.Error ?? EnableAction.NotDisabled;
            }
            return await OperatorRequests.PendingAsync(scope.Db, ApprovalKind.OperatorEnable, command.OperatorId, cancellation) is { } pending
                ? pending
                : await OperatorRequests.OpenAsync(scope, ApprovalKind.OperatorEnable, found.Value, EnableAction.LineOf(found.Value), command.Reason, cancellation);
        }, cancellation);
    }
}

/// <summary>A second person confirmed: the operator may sign in again.</summary>
public sealed class EnableAction : IApprovedAction
{
    public static readonly Error NotDisabled = new("OperatorNotDisabled");

    public ApprovalKind Kind => ApprovalKind.OperatorEnable;

    public Permission MakerPermission => Permission.Administer;

    public async Task<IReadOnlyList<CanonicalLine>> LinesAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation) =>
        await OperatorRequests.ReadAsync(db, request.SubjectId, cancellation) is { } row ? [new CanonicalLine(row.Id, LineOf(row))] : [];

    public async Task<Error?> ApproveAsync(WorkScope scope, ApprovalRequest request, CancellationToken cancellation)
    {
        var found = await OperatorRequests.BeginAsync(this, scope, request, cancellation);
        if (!found.IsSuccess || !found.Value.IsDisabled)
        {
            return found.Error ?? NotDisabled;
        }
        var row = found.Value;
        if (await ActingPeople.GapAsync(scope.Db, OperatorRequests.With(row, OperatorStanding.RolesOf(row)), null, cancellation) is { } gap)
        {
            return gap;
        }
        row.DisabledAt = null;
        row.RenewStamp();
        scope.Record(OperatorStanding.Entry(AuditActions.OperatorEnabled, row) with { Reason = request.Reason, CorrelationId = request.Id.ToString() });
        scope.Announce(ChangeKind.Operator);
        return null;
    }

    public Task CloseAsync(WorkScope scope, ApprovalRequest request, string? reason, CancellationToken cancellation)
    {
        scope.Announce(ChangeKind.Operator);
        return Task.CompletedTask;
    }

    internal static string LineOf(Operator row) => OperatorLines.OfEnable(row.Id, row.UserName!, row.DisplayName, OperatorStanding.RolesOf(row), row.DisabledAt);
}
