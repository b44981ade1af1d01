using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Identity.UI;

/// <summary>Everybody who may sign in, what they may do and what waits for a second person. Live.</summary>
public sealed partial class OperatorsPage
{
    private IReadOnlyList<OperatorRow>? _rows;
    private Error? _error;
    private bool _mayAdminister;
    private bool _creating;

    [Inject]
    public required ListOperators Operators { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _mayAdminister = await Authentication.MayAsync(Permission.Administer);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var rows = await Operators.ExecuteAsync(await Actor.GetAsync(), CancellationToken.None);
        (_rows, _error) = rows.Match(static found => (found, (Error?)null), error => (_rows!, error));
    }

    private Task CloseAsync()
    {
        _creating = false;
        return LoadAsync();
    }
}
