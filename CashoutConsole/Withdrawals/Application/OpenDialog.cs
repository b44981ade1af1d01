using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application;

/// <summary>
/// Opens the withdrawal dialog: reads the balance afresh, mints the command id and says what is possible. A failed reading does not
/// close the dialog: it shows the last balance with its age and the fault.
/// </summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class OpenDialog(
    AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, IProviderRegistry registry, AccountReader reader, OpenWithdrawals commitments, TimeProvider clock)
{
    /// <summary>Everything the dialog shows and hands back.</summary>
    /// <param name="WaitUntil">A cooldown runs: not sent before this time.</param>
    /// <param name="StoppedReason">Sending is stopped: the withdrawal would wait.</param>
    /// <param name="ApprovalFrom">From this amount on the amount alone needs approval; 0 = always, null = never.</param>
    /// <param name="DailyLimits">The ceilings of today that apply to this operator and provider account, with what is used.</param>
    public sealed record Opened(
        Guid CommandId,
        Account Account,
        ProviderAccount ProviderAccount,
        ProviderSheet? Sheet,
        Withdrawability Limits,
        decimal Reserved,
        decimal? ApprovalFrom,
        IReadOnlyList<LimitUse> DailyLimits,
        DateTimeOffset? WaitUntil,
        string? StoppedReason,
        ProviderFault? ReadingFault);

    public async Task<Result<Opened>> ExecuteAsync(Actor actor, Guid accountId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(OpenDialog), cancellation) is { } refusal)
        {
            return refusal;
        }
        var fault = await reader.ReadAsync(accountId, cancellation);
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var account = await db.Accounts.AsNoTracking().Include(static a => a.Cards).SingleOrDefaultAsync(a => a.Id == accountId, cancellation);
        if (account is null)
        {
            return new Error("AccountNotFound");
        }
        var provider = await db.ProviderAccounts.AsNoTracking().SingleAsync(p => p.Id == account.ProviderAccountId, cancellation);
        var sheet = registry.Definitions.FirstOrDefault(d => d.Name == provider.Name)?.Sheet;
        var open = await commitments.OfAsync(db, accountId, cancellation);
        var scopes = new[] { account.Id, provider.Id };
        var wait = await db.CooldownClocks.Where(c => scopes.Contains(c.ScopeId)).Select(static c => (DateTimeOffset?)c.NextAllowedAt).MaxAsync(cancellation);
        var stop = await db.SendingStops.AsNoTracking()
            .Where(s => s.Stopped && (s.ScopeId == SendingStop.EverythingId || s.ScopeId == provider.Id))
            .OrderBy(static s => s.ScopeId).FirstOrDefaultAsync(cancellation);
        var policy = await PolicyBook.ActiveAsync(db, cancellation);
        var nothing = new Submission(actor.Id, account.Id, provider.Id, provider.Provider, account.Currency, 0);
        var limits = policy is null ? [] : (await Submissions.JudgeAsync(db, policy, nothing, clock.Now(), null, cancellation)).Limits;
        return new Opened(
            Guid.NewGuid(),
            account,
            provider,
            sheet,
            Withdrawability.Of(account, sheet, provider.State == ProviderAccountState.Active, open.Reserved, open.HasLive, open.OwnedByPlan),
            open.Reserved,
            policy is null ? 0 : PolicyJudge.ItemThreshold(policy, account.Currency, provider.Provider, provider.Id),
            limits,
            wait > clock.Now() ? wait : null,
            stop?.Reason,
            fault);
    }
}

/// <summary>
/// What the policy would say to an amount now, for the summary before it is confirmed: who must approve, by which rule, whether the maker has
/// to prove who they are, and how "everything" would be sent. Nothing is written; the confirmation is judged again.
/// </summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class JudgeEntry(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, TimeProvider clock)
{
    /// <param name="DecideWithinHours">A request that nobody decides expires after this time.</param>
    /// <param name="Broken">The daily ceiling that the amount would break; null = none.</param>
    public sealed record Outlook(Judgement Judgement, IReadOnlyList<LimitUse> Limits, LimitUse? Broken, int DecideWithinHours, int PolicyNumber);

    public async Task<Result<Outlook>> ExecuteAsync(Actor actor, Guid accountId, decimal amount, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(JudgeEntry), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var account = await db.Accounts.AsNoTracking().SingleOrDefaultAsync(a => a.Id == accountId, cancellation);
        if (account is null)
        {
            return new Error("AccountNotFound");
        }
        if (await PolicyBook.ActiveAsync(db, cancellation) is not { } policy)
        {
            return new Error("PolicyMissing");
        }
        var provider = await db.ProviderAccounts.Where(p => p.Id == account.ProviderAccountId).Select(static p => p.Provider).SingleAsync(cancellation);
        var submission = new Submission(actor.Id, accountId, account.ProviderAccountId, provider, account.Currency, amount);
        var judged = await Submissions.JudgeAsync(db, policy, submission, clock.Now(), null, cancellation);
        return new Outlook(judged.Judgement, judged.Limits, judged.Broken(amount), policy.DecideWithinHours, policy.Number);
    }
}
