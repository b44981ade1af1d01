using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>What axe finds on a page.</summary>
public static class Axe
{
    // What passes is not collected node by node; which rules run is the same.
    private static readonly AxeRunOptions Violations = new() { ResultTypes = [ResultType.Violations] };

    /// <summary>Adds every serious or critical violation. The page has settled.</summary>
    public static async Task CheckAsync(IPage page, string name, List<string> faults)
    {
        // In the page itself: the other way opens one more page for each look, to join what frames say, and there are no frames.
        Assert.Single(page.Frames);
#pragma warning disable CS0618 // "Being removed in the future": then the other way it is.
        var result = await page.RunAxeLegacy(options: Violations);
#pragma warning restore CS0618
        faults.AddRange(
            from violation in result.Violations
            where violation.Impact is "serious" or "critical"
            from node in violation.Nodes
            select $"{name}: {violation.Id} ({violation.Impact}) {node.Html}");
    }
}
