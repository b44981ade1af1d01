using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web.Virtualization;
using Microsoft.JSInterop;

namespace CashoutConsole.Controls;

/// <summary>
/// A dense table for lists of any length: only the rows in view are read and drawn. Columns are <see cref="TableColumn{TItem}"/>
/// children; rows come from <see cref="Source"/>.
/// <list type="bullet">
/// <item>Keyboard: one tab stop; arrows, Page Up/Down, Home and End move the active row, Enter opens it. With <see cref="Ticks"/>, Space
/// ticks it and Shift+Space (or Shift+click) every row from the last one ticked.</item>
/// <item>Order and filters belong to the page (and its address): change <see cref="Sort"/> or <see cref="Key"/> and the table reads again from the top.
/// For fresh rows in the same place (live updates) call <see cref="RefreshAsync"/>.</item>
/// <item>Every row has the same height; cells do not wrap. Below 900 px the table scrolls sideways.</item>
/// <item>A browser cannot lay out an element taller than about 17 million pixels, so at most <see cref="TallestPixels"/> worth of rows
/// are reachable; the footer says so when there are more.</item>
/// </list>
/// </summary>
/// <example><code>
/// &lt;VirtualTable TItem="AccountRow" Source="LoadAsync" RowKey="row => row.Id" RowHref="@(row => $"/accounts/{row.Id}")"
///               Label="@L["Nav_Accounts"]" Sort="_sort" SortChanged="SortAsync" Key="_filter"&gt;
///     &lt;Columns&gt;
///         &lt;TableColumn Title="@L["Common_Account"]" IsLink="true" IsPinned="true"&gt;@context.Name&lt;/TableColumn&gt;
///         &lt;TableColumn Title="@L["Common_Balance"]" SortKey="balance" SortDescendingFirst="true" Align="ColumnAlign.End"&gt;&lt;MoneyText Value="context.Balance" /&gt;&lt;/TableColumn&gt;
///     &lt;/Columns&gt;
/// &lt;/VirtualTable&gt;
/// </code></example>
public sealed partial class VirtualTable<TItem> : IAsyncDisposable
{
    /// <summary>Firefox stops at 17.8 million pixels, Chromium at 33.5 million.</summary>
    public const int TallestPixels = 16_000_000;

    /// <summary>The column of checkboxes; also <c>--tick-w</c> in the style sheet.</summary>
    private const int TickPixels = 40;

    private readonly string _id = "t" + Guid.NewGuid().ToString("N")[..8];
    private readonly List<TableColumn<TItem>> _columns = [];
    private ElementReference _scroller;
    private Virtualize<IndexedRow>? _rows;
    private IJSObjectReference? _script;
    private IReadOnlyList<IndexedRow> _loaded = [];
    private int? _total;
    private int? _active;
    private bool _hasFocus;
    private bool _failed;
    private bool _readAgain;
    private object? _shownKey;
    private TableSort? _shownSort;

