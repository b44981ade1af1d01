using CashoutConsole.Cards.Application;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Providers.Contracts;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Cards.UI;

/// <summary>The member directory of one game wallet: who we know, from where, and adding more.</summary>
public sealed partial class MembersPage : IDisposable
{
    private const string WalletParameter = "wallet";

    private VirtualTable<AccountRow>? _table;
    private ChangeWatch? _watch;
    private Actor? _actor;
    private IReadOnlyList<RefreshState>? _wallets;
    private RefreshState? _wallet;
    private AccountFilter _filter = new();
    private Error? _fault;
    private bool _mayAdd;

    [Inject]
    public required ListAccounts List { get; set; }

    [Inject]
    public required ListRefreshes Refreshes { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ChangeFeed Changes { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ILogger<MembersPage> Log { get; set; }

    [SupplyParameterFromQuery(Name = WalletParameter)]
    public string? WalletText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.Search)]
    public string? SearchText { get; set; }

    [SupplyParameterFromQuery(Name = AccountFilterAddress.Sort)]
    public string? SortText { get; set; }

    public void Dispose() => _watch?.Dispose();

    protected override async Task OnInitializedAsync()
    {
        _watch = new ChangeWatch(Changes, Clock, static change => change.Kind == ChangeKind.Account, () => _ = InvokeAsync(ReadAgainAsync));
        _mayAdd = await Current.IsOfferedAsync(Permission.MaintainMemberDirectory);
        _actor = await Current.GetAsync();
        await ReadWalletsAsync();
    }

    protected override void OnParametersSet() => Choose();

    private async Task ReadWalletsAsync()
    {
        try
        {
            var refreshes = await Refreshes.ExecuteAsync(_actor!, CancellationToken.None);
            _fault = refreshes.Error;
            _wallets = refreshes.IsSuccess ? [.. refreshes.Value.Where(static state => state.Provider == ProviderKind.MemberWallet)] : null;
            Choose();
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The member wallets could not be read");
            _fault = new Error("LoadFailed");
        }
    }

    private void Choose()
    {
        _wallet = _wallets?.FirstOrDefault(wallet => wallet.ProviderAccountId.ToString() == WalletText) ?? (_wallets is [var first, ..] ? first : null);
        _filter = AccountFilterAddress.Read(name => name switch
        {
            AccountFilterAddress.Search => SearchText,
            AccountFilterAddress.Sort => SortText,
            _ => null,
        }) with
        {
            Provider = ProviderKind.MemberWallet,
            ProviderAccountId = _wallet?.ProviderAccountId,
        };
    }

    private async ValueTask<TablePage<AccountRow>> LoadAsync(TableRequest request, CancellationToken cancellation)
    {
        var page = await List.ExecuteAsync(_actor!, _filter, request.Start, request.Count, cancellation);
        if (page.IsSuccess)
        {
            return new TablePage<AccountRow>(page.Value.Rows, page.Value.Total);
        }
        if (page.Error.Is("CardNumberInText"))
        {
            Go(search: "");
        }
        else
        {
            _fault = page.Error;
            StateHasChanged();
        }
        return new TablePage<AccountRow>([], 0);
    }

    private async Task ReadAgainAsync()
    {
        if (_table is not null)
        {
            await _table.RefreshAsync();
            StateHasChanged();
        }
    }

    private void ChangeSort(TableSort? sort) => Go(sort: sort?.ToString());

    private void Go(string? wallet = null, string? search = null, string? sort = null) => Navigation.NavigateTo(
        Navigation.GetUriWithQueryParameters(new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            [WalletParameter] = wallet ?? WalletText,
            [AccountFilterAddress.Search] = (search ?? SearchText) is { Length: > 0 } text ? text : null,
            [AccountFilterAddress.Sort] = sort ?? SortText,
        }),
        replace: search is not null);
}
