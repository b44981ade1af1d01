using Bunit;
using CashoutConsole.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Controls;

public sealed class VirtualTableTests : ControlTest
{
    private readonly List<TableRequest> _requests = [];
    private readonly List<int> _opened = [];
    private TableSort? _sort;
    private bool _broken;

    [Fact]
    public void Rows_columns_and_the_count_are_shown()
    {
        var table = Table(rows: 3);
        Assert.Equal(["Name", "Balance"], table.FindAll("th").Select(static th => th.TextContent.Trim()), StringComparer.Ordinal);
        Assert.Equal(["row 0", "row 1", "row 2"], table.FindAll("tbody tr[aria-rowindex] td:first-child").Select(static td => td.TextContent.Trim()), StringComparer.Ordinal);
        Assert.Equal("3 rows", table.Find(".vtable-foot [role=status]").TextContent);
        Assert.Equal("4", table.Find("table").GetAttribute("aria-rowcount"));
    }

    [Fact]
    public void Columns_keep_their_order_when_the_table_is_drawn_again()
    {
        var table = Table(rows: 1);
        table.Render();
        table.Render();
        Assert.Equal(["Name", "Balance"], table.FindAll("th").Select(static th => th.TextContent.Trim()), StringComparer.Ordinal);
    }

    [Fact]
    public void Nothing_found_is_said_in_words()
    {
        Assert.Equal(L["Table_Empty"], Table(rows: 0).Find(".empty-title").TextContent);
    }

    [Fact]
    public void A_failed_read_can_be_tried_again()
    {
        _broken = true;
        var table = Table(rows: 2);
        Assert.Equal(L["Error_LoadFailed"], table.Find(".error-state .empty-title").TextContent);
        _broken = false;
        table.Find(".error-state button").Click();
        Assert.Equal(2, table.FindAll("tbody tr[aria-rowindex]").Count);
    }

    [Fact]
    public void Headers_ask_for_their_order_and_then_for_the_reverse()
    {
        var table = Table(rows: 2);
        Assert.Equal("none", table.FindAll("th")[1].GetAttribute("aria-sort"));
        table.Find(".th-sort").Click();
        Assert.Equal(new TableSort("balance", true), _sort);
        table.Render(p => p.Add(t => t.Sort, _sort));
        Assert.Equal("descending", table.FindAll("th")[1].GetAttribute("aria-sort"));
        Assert.Equal(_sort, _requests[^1].Sort);
        table.Find(".th-sort").Click();
        Assert.Equal(new TableSort("balance", false), _sort);
    }

    [Fact]
    public void A_changed_filter_reads_again_from_the_top()
    {
        var table = Table(rows: 2);
        var before = _requests.Count;
        table.Render(p => p.Add(t => t.Key, "status=Failed"));
        Assert.True(_requests.Count > before);
        Assert.Contains(Table_Invocations("reveal"), call => call.Arguments[1] is 0);
    }

    [Fact]
    public void Drawing_again_with_the_same_filter_reads_nothing()
    {
        var table = Table(rows: 2);
        var before = _requests.Count;
        table.Render(p => p.Add(t => t.Key, null));
        Assert.Equal(before, _requests.Count);
    }

    [Fact]
    public void Arrow_keys_move_the_active_row_and_enter_opens_it()
    {
        var table = Table(rows: 5);
        table.Find("table").Focus();
        Press(table, "ArrowDown", "ArrowDown", "ArrowUp");
        Assert.Equal("3", ActiveRowIndex(table));
        Press(table, "Enter");
        Assert.Equal([1], _opened);
    }

    [Fact]
    public void The_active_row_stays_inside_the_table()
    {
        var table = Table(rows: 5);
        table.Find("table").Focus();
        Press(table, "ArrowUp", "ArrowUp");
        Assert.Equal("2", ActiveRowIndex(table));
        Press(table, "End", "ArrowDown", "PageDown");
        Assert.Equal("6", ActiveRowIndex(table));
        Press(table, "Home");
        Assert.Equal("2", ActiveRowIndex(table));
    }

    [Fact]
    public void Space_ticks_the_active_row_and_shift_space_every_row_from_the_last_one_ticked()
    {
        var ticks = Ticks();
        var table = Table(rows: 10, p => p.Add(t => t.Ticks, ticks));
        table.Find("table").Focus();
        Press(table, "ArrowDown", " ", "ArrowDown", "ArrowDown");
        table.Find("table").KeyDown(new KeyboardEventArgs { Key = " ", ShiftKey = true });
        Assert.Equal([1, 2, 3], ticks.Selection.Keys.Order());
        Press(table, " ");
        Assert.Equal([1, 2], ticks.Selection.Keys.Order());
        Assert.Empty(_opened);
    }

