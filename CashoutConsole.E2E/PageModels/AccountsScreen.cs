using Microsoft.Playwright;

namespace CashoutConsole.E2E.PageModels;

/// <summary>The accounts list and the dialog that opens from it.</summary>
public sealed class AccountsScreen(IPage page, string url)
{
    /// <summary>Shows the one account with this id; the search stands in the address.</summary>
    public async Task FindAsync(string externalId)
    {
        await page.GotoAsync($"{url}/accounts?q={Uri.EscapeDataString(externalId)}");
        await page.WaitForCircuitAsync();
        await WithdrawButton.WaitForAsync();
    }

    public ILocator WithdrawButton => page.GetByRole(AriaRole.Grid).GetByRole(AriaRole.Button, new() { NameRegex = new("^Withdraw") }).First;

    public async Task<WithdrawScreen> OpenDialogAsync()
    {
        await WithdrawButton.ClickAsync();
        var dialog = new WithdrawScreen(page);
        await dialog.Amount.WaitForAsync();
        return dialog;
    }
}

/// <summary>The withdrawal dialog, by the names that people and screen readers see.</summary>
public sealed class WithdrawScreen(IPage page)
{
    public ILocator Dialog => page.GetByRole(AriaRole.Dialog);

    public ILocator Amount => Dialog.GetByLabel("Amount in", new() { Exact = false });

    public ILocator Reason => Dialog.GetByLabel("Reason");

    public ILocator Continue => Dialog.GetByRole(AriaRole.Button, new() { Name = "Continue" });

    public ILocator Confirm => Dialog.GetByRole(AriaRole.Button, new() { NameRegex = new("^Withdraw [0-9]") });

    /// <summary>Fills in and goes to the summary.</summary>
    public async Task FillAsync(string amount, string reason)
    {
        await Amount.FillAsync(amount);
        await Reason.FillAsync(reason);
        await Continue.ClickAsync();
        await Confirm.WaitForAsync();
    }

    public ILocator AmountAgain => Dialog.GetByLabel("Type the amount once more", new() { Exact = false });

    /// <summary>As <see cref="ConfirmAsync"/> for a large amount: it is typed once more, and the person proves that it is them.</summary>
    public async Task<Guid> ConfirmLargeAsync(string amount)
    {
        await AmountAgain.FillAsync(amount);
        await Confirm.ClickAsync();
        await page.StepUpIfAskedAsync(page.Locator("main .timeline").First);
        await page.WaitForURLAsync("**/withdrawals/*");
        return Guid.Parse(new Uri(page.Url).Segments[^1]);
    }

    /// <summary>Confirms and waits for the withdrawal's own page; returns its id.</summary>
    public async Task<Guid> ConfirmAsync()
    {
        await Confirm.ClickAsync();
        try
        {
            await page.WaitForURLAsync("**/withdrawals/*");
        }
        catch (TimeoutException)
        {
            Assert.Fail($"No withdrawal after confirming. The dialog says: {await Dialog.InnerTextAsync()}");
        }
        return Guid.Parse(new Uri(page.Url).Segments[^1]);
    }
}
