using System.Globalization;
using CashoutConsole.Foundation;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Controls;

/// <summary>How long ago, or how soon, in words. Seconds go in steps of five, so that a page full of ages stays calm.</summary>
public static class RelativeAge
{
    public static readonly TimeSpan StillNow = TimeSpan.FromSeconds(10);

    public static string Describe(TimeSpan age, IStringLocalizer<Strings> texts)
    {
        var past = age >= TimeSpan.Zero;
        var span = age.Duration();
        return span switch
        {
            _ when span < StillNow => texts["Age_Now"],
            { TotalSeconds: < 60 } => In(past ? "Age_Seconds" : "Age_InSeconds", (int)span.TotalSeconds / 5 * 5),
            { TotalMinutes: < 60 } => In(past ? "Age_Minutes" : "Age_InMinutes", (int)span.TotalMinutes),
            { TotalHours: < 48 } => In(past ? "Age_Hours" : "Age_InHours", (int)span.TotalHours),
            _ => In(past ? "Age_Days" : "Age_InDays", (int)span.TotalDays),
        };

        string In(string key, int count) => texts[key, count.ToString("N0", CultureInfo.CurrentCulture)];
    }
}
