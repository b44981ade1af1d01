using System.Globalization;
using CashoutConsole.Controls;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Tests.Controls;

public sealed class TableSelectionTests
{
    private List<int> _list = [.. Enumerable.Range(0, 1000)];
    private bool _unreadable;

    [Fact]
    public void All_but_some_says_which_rows_it_holds_and_how_many()
    {
        var all = TableSelection<int>.All.With(3, ticked: false);
        Assert.True(all.Contains(2));
        Assert.False(all.Contains(3));
        Assert.Equal(9, all.CountOf(10));
        Assert.Equal(TickState.Some, all.StateOf(10));
        Assert.Equal(TickState.All, all.With(3, ticked: true).StateOf(10));
        Assert.Equal(TickState.None, TableSelection<int>.All.StateOf(0));
    }

    [Fact]
    public void Ticking_every_row_one_by_one_is_all_of_them()
    {
        Assert.Equal(TickState.Some, TableSelection<int>.None.With([1, 2], ticked: true).StateOf(3));
        Assert.Equal(TickState.All, TableSelection<int>.None.With([1, 2, 3], ticked: true).StateOf(3));
    }

    [Theory]
    [InlineData(10, 700)]
    [InlineData(700, 10)]
    public async Task A_range_goes_either_way_and_over_rows_that_were_never_loaded(int from, int to)
    {
        var ticks = Ticks();
        await ticks.ToggleAsync(from, from);
        await ticks.ExtendAsync(to, to);
        Assert.Equal(691, ticks.Selection.CountOf(1000));
        Assert.True(ticks.IsTicked(10) && ticks.IsTicked(350) && ticks.IsTicked(700));
        Assert.False(ticks.IsTicked(9) || ticks.IsTicked(701));
    }

    [Fact]
    public async Task A_range_from_an_unticked_row_unticks()
    {
        var ticks = Ticks();
        await ticks.TickAllAsync();
        await ticks.ToggleAsync(5, 5);
        await ticks.ExtendAsync(8, 8);
        Assert.Equal(996, ticks.Selection.CountOf(1000));
        Assert.False(ticks.IsTicked(7));
    }

    [Fact]
    public async Task Without_a_start_in_the_present_order_a_range_is_one_row()
    {
        var ticks = Ticks();
        await ticks.ToggleAsync(5, 5);
        ticks.Reorder();
        await ticks.ExtendAsync(20, 20);
        Assert.Equal(2, ticks.Selection.CountOf(1000));
    }

    [Fact]
    public async Task When_a_live_update_moved_the_rows_nothing_unseen_is_ticked()
    {
        var ticks = Ticks();
        await ticks.ToggleAsync(5, 5);
        _list = [.. _list.Order().Reverse()];
        await ticks.ExtendAsync(20, 20);
        Assert.Equal([5, 20], ticks.Selection.Keys.Order());
    }

    [Fact]
    public async Task A_range_that_cannot_be_read_changes_nothing()
    {
        var ticks = Ticks();
        await ticks.ToggleAsync(5, 5);
        _unreadable = true;
        await ticks.ExtendAsync(20, 20);
        Assert.Equal([5], ticks.Selection.Keys);
    }

    private TableTicks<int, int> Ticks() => new(
        static row => row,
        static row => row.ToString(CultureInfo.InvariantCulture),
        (start, count) => Task.FromResult<IReadOnlyList<int>?>(_unreadable ? null : [.. _list.Skip(start).Take(count)]),
        EventCallback.Empty);
}
