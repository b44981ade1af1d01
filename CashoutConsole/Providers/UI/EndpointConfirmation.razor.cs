using CashoutConsole.Approvals.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Identity.UI;
using CashoutConsole.Providers.Domain;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Providers.UI;

/// <summary>Asks a second person to confirm that an endpoint may be sent to.</summary>
public sealed partial class EndpointConfirmation
{
    private const int PrefixLength = 12;

    private StepUpDialog _stepUp = null!;
    private bool _mayPropose;
    private bool _asking;

    [Inject]
    public required ProposeEndpoint Propose { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    [Parameter, EditorRequired]
    public ProviderAccount ProviderAccount { get; set; } = null!;

    /// <summary>The request that waits already; null = there is none.</summary>
    [Parameter, EditorRequired]
    public Guid? RequestId { get; set; }

    protected override async Task OnInitializedAsync() => _mayPropose = await Authentication.MayAsync(Permission.Administer);

    /// <summary>With the identity that this page shows: if it changed meanwhile, nothing is proposed.</summary>
    private async Task<Error?> ProposeAsync(string reason)
    {
        var actor = await Actor.GetAsync();
        var command = new ProposeEndpoint.Command(ProviderAccount.Id, ProviderAccount.EndpointIdentity, reason);
        var result = await Propose.ExecuteAsync(actor, command, CancellationToken.None);
        if (result.Error == StepUps.Needed && await _stepUp.EnsureAsync())
        {
            result = await Propose.ExecuteAsync(actor, command, CancellationToken.None);
        }
        return result.Error;
    }
}
