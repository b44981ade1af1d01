namespace CashoutConsole.Withdrawals.UI;

/// <summary>The moment that a summary stands before it can be confirmed: over after a while, and then it says so.</summary>
internal sealed class ReviewPause
{
    /// <param name="onOver">Draws the button as ready.</param>
    public ReviewPause(TimeSpan length, TimeProvider clock, Func<Task> onOver, CancellationToken cancellation) => _ = RunAsync(length, clock, onOver, cancellation);

    public bool IsOver { get; private set; }

    private async Task RunAsync(TimeSpan length, TimeProvider clock, Func<Task> onOver, CancellationToken cancellation)
    {
        try
        {
            await Task.Delay(length, clock, cancellation);
            IsOver = true;
            await onOver();
        }
        catch (OperationCanceledException)
        {
            // The dialog is gone.
        }
    }
}
