namespace CashoutConsole.Providers.Contracts;

/// <summary>The five providers. Stored as text; never renumber or rename.</summary>
public enum ProviderKind
{
    Pikabao,
    KeySecure,
    Uqpay,
    UnCash,
    MemberWallet,
}
