namespace CashoutConsole.Controls;

/// <summary>Which rows a table wants to show now: <see cref="Count"/> of them from row <see cref="Start"/> (0-based) in the order of <see cref="Sort"/>.</summary>
public readonly record struct TableRequest(int Start, int Count, TableSort? Sort);

/// <summary>The rows asked for and how many there are in all.</summary>
public sealed record TablePage<TItem>(IReadOnlyList<TItem> Items, int Total);

/// <summary>Reads rows for a <see cref="VirtualTable{TItem}"/>. It is cancelled when the operator scrolls on; an exception shows the table's error state.</summary>
public delegate ValueTask<TablePage<TItem>> TableSource<TItem>(TableRequest request, CancellationToken cancellationToken);

/// <summary>The order of a table. In addresses it is written "balance" or "-balance" (descending).</summary>
public readonly record struct TableSort(string Key, bool Descending)
{
    public static TableSort? Parse(string? text) => text switch
    {
        null or "" or "-" => null,
        ['-', .. var key] => new TableSort(key, true),
        _ => new TableSort(text, false),
    };

    public override string ToString() => Descending ? "-" + Key : Key;
}
