using System.Collections.Frozen;

namespace CashoutConsole.Controls;

/// <summary>The outlines of the icons, as SVG path data on a 16 by 16 grid.</summary>
public static class IconShapes
{
    private static readonly FrozenDictionary<string, string> Paths = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["accounts"] = "M2 4.5h12v8H2z M2 7h12 M4.5 10h3",
        ["alert"] = "M8 2.2 14.3 13.3H1.7z M8 6.6v3 M8 11.4v.1",
        ["arrow-down"] = "M8 3.5v9 M4.5 9 8 12.5 11.5 9",
        ["arrow-up"] = "M8 12.5v-9 M4.5 7 8 3.5 11.5 7",
        ["approvals"] = "M2.5 8.5 6 12l7.5-8",
        ["audit"] = "M3.5 2h6l3 3v9h-9z M9.5 2v3h3 M5.8 8h4.4 M5.8 10.8h4.4",
        ["batches"] = "M2.5 3.5h11 M2.5 8h11 M2.5 12.5h11",
        ["check"] = "M3 8.5 6.3 12 13 4.5",
        ["check-circle"] = "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z M5.3 8.2 7.2 10.2 10.8 6",
        ["chevron-down"] = "M4 6.2 8 10l4-3.8",
        ["chevron-left"] = "M9.8 4 6 8l3.8 4",
        ["chevron-right"] = "M6.2 4 10 8l-3.8 4",
        ["clock"] = "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z M8 4.8V8l2.2 1.6",
        ["close"] = "M4 4l8 8 M12 4l-8 8",
        ["copy"] = "M6 6h7.5v7.5H6z M10 6V2.5H2.5V10H6",
        ["download"] = "M8 2.5v7.5 M4.8 7 8 10.2 11.2 7 M2.5 13.5h11",
        ["filter"] = "M2 4h12 M4.5 8h7 M7 12h2",
        ["inbox"] = "M2 9.5 4 3.5h8l2 6v3H2z M2 9.5h3.5l1 1.5h3l1-1.5H14",
        ["info"] = "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z M8 7.4v3.4 M8 5.2v.1",
        ["language"] = "M8 2a6 6 0 1 0 0 12A6 6 0 1 0 8 2z M2 8h12 M8 2c-4 4-4 8 0 12 M8 2c4 4 4 8 0 12",
        ["lock"] = "M3.5 7.2h9v6.3h-9z M5.5 7.2V5a2.5 2.5 0 0 1 5 0v2.2",
        ["members"] = "M6 3a2.2 2.2 0 1 0 0 4.4A2.2 2.2 0 1 0 6 3z M2 13c0-5 8-5 8 0 M10.5 3.3a2.1 2.1 0 0 1 0 3.9 M11.8 9.6c1.4.5 2.2 1.7 2.2 3.4",
        ["menu"] = "M2.5 4.5h11 M2.5 8h11 M2.5 11.5h11",
        ["minus"] = "M3.5 8h9",
        ["monitor"] = "M2 3h12v8H2z M5.5 13.5h5 M8 11v2.5",
        ["moon"] = "M13.2 9.6A5.7 5.7 0 0 1 6.4 2.8a5.7 5.7 0 1 0 6.8 6.8z",
        ["notices"] = "M8 2.2a4 4 0 0 0-4 4v2.6l-1.3 2.4h10.6L12 8.8V6.2a4 4 0 0 0-4-4z M6.6 13.6h2.8",
        ["operators"] = "M8 2.5a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 1 0 0-5.2z M2.8 13.8c0-6 10.4-6 10.4 0",
        ["policy"] = "M8 1.8 13.5 4v4c0 3.2-2.2 5.3-5.5 6.4C4.7 13.3 2.5 11.2 2.5 8V4z M5.6 7.9 7.4 9.7 10.6 6.2",
        ["providers"] = "M2.5 2.8h11v4h-11z M2.5 9.2h11v4h-11z M5 4.8h.1 M5 11.2h.1",
        ["reconciliation"] = "M8 2.2v11.3 M4.5 13.5h7 M2.5 4.5h11 M2 10l2-5 2 5c-.8 1-3.2 1-4 0z M10 10l2-5 2 5c-.8 1-3.2 1-4 0z",
        ["refresh"] = "M13.3 7A5.5 5.5 0 0 0 3.4 5 M2.7 9a5.5 5.5 0 0 0 9.9 2 M3.2 2.3v2.9h2.9 M12.8 13.7v-2.9H9.9",
        ["search"] = "M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 1 0 0-9z M10.3 10.3 13.7 13.7",
        ["sign-out"] = "M6.5 2.5H3v11h3.5 M10 5l3 3-3 3 M13 8H6.3",
        ["stop"] = "M5.5 2h5L14 5.5v5L10.5 14h-5L2 10.5v-5z M6 8h4",
        ["sun"] = "M8 5.2a2.8 2.8 0 1 0 0 5.6 2.8 2.8 0 1 0 0-5.6z M8 1.5v1.2 M8 13.3v1.2 M1.5 8h1.2 M13.3 8h1.2 M3.4 3.4l.9.9 M11.7 11.7l.9.9 M12.6 3.4l-.9.9 M4.3 11.7l-.9.9",
        ["upload"] = "M8 10.5V3 M4.8 6 8 2.8 11.2 6 M2.5 13.5h11",
        ["withdrawals"] = "M3 13V3h10v10 M8 5.5v6 M5.5 9 8 11.5 10.5 9",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    public static IEnumerable<string> Names => Paths.Keys;

    /// <summary>The outline of the named icon.</summary>
    /// <exception cref="ArgumentException">There is no icon of this name.</exception>
    public static string Path(string name) =>
        Paths.TryGetValue(name, out var path) ? path : throw new ArgumentException($"There is no icon named '{name}'.", nameof(name));
}
