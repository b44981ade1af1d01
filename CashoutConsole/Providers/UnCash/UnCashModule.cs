using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Providers.UnCash;

public sealed class UnCashModule : IProviderModule
{
    public ProviderKind Provider => ProviderKind.UnCash;

    public ProviderAccountSettings Bind(IConfiguration section) =>
        section.Get<UnCashSettings>(static options => options.ErrorOnUnknownConfiguration = true) ?? new();

    public IPayoutProvider Create(ProviderAccountSettings settings, ProviderEnvironment environment) =>
        new UnCashProvider((UnCashSettings)settings, environment);
}
