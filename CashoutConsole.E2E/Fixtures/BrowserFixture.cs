using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>The one browser of all journeys; a fresh context, so a fresh cookie jar, for each person in it.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    /// <summary>It ends with the tests' own process.</summary>
    private static readonly Lazy<Task<IBrowser>> Shared = new(static async () => await BrowserSetup.LaunchAsync(await Playwright.CreateAsync()));

    private readonly ConcurrentBag<IBrowserContext> _contexts = [];
    private IBrowser _browser = null!;

    public async Task InitializeAsync() => _browser = await Shared.Value;

    public async Task<IPage> NewPageAsync(int width = 1440, int height = 900, string locale = "en-US", ColorScheme colours = ColorScheme.Light)
    {
        var context = await _browser.NewContextAsync(new()
        {
            ViewportSize = new() { Width = width, Height = height },
            Locale = locale,
            ColorScheme = colours,
        });
        _contexts.Add(context);
        context.SetDefaultTimeout(15_000);
        return await context.NewPageAsync();
    }

    /// <summary>Closes every page: an open one keeps its circuit, and both the browser and the console at work.</summary>
    public async Task CloseAsync()
    {
        while (_contexts.TryTake(out var context))
        {
            await context.CloseAsync();
        }
    }

    public Task DisposeAsync() => CloseAsync();
}

/// <summary>A rehearsal and a browser, shared by the journeys of one collection (<see cref="Consoles"/>) or class.</summary>
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
