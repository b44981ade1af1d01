using System.Collections.Concurrent;
using CashoutConsole.E2E.Fixtures;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.PageModels;

/// <summary>What people do before they come to a page: sign in, go somewhere, prove that it is still them.</summary>
public static class People
{
    /// <summary>Signing in takes a while, so journeys share a person's session unless they ask for one of their own.</summary>
    private static readonly ConcurrentDictionary<(string Url, string UserName), Cookie[]> Kept = new();

    /// <param name="fresh">A second session of the same person, with a code of its own.</param>
    public static async Task SignInAsync(this IPage page, string url, string userName, bool fresh = false)
    {
        if (!fresh && Kept.TryGetValue((url, userName), out var kept) && await ComesInAsync(page, url, kept))
        {
            return;
        }
        await page.GivePasswordAsync(url, userName);
        await page.UseDemoCodeAsync();
        await page.WaitForCircuitAsync();
        if (!fresh)
        {
            Kept[(url, userName)] = [.. (await page.Context.CookiesAsync([url])).Where(static cookie => cookie.Name.Contains("session", StringComparison.Ordinal))
                .Select(static cookie => new Cookie { Name = cookie.Name, Value = cookie.Value, Domain = cookie.Domain, Path = cookie.Path, HttpOnly = cookie.HttpOnly, SameSite = cookie.SameSite })];
        }
    }

    /// <summary>The first step: the page then asks for the code.</summary>
    public static async Task GivePasswordAsync(this IPage page, string url, string userName, string password = DemoOperators.Password)
    {
        await page.GotoAsync(url + "/sign-in");
        await page.GetByLabel("User name").FillAsync(userName);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in/code*");
    }

    public static async Task GiveCodeAsync(this IPage page, string code)
    {
        await page.GetByLabel("Code", new() { Exact = true }).FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
    }

    /// <summary>Clicks the demo code on the code page.</summary>
    public static async Task UseDemoCodeAsync(this IPage page)
    {
        await Rehearsal.Of(page.Url).RenewCodesAsync();
        await page.Locator("form:has(input[name='Form.UseDemo']) button").ClickAsync();
        await page.WaitForURLAsync(static address => !address.Contains("/sign-in", StringComparison.Ordinal));
    }

    /// <summary>Answers the step-up dialog with the demo code.</summary>
    public static Task StepUpAsync(this IPage page)
    {
        var dialog = page.GetByRole(AriaRole.Dialog, new() { Name = "Confirm that it is you" });
        return page.AnswerStepUpAsync(dialog, dialog.GetByRole(AriaRole.Button, new() { Name = "Use the demo code" }));
    }

    /// <summary>Waits for what comes next; when the step-up is asked for first, answers it.</summary>
    public static async Task StepUpIfAskedAsync(this IPage page, ILocator next)
    {
        var asked = page.GetByRole(AriaRole.Dialog, new() { Name = "Confirm that it is you" });
        await asked.Or(next).First.WaitForAsync();
        if (await asked.IsVisibleAsync())
        {
            await page.StepUpAsync();
            await next.WaitForAsync();
        }
    }

    /// <summary>As <see cref="StepUpAsync"/>, in whatever language.</summary>
    public static async Task AnswerStepUpAsync(this IPage page, ILocator dialog, ILocator use)
    {
        await Rehearsal.Of(page.Url).RenewCodesAsync();
        await use.ClickAsync();
        await Assertions.Expect(dialog).ToBeHiddenAsync();
    }

    /// <summary>What the person's authenticator app shows, or showed or will show so many half-minutes from now.</summary>
    public static string CodeOf(string userName, int stepsAhead = 0) =>
        Totp.CodeOf(Base32.Decode(DemoOperators.Secrets[userName]), Totp.StepAt(TimeProvider.System.GetUtcNow()) + stepsAhead);

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

    private static async Task<bool> ComesInAsync(IPage page, string url, Cookie[] kept)
    {
        await page.Context.AddCookiesAsync(kept);
        await page.GotoAsync(url + "/accounts");
        await page.WaitForCircuitAsync();
        return !page.Url.Contains("/sign-in", StringComparison.Ordinal);
    }
}
