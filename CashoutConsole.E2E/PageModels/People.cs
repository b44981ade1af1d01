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

    /// <summary>Pages are drawn by the circuit: their first heading shows that it is up.</summary>
    public static Task WaitForCircuitAsync(this IPage page) => page.GetByRole(AriaRole.Heading, new() { Level = 1 }).First.WaitForAsync();
}
