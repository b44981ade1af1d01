using CashoutConsole.Cards.Application;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Cards.UI;

/// <summary>Every card, cardholder and member at every provider account, in one list. The address holds all that it shows.</summary>
public sealed partial class AccountsPage : IDisposable
{
    /// <summary>A balance older than this is marked as old.</summary>
    private static readonly TimeSpan StaleAfter = TimeSpan.FromMinutes(30);

    private readonly CancellationTokenSource _leaving = new();
    private VirtualTable<AccountRow>? _table;
    private ChangeWatch? _watch;
    private Actor? _actor;
    private AccountFilter _filter = new();
    private AccountFilter? _summed;
    private IReadOnlyList<AccountTotal>? _totals;
    private IReadOnlyList<RefreshState> _refreshes = [];
    private IReadOnlyList<string> _currencies = [];
    private Guid? _withdrawFrom;
    private Error? _fault;
    private Error? _notice;
    private TableTicks<AccountRow, Guid> _ticks = null!;
    private int _revision;
    private bool _selectionCleared;
    private bool _mayRefresh;
    private bool _mayWithdraw;

    [Inject]
    public required ListAccounts List { get; set; }

    [Inject]
    public required SumAccounts Sum { get; set; }

    [Inject]
    public required ListAccountIds Ids { get; set; }

    [Inject]
    public required ListRefreshes Refreshes { get; set; }

    [Inject]
    public required RefreshAccounts Refresh { get; set; }

