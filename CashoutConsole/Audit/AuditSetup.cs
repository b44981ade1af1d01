using CashoutConsole.Audit.Application;

namespace CashoutConsole.Audit;

public static class AuditSetup
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton<AuditTrail>()
        .AddSingleton<UnitOfWork>()
        .AddSingleton<ChainVerifier>();
}
