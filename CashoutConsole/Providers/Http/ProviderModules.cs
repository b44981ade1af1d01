namespace CashoutConsole.Providers.Http;

/// <summary>The provider rooms, one line each.</summary>
public static class ProviderModules
{
    public static IReadOnlyList<IProviderModule> All { get; } =
    [
new Pikabao.PikabaoModule(),
        new KeySecure.KeySecureModule(),
        new Uqpay.UqpayModule(),
        new UnCash.UnCashModule(),
        new MemberWallet.MemberWalletModule(),
    ];
}
