using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Providers.Uqpay;

public sealed class UqpayModule : IProviderModule
{
    public ProviderKind Provider => ProviderKind.Uqpay;

    public ProviderAccountSettings Bind(IConfiguration section) =>
        section.Get<UqpaySettings>(static options => options.ErrorOnUnknownConfiguration = true) ?? new();

    public IPayoutProvider Create(ProviderAccountSettings settings, ProviderEnvironment environment) =>
        new UqpayProvider((UqpaySettings)settings, environment);
}
