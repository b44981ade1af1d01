using System.Text.Json;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <param name="Sent">It was sent, or tried to be.</param>
/// <param name="Sign">What that says about the provider's health.</param>
public readonly record struct SendResult(bool Sent, ProviderHealthSign Sign)
{
    public static readonly SendResult Nothing = new(false, ProviderHealthSign.None);
}

/// <summary>
/// Sends one scheduled withdrawal: claim, fresh reading, then in one transaction the last checks, the attempt and the status Sending;
/// only then the socket; then the answer. No network call stands inside a transaction, and whatever stops this code half-way leaves
/// either Scheduled with nothing sent, or Sending with a Prepared attempt, which the next start calls OutcomeUnknown.
/// </summary>
public sealed class WithdrawalSender(UnitOfWork work, IProviderRegistry registry, SendChecks checks, AnswerBook answers, TimeProvider clock)
{
    private static readonly TimeSpan ReadingRetry = TimeSpan.FromSeconds(30);

    public async Task<SendResult> SendAsync(Guid withdrawalId, HeldLease lease, CancellationToken cancellation)
    {
        var claimedAt = clock.GetTimestamp();
        var claim = await ClaimAsync(withdrawalId, lease, cancellation);
        if (!claim.IsSuccess || registry.Find(claim.Value.ProviderAccountName) is not { } provider)
        {
            return SendResult.Nothing;
        }
        var reading = await provider.ReadBeforeSendAsync(claim.Value.ExternalAccountId, cancellation);
        if (reading.Value is not { Account.Balance: not null } fresh)
        {
            await WaitAsync(claim.Value, ReasonCodes.ReadingFailed, reading.Fault?.ToString() ?? "The provider named no balance.", ReadingRetry, cancellation);
            return new SendResult(false, reading.Fault is { } fault ? ProviderBreaker.SignOf(fault.Kind) : ProviderHealthSign.Answered);
        }
        var committed = await CommitAttemptAsync(claim.Value, lease, provider, fresh, cancellation);
        if (!committed.IsSuccess || committed.Value is not { } prepared)
        {
            return SendResult.Nothing;
        }
        // The socket opens only while less than a quarter of the lease has passed since the claim, by the monotonic clock.
        var outcome = clock.GetElapsedTime(claimedAt) < SenderLeases.DurationFor(provider.Sheet) / 4
            ? await provider.SubmitAsync(prepared.Submission, CancellationToken.None)
            : new SubmissionOutcome.NotExecuted(new ProviderFault(ProviderFaultKind.Other, RawText: "Preparing took too long; nothing was sent."), WireRecord.Nothing);
        await answers.WriteAsync(withdrawalId, prepared.AttemptNumber, outcome, provider.Sheet, lease);
        return new SendResult(true, outcome switch
        {
            SubmissionOutcome.NotExecuted(var fault, _) => ProviderBreaker.SignOf(fault.Kind),
            SubmissionOutcome.Unknown(var fault, _) => ProviderBreaker.SignOf(fault.Kind),
            _ => ProviderHealthSign.Answered,
        });
    }

    /// <summary>
    /// A claim is a lease only: it changes no status, and a cancellation in between wins by the version. A claim of an earlier holder of
    /// the provider account's lease is dead: the version changes here, and its commit would ask for that lease.
    /// </summary>
    private Task<Result<Claim>> ClaimAsync(Guid withdrawalId, HeldLease lease, CancellationToken cancellation) =>
        work.RunAsync<Claim>(SystemActor(null), async scope =>
        {
            var withdrawal = await scope.Db.Withdrawals.SingleAsync(w => w.Id == withdrawalId, cancellation);
            var name = await scope.Db.ProviderAccounts.Where(p => p.Id == withdrawal.ProviderAccountId).Select(static p => p.Name).SingleAsync(cancellation);
            if (withdrawal.Status != WithdrawalStatus.Scheduled || withdrawal.NotBefore > scope.Now
                || registry.Find(name) is not { Sheet: var sheet }
                || !await SenderLeases.HoldsAsync(scope.Db, lease, sheet, scope.Now, cancellation))
            {
                return UnitOfWork.Conflict;
            }
            withdrawal.ClaimedBy = lease.Sender;
            withdrawal.ClaimedUntil = scope.Now + SenderLeases.DurationFor(sheet);
            withdrawal.Touch();
            return new Claim(withdrawalId, withdrawal.Version, withdrawal.ExternalAccountId, name, withdrawal.MakerId);
        }, cancellation);

