namespace CashoutConsole.Shell;

/// <summary>Addresses that the frame links to and that are not pages of a room.</summary>
public static class ShellPaths
{
    public const string Home = "/accounts";
    public const string SignIn = "/sign-in";
    public const string Code = "/sign-in/code";
    public const string TwoFactor = "/sign-in/two-factor";
    public const string Security = "/security";

    /// <summary>Followed by a token that lets its holder set a password.</summary>
    public const string Invite = "/invite";

    public const string SignOut = "/sign-out";
    public const string Culture = "/culture";
    public const string NotFound = "/not-found";
    public const string Error = "/error";

    /// <summary>The framework's address for circuits.</summary>
    public const string Circuits = "/_blazor";

    public static string ChangeCulture(string culture, string returnPath) =>
        $"{Culture}?culture={Uri.EscapeDataString(culture)}&returnUrl={Uri.EscapeDataString(returnPath)}";

    public static string SignInAndReturnTo(string path) => AndReturnTo(SignIn, path);

    public static string AndReturnTo(string page, string path) => $"{page}?ReturnUrl={Uri.EscapeDataString(path)}";
}
