using System.Diagnostics;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>
/// Finds a browser in this order: CASHOUT_E2E_BROWSER, an installed Chromium, Chrome or Edge, Playwright's own download, Debian's
/// package (when root); else one clear error. So that "dotnet test" is the only command.
/// </summary>
public static class BrowserSetup
{
    // What Playwright itself switches off (the last list counts), and the suggestions under the address bar: they are drawn by renderers of
    // their own, twice for each context, and took more time than the pages.
    private static readonly string[] WithoutFeatures =
    [
        "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "DialMediaRouteProvider", "GlobalMediaControls", "HttpsUpgrades",
        "LensOverlay", "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "BlockOriginHeaderModificationOnRedirect",
        "AvoidCorsURLLoaderRestartOnRedirect", "Translate", "AutoDeElevate", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
        "WebUIOmniboxPopup", "WebUIOmniboxAimPopup", "WebUIOmniboxFullPopup",
    ];

    private static readonly string[] Arguments =
    [
        "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--disable-features=" + string.Join(',', WithoutFeatures),
    ];

    private static readonly string[] Names = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "microsoft-edge"];

    public static async Task<IBrowser> LaunchAsync(IPlaywright playwright)
    {
        var path = Environment.GetEnvironmentVariable("CASHOUT_E2E_BROWSER") ?? Installed();
        if (path is null && !File.Exists(playwright.Chromium.ExecutablePath) && Microsoft.Playwright.Program.Main(["install", "chromium"]) != 0)
        {
            path = InstallPackage() ? Installed() : null;
            if (path is null)
            {
                throw new InvalidOperationException(
                    "No browser for the journeys: install Chromium or Chrome, or set CASHOUT_E2E_BROWSER to the executable of one.");
            }
        }
        return await playwright.Chromium.LaunchAsync(new() { ExecutablePath = path, Headless = true, Args = Arguments });
    }

    private static string? Installed() =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
            .SelectMany(static folder => Names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);

    private static bool InstallPackage()
    {
        if (!OperatingSystem.IsLinux() || !File.Exists("/usr/bin/apt-get") || !Environment.IsPrivilegedProcess)
        {
            return false;
        }
        return Run("apt-get", "update", "-qq") && Run("apt-get", "install", "-y", "-qq", "chromium");
    }

    private static bool Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, UseShellExecute = false });
        process!.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
