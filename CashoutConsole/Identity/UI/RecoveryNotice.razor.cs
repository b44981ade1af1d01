using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Identity.UI;

/// <summary>Says on every page who came in past the console, until two people know it.</summary>
public sealed partial class RecoveryNotice
{
    private IReadOnlyList<ListRecoveries.Row> _rows = [];
    private ListRecoveries.Row? _asked;
    private StepUpDialog? _stepUp;
    private string? _refusal;
    private bool _signedIn;

    [Inject]
    public required ListRecoveries Recoveries { get; set; }

    [Inject]
    public required AcknowledgeRecovery Acknowledge { get; set; }

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

    private async Task LoadAsync() =>
        _rows = (await Recoveries.ExecuteAsync(await Actor.GetAsync(), CancellationToken.None)).Match(static rows => rows, _ => _rows);

    private string? WhyNot(ListRecoveries.Row row) => row.WhyNot switch
    {
        null => null,
        { Code: "Forbidden" } => L["RecoveredOperator_Who"],
        { } error => L.TextOf(error),
    };

    private void Ask(ListRecoveries.Row row) => (_asked, _refusal) = (row, null);

    private void Close() => _asked = null;

    private async Task AcknowledgeAsync()
    {
        var actor = await Actor.GetAsync();
        var id = _asked!.Recovery.Id;
        var result = await Acknowledge.ExecuteAsync(actor, id, CancellationToken.None);
        if (result.Error == StepUps.Needed && _stepUp is not null && await _stepUp.EnsureAsync())
        {
            result = await Acknowledge.ExecuteAsync(actor, id, CancellationToken.None);
        }
        _refusal = result.IsSuccess ? null : L.TextOf(result.Error);
        _asked = result.IsSuccess ? null : _asked;
        await LoadAsync();
    }
}
