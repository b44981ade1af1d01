namespace CashoutConsole.Providers.Http;

/// <summary>The provider rooms, one line each.</summary>
public static class ProviderModules
{
    public static IReadOnlyList<IProviderModule> All { get; } =
    [
        new KeySecure.KeySecureModule(),
        new MemberWallet.MemberWalletModule(),
        new Uqpay.UqpayModule(),
    ];
}
