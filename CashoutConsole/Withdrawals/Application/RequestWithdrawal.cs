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
/// makes two dialogs on one account a conflict that the second is told of.
/// </summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class RequestWithdrawal(AccessGate gate, UnitOfWork work, IProviderRegistry registry, OpenWithdrawals commitments, WithdrawalOptions options)
{
    private static readonly Error AccountChanged = new("AccountChanged");

    /// <param name="CommandId">Minted when the dialog opened; the same id again returns the first withdrawal.</param>
    /// <param name="AccountVersion">The account's version that the dialog showed.</param>
    /// <param name="All">Everything that is withdrawable; <paramref name="Amount"/> is then what the dialog showed.</param>
    public sealed record Command(Guid CommandId, Guid AccountId, long AccountVersion, bool All, decimal Amount, string Reason);

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
        var limits = Withdrawability.Of(account, sheet, provider.State == ProviderAccountState.Active, open.Reserved, open.HasLive);
        if (limits.Block is { } block)
        {
            return new Error("NotWithdrawable", block);
        }
        var threshold = options.ThresholdFor(CurrencyCode.Parse(account.Currency));
        if (AmountRules.FaultOf(command.Amount, account.Currency, sheet!, limits.Most, threshold) is { } fault)
        {
            return fault;
        }
        return Write(scope, command, account, provider, sheet!, await scope.Db.Withdrawals.MaxAsync(static w => (long?)w.SubmissionNumber, cancellation) + 1 ?? 1);
    }

    private Guid Write(WorkScope scope, Command command, Account account, ProviderAccount provider, ProviderSheet sheet, long submission)
    {
        // Emptying by a call without an amount only when nothing else is reserved: it would take that too.
        var balance = account.Balance!.Value.Amount;
        var native = command.All && sheet.NativeAll && command.Amount == Withdrawability.TruncateTo(balance, sheet.Decimals);
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
            ExpiresAt = scope.Now + options.Expiry,
            NotBefore = scope.Now,
            ReasonCode = ReasonCodes.WaitingForSender,
            SubmissionNumber = submission,
            PolicyNumber = null,
            RequiredCheckers = 0,
            ApprovalId = null,
        };
        account.Version++;
        scope.Start(withdrawal, WithdrawalStatus.Scheduled);
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
            }),
            CorrelationId = withdrawal.Id.ToString(),
        });
        return withdrawal.Id;
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
