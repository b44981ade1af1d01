using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI.Bulk;

public sealed partial class RowFaults
{
    /// <summary>So many are shown at once; the next ones come up as these are fixed.</summary>
    private const int Shown = 50;

    private IReadOnlyList<Row> _rows = [];
    private int _total;
    private Error? _error;

    [Inject]
    public required ListBatchItems Items { get; set; }

    [Inject]
    public required FixRow Fix { get; set; }

    [Inject]
    public required DropItems Drop { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Parameter, EditorRequired]
    public Guid BatchId { get; set; }

    /// <summary>Only the maker changes a draft.</summary>
    [Parameter]
    public bool IsMaker { get; set; }

    /// <summary>Grows when the batch changed: the rows are read again.</summary>
    [Parameter]
    public long Version { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        var page = await Items.ExecuteAsync(await Current.GetAsync(), BatchId, BatchItemTab.Invalid, 0, Shown, CancellationToken.None);
        if (page.IsSuccess)
        {
            _rows = [.. page.Value.Rows.Select(static row => new Row(row.Item.Number, ItemRows.TypedOf(row.Item)!, ItemRows.FaultsOf(row.Item)))];
            _total = page.Value.Total;
        }
        else
        {
            _error = page.Error;
        }
    }

    private async Task FixAsync(int number, CsvColumn column, string text)
    {
        var result = await Fix.ExecuteAsync(await Current.GetAsync(), new FixRow.Command(BatchId, number, column, text), CancellationToken.None);
        _error = result.Error;
        await LoadAsync();
        await OnChanged.InvokeAsync();
    }

    private async Task DropAllAsync()
    {
        var result = await Drop.ExecuteAsync(await Current.GetAsync(), new DropItems.Command(BatchId, null, Drop: true), CancellationToken.None);
        _error = result.Error;
        await LoadAsync();
        await OnChanged.InvokeAsync();
    }

    private sealed record Row(int Number, CsvRow Typed, IReadOnlyList<StoredFault> Faults)
    {
        public IEnumerable<StoredFault> FaultsOf(CsvColumn column) => Faults.Where(fault => fault.Column == column);
    }
}
