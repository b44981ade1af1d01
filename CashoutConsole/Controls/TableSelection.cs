using System.Collections.Immutable;

namespace CashoutConsole.Controls;

public enum TickState
{
    None,
    Some,
    All,
}

public static class TickStates
{
    public static string AriaChecked(this TickState state) => state switch
    {
        TickState.None => "false",
        TickState.Some => "mixed",
        TickState.All => "true",
    };
}

/// <summary>
/// Which rows of a long list are ticked, as data: the <see cref="Keys"/>, or, when <see cref="IsAll"/>, every row of the list, loaded or
/// not, except the keys.
/// </summary>
public sealed record TableSelection<TKey>(bool IsAll, ImmutableHashSet<TKey> Keys)
    where TKey : notnull
{
    public static TableSelection<TKey> None { get; } = new(false, []);

    public static TableSelection<TKey> All { get; } = new(true, []);

    public bool Contains(TKey key) => Keys.Contains(key) != IsAll;

    /// <param name="total">How many rows the list has.</param>
    public int CountOf(int total) => IsAll ? Math.Max(0, total - Keys.Count) : Keys.Count;

    /// <inheritdoc cref="CountOf"/>
    public TickState StateOf(int total) => CountOf(total) switch
    {
        0 => TickState.None,
        { } count when count < total => TickState.Some,
        _ => TickState.All,
    };

    public TableSelection<TKey> With(TKey key, bool ticked) => this with { Keys = ticked == IsAll ? Keys.Remove(key) : Keys.Add(key) };

    public TableSelection<TKey> With(IEnumerable<TKey> keys, bool ticked) => this with { Keys = ticked == IsAll ? Keys.Except(keys) : Keys.Union(keys) };
}
