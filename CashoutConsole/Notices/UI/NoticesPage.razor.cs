using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Notices.Application;
using CashoutConsole.Notices.Domain;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;

namespace CashoutConsole.Notices.UI;

/// <summary>Who is told outside the console, whether they hear it, and what they were told. The address says whether only undelivered ones are listed.</summary>
public sealed partial class NoticesPage : IDisposable
{
    private const string Address = "/notices";
    private const string UndeliveredAddress = "/notices?undelivered=true";

    private ListNotices.View? _view;
    private Error? _error;
    private Error? _fault;
    private bool _undelivered;
    private string? _whyNot;

    [Inject]
    public required ListNotices List { get; set; }

    [Inject]
    public required RetryNotices Retry { get; set; }

    [Inject]
    public required SendTestNotice Test { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override async Task OnInitializedAsync()
    {
        Navigation.LocationChanged += OnLocationChanged;
        _undelivered = IsUndelivered(Navigation.Uri);
        _whyNot = await Authentication.MayAsync(Permission.Administer) ? null : L["Notices_AdministratorOnly"].Value;
        await LoadAsync();
    }

    private static bool IsUndelivered(string address) => new Uri(address).Query.Contains("undelivered=true", StringComparison.Ordinal);

    private void OnLocationChanged(object? sender, LocationChangedEventArgs change) => _ = InvokeAsync(async () =>
    {
        if (IsUndelivered(Navigation.Uri) != _undelivered)
        {
            _undelivered = !_undelivered;
            await LoadAsync();
            StateHasChanged();
        }
    });

    private async Task LoadAsync()
    {
        var view = await List.ExecuteAsync(await Actor.GetAsync(), _undelivered, CancellationToken.None);
        _view = view.IsSuccess ? view.Value : null;
        _error = view.Error;
    }

    private void ToggleUndelivered() => Navigation.NavigateTo(_undelivered ? Address : UndeliveredAddress);

    private async Task TestAsync(string target)
    {
        _fault = (await Test.ExecuteAsync(await Actor.GetAsync(), new SendTestNotice.Command(target), CancellationToken.None)).Error;
        await LoadAsync();
    }

    private async Task RetryAsync(string target)
    {
        _fault = (await Retry.ExecuteAsync(await Actor.GetAsync(), new RetryNotices.Command(target), CancellationToken.None)).Error;
        await LoadAsync();
    }

    private string Words(DeliveryFault fault) => L["DeliveryFault_" + fault.Code, fault.Status ?? 0];

    private static string StateOf(ListNotices.Target target) => target switch
    {
        { GivenUp: > 0 } => "GivenUp",
        { Fault: not null } => "Failing",
        { LastDeliveredAt: null } => "Unused",
        _ => "Working",
    };

    private static Tone ToneOf(ListNotices.Target target) => StateOf(target) switch
    {
        "GivenUp" => Tone.Danger,
        "Failing" => Tone.Warning,
        "Unused" => Tone.Neutral,
        _ => Tone.Success,
    };

    private static string StateOf(ListNotices.Delivery delivery) => delivery switch
    {
        { State.DeliveredAt: not null } => "Delivered",
        { Configured: false } => "Removed",
        { State.GivenUpAt: not null } => "GivenUp",
        { State.LastFault: not null } => "Failing",
        _ => "Waiting",
    };

    private static Tone ToneOf(ListNotices.Delivery delivery) => StateOf(delivery) switch
    {
        "Delivered" => Tone.Success,
        "GivenUp" => Tone.Danger,
        "Failing" => Tone.Warning,
        "Removed" => Tone.Neutral,
        _ => Tone.Pending,
    };

    private string? HintOf(ListNotices.Delivery delivery) => delivery.State.LastFault is { } fault ? Words(DeliveryFault.Read(fault)) : null;
}