    /// <returns>Null inside a success = our own check refused or postponed it, which is committed.</returns>
    private Task<Result<Prepared?>> CommitAttemptAsync(
        Claim claim, HeldLease lease, IPayoutProvider provider, PreSendReading fresh, CancellationToken cancellation) =>
        work.RunAsync<Prepared?>(SystemActor(claim.MakerId), async scope =>
        {
            var withdrawal = await scope.Db.Withdrawals.SingleAsync(w => w.Id == claim.WithdrawalId, cancellation);
            if (withdrawal.Version != claim.Version || withdrawal.ClaimedBy != lease.Sender
                || !await SenderLeases.HoldsAsync(scope.Db, lease, provider.Sheet, scope.Now, cancellation))
            {
                return UnitOfWork.Conflict;
            }
            if (await checks.JudgeAsync(scope, withdrawal, claim.ProviderAccountName, provider.Sheet, fresh, cancellation) is { } verdict)
            {
                await verdict.ApplyAsync(scope, withdrawal, cancellation);
                return Result<Prepared?>.Success(null);
            }
            var submission = provider.Prepare(withdrawal.ToInstruction());
            var number = await scope.Db.Attempts.CountAsync(a => a.WithdrawalId == withdrawal.Id, cancellation) + 1;
            scope.Db.Attempts.Add(NewAttempt(withdrawal, number, AttemptKind.Send, submission, fresh.Evidence, lease, scope.Now));
            withdrawal.FirstSentAt ??= scope.Now;
            withdrawal.ProviderText = null;
            scope.Move(withdrawal, WithdrawalStatus.Sending, null, null, new
            {
                Attempt = number,
                withdrawal.IdempotencyKey,
                submission.BodyHash,
                withdrawal.EndpointIdentity,
                BalanceBefore = fresh.Account.Balance,
                Sender = lease.Sender,
            });
            await SendChecks.HoldCooldownAsync(scope, withdrawal, provider.Sheet, cancellation);
            return Result<Prepared?>.Success(new Prepared(submission, number));
        }, cancellation);

    private Task<Result<Done>> WaitAsync(Claim claim, string reasonCode, string text, TimeSpan wait, CancellationToken cancellation) =>
        work.RunAsync<Done>(SystemActor(claim.MakerId), async scope =>
        {
            var withdrawal = await scope.Db.Withdrawals.SingleAsync(w => w.Id == claim.WithdrawalId, cancellation);
            if (withdrawal.Version != claim.Version)
            {
                return UnitOfWork.Conflict;
            }
            await SendVerdict.Postpone(reasonCode, scope.Now + wait, text).ApplyAsync(scope, withdrawal, cancellation);
            return Done.Value;
        }, cancellation);

    internal static Attempt NewAttempt(
        Withdrawal withdrawal, int number, AttemptKind kind, PreparedSubmission submission, EvidenceSnapshot evidence, HeldLease lease, DateTimeOffset now) => new()
        {
            WithdrawalId = withdrawal.Id,
            Number = number,
            Kind = kind,
            State = AttemptState.Prepared,
            IdempotencyKey = withdrawal.IdempotencyKey,
            CanonicalBody = submission.CanonicalBody,
            BodyHash = submission.BodyHash,
            EndpointIdentity = withdrawal.EndpointIdentity,
            PreparedAt = now,
            Evidence = JsonSerializer.Serialize(evidence),
            Sender = lease.Sender,
        };

    internal static Actor SystemActor(string? makerId) => Actor.System("dispatcher", makerId);

    private sealed record Claim(Guid WithdrawalId, long Version, string ExternalAccountId, string ProviderAccountName, string MakerId);

    private sealed record Prepared(PreparedSubmission Submission, int AttemptNumber);
}
