using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.UnCash;

/// <summary>
/// UnCash's capabilities. It has no idempotency key: after a lost answer only the balances can tell, so one withdrawal at a time, and an
/// unknown outcome holds the whole wallet while they are watched.
/// </summary>
public static class UnCashSheet
{
    private static readonly TimeSpan[] Polls = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)];

    public static ProviderSheet From(UnCashSettings settings) => new()
    {
        Provider = ProviderKind.UnCash,
        WithdrawsFrom = AccountKind.Card,
        Decimals = 2,
        Minimum = settings.Minimum,
        Maximum = settings.Maximum,
        Replay = ReplayRule.NoKey,
        ReplayWindow = null,
        SettlesAtOnce = true,
        ListsAccounts = true,
        HasOwnBalance = true,
        Cooldown = settings.Pause,
        CooldownScope = settings.CooldownScope == UnCashCooldownScope.Card ? CooldownScope.Account : CooldownScope.ProviderAccount,
        UnknownHoldsProviderAccount = true,
        // Two withdrawals at once would blur the wallet balance, the only proof there is.
        Concurrency = 1,
        SendTimeout = settings.SendTimeout,
        // Room for one more look after the moment from which a missing credit counts as half done.
        EvidenceWindow = settings.Evidence + TimeSpan.FromSeconds(settings.CooldownMarginSeconds) + (2 * Polls[^1]),
        PollSchedule = Polls,
    };
}