    [Fact]
    public void A_click_on_a_box_ticks_and_with_shift_a_range_and_opens_nothing()
    {
        var ticks = Ticks();
        var table = Table(rows: 10, p => p.Add(t => t.Ticks, ticks));
        Box(table, 2).Click();
        Box(table, 5).Click(new MouseEventArgs { ShiftKey = true });
        Assert.Equal([2, 3, 4, 5], ticks.Selection.Keys.Order());
        Assert.Equal(["false", "false", "true", "true"], table.FindAll("tbody .tick").Take(4).Select(static box => box.GetAttribute("aria-checked")), StringComparer.Ordinal);
        table.FindAll("tbody tr[aria-rowindex]")[7].Click(new MouseEventArgs { ShiftKey = true });
        Assert.Equal(6, ticks.Selection.CountOf(10));
        Assert.Empty(_opened);
    }

    [Fact]
    public void The_box_in_the_header_says_none_some_or_all_and_ticks_all()
    {
        var ticks = Ticks();
        var table = Table(rows: 10, p => p.Add(t => t.Ticks, ticks));
        Assert.Equal("false", table.Find("th .tick").GetAttribute("aria-checked"));
        Box(table, 0).Click();
        Assert.Equal("mixed", table.Find("th .tick").GetAttribute("aria-checked"));
        table.Find("th .tick").Click();
        Assert.Equal("true", table.Find("th .tick").GetAttribute("aria-checked"));
        Assert.True(ticks.Selection.IsAll);
        table.Find("th .tick").Click();
        Assert.Equal(0, ticks.Selection.CountOf(10));
    }

    [Fact]
    public void Boxes_have_names_of_their_own_and_are_no_tab_stops()
    {
        var table = Table(rows: 2, p => p.Add(t => t.Ticks, Ticks()));
        Assert.Equal("Select all 2 on this filter", table.Find("th .tick").GetAttribute("aria-label"));
        Assert.Equal(["Select number 0", "Select number 1"], table.FindAll("tbody .tick").Select(static box => box.GetAttribute("aria-label")), StringComparer.Ordinal);
        Assert.All(table.FindAll("tbody .tick"), static box => Assert.Equal("-1", box.GetAttribute("tabindex")));
    }

    [Fact]
    public void Another_order_ends_the_range_but_not_the_selection()
    {
        var ticks = Ticks();
        var table = Table(rows: 10, p => p.Add(t => t.Ticks, ticks));
        Box(table, 2).Click();
        table.Render(p => p.Add(t => t.Sort, new TableSort("balance", true)));
        Box(table, 5).Click(new MouseEventArgs { ShiftKey = true });
        Assert.Equal([2, 5], ticks.Selection.Keys.Order());
    }

    [Fact]
    public void Keys_pressed_in_a_cell_do_not_move_or_open_rows()
    {
        var table = Table(rows: 3);
        table.Find("table").Focus();
        table.Find("table").Blur();
        Press(table, "ArrowDown", "Enter");
        Assert.Empty(_opened);
    }

    [Fact]
    public void A_click_opens_the_row_but_not_with_a_modifier_key()
    {
        var table = Table(rows: 3);
        table.FindAll("tbody tr[aria-rowindex]")[2].Click();
        table.FindAll("tbody tr[aria-rowindex]")[1].Click(new MouseEventArgs { CtrlKey = true });
        Assert.Equal([2], _opened);
    }

    [Fact]
    public void Rows_with_an_address_navigate_to_it_and_offer_a_link()
    {
        var table = Table(rows: 3, p => p.Add(t => t.RowHref, static row => $"/rows/{row}"));
        Assert.Equal("/rows/1", table.FindAll("a.row-link")[1].GetAttribute("href"));
        table.FindAll("tbody tr[aria-rowindex]")[1].Click();
        Assert.EndsWith("/rows/1", Services.GetRequiredService<NavigationManager>().Uri, StringComparison.Ordinal);
    }

