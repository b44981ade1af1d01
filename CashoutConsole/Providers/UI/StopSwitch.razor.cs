using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Domain;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Providers.UI;

/// <summary>In the bar of every page for whoever may stop sending: one click and a reason.</summary>
public sealed partial class StopSwitch
{
    private bool _mayStop;
    private bool _stopped;
    private bool _asking;

    [Inject]
    public required ListSendingStops Stops { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _mayStop = await Authentication.MayAsync(Permission.StopSending);
        if (_mayStop)
        {
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var stops = await Stops.ExecuteAsync(await Actor.GetAsync(), CancellationToken.None);
        _stopped = stops.IsSuccess && stops.Value.Any(static row => row.Stop.ScopeId == SendingStop.EverythingId && row.Stop.ResumeProposedBy is null);
    }
}
