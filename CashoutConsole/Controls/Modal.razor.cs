using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CashoutConsole.Controls;

/// <summary>
/// A form on top of the page, for flows of more than one step (<see cref="ConfirmDialog"/> asks once): the page behind is inert, Escape
/// closes, Enter submits. It is open while it is drawn; on <see cref="OnClose"/> the owner stops drawing it.
/// </summary>
public sealed partial class Modal : IAsyncDisposable
{
    private readonly string _titleId = "dialog-" + Guid.NewGuid().ToString("N")[..8];
    private ElementReference _dialog;
    private IJSObjectReference? _script;

    [Inject]
    public required IJSRuntime Browser { get; set; }

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public RenderFragment? ChildContent { get; set; }

    [Parameter, EditorRequired]
    public RenderFragment? Footer { get; set; }

    [Parameter]
    public string? Class { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnSubmit { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    /// <summary>Puts the keyboard on the button that goes on, such as after the content has changed to the next step.</summary>
    public ValueTask FocusSubmitAsync() => _script?.InvokeVoidAsync("focusSubmit", _dialog) ?? ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        try
        {
            if (_script is not null)
            {
                await _script.DisposeAsync();
            }
        }
        catch (JSDisconnectedException)
        {
            // The page is gone, and the script with it.
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (firstRender)
        {
            _script = await Browser.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/dialog.js"]);
            await _script.InvokeVoidAsync("show", _dialog);
        }
    }

    private Task CloseAsync() => OnClose.InvokeAsync();
}
