using System.Globalization;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Domain;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Providers.UI;

/// <summary>Every provider account: does it answer, may it send, what is open there, and what it can do. Live.</summary>
public sealed partial class ProvidersPage
{
    private IReadOnlyList<ListProviderAccounts.Row>? _rows;
    private IReadOnlyList<ListSendingStops.Row> _stops = [];
    private ProviderAccount? _stopping;
    private Error? _error;
    private bool _mayStop;

    [Inject]
    public required ListProviderAccounts Providers { get; set; }

    [Inject]
    public required ListSendingStops Stops { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _mayStop = await Authentication.MayAsync(Permission.StopSending);
        await LoadAsync();
    }

    private static bool Matters(Change change) => change.Kind is ChangeKind.ProviderAccount or ChangeKind.SendingStop or ChangeKind.Withdrawal or ChangeKind.Approval;

    private static string Number(int count) => count.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>The withdrawals room comes after this one, so its list is named by address.</summary>
    private static string List(ProviderAccount account, string? status) =>
        $"/withdrawals?providerAccount={account.Id}&{(status is null ? "open=true" : "status=" + status)}";

    private async Task LoadAsync()
    {
        var actor = await Actor.GetAsync();
        var rows = await Providers.ExecuteAsync(actor, CancellationToken.None);
        var stops = await Stops.ExecuteAsync(actor, CancellationToken.None);
        _rows = rows.IsSuccess ? rows.Value : null;
        _error = rows.Error;
        _stops = stops.Match(static found => found, static _ => []);
    }

    private ListSendingStops.Row? StopOf(ProviderAccount account) => _stops.FirstOrDefault(row => row.Stop.ScopeId == account.Id);

    private string StateText(ListProviderAccounts.Row row) =>
        row.Stop is not null && row.ProviderAccount.State == ProviderAccountState.Active ? L["ProviderState_Stopped"] : L.NameOf(row.ProviderAccount.State, "ProviderState");

    private static Tone StateTone(ListProviderAccounts.Row row) => row.ProviderAccount.State switch
    {
        ProviderAccountState.Active => row.Stop is null ? Tone.Success : Tone.Danger,
        ProviderAccountState.AwaitingConfirmation => Tone.Pending,
        ProviderAccountState.Removed => Tone.Neutral,
    };
}
