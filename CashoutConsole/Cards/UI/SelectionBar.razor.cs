using System.Globalization;
using CashoutConsole.Cards.Application;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Cards.UI;

/// <summary>What is selected in the accounts list: how many, how much per currency, what cannot be withdrawn from and why, and what to do with it.</summary>
public sealed partial class SelectionBar : IDisposable
{
    private (TableSelection<Guid> Selection, AccountFilter Filter, int Revision)? _asked;
    private AccountSelection _selected = AccountSelection.None;
    private CancellationTokenSource? _reading;
    private SelectionSum? _sum;
    private Error? _fault;

    [Inject]
    public required SumSelection Sum { get; set; }

    [Inject]
    public required IAccountActions Actions { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required ILogger<SelectionBar> Log { get; set; }

    [Parameter, EditorRequired]
    public TableSelection<Guid> Selection { get; set; } = TableSelection<Guid>.None;

    /// <summary>Without an order: that does not change what is selected.</summary>
    [Parameter, EditorRequired]
    public AccountFilter Filter { get; set; } = null!;

    /// <summary>How many accounts there are on the filter.</summary>
    [Parameter, EditorRequired]
    public int Total { get; set; }

    /// <summary>Grows when accounts have changed: the same selection is added up again.</summary>
    [Parameter]
    public int Revision { get; set; }

    /// <summary>The filter changed and took the selection with it.</summary>
    [Parameter]
    public bool WasCleared { get; set; }

    [Parameter]
    public EventCallback OnClear { get; set; }

    [Parameter]
    public EventCallback OnSelectAll { get; set; }

    /// <summary>The notice that the selection was cleared has been read.</summary>
    [Parameter]
    public EventCallback OnDismiss { get; set; }

    private int Count => Selection.CountOf(Total);

    private int Blocked => _sum is null ? 0 : _sum.Accounts - _sum.Withdrawable;

    private string CountText => Count == 1 ? L["Selection_One"] : L["Selection_Count", Count];

    private string BlockedText => Blocked == 1 ? L["Selection_OneBlocked"] : L["Selection_Blocked", Blocked];

    private string BlockTitle => string.Join('\n', _sum!.Blocks.Select(count => $"{Number(count.Accounts)} · {L.NameOf(count.Block, "BlockedShort")}"));

    /// <summary>What a screen reader says by itself after each change.</summary>
    private string? StatusText => this switch
    {
        { Count: 0, WasCleared: true } => L["Selection_Cleared"],
        { Count: 0 } => null,
        { _sum: { } sum, _reading: null } => string.Join(" · ", sum.Totals.Select(static total => $"{AmountFormat.Text(total.Amount)} {total.Currency}").Prepend(CountText)),
        _ => CountText,
    };

    public void Dispose() => _reading?.Cancel();

    protected override Task OnParametersSetAsync()
    {
        if (Count == 0)
        {
            _reading?.Cancel();
            (_asked, _sum, _fault, _reading) = (null, null, null, null);
            return Task.CompletedTask;
        }
        var asking = (Selection, Filter, Revision);
        if (_asked == asking)
        {
            return Task.CompletedTask;
        }
        if (_asked?.Selection != Selection || _asked?.Filter != Filter)
        {
            _selected = new AccountSelection(Selection.IsAll ? Filter : null, Selection.Keys);
        }
        _asked = asking;
        return ReadAsync();
    }

    /// <summary>The figures of the selection before stay until the new ones are here; an answer that comes too late is dropped.</summary>
    private async Task ReadAsync()
    {
        _reading?.Cancel();
        using var reading = new CancellationTokenSource();
        _reading = reading;
        try
        {
            var sum = await Sum.ExecuteAsync(await Current.GetAsync(), _selected, reading.Token);
            if (_reading == reading)
            {
                (_sum, _fault) = (sum.IsSuccess ? sum.Value : null, sum.Error);
            }
        }
        catch (OperationCanceledException) when (reading.IsCancellationRequested)
        {
            // Another selection has been made, or the operator left.
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The selected accounts could not be added up");
            (_sum, _fault) = (null, new Error("LoadFailed"));
        }
        finally
        {
            _reading = _reading == reading ? null : _reading;
        }
    }

    private static string Number(int value) => value.ToString("N0", CultureInfo.CurrentCulture);
}
