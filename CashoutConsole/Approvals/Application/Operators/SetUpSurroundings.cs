using CashoutConsole.Audit.Application;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Domain;

namespace CashoutConsole.Approvals.Application.Operators;

/// <summary>What the set-up ceremony must know and do in rooms that come after its own.</summary>
public sealed class SetUpSurroundings : ISetUpSurroundings
{
    public async Task<bool> IsSatisfiableAsync(CashoutDbContext db, CancellationToken cancellation) =>
        await ActingPeople.GapAsync(db, null, null, cancellation) is null;

    public Task StopSendingAsync(WorkScope scope, string reason, CancellationToken cancellation) =>
        SendingStops.StopAsync(scope, SendingStop.EverythingId, reason, cancellation);
}
