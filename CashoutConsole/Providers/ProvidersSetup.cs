using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers;

public static class ProvidersSetup
{
    public static IServiceCollection AddProviders(this IServiceCollection services, IProviderRegistry registry) => services
        .AddSingleton(registry)
        .AddSingleton<ProviderAccountRegistration>()
        .AddSingleton<ListProviderAccounts>()
        .AddSingleton<ListSendingStops>()
        .AddSingleton<StopSending>()
        .AddSingleton<ProposeResume>()
        .AddSingleton<ConfirmResume>();
}
