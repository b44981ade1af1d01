using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.MemberWallet;

/// <summary>
/// What a member wallet agent can do (providers: member wallet cashout, transaction, intro). A repeated transId never moves money
/// twice; whether it answers the same result or code 3 is not settled, so an answer 3 is looked up.
/// </summary>
internal static class MemberWalletSheet
{
    public static ProviderSheet For(MemberWalletSettings settings) => new()
    {
        Provider = ProviderKind.MemberWallet,
        WithdrawsFrom = AccountKind.Member,
        NativeAll = true,
        Decimals = MemberWalletWire.AmountDecimals,
        Minimum = 0.000001m,
        Replay = ReplayRule.Safe,
        SettlesAtOnce = true,
        // There is no list of all members; only our own directory makes the picture complete.
        ListsAccounts = false,
        HasOwnBalance = false,
        Concurrency = settings.Concurrency,
        SendTimeout = settings.SendTimeout,
    };
}