    [Fact]
    public void Selected_rows_are_announced()
    {
        var table = Table(rows: 2, p => p.Add(t => t.Ticks, Ticks()));
        Box(table, 1).Click();
        Assert.Equal(["false", "true"], table.FindAll("tbody tr[aria-rowindex]").Select(static row => row.GetAttribute("aria-selected")), StringComparer.Ordinal);
    }

    [Fact]
    public void A_list_too_long_for_a_browser_says_how_much_of_it_is_reachable()
    {
        var table = Render<VirtualTable<int>>(p => Parameters(p, 1_000_000, limit: 20));
        Assert.Contains("444,444", table.Find(".vtable-foot").TextContent, StringComparison.Ordinal);
        Assert.Contains("1,000,000", table.Find(".vtable-foot").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Live_updates_read_the_rows_in_view_again()
    {
        var table = Table(rows: 2);
        var before = _requests.Count;
        await table.InvokeAsync(table.Instance.RefreshAsync);
        Assert.Equal(before + 1, _requests.Count);
    }

    [Theory]
    [InlineData("balance", "balance", false)]
    [InlineData("-balance", "balance", true)]
    public void An_order_survives_the_address(string text, string key, bool descending)
    {
        Assert.Equal(new TableSort(key, descending), TableSort.Parse(text));
        Assert.Equal(text, new TableSort(key, descending).ToString());
        Assert.Null(TableSort.Parse(""));
    }

    private static TableTicks<int, int> Ticks() => new(
        static row => row,
        static row => $"number {row}",
        static (start, count) => Task.FromResult<IReadOnlyList<int>?>([.. Enumerable.Range(start, count)]),
        EventCallback.Empty);

    private static AngleSharp.Dom.IElement Box(IRenderedComponent<VirtualTable<int>> table, int row) => table.FindAll("tbody .tick")[row];

    private static void Press(IRenderedComponent<VirtualTable<int>> table, params string[] keys)
    {
        foreach (var key in keys)
        {
            table.Find("table").KeyDown(new KeyboardEventArgs { Key = key });
        }
    }

    private static string? ActiveRowIndex(IRenderedComponent<VirtualTable<int>> table) =>
        table.Find("#" + table.Find("table").GetAttribute("aria-activedescendant")).GetAttribute("aria-rowindex");

    private IEnumerable<JSRuntimeInvocation> Table_Invocations(string name) => base.Table.Invocations[name];

    private new IRenderedComponent<VirtualTable<int>> Table(int rows, Action<ComponentParameterCollectionBuilder<VirtualTable<int>>>? more = null) =>
        Render<VirtualTable<int>>(p =>
        {
            Parameters(p, rows, limit: int.MaxValue);
            more?.Invoke(p);
        });

    private void Parameters(ComponentParameterCollectionBuilder<VirtualTable<int>> p, int rows, int limit)
    {
        p.Add(t => t.Source, (request, _) =>
        {
            _requests.Add(request);
            return _broken
                ? throw new InvalidOperationException("The database is away.")
                : ValueTask.FromResult(new TablePage<int>([.. Enumerable.Range(request.Start, Math.Max(0, Math.Min(Math.Min(request.Count, limit), rows - request.Start)))], rows));
        });
        p.Add(t => t.RowKey, static row => row);
        p.Add(t => t.Label, "Rows");
        p.Add(t => t.SortChanged, sort => _sort = sort);
        p.Add(t => t.OnOpen, _opened.Add);
        p.Add(t => t.Columns, builder =>
        {
            Column(builder, "Name", static row => $"row {row}", isLink: true);
            Column(builder, "Balance", static row => $"{row}.00", sortKey: "balance");
        });
    }

    private static void Column(Microsoft.AspNetCore.Components.Rendering.RenderTreeBuilder builder, string title, Func<int, string> text, string? sortKey = null, bool isLink = false)
    {
        builder.OpenComponent<TableColumn<int>>(0);
        builder.AddComponentParameter(1, nameof(TableColumn<int>.Title), title);
        builder.AddComponentParameter(2, nameof(TableColumn<int>.SortKey), sortKey);
        builder.AddComponentParameter(3, nameof(TableColumn<int>.SortDescendingFirst), true);
        builder.AddComponentParameter(4, nameof(TableColumn<int>.IsLink), isLink);
        builder.AddComponentParameter(5, nameof(TableColumn<int>.ChildContent), (RenderFragment<int>)(row => cell => cell.AddContent(0, text(row))));
        builder.CloseComponent();
    }
}
