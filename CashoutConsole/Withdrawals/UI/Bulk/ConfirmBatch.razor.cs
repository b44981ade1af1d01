using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Identity.UI;
using CashoutConsole.Withdrawals.Application.Bulk;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI.Bulk;

/// <summary>Confirms exactly what the preview showed: its version and its number of withdrawals go along, and anything else is refused.</summary>
public sealed partial class ConfirmBatch
{
    private string _reason = "";
    private bool _asking;
    private int _count;
    private long _version;
    private StepUpDialog? _stepUp;

    [Inject]
    public required SubmitBatch Submit { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Inject]
    public required ILogger<ConfirmBatch> Log { get; set; }

    [Parameter, EditorRequired]
    public BatchView View { get; set; } = null!;

    /// <summary>Why the viewer cannot confirm at all; null = can.</summary>
    [Parameter]
    public string? WhyNot { get; set; }

    [Parameter, EditorRequired]
    public EventCallback<Error> OnRefused { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnConfirmed { get; set; }

    private int LeftOut => View.LeftOut.Sum(static left => left.Accounts) + View.Dropped + View.Faulty;

    private List<(string Currency, decimal Amount)> Sums =>
        [.. View.Totals.GroupBy(static total => total.Currency, StringComparer.Ordinal).Select(static group => (group.Key, group.Sum(static total => total.Amount)))];

    private string? WhyNotConfirm => this switch
    {
        { WhyNot: not null } => WhyNot,
        { View.PlannedLegs: 0 } => L["Error_NothingPlanned"].Value,
        { View.Outlook: null } => L["Error_PolicyMissing"].Value,
        { View.Outlook.Broken: { } limit } => L.TextOf(new Error("LimitReached", limit.Measure, limit.Left, limit.Most, View.Outlook.BrokenCurrency!)),
        _ => TextRules.FaultOf(_reason) is { } fault ? L.TextOf(fault) : null,
    };

    private void Ask() => (_asking, _count, _version) = (true, View.PlannedLegs, View.Batch.Version);

    private async Task ConfirmAsync()
    {
        var command = new SubmitBatch.Command(View.Batch.Id, _version, _count, _reason);
        Error? error;
        try
        {
            var actor = await Actor.GetAsync();
            var result = await Submit.ExecuteAsync(actor, command, CancellationToken.None);
            if (result.Error?.Is("StepUpNeeded") == true && _stepUp is not null && await _stepUp.EnsureAsync())
            {
                result = await Submit.ExecuteAsync(actor, command, CancellationToken.None);
            }
            error = result.Error;
        }
        catch (Exception exception)
        {
            // It may be stored all the same: the page reads again and shows what is.
            Log.LogError(exception, "The answer to the confirmation of batch {Batch} was lost", View.Batch.Id);
            error = new Error("BatchAnswerLost");
        }
        _asking = false;
        await (error is null ? OnConfirmed.InvokeAsync() : OnRefused.InvokeAsync(error));
    }
}
