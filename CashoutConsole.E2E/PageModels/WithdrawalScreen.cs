using Microsoft.Playwright;

namespace CashoutConsole.E2E.PageModels;

/// <summary>The page of one withdrawal.</summary>
public sealed class WithdrawalScreen(IPage page, string url)
{
    public async Task OpenAsync(Guid id)
    {
        await page.GotoAsync($"{url}/withdrawals/{id}");
        await page.WaitForCircuitAsync();
    }

    /// <summary>Waits until the page itself, without a reload, says so in its header.</summary>
    public Task ShowsAsync(string status, float timeout = 60_000) =>
        Assertions.Expect(page.Locator("header, .page-header").GetByText(status, new() { Exact = true }).First).ToBeVisibleAsync(new() { Timeout = timeout });

    /// <summary>The history names this status.</summary>
    public Task HistoryShowsAsync(string status) =>
        Assertions.Expect(page.GetByRole(AriaRole.List, new() { Name = "History" }).GetByText(status, new() { Exact = true }).First).ToBeVisibleAsync();
}
