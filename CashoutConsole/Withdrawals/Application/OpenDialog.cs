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
    AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, IProviderRegistry registry, AccountReader reader, OpenWithdrawals commitments, WithdrawalOptions options, TimeProvider clock)
{
    /// <summary>Everything the dialog shows and hands back.</summary>
    /// <param name="WaitUntil">A cooldown runs: not sent before this time.</param>
    /// <param name="StoppedReason">Sending is stopped: the withdrawal would wait.</param>
    /// <param name="Threshold">At or above this amount a second person must approve; null = always.</param>
    public sealed record Opened(
        Guid CommandId,
        Account Account,
        ProviderAccount ProviderAccount,
        ProviderSheet? Sheet,
        Withdrawability Limits,
        decimal Reserved,
        decimal? Threshold,
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
        return new Opened(
            Guid.NewGuid(),
            account,
            provider,
            sheet,
            Withdrawability.Of(account, sheet, provider.State == ProviderAccountState.Active, open.Reserved, open.HasLive),
            open.Reserved,
            options.ThresholdFor(CurrencyCode.Parse(account.Currency)),
            wait > clock.Now() ? wait : null,
            stop?.Reason,
            fault);
    }
}
