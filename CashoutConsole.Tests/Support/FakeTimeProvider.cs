namespace CashoutConsole.Tests.Support;

/// <summary>
/// A clock that moves only when told. <see cref="Advance"/> moves the wall clock and the monotonic clock together and fires the timers
/// that fall due, each at its own time; <see cref="ShiftWallClock"/> sets only the wall clock, as an operator or NTP would.
/// </summary>
public sealed class FakeTimeProvider(DateTimeOffset start) : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<FakeTimer> _timers = [];
    private TimeSpan _elapsed;
    private TimeSpan _wallShift;

    public FakeTimeProvider() : this(new DateTimeOffset(2026, 10, 5, 8, 0, 0, TimeSpan.Zero)) { }

    /// <summary>Waits up to this long end at once and move the clock: for tests in which small pauses are not the point.</summary>
    public TimeSpan FireAtOnce { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <summary>How many timers are waiting.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate)
            {
                return _timers.Count;
            }
        }
    }

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return start + _elapsed + _wallShift;
        }
    }

    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _elapsed.Ticks;
        }
    }

    public void Advance(TimeSpan by)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(by, TimeSpan.Zero);
        TimeSpan target;
        lock (_gate)
        {
            target = _elapsed + by;
        }
        while (NextDue(target) is { } timer)
        {
            timer.Fire();
        }
    }

    /// <summary>Forwards: as <see cref="Advance"/>. Backwards: only the wall clock moves.</summary>
    public void SetUtcNow(DateTimeOffset value)
    {
        var by = value - GetUtcNow();
        if (by >= TimeSpan.Zero)
        {
            Advance(by);
        }
        else
        {
            ShiftWallClock(by);
        }
    }

    public void ShiftWallClock(TimeSpan by)
    {
        lock (_gate)
        {
            _wallShift += by;
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new FakeTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>Takes the earliest timer due by <paramref name="target"/> and moves the clock to it, or moves the clock to the target.</summary>
    private FakeTimer? NextDue(TimeSpan target)
    {
        lock (_gate)
        {
            var next = _timers.Where(timer => timer.Due <= target).MinBy(static timer => timer.Due);
            var reached = next is null ? target : next.Due;
            _elapsed = reached > _elapsed ? reached : _elapsed;
            if (next is not null && next.Period > TimeSpan.Zero)
            {
                next.Due += next.Period;
            }
            else if (next is not null)
            {
                _timers.Remove(next);
            }
            return next;
        }
    }

    private void Schedule(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        var atOnce = false;
        lock (_gate)
        {
            _timers.Remove(timer);
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                return;
            }
            timer.Due = _elapsed + dueTime;
            timer.Period = period;
            _timers.Add(timer);
            atOnce = dueTime <= FireAtOnce;
        }
        if (atOnce)
        {
            ThreadPool.QueueUserWorkItem(_ => Advance(dueTime));
        }
    }

    private void Remove(FakeTimer timer)
    {
        lock (_gate)
        {
            _timers.Remove(timer);
        }
    }

    private sealed class FakeTimer(FakeTimeProvider clock, Action fire) : ITimer
    {
        public TimeSpan Due { get; set; }

        public TimeSpan Period { get; set; }

        public void Fire() => fire();

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            clock.Schedule(this, dueTime, period);
            return true;
        }

        public void Dispose() => clock.Remove(this);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
