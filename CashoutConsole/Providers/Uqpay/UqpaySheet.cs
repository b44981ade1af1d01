using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.Uqpay;

/// <summary>UQPay's capabilities. The order settles later (PENDING, PROCESSING, then SUCCESS or FAILED); a key replays for 24 hours.</summary>
public static class UqpaySheet
{
    /// <summary>One hour less than the documented 24, so that a slow clock or a long queue never sends the key as a new one.</summary>
    private static readonly TimeSpan ReplayWindow = TimeSpan.FromHours(23);

    public static ProviderSheet From(UqpaySettings settings) => new()
    {
        Provider = ProviderKind.Uqpay,
        WithdrawsFrom = AccountKind.Card,
        Decimals = settings.Decimals,
        Minimum = new decimal(1, 0, 0, false, (byte)settings.Decimals),
        Maximum = null,
        Replay = ReplayRule.Safe,
        ReplayWindow = ReplayWindow,
        LookupNeedsReference = true,
        SettlesAtOnce = false,
        ListsAccounts = true,
        HasOwnBalance = true,
        Concurrency = settings.Concurrency,
        SendTimeout = settings.SendTimeout,
    };
}
