using CashoutConsole.Approvals.Domain;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using CashoutConsole.Withdrawals.Infrastructure;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

/// <summary>What people do with batches, in one line each.</summary>
internal static class BatchRig
{
    public static AccountSelection These(params Account[] accounts) => new(null, accounts.Select(static a => a.Id).ToHashSet());

    /// <summary>Started and planned, not confirmed.</summary>
    public static async Task<Guid> DraftAsync(this ConsoleRig rig, AccountSelection selection, BulkAmountKind kind = BulkAmountKind.All, decimal amount = 0, Actor? maker = null)
    {
        var started = await rig.Get<StartBatch>().ExecuteAsync(maker ?? rig.Treasury, new StartBatch.Command(Guid.NewGuid(), selection, kind, amount, null), CancellationToken.None);
        Assert.True(started.IsSuccess, started.Error?.ToString());
        await rig.Get<BatchReader>().StepAsync(CancellationToken.None);
        return started.Value;
    }

    public static async Task<Result<Guid>> SubmitAsync(this ConsoleRig rig, Guid batchId, Actor? maker = null, bool stepUp = true)
    {
        maker ??= rig.Treasury;
        if (stepUp)
        {
            await rig.StepUpAsync(maker);
        }
        var view = await rig.ShowAsync(batchId, maker);
        return await rig.Get<SubmitBatch>().ExecuteAsync(maker, new SubmitBatch.Command(batchId, view.Batch.Version, view.PlannedLegs, "Bring it all home"), CancellationToken.None);
    }

    public static async Task<BatchView> ShowAsync(this ConsoleRig rig, Guid batchId, Actor? actor = null)
    {
        var view = await rig.Get<ShowBatch>().ExecuteAsync(actor ?? rig.Treasury, batchId, CancellationToken.None);
        Assert.True(view.IsSuccess, view.Error?.ToString());
        return view.Value;
    }

    public static Task<List<Withdrawal>> LegsAsync(this ConsoleRig rig, Guid batchId) =>
        rig.QueryAsync(db => db.Withdrawals.AsNoTracking().Where(w => w.BatchId == batchId).OrderBy(w => w.BatchItem).ThenBy(w => w.Leg).ToListAsync());

    public static Task<List<BatchItem>> ItemsAsync(this ConsoleRig rig, Guid batchId) =>
        rig.QueryAsync(db => db.BatchItems.AsNoTracking().Where(i => i.BatchId == batchId).OrderBy(i => i.Number).ToListAsync());

    public static Task<ApprovalRequest> RequestOfBatchAsync(this ConsoleRig rig, Guid batchId) => rig.QueryAsync(db =>
        db.ApprovalRequests.AsNoTracking().SingleAsync(r => r.Id == db.Batches.Single(b => b.Id == batchId).ApprovalId));

    /// <summary>What the sender would take now, in its order; each is sent.</summary>
    public static async Task<int> SendDueAsync(this ConsoleRig rig)
    {
        var sent = 0;
        foreach (var withdrawal in await rig.Get<SendQueue>().DueAsync(rig.ProviderAccount.Id, 0, rig.Clock.Now(), CancellationToken.None))
        {
            await using var db = rig.Database.NewContext();
            if (await SendChecks.WhyWaitAsync(db, withdrawal, rig.Provider.Sheet, rig.Clock.Now(), CancellationToken.None) is { } verdict)
            {
                await rig.ApplyAsync(withdrawal.Id, verdict);
                continue;
            }
            sent += await rig.SendAsync(withdrawal.Id) ? 1 : 0;
        }
        return sent;
    }

    private static async Task ApplyAsync(this ConsoleRig rig, Guid id, SendVerdict verdict)
    {
        var result = await rig.Get<CashoutConsole.Audit.Application.UnitOfWork>().RunAsync<Done>(Actor.System("dispatcher"), async scope =>
        {
            await verdict.ApplyAsync(scope, await scope.Db.Withdrawals.SingleAsync(w => w.Id == id), CancellationToken.None);
            return Done.Value;
        }, CancellationToken.None);
        Assert.True(result.IsSuccess);
    }
}
