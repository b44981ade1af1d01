using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox;

/// <summary>
/// The sandbox's time: the injected clock plus an offset that the control endpoint changes and the file keeps. Every time rule
/// (signature windows, tokens, cooldowns, settling, 24 h keys) reads it; timers run on the injected clock.
/// </summary>
internal sealed class SandboxClock(TimeProvider inner, TimeSpan offset) : TimeProvider
{
    private long _offsetTicks = offset.Ticks;

    public TimeSpan Offset
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    /// <summary>Unix microseconds, as the file stores time.</summary>
    public long Microseconds => Clock.ToUnixMicroseconds(GetUtcNow());

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    public override long TimestampFrequency => inner.TimestampFrequency;

    public override DateTimeOffset GetUtcNow() => Clock.Truncate(inner.GetUtcNow() + Offset);

    public override long GetTimestamp() => inner.GetTimestamp();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        inner.CreateTimer(callback, state, dueTime, period);
}
