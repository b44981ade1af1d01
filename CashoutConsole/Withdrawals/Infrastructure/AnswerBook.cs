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
            var attempts = await scope.Db.Attempts.AsNoTracking().Where(a => a.WithdrawalId == withdrawalId)
                .Select(static a => new { a.PreparedAt, a.Outcome }).ToListAsync(cancellation);
            var duplicate = attempts.Exists(static a => a.Outcome == nameof(SubmissionOutcome.Unknown) + ":" + nameof(ProviderFaultKind.Duplicate));
            var decision = OutcomeRules.OnLookup(
                withdrawal, lookup, sheet, duplicate, attempts.Max(static a => (DateTimeOffset?)a.PreparedAt), scope.Now);
            await ApplyAsync(scope, withdrawal, decision, lookup.Wire, null, cancellation);
            withdrawal.Checks++;
            withdrawal.LastCheckedAt = scope.Now;
            withdrawal.LastCheckNote = Fit(lookup.Note, withdrawal, 4000);
            return decision;
        }, cancellation);

    private static async Task<Result<Done>> WriteAsync(
        WorkScope scope, Guid withdrawalId, int attemptNumber, SubmissionOutcome outcome, ProviderSheet sheet, HeldLease lease)
    {
        var withdrawal = await scope.Db.Withdrawals.SingleAsync(w => w.Id == withdrawalId);
        var attempts = await scope.Db.Attempts.Where(a => a.WithdrawalId == withdrawalId).ToListAsync();
        var attempt = attempts.Single(a => a.Number == attemptNumber);
        if (attempt.AnsweredAt is not null)
        {
            return new Error("AlreadyAnswered");
        }
        Fill(attempt, withdrawal, outcome, scope.Now);
        if (withdrawal.IsFinal)
        {
            await BookLateAnswerAsync(scope, withdrawal, attempt, outcome);
            return Done.Value;
        }
        // A recovery that found this attempt Prepared has called it MaybeExecuted. Its real answer is still the best evidence there is.
        var earlier = attempts.Exists(a => a.Number != attemptNumber && a.State is AttemptState.MaybeExecuted or AttemptState.Prepared);
        var decision = OutcomeRules.OnAnswer(withdrawal, attemptNumber, earlier, outcome, sheet, scope.Now);
        attempt.State = decision.Attempt!.Value;
        // Before the status: the database lets a withdrawal back to Scheduled only when it sees every attempt NotExecuted.
        await scope.Db.SaveChangesAsync();
        var refusedForCooldown = decision.Fault?.Kind == ProviderFaultKind.Cooldown;
        await SendChecks.SetCooldownAsync(scope, withdrawal, sheet, scope.Now + PauseAfter(outcome, sheet), refusedForCooldown, CancellationToken.None);
        await ApplyAsync(scope, withdrawal, decision, outcome.Wire, new { Attempt = attemptNumber, attempt.Outcome, Sender = lease.Sender }, CancellationToken.None);
        return Done.Value;
    }

    private static void Fill(Attempt attempt, Withdrawal withdrawal, SubmissionOutcome outcome, DateTimeOffset now)
    {
        attempt.AnsweredAt = now;
        attempt.Outcome = NameOf(outcome);
        attempt.HttpStatus = outcome.Wire.HttpStatus;
        attempt.AnswerDigest = outcome.Wire.AnswerDigest;
        attempt.AnswerText = Fit(outcome.Wire.AnswerText, withdrawal, 2000);
        attempt.DurationMilliseconds = (long)outcome.Wire.Duration.TotalMilliseconds;
    }

    /// <summary>
    /// The withdrawal was settled without this answer (another process took over and asked). A final state never flips; an answer that
    /// says "paid" after a failure is a break.
    /// </summary>
    private static async Task BookLateAnswerAsync(WorkScope scope, Withdrawal withdrawal, Attempt attempt, SubmissionOutcome outcome)
    {
        attempt.State = outcome is SubmissionOutcome.NotExecuted ? AttemptState.NotExecuted : AttemptState.Answered;
        if (withdrawal.Status == WithdrawalStatus.Failed && outcome is SubmissionOutcome.Succeeded or SubmissionOutcome.Accepted)
        {
            var account = await scope.Db.Accounts.SingleAsync(a => a.Id == withdrawal.AccountId);
            await OpenBreakAsync(scope, withdrawal, account, new BreakDraft(
                BreakKind.PaidAfterFailed, $"Attempt {attempt.Number} was answered {attempt.Outcome} after the withdrawal had failed."), CancellationToken.None);
        }
        scope.Announce(ChangeKind.Withdrawal, withdrawal.Id);
    }

    /// <summary>
    /// Nothing reached the provider when the socket never opened; after every other attempt its waiting time counts anew, or for as long
    /// as it says.
    /// </summary>
    private static TimeSpan PauseAfter(SubmissionOutcome outcome, ProviderSheet sheet) => outcome switch
    {
        SubmissionOutcome.NotExecuted => TimeSpan.Zero,
        SubmissionOutcome.TryLater { Fault.Kind: ProviderFaultKind.Cooldown, Wait: var wait } when wait > sheet.Cooldown => wait,
        _ => sheet.Cooldown,
    };

    private static async Task ApplyAsync(
        WorkScope scope, Withdrawal withdrawal, Decision decision, WireRecord wire, object? details, CancellationToken cancellation)
    {
        if (decision.Receipt is { } receipt)
        {
            withdrawal.ProviderReference = StorableText.Of(receipt.ProviderReference, 200) ?? withdrawal.ProviderReference;
            withdrawal.FeeMillionths = Millionths(receipt.Fee) ?? withdrawal.FeeMillionths;
        }
        withdrawal.ProviderText = Fit(decision.Fault?.RawText, withdrawal, 2000) ?? withdrawal.ProviderText;
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
                withdrawal.SettledMillionths = SettledBy(withdrawal, decision.Receipt);
            }
            if (status == WithdrawalStatus.Scheduled)
            {
                // Nothing was executed: the time of the first send, which look-ups and replays count from, is still to come.
                withdrawal.FirstSentAt = null;
            }
            scope.Move(withdrawal, status, decision.ReasonCode, Fit(decision.Evidence, withdrawal, 4000), new { wire.HttpStatus, wire.AnswerDigest, Send = details });
        }
        var account = await scope.Db.Accounts.SingleAsync(a => a.Id == withdrawal.AccountId, cancellation);
        if (withdrawal.IsFinal)
        {
            account.Version++;
            BookBalance(account, withdrawal, decision.Receipt, scope.Now);
        }
        if (decision.Break is { } draft)
        {
            await OpenBreakAsync(scope, withdrawal, account, draft, cancellation);
        }
    }

    /// <summary>What the provider says, in the currency of the instruction; the instructed amount where it says nothing; null where neither is known.</summary>
    private static long? SettledBy(Withdrawal withdrawal, Receipt? receipt) => receipt switch
    {
        { Currency: { } currency } when currency != withdrawal.Amount.Currency => null,
        { Amount: { } amount } => Millionths(amount),
        _ => withdrawal.Mode == WithdrawalMode.Exact ? withdrawal.SentMillionths ?? withdrawal.AmountMillionths : null,
    };

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
            // Null minus anything, or an unknown amount: unknown, never zero.
            account.BalanceMillionths = account.BalanceMillionths - withdrawal.SettledMillionths is { } rest ? Math.Max(0, rest) : null;
        }
    }

    /// <summary>Once per withdrawal and kind while it is open: the next look-up will say the same again.</summary>
    private static async Task OpenBreakAsync(
        WorkScope scope, Withdrawal withdrawal, Cards.Domain.Account account, BreakDraft draft, CancellationToken cancellation)
    {
        if (await scope.Db.Breaks.AnyAsync(b => b.WithdrawalId == withdrawal.Id && b.Kind == draft.Kind && b.ResolvedAt == null, cancellation))
        {
            return;
        }
        var opened = new Break
        {
            Id = Guid.CreateVersion7(scope.Now),
            WithdrawalId = withdrawal.Id,
            AccountId = account.Id,
            Kind = draft.Kind,
            Detail = Fit(draft.Detail, withdrawal, 4000)!,
            OpenedAt = scope.Now,
        };
        scope.Db.Breaks.Add(opened);
        account.FrozenAt ??= scope.Now;
        account.Version++;
        scope.Record(new AuditDraft(AuditActions.BreakOpened, "break", opened.Id.ToString())
        {
            Reason = draft.Kind.ToString(),
            After = AuditTrail.ToJson(new { withdrawal = withdrawal.Id, account = account.ExternalId, opened.Detail }),
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

    /// <summary>The last line before the books: card numbers masked once more (our own account's id is none), and fit for the column.</summary>
    private static string? Fit(string? text, Withdrawal withdrawal, int maxLength) =>
        text is null ? null : StorableText.Of(CardNumbers.Mask(text, digits => digits == withdrawal.ExternalAccountId), maxLength);
}
