namespace CashoutConsole.Identity.Application;

/// <summary>Settings of the section Security: how long a session and a step-up last.</summary>
public sealed class SecurityOptions
{
    /// <summary>How long a step-up counts for the session it was made in.</summary>
    public double StepUpMinutes { get; set; } = 5;

    /// <summary>A session that nobody used for this long is over.</summary>
    public double IdleMinutes { get; set; } = 30;

    /// <summary>A session is over this long after its sign-in, however busy it is.</summary>
    public double AbsoluteHours { get; set; } = 12;

    /// <summary>Tries to sign in (password and code each count) per user name and minute; more are refused before anything is hashed.</summary>
    public int TriesPerName { get; set; } = 10;

    /// <summary>The same per network address: several operators may share one.</summary>
    public int TriesPerAddress { get; set; } = 30;

    public TimeSpan StepUpWindow => TimeSpan.FromMinutes(StepUpMinutes);

    public TimeSpan IdleTimeout => TimeSpan.FromMinutes(IdleMinutes);

    public TimeSpan AbsoluteTimeout => TimeSpan.FromHours(AbsoluteHours);

    public IEnumerable<string> Faults()
    {
        if (StepUpMinutes is not (>= 1 and <= 60))
        {
            yield return "Security:StepUpMinutes: set a number from 1 to 60";
        }
        // A session is marked as seen at most once a minute: a shorter time-out would end busy ones.
        if (IdleMinutes is not (>= 2 and <= 24 * 60))
        {
            yield return "Security:IdleMinutes: set a number from 2 to 1440";
        }
        if (AbsoluteHours is not (>= 0.25 and <= 7 * 24))
        {
            yield return "Security:AbsoluteHours: set a number from 0.25 to 168";
        }
        if (TriesPerName is not (>= 2 and <= 60))
        {
            yield return "Security:TriesPerName: set a number from 2 to 60";
        }
        if (TriesPerAddress is not (>= 2 and <= 600))
        {
            yield return "Security:TriesPerAddress: set a number from 2 to 600";
        }
    }
}
