using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Providers.Pikabao;

public sealed class PikabaoModule : IProviderModule
{
    public ProviderKind Provider => ProviderKind.Pikabao;

    public ProviderAccountSettings Bind(IConfiguration section) =>
        section.Get<PikabaoSettings>(static options => options.ErrorOnUnknownConfiguration = true) ?? new();

    public IPayoutProvider Create(ProviderAccountSettings settings, ProviderEnvironment environment) =>
        new PikabaoProvider((PikabaoSettings)settings, environment);
}
