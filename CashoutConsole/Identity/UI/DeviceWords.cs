namespace CashoutConsole.Identity.UI;

/// <summary>What a browser calls itself, in two words. People recognise their devices by it; it proves nothing.</summary>
public static class DeviceWords
{
    // The order matters: most browsers also name those they descend from.
    private static readonly (string Sign, string Name)[] Browsers =
        [("Edg", "Edge"), ("OPR", "Opera"), ("Firefox", "Firefox"), ("Chrome", "Chrome"), ("CriOS", "Chrome"), ("Safari", "Safari")];

    private static readonly (string Sign, string Name)[] Systems =
        [("Windows", "Windows"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Mac OS", "macOS"), ("Linux", "Linux")];

    /// <summary>"Firefox · Windows"; null when nothing is known.</summary>
    public static string? Of(string? userAgent)
    {
        var names = new[] { NameIn(Browsers, userAgent), NameIn(Systems, userAgent) }.Where(static name => name is not null).ToList();
        return names.Count == 0 ? null : string.Join(" · ", names);
    }

    private static string? NameIn((string Sign, string Name)[] known, string? userAgent) =>
        Array.Find(known, one => userAgent?.Contains(one.Sign, StringComparison.Ordinal) == true).Name;
}
