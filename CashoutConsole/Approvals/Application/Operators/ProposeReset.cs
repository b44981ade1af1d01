using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application.Operators;

/// <summary>Proposes to take somebody's second factor away, so that they set it up anew; where asked for, the password too.</summary>
[UseCase(Permission.Administer)]
public sealed class ProposeReset(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    /// <param name="TakesPassword">The operator then needs a new link, as a new one does.</param>
    public sealed record Command(string OperatorId, bool TakesPassword, string Reason);

    public async Task<Result<Guid>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(ProposeReset), cancellation) is { } refusal)
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
            if (!found.IsSuccess)
            {
                return found.Error;
            }
            var row = found.Value;
            if (!row.IsActivated || (row.TwoFactorSince is null && !command.TakesPassword))
            {
                return ResetAction.NothingToReset;
            }
            var obstacle = await OperatorRequests.PendingAsync(scope.Db, ApprovalKind.OperatorReset, row.Id, cancellation)
                ?? await ResetAction.GapAsync(scope.Db, row, command.TakesPassword, cancellation);
            return obstacle is not null
                ? obstacle
                : await OperatorRequests.OpenAsync(scope, ApprovalKind.OperatorReset, row, ResetAction.LineOf(row, command.TakesPassword), command.Reason, cancellation);
        }, cancellation);
    }
}

/// <summary>A second person confirmed: the second factor and its recovery codes count no more, and all sessions end.</summary>
public sealed class ResetAction(SecurityOptions security) : IApprovedAction
{
    public static readonly Error NothingToReset = new("NothingToReset");

    public ApprovalKind Kind => ApprovalKind.OperatorReset;

    public Permission MakerPermission => Permission.Administer;

    public async Task<IReadOnlyList<CanonicalLine>> LinesAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation) =>
        await OperatorRequests.ReadAsync(db, request.SubjectId, cancellation) is { } row
            ? [new CanonicalLine(row.Id, LineOf(row, OperatorLines.TakesPassword(await OperatorRequests.StoredLineAsync(db, request, cancellation))))]
            : [];

    public async Task<Error?> ApproveAsync(WorkScope scope, ApprovalRequest request, CancellationToken cancellation)
    {
        var found = await OperatorRequests.BeginAsync(this, scope, request, cancellation);
        if (!found.IsSuccess || !found.Value.IsActivated)
        {
            return found.Error ?? NothingToReset;
        }
        var row = found.Value;
        var takesPassword = OperatorLines.TakesPassword(await OperatorRequests.StoredLineAsync(scope.Db, request, cancellation));
        if (await GapAsync(scope.Db, row, takesPassword, cancellation) is { } gap)
        {
            return gap;
        }
        row.TotpSecret = null;
        row.TwoFactorSince = null;
        row.PasswordHash = takesPassword ? null : row.PasswordHash;
        var now = scope.Now;
        await scope.Db.RecoveryCodes.Where(c => c.OperatorId == row.Id && c.UsedAt == null)
            .ExecuteUpdateAsync(set => set.SetProperty(static c => c.UsedAt, now), cancellation);
        await OperatorStanding.SignOutAsync(scope, row, security, "two-factor taken away", cancellation);
        scope.Record(OperatorStanding.Entry(AuditActions.OperatorReset, row) with
        {
            Reason = request.Reason,
            Details = AuditTrail.ToJson(new { TwoFactor = true, Password = takesPassword }),
            CorrelationId = request.Id.ToString(),
        });
        return null;
    }

    public Task CloseAsync(WorkScope scope, ApprovalRequest request, string? reason, CancellationToken cancellation)
    {
        scope.Announce(ChangeKind.Operator);
        return Task.CompletedTask;
    }

    internal static string LineOf(Operator row, bool takesPassword) => OperatorLines.OfReset(row.Id, row.UserName!, row.DisplayName, row.TwoFactorSince, takesPassword);

    /// <summary>Without a password somebody approves nothing until they have set a new one.</summary>
    internal static async Task<Error?> GapAsync(CashoutDbContext db, Operator row, bool takesPassword, CancellationToken cancellation) =>
        takesPassword && !row.IsDisabled ? await ActingPeople.GapAsync(db, OperatorRequests.Without(row), null, cancellation) : null;
}