    [Inject]
    public required IAccountActions Actions { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ChangeFeed Changes { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ILogger<AccountsPage> Log { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.Search)]
    public string? SearchText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.Provider)]
    public string? ProviderText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.ProviderAccount)]
    public string? ProviderAccountText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.Status)]
    public string? StatusText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.Currency)]
    public string? CurrencyText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.Min)]
    public string? MinText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.Max)]
    public string? MaxText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.WithBalance)]
    public string? WithBalanceText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.Sort)]
    public string? SortText { get; set; }

    private bool AllRunning => _refreshes.Count > 0 && _refreshes.All(static state => state.Running is not null);

    private CashOutScope Scope => new(
        _filter.Provider,
        _refreshes.FirstOrDefault(state => state.ProviderAccountId == _filter.ProviderAccountId) is { } account ? (account.ProviderAccountId, account.DisplayName) : null);

    public void Dispose()
    {
        _watch?.Dispose();
        _leaving.Cancel();
        _leaving.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        _watch = new ChangeWatch(
            Changes, Clock,
            static change => change.Kind is ChangeKind.Account or ChangeKind.Withdrawal or ChangeKind.ProviderAccount,
            () => _ = InvokeAsync(ReadAgainAsync));
        _ticks = new(static row => row.Account.Id, static row => row.Account.Label, IdsAsync, EventCallback.Factory.Create(this, () => _selectionCleared = false));
        _mayRefresh = await Current.IsOfferedAsync(Permission.RefreshBalances);
        _mayWithdraw = await Current.IsOfferedAsync(Permission.RequestWithdrawals);
        _actor = await Current.GetAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        _filter = AccountFilterAddress.Read(name => name switch
        {
            AccountFilterAddress.Search => SearchText,
            AccountFilterAddress.Provider => ProviderText,
            AccountFilterAddress.ProviderAccount => ProviderAccountText,
            AccountFilterAddress.Status => StatusText,
            AccountFilterAddress.Currency => CurrencyText,
            AccountFilterAddress.Min => MinText,
            AccountFilterAddress.Max => MaxText,
            AccountFilterAddress.WithBalance => WithBalanceText,
            AccountFilterAddress.Sort => SortText,
            _ => null,
        });
        var unsorted = _filter.Unsorted();
        if (_actor is not null && unsorted != _summed)
        {
            await ForgetSelectionAsync();
            _summed = unsorted;
            await ReadAroundAsync();
        }
    }

    private async ValueTask<TablePage<AccountRow>> LoadAsync(TableRequest request, CancellationToken cancellation)
    {
        var page = await List.ExecuteAsync(_actor!, _filter, request.Start, request.Count, cancellation);
        if (page.IsSuccess)
        {
            return new TablePage<AccountRow>(page.Value.Rows, page.Value.Total);
        }
        Refused(page.Error);
        StateHasChanged();
        return new TablePage<AccountRow>([], 0);
    }

    /// <summary>Totals and refresh states: everything around the rows.</summary>
    private async Task ReadAroundAsync()
    {
        try
        {
            var refreshes = await Refreshes.ExecuteAsync(_actor!, _leaving.Token);
            var totals = await Sum.ExecuteAsync(_actor!, _filter, _leaving.Token);
            if ((refreshes.Error ?? totals.Error) is { } error)
            {
                Refused(error);
                return;
            }
            (_refreshes, _totals, _fault) = (refreshes.Value, totals.Value, null);
            // Currencies once seen stay on offer, so that choosing one does not take the others away.
            _currencies = [.. _currencies.Union(totals.Value.Select(static total => total.Currency), StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        }
        catch (OperationCanceledException) when (_leaving.IsCancellationRequested)
        {
            // The operator left the page.
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The accounts could not be read");
            _fault = new Error("LoadFailed");
        }
    }

    /// <summary>"All on this filter" would mean other accounts on another filter, and ticked rows may no longer be seen.</summary>
    private async Task ForgetSelectionAsync()
    {
        var cleared = _selectionCleared || _ticks.StateOf(_table?.Total ?? 0) != TickState.None;
        await _ticks.ClearAsync();
        _selectionCleared = cleared;
    }

    private async Task<IReadOnlyList<Guid>?> IdsAsync(int start, int count)
    {
        var ids = await Ids.ExecuteAsync(_actor!, _filter, start, count, _leaving.Token);
        _notice = ids.Error;
        return ids.IsSuccess ? ids.Value : null;
    }

    private async Task ReadAgainAsync()
    {
        if (_leaving.IsCancellationRequested || _actor is null)
        {
            return;
        }
        await ReadAroundAsync();
        if (_table is not null)
        {
            await _table.RefreshAsync();
        }
        _revision++;
        StateHasChanged();
    }

    private Task RetryAsync()
    {
        _fault = null;
        return ReadAgainAsync();
    }

    private void Refused(Error error)
    {
        if (error.Is("CardNumberInText"))
        {
            // Somebody pasted it into the address itself: it goes out of it, and out of the history's newest entry.
            _notice = error;
            Navigation.NavigateTo(Navigation.GetUriWithQueryParameter(AccountFilterAddress.Search, (string?)null), replace: true);
        }
        else
        {
            _fault = error;
        }
    }

    private string AddressOf(AccountFilter filter) => Navigation.GetUriWithQueryParameters("/accounts", AccountFilterAddress.Write(filter));

    private void Go(AccountFilter filter)
    {
        _notice = null;
        // Typing on in the search is one step for the back button.
        var typing = !string.IsNullOrEmpty(_filter.Search) && !string.IsNullOrEmpty(filter.Search) && _filter.Search != filter.Search;
        Navigation.NavigateTo(AddressOf(filter), replace: typing);
    }

    private void SelectProviderAccount(Guid id) => Go(_filter with { ProviderAccountId = _filter.ProviderAccountId == id ? null : id, Provider = null });

    private void ClearFilters() => Go(new AccountFilter { Sort = _filter.Sort, Descending = _filter.Descending });

    private void SortAsync(TableSort? sort)
    {
        if (sort is { } order && Enum.TryParse<AccountSort>(order.Key, ignoreCase: true, out var key))
        {
            Go(_filter with { Sort = key, Descending = order.Descending });
        }
    }

    private async Task RefreshAsync(Guid? providerAccountId)
    {
        // The work goes on without this page; the change feed brings what it reads.
        var started = await Refresh.ExecuteAsync(_actor!, providerAccountId, _leaving.Token);
        if (!started.IsSuccess)
        {
            _notice = started.Error;
        }
    }

    private void Withdraw(AccountRow row) => _withdrawFrom = row.Account.Id;

    private void CloseDialog() => _withdrawFrom = null;
}
