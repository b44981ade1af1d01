using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Cards.Domain;

/// <summary>Why nothing can be withdrawn from an account right now. Resource key "Blocked_{name}".</summary>
public enum WithdrawalBlock
{
    ProviderNotConfigured,
    ProviderAwaitsConfirmation,
    FrozenByBreak,
    StatusPending,
    StatusFrozen,
    StatusBlocked,
    StatusClosed,
    StatusUnknown,
    NotListed,
    LimitNotMoney,
    BalanceUnknown,
    LiveWithdrawal,
    ZeroBalance,
    AllReserved,
    BelowMinimum,
    OwnedByPlan,
}

/// <summary>What may be withdrawn in one withdrawal now: the most by balance, reservations and the sheet's maximum; or why nothing.</summary>
public sealed record Withdrawability(decimal Most, WithdrawalBlock? Block)
{
    /// <param name="sheet">Null when the configuration has no such provider account.</param>
    /// <param name="reserved">Sum of all withdrawals on the account that are not final, in its currency.</param>
    public static Withdrawability Of(Account account, ProviderSheet? sheet, bool providerConfirmed, decimal reserved, bool hasLive, bool ownedByPlan = false)
    {
        if (BlockOf(account, sheet, providerConfirmed, hasLive, ownedByPlan) is { } block)
        {
            return new(0, block);
        }
        var balance = account.Balance!.Value.Amount;
        var free = TruncateTo(balance - reserved, sheet!.Decimals);
        if (balance <= 0)
        {
            return new(0, WithdrawalBlock.ZeroBalance);
        }
        if (free <= 0 && reserved > 0)
        {
            return new(0, WithdrawalBlock.AllReserved);
        }
        if (free < sheet.Minimum)
        {
            return new(0, WithdrawalBlock.BelowMinimum);
        }
        return new(sheet.Maximum is { } maximum && maximum < free ? maximum : free, null);
    }

    /// <summary>Cuts to the decimals that the wire can carry; never rounds up.</summary>
    public static decimal TruncateTo(decimal amount, int decimals) => decimal.Round(amount, decimals, MidpointRounding.ToZero);

    private static WithdrawalBlock? BlockOf(Account account, ProviderSheet? sheet, bool providerConfirmed, bool hasLive, bool ownedByPlan) => account switch
    {
        _ when sheet is null => WithdrawalBlock.ProviderNotConfigured,
        _ when !providerConfirmed => WithdrawalBlock.ProviderAwaitsConfirmation,
        { FrozenAt: not null } => WithdrawalBlock.FrozenByBreak,
        { BalanceKind: BalanceKind.Limit } => WithdrawalBlock.LimitNotMoney,
        { Status: AccountStatus.Pending } => WithdrawalBlock.StatusPending,
        { Status: AccountStatus.Frozen } => WithdrawalBlock.StatusFrozen,
        { Status: AccountStatus.Blocked } => WithdrawalBlock.StatusBlocked,
        { Status: AccountStatus.Closed } => WithdrawalBlock.StatusClosed,
        { Status: AccountStatus.Unknown } => WithdrawalBlock.StatusUnknown,
        { Listed: false } => WithdrawalBlock.NotListed,
        { BalanceMillionths: null } => WithdrawalBlock.BalanceUnknown,
        _ when ownedByPlan => WithdrawalBlock.OwnedByPlan,
        _ when hasLive => WithdrawalBlock.LiveWithdrawal,
        _ => null,
    };
}
