using Microsoft.Playwright;

namespace CashoutConsole.E2E.PageModels;

/// <summary>The inbox, by the names that people and screen readers see.</summary>
public sealed class InboxScreen(IPage page)
{
    /// <summary>The count in the navigation; gone when nothing waits.</summary>
    public ILocator Badge => page.Locator(".nav-badge");

    public Task OpenAsync() => page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Approvals") }).First.ClickAsync();

    public ILocator RowOf(string account) => page.GetByRole(AriaRole.Article).Filter(new() { HasText = account });

    private ILocator Dialog => page.Locator("dialog:has(.rows)");

    /// <summary>Approves one row, proves to be oneself where that is asked, and reads how it went.</summary>
    public async Task<string> ApproveAsync(string account)
    {
        await RowOf(account).GetByRole(AriaRole.Button, new() { NameRegex = new("^Approve") }).ClickAsync();
        return await DecideAsync();
    }

    public async Task<string> RejectAsync(string account, string reason)
    {
        await RowOf(account).GetByRole(AriaRole.Button, new() { NameRegex = new("^Reject") }).ClickAsync();
        await Dialog.GetByLabel("Reason").FillAsync(reason);
        return await DecideAsync();
    }

    private async Task<string> DecideAsync()
    {
        await Dialog.Locator("button[type=submit]").ClickAsync();
        await page.StepUpIfAskedAsync(Dialog.Locator(".good, .bad").First);
        var outcome = await Dialog.Locator(".rows li").First.InnerTextAsync();
        await Dialog.Locator("button[type=submit]").ClickAsync();
        return outcome;
    }
}
