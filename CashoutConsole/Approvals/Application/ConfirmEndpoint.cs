using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

/// <summary>Proposes that a new or changed live endpoint may be sent to. It stays paused until a second person confirms it.</summary>
[UseCase(Permission.Administer)]
public sealed class ProposeEndpoint(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    private static readonly TimeSpan DecideWithin = TimeSpan.FromHours(PolicyBook.FirstDecideWithinHours);

    /// <param name="EndpointIdentity">As the proposer saw it.</param>
    public sealed record Command(Guid ProviderAccountId, string EndpointIdentity, string Reason);

    public async Task<Result<Guid>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(ProposeEndpoint), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<Guid>(actor, async scope =>
        {
            if (await StepUps.MissingAsync(scope.Db, actor, scope.Now, security, cancellation) is { } stepUp)
            {
                return stepUp;
            }
            var row = await scope.Db.ProviderAccounts.SingleOrDefaultAsync(p => p.Id == command.ProviderAccountId, cancellation);
            if (row is not { State: ProviderAccountState.AwaitingConfirmation } || row.EndpointIdentity != command.EndpointIdentity)
            {
                return new Error("EndpointNotWaiting");
            }
            var subject = row.Id.ToString();
            if (await scope.Db.ApprovalRequests.AnyAsync(r => r.Kind == ApprovalKind.Endpoint && r.SubjectId == subject && r.Status == ApprovalStatus.Pending, cancellation))
            {
                return new Error("EndpointAlreadyProposed");
            }
            return ApprovalDesk.Open(scope, new ApprovalDraft(Guid.CreateVersion7(scope.Now), ApprovalKind.Endpoint, command.Reason, EndpointAction.LinesOf(row)) { DecideWithin = DecideWithin }).Id;
        }, cancellation);
    }
}

/// <summary>A second person confirmed the endpoint: it may be sent to.</summary>
public sealed class EndpointAction : IApprovedAction
{
    public ApprovalKind Kind => ApprovalKind.Endpoint;

    public Permission MakerPermission => Permission.Administer;

    public async Task<IReadOnlyList<CanonicalLine>> LinesAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation)
    {
        var id = Guid.Parse(request.SubjectId);
        return await db.ProviderAccounts.AsNoTracking().SingleOrDefaultAsync(p => p.Id == id, cancellation) is { } row ? LinesOf(row) : [];
    }

    public async Task<Error?> ApproveAsync(WorkScope scope, ApprovalRequest request, CancellationToken cancellation)
    {
        var id = Guid.Parse(request.SubjectId);
        var row = await scope.Db.ProviderAccounts.SingleAsync(p => p.Id == id, cancellation);
        if (row.State != ProviderAccountState.AwaitingConfirmation)
        {
            return new Error("EndpointNotWaiting");
        }
        row.State = ProviderAccountState.Active;
        scope.Record(new AuditDraft(AuditActions.ProviderAccountConfirmed, "provider-account", row.Name)
        {
            After = AuditTrail.ToJson(new { row.Origin, row.EndpointIdentity, row.State }),
            CorrelationId = request.Id.ToString(),
        });
        scope.Announce(ChangeKind.ProviderAccount, row.Id);
        return null;
    }

    /// <summary>It stays paused.</summary>
    public Task CloseAsync(WorkScope scope, ApprovalRequest request, string? reason, CancellationToken cancellation) => Task.CompletedTask;

    internal static IReadOnlyList<CanonicalLine> LinesOf(ProviderAccount row) =>
    [
        new(row.Id.ToString(), ApprovalDigest.TextOf([("provider-account", row.Name), ("origin", row.Origin), ("endpoint", row.EndpointIdentity)])),
    ];
}
