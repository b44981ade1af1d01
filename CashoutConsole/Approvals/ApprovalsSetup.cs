using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Application.Operators;
using CashoutConsole.Approvals.Infrastructure;
using CashoutConsole.Identity.Application;

namespace CashoutConsole.Approvals;

public static class ApprovalsSetup
{
    public static IServiceCollection AddApprovals(this IServiceCollection services, PolicySeed seed) => services
        .AddSingleton(seed)
        .AddSingleton<PolicyBook>()
        .AddSingleton<ApprovalDesk>()
        .AddSingleton<ApprovalDecisions>()
        .AddSingleton<ApprovalExpiry>()
        .AddSingleton<IApprovedAction, PolicyAction>()
        .AddSingleton<IApprovedAction, EndpointAction>()
        .AddSingleton<DecideWithdrawal>()
        .AddSingleton<DecideChange>()
        .AddSingleton<RecallApproval>()
        .AddSingleton<ListApprovals>()
        .AddSingleton<CountApprovals>()
        .AddSingleton<ShowApproval>()
        .AddSingleton<ShowPolicies>()
        .AddSingleton<OpenPolicyEditor>()
        .AddSingleton<ProposePolicy>()
        .AddSingleton<ProposeEndpoint>()
        .AddSingleton<IApprovedAction, RolesAction>()
        .AddSingleton<IApprovedAction, EnableAction>()
        .AddSingleton<IApprovedAction, ResetAction>()
        .AddSingleton<ISetUpSurroundings, SetUpSurroundings>()
        .AddSingleton<CreateOperator>()
        .AddSingleton<ProposeRoles>()
        .AddSingleton<DisableOperator>()
        .AddSingleton<ProposeEnable>()
        .AddSingleton<ProposeReset>()
        .AddHostedService<ApprovalExpiryLoop>();
}
