using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Providers.Application;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Providers.UI;

/// <summary>Says on every page what is stopped, by whom, why and since when, and how it goes on.</summary>
public sealed partial class StopNotice
{
    private IReadOnlyList<ListSendingStops.Row> _rows = [];
    private bool _signedIn;

    [Inject]
    public required ListSendingStops Stops { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        // The frame also stands around the page that sends strangers to the sign-in.
        _signedIn = Authentication is not null && (await Authentication).User.Identity?.IsAuthenticated == true;
        if (_signedIn)
        {
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var stops = await Stops.ExecuteAsync(await Actor.GetAsync(), CancellationToken.None);
        _rows = stops.Match(static rows => rows, _ => _rows);
    }
}
