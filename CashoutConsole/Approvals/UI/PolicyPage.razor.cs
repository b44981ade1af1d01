using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Approvals.UI;

/// <summary>The rules that hold, in words: who must approve what, today's limits, whether everything can be approved, and how they came about.</summary>
public sealed partial class PolicyPage
{
    private ShowPolicies.View? _view;
    private Error? _fault;
    private bool _mayEdit;

    [Inject]
    public required ShowPolicies Show { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    /// <summary>Currencies of accounts that no rule names.</summary>
    private string Unnamed => string.Join(", ", _view!.Currencies.Where(currency => _view.Active?.Rules.All(rule => rule.Currency != currency) ?? true));

    protected override async Task OnInitializedAsync()
    {
        _mayEdit = await Current.IsOfferedAsync(Permission.Administer);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var view = await Show.ExecuteAsync(await Current.GetAsync(), CancellationToken.None);
        (_view, _fault) = (view.Match<ShowPolicies.View?>(static found => found, static _ => null), view.Error);
    }

    private static Tone ToneOf(PolicyState state) => state switch
    {
        PolicyState.Proposed => Tone.Pending,
        PolicyState.Active => Tone.Success,
        PolicyState.Superseded => Tone.Neutral,
        PolicyState.Declined => Tone.Danger,
    };
}
