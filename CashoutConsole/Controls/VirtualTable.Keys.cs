using Microsoft.AspNetCore.Components.Web;
using Microsoft.JSInterop;

namespace CashoutConsole.Controls;

/// <content>Keys and clicks.</content>
public sealed partial class VirtualTable<TItem>
{
    private const int PageStep = 10;

    private void OnFocus()
    {
        _hasFocus = true;
        _active ??= ReachableRows > 0 ? (_loaded.Count > 0 ? _loaded[0].Index : 0) : null;
    }

    private void OnBlur() => _hasFocus = false;

    private async Task OnRowClickAsync(IndexedRow row, MouseEventArgs args)
    {
        _active = row.Index;
        if (Ticks is not null && args.ShiftKey)
        {
            await Ticks.ExtendAsync(row.Item, row.Index);
        }
        else if (!args.CtrlKey && !args.MetaKey && !args.ShiftKey)
        {
            await OpenAsync(row.Item);
        }
    }

    private async Task OnKeyDownAsync(KeyboardEventArgs args)
    {
        // Keys pressed in a cell's own button or field bubble up here; they are not ours.
        if (!_hasFocus || ReachableRows == 0)
        {
            return;
        }
        var last = ReachableRows - 1;
        switch (args.Key)
        {
            case "ArrowDown": await MoveToAsync(_active is { } down ? Math.Min(down + 1, last) : 0); break;
            case "ArrowUp": await MoveToAsync(Math.Max((_active ?? 0) - 1, 0)); break;
            case "PageDown": await MoveToAsync(Math.Min((_active ?? 0) + PageStep, last)); break;
            case "PageUp": await MoveToAsync(Math.Max((_active ?? 0) - PageStep, 0)); break;
            case "Home": await MoveToAsync(0); break;
            case "End": await MoveToAsync(last); break;
            case "Enter" when ActiveRow is { } row: await OpenAsync(row.Item); break;
            case " " when ActiveRow is { } row: await TickAsync(row, args.ShiftKey); break;
        }
    }

    private async Task TickAsync(IndexedRow row, bool extend)
    {
        _active = row.Index;
        if (Ticks is not null)
        {
            await (extend ? Ticks.ExtendAsync(row.Item, row.Index) : Ticks.ToggleAsync(row.Item, row.Index));
        }
    }

    private IndexedRow? ActiveRow => _loaded.FirstOrDefault(row => row.Index == _active);

    private async Task MoveToAsync(int index)
    {
        _active = index;
        await RevealAsync(index);
    }

    private async Task RevealAsync(int index)
    {
        if (_script is not null)
        {
            await _script.InvokeVoidAsync("reveal", _scroller, index, RowHeight);
        }
    }

    private async Task OpenAsync(TItem item)
    {
        if (RowHref is not null)
        {
            Navigation.NavigateTo(RowHref(item));
        }
        else
        {
            await OnOpen.InvokeAsync(item);
        }
    }
}
