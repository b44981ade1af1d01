using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Cards.Application;

/// <summary>A person asks for the fresh balance of one account, and waits for it.</summary>
[UseCase(Permission.RefreshBalances)]
public sealed class RefreshAccount(AccessGate gate, AccountReader reader)
{
    /// <param name="Fault">Why there is no new reading; null = there is one.</param>
    public sealed record Outcome(ProviderFault? Fault);

    public async Task<Result<Outcome>> ExecuteAsync(Actor actor, Guid accountId, CancellationToken cancellation) =>
        await gate.RefusalAsync(actor, Permission.RefreshBalances, nameof(RefreshAccount), cancellation) is { } refusal
            ? refusal
            : new Outcome(await reader.ReadAsync(accountId, cancellation));
}
