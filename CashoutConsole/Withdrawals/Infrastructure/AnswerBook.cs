using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>Writes down what came back: the attempt's end, the decision of <see cref="OutcomeRules"/>, breaks, cooldown, the account's new balance.</summary>
public sealed class AnswerBook(UnitOfWork work, TimeProvider clock, ILogger<AnswerBook> log)
{
    private const int WriteTries = 5;

    /// <summary>
    /// Commits the answer to one attempt. Tries again when the database is busy or gone; when it stays gone the attempt stays Prepared,
    /// which is read as "maybe executed" ever after.
    /// </summary>
    public async Task WriteAsync(Guid withdrawalId, int attemptNumber, SubmissionOutcome outcome, ProviderSheet sheet, HeldLease lease)
    {
        for (var attempt = 1; attempt <= WriteTries; attempt++)
        {
            try
            {
                var result = await work.RunAsync(
                    WithdrawalSender.SystemActor(null), scope => WriteAsync(scope, withdrawalId, attemptNumber, outcome, sheet, lease), CancellationToken.None);
                if (result.IsSuccess || !result.Error.Is(UnitOfWork.Conflict.Code))
                {
                    return;
                }
            }
            catch (Exception exception) when (attempt < WriteTries && exception is System.Data.Common.DbException or DbUpdateException or InvalidOperationException)
            {
                log.LogWarning("Writing the answer to attempt {Attempt} of withdrawal {Withdrawal} failed ({Fault}); trying again.", attemptNumber, withdrawalId, exception.GetType().Name);
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200 * attempt), clock);
        }
    }

    /// <summary>Commits what a look-up means. A look-up that changes nothing still moves "last checked".</summary>
    public Task<Result<Decision>> WriteAsync(
        Guid withdrawalId, long version, LookupOutcome lookup, ProviderSheet sheet, CancellationToken cancellation) =>
        work.RunAsync<Decision>(Actor.System("resolver"), async scope =>
        {
            var withdrawal = await scope.Db.Withdrawals.SingleAsync(w => w.Id == withdrawalId, cancellation);
            if (withdrawal.Version != version || withdrawal.IsFinal)
            {
                return UnitOfWork.Conflict;
            }
            var duplicate = await scope.Db.Attempts.AnyAsync(
                a => a.WithdrawalId == withdrawalId && a.Outcome == nameof(SubmissionOutcome.Unknown) + ":" + nameof(ProviderFaultKind.Duplicate), cancellation);
            var halfDone = await scope.Db.Breaks.AnyAsync(b => b.WithdrawalId == withdrawalId && b.Kind == BreakKind.HalfDone, cancellation);
            var decision = OutcomeRules.OnLookup(withdrawal, lookup, sheet, duplicate, halfDone, scope.Now);
            await ApplyAsync(scope, withdrawal, decision, lookup.Wire, null, cancellation);
            withdrawal.Checks++;
            withdrawal.LastCheckedAt = scope.Now;
            withdrawal.LastCheckNote = Cut(lookup.Note);
            return decision;
        }, cancellation);

    private static async Task<Result<Done>> WriteAsync(
        WorkScope scope, Guid withdrawalId, int attemptNumber, SubmissionOutcome outcome, ProviderSheet sheet, HeldLease lease)
    {
        var withdrawal = await scope.Db.Withdrawals.SingleAsync(w => w.Id == withdrawalId);
        var attempts = await scope.Db.Attempts.Where(a => a.WithdrawalId == withdrawalId).ToListAsync();
        var attempt = attempts.Single(a => a.Number == attemptNumber);
        if (attempt.AnsweredAt is not null || withdrawal.IsFinal)
        {
            return new Error("AlreadyAnswered");
        }
        // A recovery that found this attempt Prepared has called it MaybeExecuted. Its real answer is still the best evidence there is.
        var earlier = attempts.Exists(a => a.Number != attemptNumber && a.State is AttemptState.MaybeExecuted or AttemptState.Prepared);
        var decision = OutcomeRules.OnAnswer(withdrawal, attemptNumber, earlier, outcome, sheet, scope.Now);
        attempt.State = decision.Attempt!.Value;
        attempt.AnsweredAt = scope.Now;
        attempt.Outcome = NameOf(outcome);
        attempt.HttpStatus = outcome.Wire.HttpStatus;
        attempt.AnswerDigest = outcome.Wire.AnswerDigest;
        attempt.AnswerText = outcome.Wire.AnswerText;
        attempt.DurationMilliseconds = (long)outcome.Wire.Duration.TotalMilliseconds;
        // Before the status: the database lets a withdrawal back to Scheduled only when it sees every attempt NotExecuted.
        await scope.Db.SaveChangesAsync();
        var refusedForCooldown = decision.Fault?.Kind == ProviderFaultKind.Cooldown;
        // Nothing reached the provider when the socket never opened; after every other attempt its waiting time counts anew.
        var next = outcome is SubmissionOutcome.NotExecuted ? scope.Now : scope.Now + sheet.Cooldown;
        await SendChecks.SetCooldownAsync(scope, withdrawal, sheet, next, refusedForCooldown, CancellationToken.None);
        await ApplyAsync(scope, withdrawal, decision, outcome.Wire, new { Attempt = attemptNumber, attempt.Outcome, Sender = lease.Sender }, CancellationToken.None);
        return Done.Value;
    }

    private static async Task ApplyAsync(
        WorkScope scope, Withdrawal withdrawal, Decision decision, WireRecord wire, object? details, CancellationToken cancellation)
    {
        if (decision.Receipt is { } receipt)
        {
            withdrawal.ProviderReference = receipt.ProviderReference ?? withdrawal.ProviderReference;
            withdrawal.FeeMillionths = Millionths(receipt.Fee) ?? withdrawal.FeeMillionths;
        }
        withdrawal.ProviderText = decision.Fault?.RawText ?? withdrawal.ProviderText;
        withdrawal.NextCheckAt = decision.NextCheckAt;
        withdrawal.NotBefore = decision.NotBefore ?? withdrawal.NotBefore;
        if (decision.MoveTo is not { } status)
        {
            withdrawal.ReasonCode = decision.ReasonCode;
            withdrawal.Touch();
            scope.Announce(ChangeKind.Withdrawal, withdrawal.Id);
        }
        else
        {
            if (status == WithdrawalStatus.Succeeded)
            {
                withdrawal.SettledMillionths = Millionths(decision.Receipt?.Amount) ?? withdrawal.AmountMillionths;
            }
            scope.Move(withdrawal, status, decision.ReasonCode, Cut(decision.Evidence), new { wire.HttpStatus, wire.AnswerDigest, Send = details });
        }
        var account = await scope.Db.Accounts.SingleAsync(a => a.Id == withdrawal.AccountId, cancellation);
        if (withdrawal.IsFinal)
        {
            account.Version++;
            BookBalance(account, withdrawal, decision.Receipt, scope.Now);
        }
        if (decision.Break is { } draft)
        {
            OpenBreak(scope, withdrawal, account, draft);
        }
    }

    /// <summary>The balance as it must be now, until the next reading says better: the answer's own figure, or the last reading less what moved.</summary>
    private static void BookBalance(Cards.Domain.Account account, Withdrawal withdrawal, Receipt? receipt, DateTimeOffset now)
    {
        if (withdrawal.Status != WithdrawalStatus.Succeeded)
        {
            return;
        }
        if (Millionths(receipt?.AccountBalanceAfter) is { } after)
        {
            account.BalanceMillionths = after;
            account.BalanceReadAt = now;
        }
        else if (account.BalanceReadAt <= withdrawal.FirstSentAt)
        {
            account.BalanceMillionths = Math.Max(0, (account.BalanceMillionths ?? 0) - withdrawal.SettledMillionths!.Value);
        }
    }

    private static void OpenBreak(WorkScope scope, Withdrawal withdrawal, Cards.Domain.Account account, BreakDraft draft)
    {
        var opened = new Break
        {
            Id = Guid.CreateVersion7(scope.Now),
            WithdrawalId = withdrawal.Id,
            AccountId = account.Id,
            Kind = draft.Kind,
            Detail = draft.Detail,
            OpenedAt = scope.Now,
        };
        scope.Db.Breaks.Add(opened);
        account.FrozenAt ??= scope.Now;
        account.Version++;
        scope.Record(new AuditDraft(AuditActions.BreakOpened, "break", opened.Id.ToString())
        {
            Reason = draft.Kind.ToString(),
            After = AuditTrail.ToJson(new { withdrawal = withdrawal.Id, account = account.ExternalId, draft.Detail }),
            CorrelationId = withdrawal.Id.ToString(),
        });
    }

    private static string NameOf(SubmissionOutcome outcome) => outcome switch
    {
        SubmissionOutcome.NotExecuted(var fault, _) => $"{nameof(SubmissionOutcome.NotExecuted)}:{fault.Kind}",
        SubmissionOutcome.TryLater(var fault, _, _) => $"{nameof(SubmissionOutcome.TryLater)}:{fault.Kind}",
        SubmissionOutcome.Refused(var fault, _) => $"{nameof(SubmissionOutcome.Refused)}:{fault.Kind}",
        SubmissionOutcome.Unknown(var fault, _) => $"{nameof(SubmissionOutcome.Unknown)}:{fault.Kind}",
        SubmissionOutcome.Failed(_, var fault, _) => $"{nameof(SubmissionOutcome.Failed)}:{fault.Kind}",
        _ => outcome.GetType().Name,
    };

    private static long? Millionths(decimal? amount) =>
        amount is { } value ? Money.ToMillionths(decimal.Round(value, 6, MidpointRounding.ToZero)) : null;

    private static string Cut(string text) => text.Length <= 4000 ? text : text[..4000];
}
