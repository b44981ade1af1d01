namespace CashoutConsole.Shell;

/// <summary>Keeps redirects inside the console.</summary>
public static class LocalPath
{
    /// <summary>
    /// The path itself when it is one of this site ("/withdrawals?status=Failed"), else the home page. Refused are other sites
    /// ("https://…", "//host", "/\host") and control characters, which some browsers drop while reading an address.
    /// </summary>
    public static string OrHome(string? path) => IsLocal(path) ? path! : ShellPaths.Home;

    private static bool IsLocal(string? path) =>
        path is ['/', ..] and not ['/', '/' or '\\', ..] && !path.Any(char.IsControl);
}
