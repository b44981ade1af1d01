using CashoutConsole.Controls;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Identity.UI;

/// <summary>
/// Asks the operator to prove that it is still them, when that was not done a moment ago: <c>if (await _stepUp.EnsureAsync()) …</c>. It only
/// asks; the use case that needs the step-up checks it in its own transaction.
/// </summary>
public sealed partial class StepUpDialog : IDisposable
{
    private readonly string _fieldId = "step-up-" + Guid.NewGuid().ToString("N")[..8];
    private readonly string _hintId = "step-up-hint-" + Guid.NewGuid().ToString("N")[..8];
    private TaskCompletionSource<bool>? _answer;
    private ShowStepUp.View? _view;
    private string _typed = "";
    private string? _error;
    private bool _busy;

    [Inject]
    public required ShowStepUp Show { get; set; }

    [Inject]
    public required StepUp StepUp { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    /// <summary>True when the step-up is fresh, at once or after the operator gave a code; false when they would not.</summary>
    public async Task<bool> EnsureAsync()
    {
        var view = await Show.ExecuteAsync(await Actor.GetAsync(), CancellationToken.None);
        if (!view.IsSuccess || view.Value.IsFresh)
        {
            return view.IsSuccess;
        }
        Answer(false);
        (_view, _typed, _error) = (view.Value, "", null);
        _answer = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        await InvokeAsync(StateHasChanged);
        return await _answer.Task;
    }

    public void Dispose() => Answer(false);

    private void Cancel() => Answer(false);

    private async Task UseDemoAsync()
    {
        // The code that counts at the click, not the one that was drawn.
        var view = await Show.ExecuteAsync(await Actor.GetAsync(), CancellationToken.None);
        if (view is { IsSuccess: true, Value: { Demo.Code: { } code } })
        {
            _typed = code;
            await SubmitAsync();
        }
        else if (view.IsSuccess)
        {
            _view = view.Value;
        }
    }

    private async Task SubmitAsync()
    {
        if (_busy || _view is null || _typed.Trim().Length == 0)
        {
            return;
        }
        _busy = true;
        try
        {
            var actor = await Actor.GetAsync();
            var done = await StepUp.ExecuteAsync(actor, _typed.Trim(), CancellationToken.None);
            if (done.IsSuccess)
            {
                Answer(true);
                return;
            }
            (_typed, _error) = ("", L.TextOf(done.Error));
            _view = (await Show.ExecuteAsync(actor, CancellationToken.None)).Match(static view => view, _ => _view);
        }
        finally
        {
            _busy = false;
        }
    }

    private void Answer(bool proved)
    {
        _view = null;
        _answer?.TrySetResult(proved);
        _answer = null;
    }
}
