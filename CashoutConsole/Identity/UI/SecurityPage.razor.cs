using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Identity.UI;

/// <summary>One's own sign-in: the second factor, recovery codes, and where one is signed in.</summary>
public sealed partial class SecurityPage
{
    private const string UsedRecovery = "used";
    private const string SetUpPath = "/sign-in/two-factor?ReturnUrl=%2Fsecurity";
    private const int RecoveryCodesPerSet = RecoveryCodes.PerSet;

    private ShowOwnSecurity.View? _view;
    private IReadOnlyList<string>? _codes;
    private StepUpDialog _stepUp = null!;
    private Guid? _thisSession;
    private Error? _fault;
    private Error? _refusal;

    [Inject]
    public required ShowOwnSecurity Show { get; set; }

    [Inject]
    public required EndOwnSession EndOne { get; set; }

    [Inject]
    public required EndOtherSessions EndOthers { get; set; }

    [Inject]
    public required RenewRecoveryCodes Renew { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    /// <summary>"used" after a sign-in with a recovery code.</summary>
    [SupplyParameterFromQuery]
    public string? Recovery { get; set; }

    protected override Task OnInitializedAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        var actor = await Actor.GetAsync();
        _thisSession = actor.SessionId;
        var view = await Show.ExecuteAsync(actor, CancellationToken.None);
        (_view, _fault) = view.Match(static shown => (shown, (Error?)null), error => (_view!, error));
    }

    private async Task SetUpAsync()
    {
        if (await _stepUp.EnsureAsync())
        {
            // A page without a circuit: what it shows is in no circuit's memory.
            Navigation.NavigateTo(SetUpPath, forceLoad: true);
        }
    }

    private async Task RenewCodesAsync()
    {
        if (await _stepUp.EnsureAsync())
        {
            var made = await Renew.ExecuteAsync(await Actor.GetAsync(), CancellationToken.None);
            (_codes, _refusal) = made.Match(static codes => (codes, (Error?)null), error => (_codes!, error));
            await LoadAsync();
        }
    }

    private async Task EndAsync(Guid sessionId)
    {
        _refusal = (await EndOne.ExecuteAsync(await Actor.GetAsync(), sessionId, CancellationToken.None)).Error;
        await LoadAsync();
    }

    private async Task EndOthersAsync()
    {
        _refusal = (await EndOthers.ExecuteAsync(await Actor.GetAsync(), CancellationToken.None)).Error;
        await LoadAsync();
    }
}
