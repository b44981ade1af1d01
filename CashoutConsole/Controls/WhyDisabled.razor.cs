using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Controls;

/// <summary>
/// A button that is never silently dead. While <see cref="Reason"/> is set it stays focusable, does nothing and shows the reason as a
/// tooltip (also to screen readers and on touch). While its handler runs, further clicks are ignored: the check stands in the handler,
/// because a browser may have queued clicks before the disabled button reached it.
/// </summary>
public sealed partial class WhyDisabled
{
    private readonly string _tipId = "why-" + Guid.NewGuid().ToString("N")[..8];
    private bool _running;

    /// <summary>Why the action is not possible, in the operator's language; null or empty = possible.</summary>
    [Parameter, EditorRequired]
    public string? Reason { get; set; }

    [Parameter]
    public EventCallback OnClick { get; set; }

    /// <summary>"btn-primary", "btn-danger", "btn-quiet", "btn-small".</summary>
    [Parameter]
    public string? ButtonClass { get; set; }

    [Parameter]
    public bool Submit { get; set; }

    [Parameter, EditorRequired]
    public RenderFragment? ChildContent { get; set; }

    private bool IsOff => _running || !string.IsNullOrEmpty(Reason);

    private async Task ClickAsync()
    {
        if (IsOff)
        {
            return;
        }
        _running = true;
        try
        {
            await OnClick.InvokeAsync();
        }
        finally
        {
            _running = false;
        }
    }
}
