using Microsoft.Playwright;

namespace CashoutConsole.E2E.PageModels;

/// <summary>The page of notices.</summary>
public static class NoticesScreen
{
    /// <summary>Opens it as an administrator and sends a test notice to a target where nobody listens; works in both languages.</summary>
    public static async Task OpenFailedNoticesAsync(this IPage page, string url)
    {
        await page.GotoAsync(url + "/notices");
        await page.WaitForCircuitAsync();
        await page.Locator(".target-actions button").First.ClickAsync();
        await page.Locator(".target .callout-warning").First.WaitForAsync();
    }
}
