using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI;

/// <summary>One withdrawal: the money, what is happening to it, who did what, and every attempt with its evidence. Live.</summary>
public sealed partial class WithdrawalPage
{
    private ShowWithdrawal.View? _view;
    private Error? _error;
    private bool _cancelling;

    [Inject]
    public required ShowWithdrawal Show { get; set; }

    [Inject]
    public required CancelWithdrawal Cancel { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Parameter]
    public Guid Id { get; set; }

    protected override Task OnParametersSetAsync() => LoadAsync();

    private static string Headline(Withdrawal withdrawal)
    {
        var money = withdrawal.Settled ?? withdrawal.Amount;
        return $"{AmountFormat.Text(money.Amount)} {money.Currency}";
    }

    private async Task LoadAsync()
    {
        var result = await Show.ExecuteAsync(await Actor.GetAsync(), Id, CancellationToken.None);
        _view = result.IsSuccess ? result.Value : null;
        _error = result.Error;
    }

    private string? WhyNotCancel(ShowWithdrawal.View view)
    {
        if (view.MayCancel)
        {
            return null;
        }
        var withdrawal = view.Row.Withdrawal;
        return WithdrawalTransitions.Allows(withdrawal.Status, WithdrawalStatus.Cancelled) ? L["Withdrawal_CancelNotYours"] : L["Withdrawal_TooLateToCancel"];
    }

    private async Task<Error?> CancelAsync(string reason)
    {
        var result = await Cancel.ExecuteAsync(await Actor.GetAsync(), new CancelWithdrawal.Command(Id, reason), CancellationToken.None);
        await LoadAsync();
        return result.Error;
    }
}
