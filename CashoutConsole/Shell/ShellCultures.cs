using System.Globalization;

namespace CashoutConsole.Shell;

/// <summary>The languages that the console speaks. Each is named in itself.</summary>
public static class ShellCultures
{
    public static readonly IReadOnlyList<(string Code, string Name)> All = [("en", "English"), ("zh-Hans", "简体中文")];

    public static IList<CultureInfo> Cultures { get; } = [.. All.Select(static culture => CultureInfo.GetCultureInfo(culture.Code))];

    public static bool IsSpoken(string? code) => All.Any(culture => culture.Code == code);
}
