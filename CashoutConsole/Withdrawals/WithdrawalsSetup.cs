using CashoutConsole.Approvals.Application;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.UI;
using CashoutConsole.Providers.Application;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Infrastructure;
using CashoutConsole.Withdrawals.UI;

namespace CashoutConsole.Withdrawals;

public static class WithdrawalsSetup
{
    public static IServiceCollection AddWithdrawals(this IServiceCollection services, WithdrawalOptions options, SenderName sender) => services
        .AddSingleton(options)
        .AddSingleton(sender)
        .AddSingleton<OpenWithdrawals>()
        .AddSingleton<IAccountCommitments>(static provider => provider.GetRequiredService<OpenWithdrawals>())
        .AddSingleton<IAccountActions, AccountActions>()
        .AddSingleton<IApprovedAction, WithdrawalApproval>()
        .AddSingleton<IApprovedAction, BatchApproval>()
        .AddSingleton<BatchProgress>()
        .AddSingleton<BatchPlanner>()
        .AddSingleton<StartBatch>()
        .AddSingleton<SubmitBatch>()
        .AddSingleton<UploadBatch>()
        .AddSingleton<FixRow>()
        .AddSingleton<DropItems>()
        .AddSingleton<ReadBatchAgain>()
        .AddSingleton<DiscardBatch>()
        .AddSingleton<RetryBatch>()
        .AddSingleton<PauseBatch>()
        .AddSingleton<CancelBatch>()
        .AddSingleton<RenewPlan>()
        .AddSingleton<ListBatches>()
        .AddSingleton<ShowBatch>()
        .AddSingleton<ListBatchItems>()
        .AddSingleton<OpenDialog>()
        .AddSingleton<JudgeEntry>()
        .AddSingleton<RequestWithdrawal>()
        .AddSingleton<CancelWithdrawal>()
        .AddSingleton<ListWithdrawals>()
        .AddSingleton<SumWithdrawals>()
        .AddSingleton<ShowWithdrawal>()
        .AddSingleton<SenderLeases>()
        .AddSingleton<SendChecks>()
        .AddSingleton<AnswerBook>()
        .AddSingleton<SendingRecovery>()
        .AddSingleton<WithdrawalSender>()
        .AddSingleton<OutcomeResolver>()
        .AddSingleton<SendQueue>()
        .AddSingleton<ProviderBreaker>()
        .AddSingleton<IProviderHealth>(static provider => provider.GetRequiredService<ProviderBreaker>())
        .AddSingleton<BatchReader>()
        .AddHostedService(static provider => provider.GetRequiredService<BatchReader>())
        .AddHostedService<Dispatcher>();
}
