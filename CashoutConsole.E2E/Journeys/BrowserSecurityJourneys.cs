using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>The content security policy in a real browser: it lets the console work, and nothing else.</summary>
[Collection(Consoles.Looks)]
public sealed class BrowserSecurityJourneys(RehearsalFixture fixture) : SharedConsole(fixture)
{
    private const string Attack = """
        () => {
          window.ran = [];
          const script = document.createElement("script");
          script.textContent = "window.ran.push('inline script')";
          document.body.append(script);
          const holder = document.createElement("div");
          holder.innerHTML = "<img src='data:,' onerror=\"window.ran.push('event handler')\"><a id='lure' href=\"javascript:window.ran.push('javascript address')\">lure</a>";
          document.body.append(holder);
          document.getElementById("lure").click();
          const foreign = document.createElement("script");
          foreign.src = "http://127.0.0.1:9/evil.js";
          document.body.append(foreign);
          // Later, because what a test runs directly is let past this part of the policy.
          setTimeout(() => new Function("window.ran.push('eval')")(), 0);
          return new Promise(resolve => setTimeout(() => resolve(window.ran), 500));
        }
        """;

    [Theory]
    [InlineData("/sign-in", null)]
    [InlineData("/accounts", "treasury")]
    public async Task A_script_that_was_smuggled_into_a_page_does_not_run(string path, string? operatorName)
    {
        var page = await Fixture.Browser.NewPageAsync();
        var faults = await PageFaults.WatchAsync(page);
        if (operatorName is not null)
        {
            await page.SignInAsync(Rehearsal.Url, operatorName);
        }
        await page.GotoAsync(Rehearsal.Url + path);
        await page.WaitForCircuitAsync();

        var ran = await page.EvaluateAsync<string[]>(Attack);

        Assert.Empty(ran);
        Assert.Contains(faults.All, static fault => fault.Contains("CSP script-src", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Another_sites_page_can_neither_frame_the_console_nor_open_its_socket()
    {
        // The same machine under another name is another site to the browser.
        var other = Rehearsal.Url.Replace("localhost", "127.0.0.1", StringComparison.Ordinal);
        var page = await Fixture.Browser.NewPageAsync();
        await page.SignInAsync(Rehearsal.Url, "treasury");
        await page.RouteAsync(other + "/evil", route => route.FulfillAsync(new() { ContentType = "text/html", Body = $"<!doctype html><h1>evil</h1><iframe src='{Rehearsal.Url}/accounts'></iframe>" }));
        await page.GotoAsync(other + "/evil");

        var socket = await page.EvaluateAsync<string>(
            "url => new Promise(resolve => { const s = new WebSocket(url); s.onopen = () => resolve('open'); s.onerror = () => resolve('refused'); })",
            Rehearsal.Url.Replace("http:", "ws:", StringComparison.Ordinal) + "/_blazor");

        Assert.Equal("refused", socket);
        Assert.DoesNotContain(page.Frames, static frame => frame.Url.EndsWith("/accounts", StringComparison.Ordinal));
    }
}
