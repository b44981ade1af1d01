using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;

namespace CashoutConsole.Withdrawals.UI;

/// <summary>All withdrawals, newest first, live. The address holds the filter; totals and the CSV file follow it.</summary>
public sealed partial class WithdrawalsPage : IDisposable
{
    private VirtualTable<WithdrawalRow>? _table;
    private WithdrawalFilter _filter = new();
    private IReadOnlyList<WithdrawalTotal> _totals = [];
    private IReadOnlyList<ProviderAccount> _providers = [];
    private Error? _fault;
    private string? _actorId;
    private bool _mayExport;

    [Inject]
    public required ListWithdrawals List { get; set; }

    [Inject]
    public required SumWithdrawals Sum { get; set; }

    [Inject]
    public required ListProviderAccounts Providers { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    private bool IsMine => _filter.MakerId is not null && _filter.MakerId == _actorId;

    private string? ProviderChoice => _filter.ProviderAccountId is { } account && _providers.FirstOrDefault(p => p.Id == account) is { } only
        ? _providers.Count(p => p.Provider == only.Provider) > 1 ? account.ToString() : only.Provider.ToString()
        : _filter.Provider?.ToString();

    private IEnumerable<string> Currencies =>
        _totals.Select(static total => total.Currency).Append(_filter.Currency ?? "").Where(static code => code.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    private List<WithdrawalTotal> ShownTotals => [.. _totals.Where(total => _filter.Currency is null || total.Currency == _filter.Currency)];

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override async Task OnInitializedAsync()
    {
        _filter = WithdrawalQuery.Read(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
        _mayExport = await Authentication.MayAsync(Permission.ExportWithdrawals);
        var actor = await Actor.GetAsync();
        _actorId = actor.Id;
        var providers = await Providers.ExecuteAsync(actor, CancellationToken.None);
        _providers = providers.Match<IReadOnlyList<ProviderAccount>>(static rows => [.. rows.Select(static row => row.ProviderAccount)], static _ => []);
        await SumAsync();
    }

    private async ValueTask<TablePage<WithdrawalRow>> LoadAsync(TableRequest request, CancellationToken cancellation)
    {
        var page = await List.ExecuteAsync(await Actor.GetAsync(), _filter, request.Start, request.Count, cancellation);
        if (_fault != page.Error)
        {
            _fault = page.Error;
            StateHasChanged();
        }
        return page.Match(static found => new TablePage<WithdrawalRow>(found.Rows, found.Total), static _ => new TablePage<WithdrawalRow>([], 0));
    }

    /// <summary>The groups show what else there is, so they ignore the filters that choose among them.</summary>
    private async Task SumAsync()
    {
        var totals = await Sum.ExecuteAsync(await Actor.GetAsync(), _filter with { Status = null, Currency = null }, CancellationToken.None);
        _totals = totals.Match(static found => found, static _ => []);
    }

    private async Task RefreshAsync()
    {
        await SumAsync();
        if (_table is not null)
        {
            await _table.RefreshAsync();
        }
    }

    private void Show(WithdrawalFilter filter) => Show(filter, replace: false);

    private void Show(WithdrawalFilter filter, bool replace) => Navigation.NavigateTo(WithdrawalQuery.Write(WithdrawalQuery.List, filter), replace: replace);

    private void ChooseProvider(ChangeEventArgs args) => Show(_filter with
    {
        Provider = Chosen<ProviderKind>(args),
        ProviderAccountId = Guid.TryParse(Text(args), out var id) ? id : null,
    });

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args)
    {
        if (new Uri(args.Location).AbsolutePath == WithdrawalQuery.List)
        {
            _ = InvokeAsync(async () =>
            {
                _filter = WithdrawalQuery.Read(args.Location);
                StateHasChanged();
                await SumAsync();
                StateHasChanged();
            });
        }
    }

    private static string? Text(ChangeEventArgs args) => args.Value as string is { Length: > 0 } text ? text : null;

    private static T? Chosen<T>(ChangeEventArgs args)
        where T : struct, Enum => Enum.TryParse<T>(Text(args), out var value) ? value : null;
}
