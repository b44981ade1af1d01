using CashoutConsole.Approvals.Application;
using CashoutConsole.Audit.Application;
using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>Why a withdrawal is not sent now: it ends as NotSent or Expired, or waits until a later time.</summary>
public sealed record SendVerdict(WithdrawalStatus? End, string ReasonCode, DateTimeOffset? NotBefore, string? Text, bool PausesPlan = false)
{
    public static SendVerdict NotSent(string reasonCode, string? text = null) => new(WithdrawalStatus.NotSent, reasonCode, null, text);

    public static SendVerdict Postpone(string reasonCode, DateTimeOffset notBefore, string? text = null) => new(null, reasonCode, notBefore, text);

    /// <summary>It waits, and with it every leg of its account, until a person lets the plan go on.</summary>
    public static SendVerdict PausePlan(string reasonCode, DateTimeOffset notBefore, string? text = null) => new(null, reasonCode, notBefore, text, PausesPlan: true);

    public async Task ApplyAsync(WorkScope scope, Withdrawal withdrawal, CancellationToken cancellation)
    {
        withdrawal.ProviderText = StorableText.Of(Text is null ? null : CardNumbers.Mask(Text), 2000) ?? withdrawal.ProviderText;
        if (End is { } status)
        {
            var account = await scope.Db.Accounts.SingleAsync(a => a.Id == withdrawal.AccountId, cancellation);
            account.Version++;
            scope.Move(withdrawal, status, ReasonCode, withdrawal.ProviderText);
            return;
        }
        if (PausesPlan)
        {
            await BatchChecks.PauseAsync(scope, withdrawal, ReasonCode, Text, cancellation);
        }
        withdrawal.ReasonCode = ReasonCode;
        withdrawal.NotBefore = NotBefore!.Value;
        withdrawal.ClaimedBy = null;
        withdrawal.ClaimedUntil = null;
        withdrawal.Touch();
        scope.Announce(ChangeKind.Withdrawal, withdrawal.Id);
    }
}

