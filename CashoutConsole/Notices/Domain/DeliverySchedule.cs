namespace CashoutConsole.Notices.Domain;

/// <summary>When a failed delivery is tried again: soon, then less and less often, and not for ever.</summary>
public static class DeliverySchedule
{
    public const int MaxTries = 20;

    private static readonly TimeSpan[] Waits = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), TimeSpan.FromHours(1)];

    /// <summary>How long to wait after the given number of failed tries; null = give up.</summary>
    public static TimeSpan? WaitAfter(int tries)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(tries, 1);
        return tries >= MaxTries ? null : Waits[Math.Min(tries, Waits.Length) - 1];
    }
}
