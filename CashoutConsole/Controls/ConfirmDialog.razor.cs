using Microsoft.AspNetCore.Components;
using Microsoft.JSInterop;

namespace CashoutConsole.Controls;

/// <summary>
/// Asks before something is done, in words and numbers (<c>ChildContent</c>: from, to, amount, currency, balance after, rule). Built on
/// the browser's own modal dialog: the page behind is inert, Escape cancels, Enter confirms. It confirms once: after the first click
/// it stays off until it is opened again, because what it would send is bound to that opening.
/// </summary>
public sealed partial class ConfirmDialog : IAsyncDisposable
{
    private readonly string _titleId = "dialog-" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _typedId = "typed-" + Guid.NewGuid().ToString("N")[..8];
    private ElementReference _dialog;
    private IJSObjectReference? _script;
    private bool _shown;
    private bool _submitted;
    private bool _finished;
    private string _typed = "";

    [Inject]
    public required IJSRuntime Browser { get; set; }

    [Parameter, EditorRequired]
    public bool Open { get; set; }

    [Parameter]
    public EventCallback<bool> OpenChanged { get; set; }

    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public RenderFragment? ChildContent { get; set; }

    [Parameter]
    public string? ConfirmText { get; set; }

    [Parameter]
    public string? CancelText { get; set; }

    [Parameter]
    public string? Class { get; set; }

    /// <summary>The action takes something away: its button is red.</summary>
    [Parameter]
    public bool Danger { get; set; }

    /// <summary>Why it cannot be confirmed yet (a field in ChildContent is missing); null = it can.</summary>
    [Parameter]
    public string? Reason { get; set; }

    /// <summary>What the operator must type first, such as "1,250.00" or "48". Compared without outer spaces and group separators.</summary>
    [Parameter]
    public string? TypedConfirmation { get; set; }

    /// <summary>Called once per opening. Close the dialog, or set <see cref="ErrorText"/>.</summary>
    [Parameter, EditorRequired]
    public EventCallback OnConfirm { get; set; }

    /// <summary>Why it did not work, in the operator's language.</summary>
    [Parameter]
    public string? ErrorText { get; set; }

    private string? WhyNot => this switch
    {
        { _submitted: true } => L["Confirm_Submitted"],
        { TypedConfirmation: { } expected } when !Matches(expected, _typed) => L["Confirm_TypedMismatch", expected],
        _ => Reason,
    };

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

    protected override void OnParametersSet()
    {
        if (!Open)
        {
            (_shown, _submitted, _finished, _typed) = (false, false, false, "");
        }
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (Open && !_shown)
        {
            _shown = true;
            _script ??= await Browser.InvokeAsync<IJSObjectReference>("import", "./" + Assets["js/dialog.js"]);
            await _script.InvokeVoidAsync("show", _dialog);
        }
    }

    private static bool Matches(string expected, string typed) => Plain(expected) == Plain(typed);

    private static string Plain(string text) => text.Trim().Replace(",", "", StringComparison.Ordinal).Replace(" ", "", StringComparison.Ordinal);

    private async Task ConfirmAsync()
    {
        // In the handler, not only in the markup: a second click may already be on its way.
        if (WhyNot is not null)
        {
            return;
        }
        _submitted = true;
        try
        {
            await OnConfirm.InvokeAsync();
        }
        finally
        {
            _finished = true;
        }
    }

    private Task CloseAsync() => Open ? OpenChanged.InvokeAsync(false) : Task.CompletedTask;
}
