namespace CashoutConsole.Controls;

/// <summary>What a colour says. The text always says it too: no meaning rests on colour alone.</summary>
public enum Tone
{
    Neutral,
    Info,
    Success,
    Warning,
    Danger,

    /// <summary>Not final: somebody or something still has to act.</summary>
    Pending,
}

/// <summary>The style sheet's and the icons' names of the tones.</summary>
public static class ToneNames
{
    public static string IconName(this Tone tone) => tone switch
    {
        Tone.Neutral or Tone.Info => "info",
        Tone.Success => "check-circle",
        Tone.Warning or Tone.Danger => "alert",
        Tone.Pending => "clock",
    };

    public static string CssName(this Tone tone) => tone switch
    {
        Tone.Neutral => "neutral",
        Tone.Info => "info",
        Tone.Success => "success",
        Tone.Warning => "warning",
        Tone.Danger => "danger",
        Tone.Pending => "pending",
    };
}
