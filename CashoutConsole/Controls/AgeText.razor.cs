using System.Globalization;
using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Controls;

/// <summary>
/// "4 min ago" or "in 12 min", kept current by the shared <see cref="AgeTicker"/>; the exact local and UTC time is its title.
/// Shows "never" for null. Older than <see cref="StaleAfter"/> = marked as old.
/// </summary>
public sealed partial class AgeText
{
    private IDisposable? _subscription;
    private CultureInfo _culture = CultureInfo.CurrentUICulture;
    private string _text = "";
    private bool _stale;

    [Parameter, EditorRequired]
    public DateTimeOffset? Value { get; set; }

    [Parameter]
    public TimeSpan? StaleAfter { get; set; }

    /// <summary>For moments ahead: the words once it is seconds away or past, such as "any moment".</summary>
    [Parameter]
    public string? WhenDue { get; set; }

    public void Dispose() => _subscription?.Dispose();

    protected override void OnInitialized()
    {
        _culture = CultureInfo.CurrentUICulture;
        if (RendererInfo.IsInteractive)
        {
            _subscription = Ticker.Subscribe(OnTick);
        }
    }

    protected override void OnParametersSet() => (_text, _stale) = Describe();

    /// <summary>Runs on the timer's thread: works the words out there and bothers the circuit only when they changed.</summary>
    private void OnTick()
    {
        CultureInfo.CurrentUICulture = _culture;
        CultureInfo.CurrentCulture = _culture;
        var (text, stale) = Describe();
        if (text == _text && stale == _stale)
        {
            return;
        }
        _ = InvokeAsync(() =>
        {
            (_text, _stale) = (text, stale);
            StateHasChanged();
        });
    }

    private (string Text, bool Stale) Describe()
    {
        if (Value is not { } time)
        {
            return ("", true);
        }
        var age = Clock.Now() - time;
        return WhenDue is not null && age > -RelativeAge.StillNow ? (WhenDue, false) : (RelativeAge.Describe(age, L), age > StaleAfter);
    }
}
