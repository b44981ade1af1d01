using CashoutConsole.Identity.Infrastructure;

namespace CashoutConsole.Identity;

/// <summary>Who may hold a page open, and for how long.</summary>
public static class ConnectionsSetup
{
    public static IServiceCollection AddOperatorConnections(this IServiceCollection services, int perOperator) => services
        .AddSingleton(new ConnectionLimit(perOperator))
        .AddSingleton<OpenConnections>()
        .AddHostedService<ConnectionCloser>();

    /// <summary>Call after authentication is in the pipeline.</summary>
    public static WebApplication UseOperatorConnections(this WebApplication app)
    {
        app.UseMiddleware<ConnectionGuard>();
        return app;
    }
}
