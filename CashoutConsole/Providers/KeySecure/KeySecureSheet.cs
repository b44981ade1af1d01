using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.KeySecure;

/// <summary>
/// What a KeySecure merchant can do (providers: KeySecure account/transfer page). No minimum or maximum is documented beyond two
/// decimals; code 0 is not yet final, because the platform's common status says Pending, Success or Fail of transfers too.
/// </summary>
internal static class KeySecureSheet
{
    public static ProviderSheet For(KeySecureSettings settings) => new()
    {
        Provider = ProviderKind.KeySecure,
        WithdrawsFrom = AccountKind.Cardholder,
        Decimals = KeySecureWire.AmountDecimals,
        Minimum = 0.01m,
        Replay = settings.ReplayProven ? ReplayRule.Safe : ReplayRule.Undocumented,
        SettlesAtOnce = false,
        ListsAccounts = true,
        HasOwnBalance = false,
        Concurrency = settings.Concurrency,
        SendTimeout = settings.SendTimeout,
    };
}
