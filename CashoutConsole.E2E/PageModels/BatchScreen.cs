using System.Globalization;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.PageModels;

/// <summary>From the selection in the list of accounts to the page of the batch, by the names that people see.</summary>
public sealed class BatchScreen(IPage page, string url)
{
    public ILocator Title => page.Locator(".page-header h1");

    public ILocator Headline => page.Locator(".headline");

    /// <summary>Ticks the first accounts of the filtered list, asks for everything on them and waits for the preview.</summary>
    public async Task CashOutAsync(string filter, int accounts, string title)
    {
        await page.GotoAsync($"{url}/accounts?{filter}");
        await page.WaitForCircuitAsync();
        await page.Locator("tbody .tick").Nth(accounts - 1).WaitForAsync();
        await page.Locator("tbody .tick").First.ClickAsync();
        if (accounts > 1)
        {
            await page.Locator("tbody .tick").Nth(accounts - 1).ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        }
        await page.Locator(".selection-actions .btn-primary").ClickAsync();
        await PreviewAsync(title);
    }

    /// <summary>Asks for everything at all providers from the menu of the accounts page and waits for the preview.</summary>
    public async Task CashOutEverythingAsync(string title)
    {
        await page.GotoAsync(url + "/accounts");
        await page.WaitForCircuitAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Cash out…" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Everything, at all providers" }).ClickAsync();
        await PreviewAsync(title);
    }

    public ILocator RowOf(string text) => page.Locator("tbody tr[aria-rowindex]").Filter(new() { HasText = text });

    public Task OpenTabAsync(string name) => page.Locator("nav.tabs").GetByRole(AriaRole.Link, new() { NameRegex = new("^" + name) }).ClickAsync();

    /// <summary>The dialog is open: gives the batch its name and waits for the preview.</summary>
    public async Task PreviewAsync(string title)
    {
        await page.Locator("#bulk-title").FillAsync(title);
        await page.Locator("dialog button[type=submit]").ClickAsync();
        await page.WaitForURLAsync("**/batches/*");
        await page.Locator("#batch-reason").WaitForAsync(new() { Timeout = 120_000 });
    }

    /// <summary>Confirms what the preview shows, with the number of withdrawals typed where the policy wants it.</summary>
    public async Task ConfirmAsync(string reason)
    {
        await page.Locator("#batch-reason").FillAsync(reason);
        await page.Locator(".columns .btn-block").ClickAsync();
        var dialog = page.Locator("dialog:has(.money-large)");
        await dialog.WaitForAsync();
        var typed = dialog.Locator("input");
        if (await typed.CountAsync() > 0)
        {
            var count = string.Concat((await dialog.Locator("button[type=submit]").InnerTextAsync()).Where(char.IsAsciiDigit));
            await typed.FillAsync(count);
        }
        await dialog.Locator("button[type=submit]").ClickAsync();
        await page.StepUpIfAskedAsync(Headline);
    }

    /// <summary>The sums per currency as the page of a confirmed batch shows them.</summary>
    public async Task<Dictionary<string, decimal>> TotalsAsync()
    {
        var totals = new Dictionary<string, decimal>(StringComparer.Ordinal);
        foreach (var row in await page.Locator(".card:has(.headline) tbody tr").AllAsync())
        {
            totals[(await row.Locator("th").InnerTextAsync()).Trim()] = decimal.Parse((await row.Locator("td").Last.Locator(".money").InnerTextAsync()).Trim(), NumberStyles.Number, CultureInfo.InvariantCulture);
        }
        return totals;
    }
}
