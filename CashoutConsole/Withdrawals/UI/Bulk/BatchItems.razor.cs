using System.Globalization;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI.Bulk;

public sealed partial class BatchItems
{
    private TableTicks<BatchItemRow, int> _ticks = null!;
    private VirtualTable<BatchItemRow>? _table;
    private BatchView? _shown;
    private BatchItemRow? _open;
    private int _total;
    private bool _working;

    [Inject]
    public required ListBatchItems List { get; set; }

    [Inject]
    public required DropItems Drop { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Parameter, EditorRequired]
    public BatchView View { get; set; } = null!;

    [Parameter, EditorRequired]
    public BatchItemTab Tab { get; set; }

    [Parameter]
    public EventCallback OnChanged { get; set; }

    [Parameter]
    public EventCallback<Error?> OnFault { get; set; }

    private bool IsPlan => Tab is BatchItemTab.Planned or BatchItemTab.Changed;

    private bool IsDropped => Tab == BatchItemTab.Dropped;

    private bool MayTick => View is { Batch.State: BatchState.Draft, IsMaker: true, MayRequest: true } && (IsPlan || IsDropped);

    private int TickedCount => _ticks.Selection.CountOf(_total);

    protected override void OnInitialized() =>
        _ticks = new TableTicks<BatchItemRow, int>(static row => row.Item.Number, LabelOf, KeysAsync, EventCallback.Factory.Create(this, StateHasChanged));

    protected override async Task OnParametersSetAsync()
    {
        var isNews = _shown is not null && !ReferenceEquals(_shown, View);
        _shown = View;
        if (isNews && _table is not null)
        {
            await _table.RefreshAsync();
        }
    }

    private static string CurrencyOf(BatchItemRow row) => row.Account?.Currency ?? "";

    private static string LabelOf(BatchItemRow row) => row.Account?.Label ?? "#" + row.Item.Number.ToString(CultureInfo.InvariantCulture);

    /// <summary>The balance that the list showed, where the plan is made from another.</summary>
    private static decimal? ChangeOf(BatchItemRow row) =>
        row.Item is { SeenMillionths: { } seen, ReadingMillionths: { } reading } && seen != reading ? Money.ToDecimal(seen) : null;

    private string ReasonOf(BatchItemRow row) => Tab == BatchItemTab.Invalid ? L["Batch_RowFaults"] : L.LeftOutOf(row.Item.LeftOutCode);

    private async ValueTask<TablePage<BatchItemRow>> LoadAsync(TableRequest request, CancellationToken cancellation)
    {
        var page = await List.ExecuteAsync(await Actor.GetAsync(), View.Batch.Id, Tab, request.Start, request.Count, cancellation);
        if (page.IsSuccess && page.Value.Total != _total)
        {
            _total = page.Value.Total;
            StateHasChanged();
        }
        return page.Match(static found => new TablePage<BatchItemRow>(found.Rows, found.Total), error => throw new InvalidOperationException(error.Code));
    }

    private async Task<IReadOnlyList<int>?> KeysAsync(int start, int count)
    {
        var actor = await Actor.GetAsync();
        var numbers = new List<int>();
        while (numbers.Count < count)
        {
            var page = await List.ExecuteAsync(actor, View.Batch.Id, Tab, start + numbers.Count, count - numbers.Count, CancellationToken.None);
            if (!page.IsSuccess)
            {
                await OnFault.InvokeAsync(page.Error);
                return null;
            }
            if (page.Value.Rows.Count == 0)
            {
                break;
            }
            numbers.AddRange(page.Value.Rows.Select(static row => row.Item.Number));
        }
        return numbers;
    }

    private async Task ChangeAsync()
    {
        _working = true;
        try
        {
            var selection = _ticks.Selection;
            IReadOnlyList<int>? numbers = selection.IsAll ? await KeysAsync(0, _total) : [.. selection.Keys];
            if (numbers is null)
            {
                return;
            }
            var command = new DropItems.Command(View.Batch.Id, selection.IsAll ? [.. numbers.Except(selection.Keys)] : numbers, !IsDropped);
            var result = await Drop.ExecuteAsync(await Actor.GetAsync(), command, CancellationToken.None);
            await _ticks.ClearAsync();
            await OnFault.InvokeAsync(result.Error);
            await OnChanged.InvokeAsync();
        }
        finally
        {
            _working = false;
        }
    }
}
