using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Providers.KeySecure;

/// <summary>How KeySecure merchants are configured and built.</summary>
public sealed class KeySecureModule : IProviderModule
{
    public ProviderKind Provider => ProviderKind.KeySecure;

    public ProviderAccountSettings Bind(IConfiguration section) =>
        section.Get<KeySecureSettings>(static options => options.ErrorOnUnknownConfiguration = true) ?? new();

    public IPayoutProvider Create(ProviderAccountSettings settings, ProviderEnvironment environment) =>
        new KeySecureProvider((KeySecureSettings)settings, environment);
}
