using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Providers.MemberWallet;

/// <summary>How member wallet agents are configured and built.</summary>
public sealed class MemberWalletModule : IProviderModule
{
    public ProviderKind Provider => ProviderKind.MemberWallet;

    public ProviderAccountSettings Bind(IConfiguration section) =>
        section.Get<MemberWalletSettings>(static options => options.ErrorOnUnknownConfiguration = true) ?? new();

    public IPayoutProvider Create(ProviderAccountSettings settings, ProviderEnvironment environment) =>
        new MemberWalletProvider((MemberWalletSettings)settings, environment);
}
