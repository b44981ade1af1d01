using Microsoft.Playwright;

namespace CashoutConsole.E2E.PageModels;

/// <summary>What people do before they come to a page: sign in, go somewhere.</summary>
public static class People
{
    public static async Task SignInAsync(this IPage page, string url, string userName)
    {
        await page.GotoAsync(url + "/sign-in");
        await page.GetByLabel("User name").FillAsync(userName);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(CashoutConsole.Identity.Application.DemoOperators.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync(static address => !address.Contains("/sign-in", StringComparison.Ordinal));
        await page.WaitForCircuitAsync();
    }

    /// <summary>Waits until nothing is loading any more and the page has not changed for a moment: what is read while it moves is not the page.</summary>
    public static async Task SettleAsync(this IPage page)
    {
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.EvaluateAsync("""
            () => new Promise(resolve => {
              let quiet;
              const watch = new MutationObserver(wait);
              const limit = setTimeout(end, 5000);
              function end() { watch.disconnect(); clearTimeout(quiet); clearTimeout(limit); resolve(); }
              function wait() { clearTimeout(quiet); quiet = setTimeout(end, document.querySelector(".skeleton:not(.boot *)") ? 2000 : 400); }
              watch.observe(document.body, { childList: true, subtree: true, attributes: true, characterData: true });
              wait();
            })
            """);
        // Colours on their way from one to another have no contrast yet.
        await page.EvaluateAsync("() => Promise.allSettled(document.getAnimations().filter(a => a.effect?.getComputedTiming().iterations !== Infinity).map(a => a.finished))");
    }

    /// <summary>Pages are drawn by the circuit: their first heading shows that it is up.</summary>
    public static Task WaitForCircuitAsync(this IPage page) => page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
}
