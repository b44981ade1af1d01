using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;

namespace CashoutConsole.Identity.Application;

/// <summary>Ends all sessions of somebody else at once. The safe direction, so it asks for no step-up; they can sign in again.</summary>
[UseCase(Permission.Administer)]
public sealed class SignOutEverywhere(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    public sealed record Command(string OperatorId, string Reason);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(SignOutEverywhere), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<Done>(actor, async scope =>
        {
            var found = await OperatorStanding.BeginAsync(scope, command.OperatorId, Permission.Administer, null, cancellation);
            if (!found.IsSuccess)
            {
                return found.Error;
            }
            await OperatorStanding.SignOutAsync(scope, found.Value, security, "signed out everywhere by an administrator", cancellation);
            scope.Record(OperatorStanding.Entry(AuditActions.SignedOutEverywhere, found.Value) with { Reason = command.Reason.Trim() });
            return Done.Value;
        }, cancellation);
    }
}
