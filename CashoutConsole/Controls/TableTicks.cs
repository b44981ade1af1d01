using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Controls;

/// <summary>What a <see cref="VirtualTable{TItem}"/> asks of the checkboxes in front of its rows; it does not know how rows are told apart.</summary>
public abstract class TableTicks<TItem>
{
    /// <summary>What a row is called by screen readers.</summary>
    public abstract string LabelOf(TItem row);

    public abstract bool IsTicked(TItem row);

    /// <param name="total">How many rows the list has.</param>
    public abstract TickState StateOf(int total);

    /// <summary>Ticks or unticks one row. A range starts here.</summary>
    public abstract Task ToggleAsync(TItem row, int index);

    /// <summary>Every row from the one toggled last to this one becomes as that one is; also rows that no page has loaded.</summary>
    public abstract Task ExtendAsync(TItem row, int index);

    /// <summary>Ticks every row of the list; unticks all when every row is ticked.</summary>
    public abstract Task ToggleAllAsync(int total);

    /// <summary>The rows stand in another order now: a range can no longer start at the row toggled last.</summary>
    public abstract void Reorder();
}

/// <summary>Reads the keys of the rows from <paramref name="start"/> on, in the order of the list; null = they could not be read, and the page says why.</summary>
public delegate Task<IReadOnlyList<TKey>?> TableKeys<TKey>(int start, int count);

/// <summary>The checkboxes of a list whose rows are told apart by <typeparamref name="TKey"/>. The page holds it and gives it to its table.</summary>
public sealed class TableTicks<TItem, TKey>(Func<TItem, TKey> keyOf, Func<TItem, string> labelOf, TableKeys<TKey> keysAt, EventCallback changed) : TableTicks<TItem>
    where TKey : notnull
{
    private (TKey Key, int Index)? _anchor;

    public TableSelection<TKey> Selection { get; private set; } = TableSelection<TKey>.None;

    public override string LabelOf(TItem row) => labelOf(row);

    public override bool IsTicked(TItem row) => Selection.Contains(keyOf(row));

    public override TickState StateOf(int total) => Selection.StateOf(total);

    public override Task ToggleAsync(TItem row, int index)
    {
        var key = keyOf(row);
        _anchor = (key, index);
        return ChangeAsync(Selection.With(key, !Selection.Contains(key)));
    }

    public override async Task ExtendAsync(TItem row, int index)
    {
        if (_anchor is not { } anchor || anchor.Index == index)
        {
            await ToggleAsync(row, index);
            return;
        }
        var (first, last) = (Math.Min(anchor.Index, index), Math.Max(anchor.Index, index));
        if (await keysAt(first, last - first + 1) is not { Count: > 0 } keys)
        {
            return;
        }
        var (atAnchor, atRow) = anchor.Index < index ? (keys[0], keys[^1]) : (keys[^1], keys[0]);
        if (atAnchor.Equals(anchor.Key) && atRow.Equals(keyOf(row)))
        {
            await ChangeAsync(Selection.With(keys, Selection.Contains(anchor.Key)));
        }
        else
        {
            // A live update moved the rows: what lies between the two now is not what was seen between them.
            await ToggleAsync(row, index);
        }
    }

    public override Task ToggleAllAsync(int total) =>
        StateOf(total) == TickState.All ? ClearAsync() : TickAllAsync();

    public override void Reorder() => _anchor = null;

    public Task TickAllAsync()
    {
        _anchor = null;
        return ChangeAsync(TableSelection<TKey>.All);
    }

    public Task ClearAsync()
    {
        _anchor = null;
        return ChangeAsync(TableSelection<TKey>.None);
    }

    private Task ChangeAsync(TableSelection<TKey> selection)
    {
        Selection = selection;
        return changed.InvokeAsync();
    }
}
