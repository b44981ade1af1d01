using Microsoft.Playwright;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>One browser for all journeys of a class; a fresh context, so a fresh cookie jar, for each person in it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await BrowserSetup.LaunchAsync(_playwright);
    }

    public async Task<IPage> NewPageAsync(int width = 1440, int height = 900, string locale = "en-US", ColorScheme colours = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            Locale = locale,
            ColorScheme = colours,
        });
        context.SetDefaultTimeout(15_000);
        return await context.NewPageAsync();
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }
}

/// <summary>A rehearsal and a browser, shared by the journeys of one class.</summary>
public sealed class RehearsalFixture : IAsyncLifetime
{
    public BrowserFixture Browser { get; } = new();

    public Rehearsal Rehearsal { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Browser.InitializeAsync();
        Rehearsal = await Rehearsal.StartAsync(static rehearsal =>
        {
            // Nobody listens there: the page of notices has a failure to show.
            rehearsal.Settings["Notices:Targets:desk:Url"] = $"http://localhost:{ConsoleProcess.FreePort()}/";
            rehearsal.Settings["Notices:Targets:desk:Secret"] = "journeys-only-secret";
            rehearsal.Settings["Notices:Targets:chat:Url"] = $"http://localhost:{ConsoleProcess.FreePort()}/";
            rehearsal.Settings["Notices:Targets:chat:Format"] = "Text";
        });
    }

    public async Task DisposeAsync()
    {
        await Rehearsal.DisposeAsync();
        await Browser.DisposeAsync();
    }
}
