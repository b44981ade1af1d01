using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>Everything a page complains about while it is used: script errors, refused resources, violations of the content security policy.</summary>
public sealed class PageFaults
{
    /// <summary>What the policy refused, said as a console error so that it survives navigation.</summary>
    private const string Report = "document.addEventListener('securitypolicyviolation', e => console.error(`CSP ${e.effectiveDirective} ${e.blockedURI} ${e.sourceFile}:${e.lineNumber}`))";

    private readonly ConcurrentQueue<string> _all = new();

    public IReadOnlyCollection<string> All => _all;

    /// <summary>Call before the page goes anywhere.</summary>
    public static async Task<PageFaults> WatchAsync(IPage page)
    {
        var faults = new PageFaults();
        await page.AddInitScriptAsync(Report);
        page.PageError += (_, error) => faults._all.Enqueue($"{page.Url}: {error}");
        page.Console += (_, message) => faults.Hear(page, message);
        return faults;
    }

    private void Hear(IPage page, IConsoleMessage message)
    {
        // The browser itself reports the status of a page that is not there.
        if (message.Type is "error" or "warning" && !message.Text.Contains("status of 404", StringComparison.Ordinal))
        {
            _all.Enqueue($"{page.Url}: {message.Text}");
        }
    }
}
