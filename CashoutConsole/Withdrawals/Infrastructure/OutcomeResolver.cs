using System.Text.Json;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>
/// Asks the provider about withdrawals that are Processing or OutcomeUnknown, and sends a key again only where the sheet calls that
/// safe and its window is open. Never guesses: what cannot be proven stays open and visible.
/// </summary>
public sealed class OutcomeResolver(
    IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IProviderRegistry registry, AnswerBook answers, TimeProvider clock)
{
    private static readonly TimeSpan EndpointRetry = TimeSpan.FromMinutes(5);

    /// <returns>True when the withdrawal became final.</returns>
    public async Task<bool> ResolveAsync(Guid withdrawalId, HeldLease lease, CancellationToken cancellation)
    {
        var open = await LoadAsync(withdrawalId, cancellation);
        if (open is null || registry.Find(open.ProviderAccountName) is not { } provider)
        {
            return false;
        }
        var sheet = provider.Sheet;
        var lookup = sheet.LookupNeedsReference && open.Withdrawal.ProviderReference is null && OutcomeRules.MayReplay(open.Withdrawal, sheet, clock.Now())
            ? new LookupOutcome.NotKnown("The provider finds an order only by its own reference, which never arrived.", WireRecord.Nothing)
            : await provider.LookUpAsync(open.Query, cancellation);
        var decision = await answers.WriteAsync(withdrawalId, open.Withdrawal.Version, lookup, sheet, cancellation);
        if (decision.IsSuccess && decision.Value.Replay)
        {
            await ReplayAsync(open, provider, lease, cancellation);
        }
        return decision.IsSuccess && decision.Value.MoveTo is { } status && WithdrawalTransitions.IsFinal(status);
    }

    private async Task ReplayAsync(OpenWithdrawal open, IPayoutProvider provider, HeldLease lease, CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var prepared = await work.RunAsync(
            WithdrawalSender.SystemActor(open.Withdrawal.MakerId), scope => CommitReplayAsync(scope, open, provider, lease, cancellation), cancellation);
        if (!prepared.IsSuccess)
        {
            return;
        }
        var (submission, number) = prepared.Value;
        var outcome = clock.GetElapsedTime(started) < SenderLeases.DurationFor(provider.Sheet) / 4
            ? await provider.SubmitAsync(submission, CancellationToken.None)
            : new SubmissionOutcome.NotExecuted(new ProviderFault(ProviderFaultKind.Other, RawText: "Preparing took too long; nothing was sent."), WireRecord.Nothing);
        await answers.WriteAsync(open.Withdrawal.Id, number, outcome, provider.Sheet, lease);
    }

    /// <summary>The same key, body, credential and endpoint as before, or nothing. The balance is not asked: the first send may have moved it.</summary>
    private async Task<Result<(PreparedSubmission Submission, int Number)>> CommitReplayAsync(
        WorkScope scope, OpenWithdrawal open, IPayoutProvider provider, HeldLease lease, CancellationToken cancellation)
    {
        var withdrawal = await scope.Db.Withdrawals.SingleAsync(w => w.Id == open.Withdrawal.Id, cancellation);
        var attempts = await scope.Db.Attempts.Where(a => a.WithdrawalId == withdrawal.Id).ToListAsync(cancellation);
        var first = attempts.MinBy(static a => a.Number)!;
        var submission = provider.Prepare(withdrawal.ToInstruction());
        var configured = registry.Definitions.FirstOrDefault(d => d.Name == open.ProviderAccountName)?.EndpointIdentity;
        var stopped = await scope.Db.SendingStops.AnyAsync(
            s => s.Stopped && (s.ScopeId == SendingStop.EverythingId || s.ScopeId == withdrawal.ProviderAccountId), cancellation);
        if (stopped
            || !OutcomeRules.MayReplay(withdrawal, provider.Sheet, scope.Now)
            || attempts.Exists(static a => a.State == AttemptState.Prepared)
            || submission.BodyHash != first.BodyHash
            || configured != withdrawal.EndpointIdentity
            || !await SenderLeases.HoldsAsync(scope.Db, lease, provider.Sheet, scope.Now, cancellation))
        {
            return new Error("ReplayNotAllowed");
        }
        var number = attempts.Count + 1;
        var evidence = JsonSerializer.Deserialize<EvidenceSnapshot>(first.Evidence)!;
        scope.Db.Attempts.Add(WithdrawalSender.NewAttempt(withdrawal, number, AttemptKind.Replay, submission, evidence, lease, scope.Now));
        withdrawal.Touch();
        scope.Record(new AuditDraft(AuditActions.WithdrawalReplayed, WithdrawalChanges.Subject, withdrawal.Id.ToString())
        {
            Details = AuditTrail.ToJson(new { Attempt = number, withdrawal.IdempotencyKey, submission.BodyHash, withdrawal.EndpointIdentity, lease.Sender }),
            CorrelationId = withdrawal.Id.ToString(),
        });
        scope.Announce(ChangeKind.Withdrawal, withdrawal.Id);
        return (submission, number);
    }

    private async Task<OpenWithdrawal?> LoadAsync(Guid withdrawalId, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var withdrawal = await db.Withdrawals.AsNoTracking().SingleAsync(w => w.Id == withdrawalId, cancellation);
        if (withdrawal.Status is not (WithdrawalStatus.Processing or WithdrawalStatus.OutcomeUnknown) || withdrawal.NextCheckAt > clock.Now())
        {
            return null;
        }
        var stored = await db.ProviderAccounts.AsNoTracking().SingleAsync(p => p.Id == withdrawal.ProviderAccountId, cancellation);
        var configured = registry.Definitions.FirstOrDefault(d => d.Name == stored.Name)?.EndpointIdentity;
        if (stored.EndpointIdentity != withdrawal.EndpointIdentity || configured != withdrawal.EndpointIdentity)
        {
            await WaitForEndpointAsync(withdrawal, cancellation);
            return null;
        }
        var first = await db.Attempts.AsNoTracking()
            .Where(a => a.WithdrawalId == withdrawalId && a.State != AttemptState.NotExecuted)
            .OrderBy(static a => a.Number).FirstOrDefaultAsync(cancellation);
        var claimed = await db.Withdrawals
            .Where(w => w.ProviderAccountId == withdrawal.ProviderAccountId && w.Id != withdrawalId && w.ProviderReference != null)
            .OrderByDescending(static w => w.CreatedAt).Take(5000)
            .Select(static w => w.ProviderReference!).ToListAsync(cancellation);
        var query = new LookupQuery(
            withdrawal.ExternalAccountId,
            withdrawal.Mode,
            withdrawal.Instructed,
            withdrawal.IdempotencyKey,
            withdrawal.ProviderReference,
            first?.PreparedAt ?? withdrawal.CreatedAt,
            first is null ? null : JsonSerializer.Deserialize<EvidenceSnapshot>(first.Evidence),
            claimed.ToHashSet(StringComparer.Ordinal));
        return new OpenWithdrawal(withdrawal, stored.Name, query);
    }

    /// <summary>Another endpoint knows nothing of this order, so it is not asked; the page says why, until the configuration is what it was.</summary>
    private Task<Result<Done>> WaitForEndpointAsync(Withdrawal seen, CancellationToken cancellation) =>
        work.RunAsync<Done>(Actor.System("resolver"), async scope =>
        {
            var withdrawal = await scope.Db.Withdrawals.SingleAsync(w => w.Id == seen.Id, cancellation);
            if (withdrawal.Version != seen.Version)
            {
                return UnitOfWork.Conflict;
            }
            withdrawal.ReasonCode = ReasonCodes.WrongEndpoint;
            withdrawal.NextCheckAt = scope.Now + EndpointRetry;
            withdrawal.Touch();
            scope.Announce(ChangeKind.Withdrawal, withdrawal.Id);
            return Done.Value;
        }, cancellation);

    private sealed record OpenWithdrawal(Withdrawal Withdrawal, string ProviderAccountName, LookupQuery Query);
}