    [Inject]
    public required IJSRuntime Browser { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ILogger<VirtualTable<TItem>> Log { get; set; }

    [Parameter, EditorRequired]
    public TableSource<TItem> Source { get; set; } = null!;

    [Parameter, EditorRequired]
    public RenderFragment Columns { get; set; } = null!;

    /// <summary>What tells rows apart, such as the row's id.</summary>
    [Parameter, EditorRequired]
    public Func<TItem, object> RowKey { get; set; } = null!;

    /// <summary>The table's name for screen readers.</summary>
    [Parameter, EditorRequired]
    public string Label { get; set; } = "";

    [Parameter]
    public TableSort? Sort { get; set; }

    [Parameter]
    public EventCallback<TableSort?> SortChanged { get; set; }

    /// <summary>Everything else that decides which rows there are (filters, search), compared by Equals.</summary>
    [Parameter]
    public object? Key { get; set; }

    /// <summary>Where a click or Enter on a row leads.</summary>
    [Parameter]
    public Func<TItem, string>? RowHref { get; set; }

    /// <summary>A click or Enter on a row, where it has no address.</summary>
    [Parameter]
    public EventCallback<TItem> OnOpen { get; set; }

    /// <summary>Set = a checkbox stands in front of each row, and one for all of them in the header.</summary>
    [Parameter]
    public TableTicks<TItem>? Ticks { get; set; }

    /// <summary>Extra CSS classes of a row: "row-danger", "row-muted".</summary>
    [Parameter]
    public Func<TItem, string?>? RowClass { get; set; }

    /// <summary>In pixels, the same for every row: 36 for one line, 48 for two.</summary>
    [Parameter]
    public int RowHeight { get; set; } = 36;

    [Parameter]
    public RenderFragment? Empty { get; set; }

    /// <summary>Beside the row count, such as totals per currency.</summary>
    [Parameter]
    public RenderFragment? Footer { get; set; }

    [Parameter]
    public string? Class { get; set; }

    /// <summary>How many rows there are; null before the first answer.</summary>
    public int? Total => _total;

    private bool CanOpen => RowHref is not null || OnOpen.HasDelegate;

    private int ReachableRows => Math.Min(_total ?? 0, TallestPixels / RowHeight);

    private string CountText => _total switch
    {
        null => "",
        1 => L["Table_OneRow"],
        { } total when total > ReachableRows => L["Table_Capped", Number(ReachableRows), Number(total)],
        { } total => L["Table_Rows", Number(total)],
    };

    /// <summary>Reads the rows in view again and keeps the place.</summary>
    public async Task RefreshAsync()
    {
        if (_failed)
        {
            // Drawing the rows anew reads them anew.
            _failed = false;
            StateHasChanged();
        }
        else if (_rows is not null)
        {
            await _rows.RefreshDataAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_script is not null)
            {
                await _script.InvokeVoidAsync("detach", _scroller);
                await _script.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the script with it.
        }
    }

    internal void Collect(TableColumn<TItem> column) => _columns.Add(column);

    protected override void OnInitialized() => (_shownKey, _shownSort) = (Key, Sort);

    protected override void OnParametersSet()
    {
        if (!Equals(_shownKey, Key) || _shownSort != Sort)
        {
            (_shownKey, _shownSort, _active, _failed, _readAgain) = (Key, Sort, null, false, !_failed);
            Ticks?.Reorder();
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _script = await Browser.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/table.js"]);
            await _script.InvokeVoidAsync("attach", _scroller);
        }
        if (_readAgain && _rows is not null)
        {
            _readAgain = false;
            await RevealAsync(0);
            await _rows.RefreshDataAsync();
            StateHasChanged();
        }
    }

    private async ValueTask<ItemsProviderResult<IndexedRow>> LoadAsync(ItemsProviderRequest request)
    {
        try
        {
            var page = await Source(new TableRequest(request.StartIndex, request.Count, Sort), request.CancellationToken);
            request.CancellationToken.ThrowIfCancellationRequested();
            Take(page, request.StartIndex);
            return new ItemsProviderResult<IndexedRow>(_loaded, ReachableRows);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception exception)
        {
            // The list must not take the page down: the operator can still see and use everything around it.
            Log.LogError(exception, "The rows of {Table} could not be read", Label);
            (_failed, _total, _loaded) = (true, null, []);
            StateHasChanged();
            return new ItemsProviderResult<IndexedRow>([], 0);
        }
    }

    private void Take(TablePage<TItem> page, int start)
    {
        _loaded = [.. page.Items.Select((item, offset) => new IndexedRow(start + offset, item))];
        if (_total == page.Total)
        {
            return;
        }
        _total = page.Total;
        _active = _active is { } active && active < ReachableRows ? active : null;
        StateHasChanged();
    }

    private Task RetryAsync() => RefreshAsync();

    private async Task SortByAsync(TableColumn<TItem> column)
    {
        var descending = IsSorted(column) ? !Sort!.Value.Descending : column.SortDescendingFirst;
        await SortChanged.InvokeAsync(new TableSort(column.SortKey!, descending));
    }

    private bool IsSorted(TableColumn<TItem> column) => column.SortKey is not null && Sort?.Key == column.SortKey;

    private string? AriaSort(TableColumn<TItem> column) =>
        column.SortKey is null ? null : !IsSorted(column) ? "none" : Sort!.Value.Descending ? "descending" : "ascending";

    /// <summary>Columns have fixed widths, so that they do not jump while rows pass by; below this sum the table scrolls sideways.</summary>
    private int LeastWidth(IEnumerable<TableColumn<TItem>> columns) => columns.Sum(static column => column.LeastPixels) + (Ticks is null ? 0 : TickPixels);

    private string RowId(int index) => string.Create(CultureInfo.InvariantCulture, $"{_id}-{index}");

    private string RowCss(IndexedRow row) =>
        $"{(CanOpen ? "row-open" : "")}{(row.Index == _active ? " row-active" : "")} {RowClass?.Invoke(row.Item)}".Trim();

    private static string Number(int value) => value.ToString("N0", CultureInfo.CurrentCulture);

    /// <summary>A row and its 0-based place in the whole list.</summary>
    internal sealed record IndexedRow(int Index, TItem Item);
}