/// <summary>
/// Everything that must hold right before a send, asked in the transaction that commits the attempt. <see cref="WhyWaitAsync"/> is
/// the part that is asked before the claim too, so that nothing is read from a provider for a withdrawal that has to wait anyway.
/// </summary>
public sealed class SendChecks(IProviderRegistry registry, ApprovalDesk desk)
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(10);

    public async Task<SendVerdict?> JudgeAsync(
        WorkScope scope, Withdrawal withdrawal, string providerAccountName, ProviderSheet sheet, PreSendReading fresh, CancellationToken cancellation)
    {
        var account = await scope.Db.Accounts.Include(static a => a.Cards).SingleAsync(a => a.Id == withdrawal.AccountId, cancellation);
        AccountReadings.Apply(account, fresh.Account, Clock.Truncate(fresh.Evidence.TakenAt));
        if (withdrawal.ExpiresAt <= scope.Now)
        {
            return new SendVerdict(WithdrawalStatus.Expired, ReasonCodes.TooOld, null, null);
        }
        if (await WrongEndpointAsync(scope.Db, withdrawal, providerAccountName, cancellation))
        {
            return SendVerdict.NotSent(ReasonCodes.WrongEndpoint);
        }
        if (!await AccessGate.HoldsAsync(scope.Db, withdrawal.MakerId, Permission.RequestWithdrawals, cancellation))
        {
            return SendVerdict.NotSent(ReasonCodes.MakerNotAllowed);
        }
        if (account.FrozenAt is not null)
        {
            return SendVerdict.NotSent(ReasonCodes.AccountFrozen);
        }
        if (await WhyNotAllowedAsync(scope, withdrawal, cancellation) is { } forbidden)
        {
            return SendVerdict.NotSent(forbidden);
        }
        if (await WhyWaitAsync(scope.Db, withdrawal, sheet, scope.Now, cancellation) is { } wait)
        {
            return wait;
        }
        if (PreSendRules.StateRefusal(withdrawal, fresh.Account) is { } state)
        {
            return SendVerdict.NotSent(state, $"Fresh reading: {fresh.Account.RawStatus} {fresh.Account.Balance} {fresh.Account.Currency}");
        }
        if (await BatchChecks.RecomputeAsync(scope.Db, withdrawal, fresh.Account.Balance ?? 0, sheet, scope.Now, cancellation) is { } plan)
        {
            return plan;
        }
        if (PreSendRules.Refusal(withdrawal, fresh.Account, sheet) is { } reason)
        {
            withdrawal.SentMillionths = null;
            return SendVerdict.NotSent(reason, $"Fresh reading: {fresh.Account.RawStatus} {fresh.Account.Balance} {fresh.Account.Currency}");
        }
        return null;
    }

    /// <summary>
    /// The policy that judged it judges again, on the totals before it; and where it asks for checkers, what they approved must be this very
    /// row. Null = allowed; else the reason code.
    /// </summary>
    private async Task<string?> WhyNotAllowedAsync(WorkScope scope, Withdrawal withdrawal, CancellationToken cancellation)
    {
        if (await PolicyBook.FindAsync(scope.Db, withdrawal.PolicyNumber, cancellation) is not { } policy)
        {
            return ReasonCodes.PolicyUnknown;
        }
        var provider = await scope.Db.ProviderAccounts.Where(p => p.Id == withdrawal.ProviderAccountId).Select(static p => p.Provider).SingleAsync(cancellation);
        var submission = new Submission(
            withdrawal.MakerId, withdrawal.AccountId, withdrawal.ProviderAccountId, provider, withdrawal.Currency, withdrawal.Amount.Amount,
            withdrawal.PlanTotalMillionths is { } total ? Money.ToDecimal(total) : null);
        var judged = await Submissions.JudgeAsync(scope.Db, policy, submission, withdrawal.CreatedAt, withdrawal.SubmissionNumber, cancellation);
        if (judged.Broken(submission.Amount) is not null)
        {
            return ReasonCodes.LimitReached;
        }
        if (withdrawal.Mode == WithdrawalMode.NativeAll && !judged.Judgement.NativeAllAllowed)
        {
            return ReasonCodes.NativeAllNotAllowed;
        }
        if (judged.Judgement.Checkers > withdrawal.RequiredCheckers || (withdrawal.RequiredCheckers > 0 && withdrawal.ApprovalId is null))
        {
            return ReasonCodes.ApprovalMissing;
        }
        return withdrawal.ApprovalId is { } approval
            ? await desk.WhyNotApprovedAsync(scope.Db, approval, withdrawal.MakerId, new CanonicalLine(withdrawal.Id.ToString(), WithdrawalLines.Of(withdrawal)), scope.Now, cancellation)
            : null;
    }

    /// <summary>Null = it may be sent as far as others are concerned: stop switch, cooldown, live withdrawals, held provider account.</summary>
    public static async Task<SendVerdict?> WhyWaitAsync(
        CashoutDbContext db, Withdrawal withdrawal, ProviderSheet sheet, DateTimeOffset now, CancellationToken cancellation)
    {
        if (await db.SendingStops.AnyAsync(
            s => s.Stopped && (s.ScopeId == SendingStop.EverythingId || s.ScopeId == withdrawal.ProviderAccountId), cancellation))
        {
            return SendVerdict.Postpone(ReasonCodes.SendingStopped, now + LookAgain);
        }
        if (await db.ProviderAccounts.AnyAsync(p => p.Id == withdrawal.ProviderAccountId && p.State != ProviderAccountState.Active, cancellation))
        {
            return SendVerdict.Postpone(ReasonCodes.ProviderNotConfigured, now + LookAgain);
        }
        var live = await db.Withdrawals
            .Where(w => w.ProviderAccountId == withdrawal.ProviderAccountId && w.Id != withdrawal.Id && WithdrawalTransitions.Live.Contains(w.Status))
            .Select(static w => new { w.AccountId, w.Status, w.NextCheckAt })
            .ToListAsync(cancellation);
        if (live.Exists(w => w.AccountId == withdrawal.AccountId))
        {
            return SendVerdict.Postpone(ReasonCodes.AnotherIsLive, now + LookAgain);
        }
        // Sending is counted too: its outcome may become unknown, and the provider account would then be held.
        if (sheet.UnknownHoldsProviderAccount
            && live.Exists(static w => w.Status == WithdrawalStatus.Sending || (w.Status == WithdrawalStatus.OutcomeUnknown && w.NextCheckAt is not null)))
        {
            return SendVerdict.Postpone(ReasonCodes.UnknownHoldsProvider, now + LookAgain);
        }
        if (CooldownScopeOf(withdrawal, sheet) is { } scopeId
            && await db.CooldownClocks.Where(c => c.ScopeId == scopeId).Select(static c => (DateTimeOffset?)c.NextAllowedAt).SingleOrDefaultAsync(cancellation) is { } next
            && next > now)
        {
            return SendVerdict.Postpone(ReasonCodes.Cooldown, next);
        }
        return await BatchChecks.WhyWaitAsync(db, withdrawal, sheet, now, cancellation);
    }

    /// <summary>Committed with the attempt: should the process die now, the clock already covers the longest send.</summary>
    public static Task HoldCooldownAsync(WorkScope scope, Withdrawal withdrawal, ProviderSheet sheet, CancellationToken cancellation) =>
        SetCooldownAsync(scope, withdrawal, sheet, scope.Now + sheet.SendTimeout + sheet.Cooldown, refused: null, cancellation);

    /// <summary>Restarts the clock after an attempt of any result. <paramref name="refused"/> null = the attempt is only beginning.</summary>
    public static async Task SetCooldownAsync(
        WorkScope scope, Withdrawal withdrawal, ProviderSheet sheet, DateTimeOffset next, bool? refused, CancellationToken cancellation)
    {
        if (CooldownScopeOf(withdrawal, sheet) is not { } scopeId)
        {
            return;
        }
        var row = await scope.Db.CooldownClocks.SingleOrDefaultAsync(c => c.ScopeId == scopeId, cancellation);
        if (row is null)
        {
            row = new CooldownClock { ScopeId = scopeId, NextAllowedAt = next, RefusalsInARow = 0 };
            scope.Db.CooldownClocks.Add(row);
        }
        row.NextAllowedAt = next;
        row.RefusalsInARow = refused switch
        {
            null => row.RefusalsInARow,
            true => row.RefusalsInARow + 1,
            false => 0,
        };
    }

    public static Guid? CooldownScopeOf(Withdrawal withdrawal, ProviderSheet sheet) => sheet.CooldownScope switch
    {
        CooldownScope.None => null,
        CooldownScope.ProviderAccount => withdrawal.ProviderAccountId,
        CooldownScope.Account => withdrawal.AccountId,
    };

    /// <summary>The row, the database's provider account and the running configuration must all mean the same endpoint.</summary>
    private async Task<bool> WrongEndpointAsync(CashoutDbContext db, Withdrawal withdrawal, string name, CancellationToken cancellation)
    {
        var stored = await db.ProviderAccounts.Where(p => p.Id == withdrawal.ProviderAccountId).Select(static p => p.EndpointIdentity).SingleAsync(cancellation);
        var configured = registry.Definitions.FirstOrDefault(d => d.Name == name)?.EndpointIdentity;
        return stored != withdrawal.EndpointIdentity || configured != withdrawal.EndpointIdentity;
    }
}
