using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.Pikabao;

/// <summary>Pikabao's capabilities. A cash-out settles later (1, then 10 or -10); what a repeated key does is not documented.</summary>
public static class PikabaoSheet
{
    public static ProviderSheet From(PikabaoSettings settings) => new()
    {
        Provider = ProviderKind.Pikabao,
        WithdrawsFrom = AccountKind.Card,
        Decimals = 2,
        Minimum = 0.01m,
        Maximum = null,
        Replay = settings.KeyReplayProven ? ReplayRule.Safe : ReplayRule.Undocumented,
        ReplayWindow = null,
        SettlesAtOnce = false,
        ListsAccounts = true,
        HasOwnBalance = true,
        Concurrency = settings.Concurrency,
        SendTimeout = settings.SendTimeout,
    };
}
