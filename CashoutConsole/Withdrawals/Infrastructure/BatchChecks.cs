using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>What must hold for the leg of a batch on top of what must hold for every withdrawal.</summary>
public static class BatchChecks
{
    /// <summary>So many refusals of one cooldown in a row mean that somebody else withdraws here: the plan waits for a person.</summary>
    private const int CooldownRefusals = 3;

    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    /// <summary>Null = its batch and its plan let it go on.</summary>
    public static async Task<SendVerdict?> WhyWaitAsync(CashoutDbContext db, Withdrawal withdrawal, ProviderSheet sheet, DateTimeOffset now, CancellationToken cancellation)
    {
        if (withdrawal is not { BatchId: { } batchId, BatchItem: { } number })
        {
            return null;
        }
        if (await db.Batches.AnyAsync(b => b.Id == batchId && b.PausedAt != null, cancellation))
        {
            return SendVerdict.Postpone(ReasonCodes.BatchPaused, now + LookAgain);
        }
        if (await db.BatchItems.AnyAsync(i => i.BatchId == batchId && i.Number == number && i.PausedAt != null, cancellation))
        {
            return SendVerdict.Postpone(ReasonCodes.PlanPaused, now + LookAgain);
        }
        if (withdrawal.Leg > 1 && await WhyLegWaitsAsync(db, withdrawal, batchId, number, now, cancellation) is { } leg)
        {
            return leg;
        }
        return SendChecks.CooldownScopeOf(withdrawal, sheet) is { } scopeId && await db.CooldownClocks.AnyAsync(c => c.ScopeId == scopeId && c.RefusalsInARow >= CooldownRefusals, cancellation)
            ? SendVerdict.PausePlan(ReasonCodes.CooldownRefused, now + LookAgain)
            : null;
    }

    /// <summary>Sets what a ceiling sends; or says that it cannot.</summary>
    public static async Task<SendVerdict?> RecomputeAsync(CashoutDbContext db, Withdrawal withdrawal, decimal fresh, ProviderSheet sheet, DateTimeOffset now, CancellationToken cancellation)
    {
        if (!withdrawal.IsCeiling)
        {
            return null;
        }
        var (amount, reason) = PlanRules.AmountNow(await StandAsync(db, withdrawal, cancellation), fresh, sheet);
        if (amount is { } sent)
        {
            withdrawal.SentMillionths = Money.ToMillionths(sent);
            return null;
        }
        return reason == ReasonCodes.DriftTooLarge ? SendVerdict.PausePlan(reason, now + LookAgain, $"Fresh balance: {fresh} {withdrawal.Currency}") : SendVerdict.NotSent(reason!);
    }

    /// <summary>The plan of this account stops until a person lets it go on.</summary>
    public static async Task PauseAsync(WorkScope scope, Withdrawal withdrawal, string reasonCode, string? text, CancellationToken cancellation)
    {
        var item = await scope.Db.BatchItems.SingleAsync(i => i.BatchId == withdrawal.BatchId && i.Number == withdrawal.BatchItem, cancellation);
        item.PausedAt = scope.Now;
        item.PauseCode = reasonCode;
        scope.Record(new AuditDraft(AuditActions.PlanPaused, BatchRules.Subject, withdrawal.BatchId!.Value.ToString())
        {
            Reason = reasonCode,
            Details = AuditTrail.ToJson(new { Item = item.Number, withdrawal.Leg, Text = text }),
            CorrelationId = withdrawal.BatchId.Value.ToString(),
        });
        scope.Announce(ChangeKind.Batch, withdrawal.BatchId);
    }

    private static async Task<PlanStand> StandAsync(CashoutDbContext db, Withdrawal withdrawal, CancellationToken cancellation)
    {
        var item = await db.BatchItems.AsNoTracking().SingleAsync(i => i.BatchId == withdrawal.BatchId && i.Number == withdrawal.BatchItem, cancellation);
        var legs = await db.Withdrawals.AsNoTracking().Where(w => w.BatchId == withdrawal.BatchId && w.BatchItem == withdrawal.BatchItem)
            .OrderBy(static w => w.Leg).ToListAsync(cancellation);
        var executed = legs
            .Where(leg => leg.Status == WithdrawalStatus.Succeeded && leg.Leg >= item.BaselineLeg && leg.Leg < withdrawal.Leg)
            .Sum(static leg => leg.SettledMillionths ?? leg.Instructed.Millionths);
        var waiting = legs.Where(leg => leg.Leg == withdrawal.Leg || (leg.Leg > withdrawal.Leg && leg.Status == WithdrawalStatus.Scheduled));
        return new PlanStand(
            Money.ToDecimal((item.BaselineMillionths ?? 0) - executed),
            Money.ToDecimal(withdrawal.DriftToleranceMillionths),
            [.. waiting.Select(static leg => leg.Amount.Amount)],
            Money.ToDecimal(withdrawal.KeepMillionths));
    }

    /// <summary>The legs of one account go one after the other. After one that failed a person looks first.</summary>
    private static async Task<SendVerdict?> WhyLegWaitsAsync(CashoutDbContext db, Withdrawal withdrawal, Guid batchId, int number, DateTimeOffset now, CancellationToken cancellation)
    {
        var earlier = await db.Withdrawals.AsNoTracking()
            .Where(w => w.BatchId == batchId && w.BatchItem == number && w.Leg < withdrawal.Leg)
            .Select(static w => new { w.Leg, w.Status, w.ReasonCode }).ToListAsync(cancellation);
        if (earlier.Exists(static leg => !WithdrawalTransitions.IsFinal(leg.Status)))
        {
            return SendVerdict.Postpone(ReasonCodes.EarlierLegOpen, now + LookAgain);
        }
        var baseline = await db.BatchItems.Where(i => i.BatchId == batchId && i.Number == number).Select(static i => i.BaselineLeg).SingleAsync(cancellation);
        return earlier.Exists(leg => leg.Leg >= baseline && leg.Status is (WithdrawalStatus.Failed or WithdrawalStatus.NotSent) && leg.ReasonCode != ReasonCodes.NothingLeft)
            ? SendVerdict.PausePlan(ReasonCodes.EarlierLegFailed, now + LookAgain)
            : null;
    }
}
