using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>
/// The start-up rule, applied whenever a sender takes over a provider account: what was Sending is OutcomeUnknown now, never Failed or
/// Scheduled, and a Prepared attempt counts as maybe executed.
/// </summary>
public sealed class SendingRecovery(UnitOfWork work)
{
    /// <param name="inFlight">Withdrawals that this very process is sending right now.</param>
    public async Task RecoverAsync(Guid providerAccountId, ProviderSheet sheet, IReadOnlySet<Guid> inFlight, CancellationToken cancellation)
    {
        var result = await work.RunAsync<Done>(Actor.System("dispatcher"), async scope =>
        {
            var abandoned = await scope.Db.Withdrawals
                .Where(w => w.ProviderAccountId == providerAccountId
                    && (w.Status == WithdrawalStatus.Sending
                        || (w.Status == WithdrawalStatus.OutcomeUnknown
                            && scope.Db.Attempts.Any(a => a.WithdrawalId == w.Id && a.State == AttemptState.Prepared))))
                .ToListAsync(cancellation);
            foreach (var withdrawal in abandoned.Where(w => !inFlight.Contains(w.Id)))
            {
                var prepared = await scope.Db.Attempts
                    .Where(a => a.WithdrawalId == withdrawal.Id && a.State == AttemptState.Prepared).ToListAsync(cancellation);
                prepared.ForEach(static attempt => attempt.State = AttemptState.MaybeExecuted);
                withdrawal.NextCheckAt = scope.Now + OutcomeRules.Wait(sheet.PollSchedule, 0);
                if (withdrawal.Status == WithdrawalStatus.Sending)
                {
                    scope.Move(withdrawal, WithdrawalStatus.OutcomeUnknown, ReasonCodes.RestartedWhileSending, "The console stopped between sending and the answer.");
                }
                else
                {
                    withdrawal.Touch();
                }
            }
            return Done.Value;
        }, cancellation);
        if (!result.IsSuccess)
        {
            throw new InvalidOperationException($"Recovering what was being sent failed: {result.Error}");
        }
    }
}
