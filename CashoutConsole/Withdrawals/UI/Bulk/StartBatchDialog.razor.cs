using CashoutConsole.Cards.Application;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Identity.UI;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI.Bulk;

/// <summary>
/// Starts a batch on a selection: asks for the amount, and leads to the batch's page, where the preview follows. The batch's id comes from
/// the opening and is used for every try, so that a double click and a second try after a lost answer make one batch.
/// </summary>
public sealed partial class StartBatchDialog : IDisposable
{
    private const int MaxDecimals = 6;

    private readonly Guid _batchId = Guid.NewGuid();
    private readonly CancellationTokenSource _closing = new();
    private SelectionSum? _sum;
    private string _amountText = "";
    private string _title = "";
    private bool _triedToGoOn;
    private bool _sending;
    private bool _answerLost;
    private Error? _fault;
    private ElementReference _amountInput;
    private ElementReference _titleInput;
    private StepUpDialog? _stepUp;

    [Inject]
    public required StartBatch Start { get; set; }

    [Inject]
    public required SumSelection Summing { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ILogger<StartBatchDialog> Log { get; set; }

    [Parameter, EditorRequired]
    public BulkAmountKind Kind { get; set; }

    [Parameter, EditorRequired]
    public AccountSelection Selection { get; set; } = AccountSelection.None;

    /// <summary>What the selection is in words, where nobody ticked it; null = ticked.</summary>
    [Parameter]
    public string? Scope { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    private bool NeedsAmount => Kind != BulkAmountKind.All;

    private int Blocked => _sum is null ? 0 : _sum.Accounts - _sum.Withdrawable;

    private string? OneCurrency => _sum?.Totals is [var only] ? only.Currency.Value : null;

    private Error? AmountFault => NeedsAmount ? FaultOf(AmountText.Parse(_amountText)) : null;

    /// <summary>An empty field is not scolded before the operator tried to go on.</summary>
    private Error? ShownAmountFault => AmountFault is { } fault && (_triedToGoOn || !fault.Is("AmountMissing")) ? fault : null;

    private Error? TitleFault => BatchRules.TitleFault(_title);

    private string? WhyNot => this switch
    {
        { _sending: true } => L["Bulk_Starting"].Value,
        { _sum.Accounts: 0 } => L["Bulk_NoAccounts"].Value,
        { _sum.Accounts: > Batch.MaxItems } => L.TextOf(new Error("BatchTooLarge", _sum.Accounts, Batch.MaxItems)),
        { _sum.Withdrawable: 0 } => L["Selection_NoneWithdrawable"].Value,
        _ => null,
    };

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    protected override async Task OnInitializedAsync()
    {
        try
        {
            var sum = await Summing.ExecuteAsync(await Current.GetAsync(), Selection, _closing.Token);
            (_sum, _fault) = (sum.IsSuccess ? sum.Value : null, sum.Error);
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closed while the accounts were added up.
        }
        catch (Exception exception)
        {
            // The figures only inform; the batch reads its own.
            Log.LogError(exception, "The accounts of a batch could not be added up");
        }
    }

    private void TypeAmount(ChangeEventArgs args) => (_amountText, _fault) = (args.Value as string ?? "", null);

    private void TypeTitle(ChangeEventArgs args) => (_title, _fault) = (args.Value as string ?? "", null);

    /// <summary>Nothing may be left on an account, but withdrawing nothing is no withdrawal. More than an account has is the preview's matter.</summary>
    private Error? FaultOf(Result<decimal> amount) => amount switch
    {
        { IsSuccess: false } => amount.Error,
        { Value: 0 } when Kind == BulkAmountKind.Each => new Error("AmountDecimals", MaxDecimals),
        { Value: > BatchRules.MostAmount } => new Error("BulkAmount"),
        { Value: var value } when Money.DecimalsOf(value) > MaxDecimals => new Error("AmountDecimals", MaxDecimals),
        _ => null,
    };

    private async Task SubmitAsync()
    {
        _triedToGoOn = true;
        // In the handler, not only in the markup: a second click may already be on its way.
        if (_sending || WhyNot is not null)
        {
            return;
        }
        if (AmountFault is not null)
        {
            await _amountInput.FocusAsync();
            return;
        }
        if (TitleFault is not null)
        {
            await _titleInput.FocusAsync();
            return;
        }
        await StartAsync();
    }

    private async Task StartAsync()
    {
        (_sending, _answerLost, _fault) = (true, false, null);
        try
        {
            var amount = NeedsAmount ? AmountText.Parse(_amountText).Value : 0;
            var title = string.IsNullOrWhiteSpace(_title) ? null : _title.Trim();
            var command = new StartBatch.Command(_batchId, Selection, Kind, amount, title);
            var actor = await Current.GetAsync();
            // Not cancelled by closing: a batch that is being started stands in the list of batches.
            var started = await Start.ExecuteAsync(actor, command, CancellationToken.None);
            if (started.Error?.Is("StepUpNeeded") == true && _stepUp is not null && await _stepUp.EnsureAsync())
            {
                started = await Start.ExecuteAsync(actor, command, CancellationToken.None);
            }
            if (started.IsSuccess)
            {
                Navigation.NavigateTo($"/batches/{started.Value}");
                return;
            }
            _fault = started.Error;
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The answer to starting batch {Batch} was lost", _batchId);
            _answerLost = true;
        }
        _sending = false;
    }

    private Task CloseAsync() => _sending ? Task.CompletedTask : OnClose.InvokeAsync();
}
