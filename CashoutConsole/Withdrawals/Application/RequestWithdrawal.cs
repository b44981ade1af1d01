using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application;

/// <summary>
/// Writes one intent to withdraw; nothing is sent here. The reservation is checked in the same transaction, and the account's version
/// makes two dialogs on one account a conflict that the second is told of. The active policy judges it under the locks of the running
/// totals: it is scheduled at once, or waits for the checkers that the policy asks for.
/// </summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class RequestWithdrawal(
    AccessGate gate, UnitOfWork work, IProviderRegistry registry, OpenWithdrawals commitments, WithdrawalOptions options, SecurityOptions security)
{
    private static readonly Error AccountChanged = new("AccountChanged");

    /// <param name="CommandId">Minted when the dialog opened; the same id again returns the first withdrawal.</param>
    /// <param name="AccountVersion">The account's version that the dialog showed.</param>
    /// <param name="All">Everything that is withdrawable; <paramref name="Amount"/> is then what the dialog showed.</param>
    /// <param name="FollowsId">The rejected, recalled or expired request that this one takes up again; null = a new matter.</param>
    public sealed record Command(Guid CommandId, Guid AccountId, long AccountVersion, bool All, decimal Amount, string Reason, Guid? FollowsId = null);

    public async Task<Result<Guid>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(RequestWithdrawal), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        var result = await work.RunAsync(actor, scope => CreateAsync(scope, command, cancellation), cancellation);
        return result.IsSuccess || !(result.Error.Is(UnitOfWork.Conflict.Code) || result.Error.Is(AccountChanged.Code))
            ? result
            : await TwinOrConflictAsync(actor, command, cancellation);
    }

    private async Task<Result<Guid>> CreateAsync(WorkScope scope, Command command, CancellationToken cancellation)
    {
        if (await TwinAsync(scope, command, cancellation) is { } twin)
        {
            return twin;
        }
        if (!await AccessGate.HoldsAsync(scope.Db, scope.Actor, Permission.RequestWithdrawals, cancellation))
        {
            return AccessGate.Forbidden;
        }
        var account = await scope.Db.Accounts.SingleOrDefaultAsync(a => a.Id == command.AccountId, cancellation);
        if (account is null)
        {
            return new Error("AccountNotFound");
        }
        if (account.Version != command.AccountVersion)
        {
            return AccountChanged;
        }
        var provider = await scope.Db.ProviderAccounts.SingleAsync(p => p.Id == account.ProviderAccountId, cancellation);
        var sheet = registry.Definitions.FirstOrDefault(d => d.Name == provider.Name && d.EndpointIdentity == provider.EndpointIdentity)?.Sheet;
        var open = await commitments.OfAsync(scope.Db, account.Id, cancellation);
        var limits = Withdrawability.Of(account, sheet, provider.State == ProviderAccountState.Active, open.Reserved, open.HasLive, open.OwnedByPlan);
        if (limits.Block is { } block)
        {
            return new Error("NotWithdrawable", block);
        }
        if (AmountRules.FaultOf(command.Amount, account.Currency, sheet!, limits.Most) is { } fault)
        {
            return fault;
        }
        if (command.FollowsId is { } follows && !await MayFollowAsync(scope, follows, account.Id, cancellation))
        {
            return new Error("CannotFollow");
        }
        await SetUp.CloseAsync(scope, "first withdrawal requested", cancellation);
        var submission = new Submission(scope.Actor.Id, account.Id, provider.Id, provider.Provider, account.Currency, command.Amount);
        var number = await Submissions.LockAsync(scope, submission, cancellation);
        if (await PolicyBook.ActiveAsync(scope.Db, cancellation) is not { } policy)
        {
            return new Error("PolicyMissing");
        }
        var judged = await Submissions.JudgeAsync(scope.Db, policy, submission, scope.Now, number, cancellation);
        if (judged.Broken(command.Amount) is { } limit)
        {
            return new Error("LimitReached", limit.Measure, limit.Left, limit.Most, account.Currency);
        }
        if (judged.Judgement.StepUp && await StepUps.MissingAsync(scope.Db, scope.Actor, scope.Now, security, cancellation) is { } stepUp)
        {
            return stepUp;
        }
        return Write(scope, command, account, provider, sheet!, policy, number, judged.Judgement);
    }

    private Guid Write(
        WorkScope scope, Command command, Account account, ProviderAccount provider, ProviderSheet sheet, Policy policy, long number, Judgement judgement)
    {
        // Emptying by a call without an amount only where the policy allows it, and when nothing else is reserved: it would take that too.
        var balance = account.Balance!.Value.Amount;
        var native = command.All && sheet.NativeAll && judgement.NativeAllAllowed && command.Amount == Withdrawability.TruncateTo(balance, sheet.Decimals);
        var waits = judgement.Checkers > 0;
        var decideWithin = TimeSpan.FromHours(policy.DecideWithinHours);
        var withdrawal = new Withdrawal
        {
            Id = Guid.CreateVersion7(scope.Now),
            CommandId = command.CommandId,
            ProviderAccountId = provider.Id,
            AccountId = account.Id,
            EndpointIdentity = provider.EndpointIdentity,
            ExternalAccountId = account.ExternalId,
            Mode = native ? WithdrawalMode.NativeAll : WithdrawalMode.Exact,
            AmountMillionths = Money.ToMillionths(command.Amount),
            Currency = account.Currency,
            IdempotencyKey = Guid.NewGuid().ToString(),
            MakerId = scope.Actor.Id,
            Reason = StorableText.Of(command.Reason.Trim())!,
            CreatedAt = scope.Now,
            ExpiresAt = scope.Now + options.Expiry + (waits ? decideWithin : TimeSpan.Zero),
            NotBefore = scope.Now,
            ReasonCode = waits ? ReasonCodes.WaitingForApproval : ReasonCodes.WaitingForSender,
            SubmissionNumber = number,
            PolicyNumber = policy.Number,
            RequiredCheckers = judgement.Checkers,
            ApprovalId = waits ? Guid.CreateVersion7(scope.Now) : null,
        };
        account.Version++;
        scope.Start(withdrawal, waits ? WithdrawalStatus.AwaitingApproval : WithdrawalStatus.Scheduled);
        Record(scope, withdrawal, account, provider, judgement);
        if (withdrawal.ApprovalId is { } approvalId)
        {
            ApprovalDesk.Open(scope, new ApprovalDraft(approvalId, ApprovalKind.Withdrawal, withdrawal.Reason, [new(withdrawal.Id.ToString(), WithdrawalLines.Of(withdrawal))])
            {
                RequiredCheckers = judgement.Checkers,
                PolicyNumber = policy.Number,
                Fired = judgement.Fired,
                DecideWithin = decideWithin,
                ExecuteBy = withdrawal.ExpiresAt,
                PreviousId = command.FollowsId,
            });
        }
        return withdrawal.Id;
    }

    private static void Record(WorkScope scope, Withdrawal withdrawal, Account account, ProviderAccount provider, Judgement judgement) =>
        scope.Record(new AuditDraft(AuditActions.WithdrawalRequested, WithdrawalChanges.Subject, withdrawal.Id.ToString())
        {
            Reason = withdrawal.Reason,
            After = AuditTrail.ToJson(new
            {
                withdrawal.Status,
                Amount = withdrawal.Amount.ToString(),
                withdrawal.Mode,
                ProviderAccount = provider.Name,
                Account = account.ExternalId,
                withdrawal.IdempotencyKey,
                withdrawal.EndpointIdentity,
                BalanceShown = account.Balance?.ToString(),
                account.BalanceReadAt,
                withdrawal.PolicyNumber,
                withdrawal.RequiredCheckers,
                judgement.Fired,
                withdrawal.ApprovalId,
            }),
            CorrelationId = withdrawal.Id.ToString(),
        });

    /// <summary>A request that ended without approval, of this maker and on this account, and that nobody followed up yet (which the unique index proves).</summary>
    private static async Task<bool> MayFollowAsync(WorkScope scope, Guid requestId, Guid accountId, CancellationToken cancellation)
    {
        var ended = new[] { ApprovalStatus.Rejected, ApprovalStatus.Recalled, ApprovalStatus.Expired };
        return await scope.Db.ApprovalRequests.AnyAsync(
                r => r.Id == requestId && r.Kind == ApprovalKind.Withdrawal && r.MakerId == scope.Actor.Id && ended.Contains(r.Status), cancellation)
            && !await scope.Db.ApprovalRequests.AnyAsync(r => r.PreviousId == requestId, cancellation)
            && await scope.Db.Withdrawals.AnyAsync(w => w.ApprovalId == requestId && w.AccountId == accountId, cancellation);
    }

    /// <summary>Two clicks at once: the unique index or the account's version let one through, and the other finds it here.</summary>
    private async Task<Result<Guid>> TwinOrConflictAsync(Actor actor, Command command, CancellationToken cancellation) =>
        await work.RunAsync<Guid>(actor, async scope =>
            await TwinAsync(scope, command, cancellation) is { } twin ? twin : AccountChanged, cancellation);

    private static async Task<Result<Guid>?> TwinAsync(WorkScope scope, Command command, CancellationToken cancellation)
    {
        var twin = await scope.Db.Withdrawals
            .Where(w => w.CommandId == command.CommandId)
            .Select(static w => new { w.Id, w.AccountId, w.MakerId, w.AmountMillionths })
            .SingleOrDefaultAsync(cancellation);
        return twin switch
        {
            null => null,
            _ when twin.AccountId == command.AccountId && twin.MakerId == scope.Actor.Id && Money.ToDecimal(twin.AmountMillionths) == command.Amount => twin.Id,
            // The same command with other parameters or by somebody else is a forged or broken request, not a repeat.
            _ => new Error("CommandReused"),
        };
    }
}
