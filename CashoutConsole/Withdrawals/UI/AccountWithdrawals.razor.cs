using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI;

public sealed partial class AccountWithdrawals
{
    private const int Shown = 50;

    private ListWithdrawals.Page? _page;
    private ChangeWatch? _watch;
    private Guid _loadedFor;
    private bool _failed;

    [Inject]
    public required ListWithdrawals List { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required ChangeFeed Changes { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ILogger<AccountWithdrawals> Log { get; set; }

    [Parameter, EditorRequired]
    public Guid AccountId { get; set; }

    public void Dispose() => _watch?.Dispose();

    protected override void OnInitialized() => _watch = new ChangeWatch(
        Changes, Clock,
        change => change.Kind == ChangeKind.Withdrawal || (change.Kind == ChangeKind.Account && change.Id == AccountId),
        () => _ = InvokeAsync(LoadAsync));

    protected override async Task OnParametersSetAsync()
    {
        if (_loadedFor != AccountId)
        {
            (_loadedFor, _page) = (AccountId, null);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            var page = await List.ExecuteAsync(await Current.GetAsync(), new WithdrawalFilter { AccountId = AccountId }, 0, Shown, CancellationToken.None);
            (_page, _failed) = (page.IsSuccess ? page.Value : null, !page.IsSuccess);
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The withdrawals of account {Account} could not be read", AccountId);
            _failed = true;
        }
        StateHasChanged();
    }
}
