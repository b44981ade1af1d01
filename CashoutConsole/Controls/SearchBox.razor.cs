using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;

namespace CashoutConsole.Controls;

/// <summary>
/// Free-text search. Tells <see cref="ValueChanged"/> after a pause in typing, or at once on Enter; Escape clears; "/" anywhere on the
/// page puts the cursor here (js/shell.js). A full card number is refused here, because searches end up in addresses and logs.
/// </summary>
public sealed partial class SearchBox
{
    public const int MaxLength = 100;

    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    private ITimer? _timer;
    private string _text = "";
    private string _told = "";
    private bool _refused;

    [Parameter, EditorRequired]
    public string? Value { get; set; }

    [Parameter]
    public EventCallback<string> ValueChanged { get; set; }

    [Parameter]
    public string? Placeholder { get; set; }

    [Parameter]
    public string? Label { get; set; }

    [Parameter]
    public string? Class { get; set; }

    /// <summary>Ids of accounts that only look like card numbers may be searched for.</summary>
    [Parameter]
    public Func<string, bool>? IsKnownAccountId { get; set; }

    public void Dispose() => _timer?.Dispose();

    protected override void OnParametersSet()
    {
        // Only a change from outside (a link, the back button) replaces what is being typed.
        var value = Value ?? "";
        if (value != _told)
        {
            (_told, _text, _refused) = (value, value, false);
        }
    }

    private void Wait()
    {
        _timer ??= Clock.CreateTimer(_ => _ = InvokeAsync(TellAsync), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(Pause, Timeout.InfiniteTimeSpan);
    }

    private Task OnKeyDownAsync(KeyboardEventArgs args) => args.Key switch
    {
        "Enter" => TellAsync(),
        "Escape" => ClearAsync(),
        _ => Task.CompletedTask,
    };

    private Task ClearAsync()
    {
        _text = "";
        return TellAsync();
    }

    private async Task TellAsync()
    {
        _timer?.Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        var text = _text.Trim();
        _refused = CardNumbers.ContainsCardNumber(text, IsKnownAccountId);
        if (!_refused && text != _told)
        {
            _told = text;
            await ValueChanged.InvokeAsync(text);
        }
        StateHasChanged();
    }
}
