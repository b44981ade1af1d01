using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Providers.Application;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Providers.UI;

/// <summary>Proposes or confirms that one stop ends.</summary>
public sealed partial class ResumeActions
{
    private bool _mayPropose;
    private bool _mayConfirm;
    private bool _proposing;
    private bool _confirming;
    private string? _actorId;
    private string? _error;

    [Inject]
    public required ProposeResume Propose { get; set; }

    [Inject]
    public required ConfirmResume Confirm { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    [Parameter, EditorRequired]
    public ListSendingStops.Row Row { get; set; } = null!;

    private string? WhyNotConfirm => this switch
    {
        { _mayConfirm: false } => L["Resume_WhoConfirms"].Value,
        _ when Row.Stop.ResumeProposedBy == _actorId => L["Error_SecondPersonNeeded"].Value,
        _ => null,
    };

    protected override async Task OnInitializedAsync()
    {
        _mayPropose = await Authentication.MayAsync(Permission.ProposeResume);
        _mayConfirm = await Authentication.MayAsync(Permission.ConfirmResume);
        _actorId = (await Actor.GetAsync()).Id;
    }

    private async Task<Error?> ProposeAsync(string reason) =>
        (await Propose.ExecuteAsync(await Actor.GetAsync(), new ProposeResume.Command(Row.Stop.ScopeId, reason), CancellationToken.None)).Error;

    private async Task ConfirmAsync()
    {
        var result = await Confirm.ExecuteAsync(await Actor.GetAsync(), new ConfirmResume.Command(Row.Stop.ScopeId, Row.Stop.Version), CancellationToken.None);
        _error = result.IsSuccess ? null : L.TextOf(result.Error);
        _confirming = !result.IsSuccess;
    }
}
