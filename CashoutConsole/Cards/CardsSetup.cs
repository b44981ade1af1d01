using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.Infrastructure;

namespace CashoutConsole.Cards;

public static class CardsSetup
{
    public static IServiceCollection AddCards(this IServiceCollection services, RefreshInterval interval) => services
        .AddSingleton(interval)
        .AddSingleton<AccountReader>()
        .AddSingleton<AccountRefresher>()
        .AddSingleton<RefreshAccounts>()
        .AddSingleton<RefreshAccount>()
        .AddSingleton<ListRefreshes>()
        .AddSingleton<ListAccounts>()
        .AddSingleton<SumAccounts>()
        .AddSingleton<ListAccountIds>()
        .AddSingleton<SumSelection>()
        .AddSingleton<ShowAccount>()
        .AddSingleton<AddMembers>()
        .AddHostedService<AccountRefreshLoop>();
}
