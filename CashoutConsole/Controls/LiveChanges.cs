using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Controls;

/// <summary>
/// A <see cref="ChangeWatch"/> as a part of a page: calls back on the page's own thread and ends with it. Draws nothing. It comes with the
/// page's first drawing, and the page may have read by then.
/// </summary>
public sealed class LiveChanges : ComponentBase, IDisposable
{
    private ChangeWatch? _watch;

    [Inject]
    public required ChangeFeed Feed { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    /// <summary>Which changes matter here. Runs on the thread of whoever made the change: quick, and never throws.</summary>
    [Parameter, EditorRequired]
    public Func<Change, bool> Wants { get; set; } = null!;

    [Parameter, EditorRequired]
    public EventCallback OnChange { get; set; }

    public void Dispose() => _watch?.Dispose();

    protected override void OnInitialized() =>
        _watch = new ChangeWatch(Feed, Clock, change => Wants(change), () => _ = InvokeAsync(() => OnChange.InvokeAsync()), late: true);

    protected override bool ShouldRender() => false;
}
