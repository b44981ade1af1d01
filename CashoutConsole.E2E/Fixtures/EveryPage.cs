using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>A walk over every page of the console and what opens on it, in the order a person would go.</summary>
public static class EveryPage
{
    /// <summary>Calls <paramref name="look"/> at every stop, with its name.</summary>
    public static async Task WalkAsync(Rehearsal rehearsal, IPage treasury, IPage auditor, Func<IPage, string, Task> look)
    {
        await treasury.GotoAsync(rehearsal.Url + "/sign-in");
        await look(treasury, "sign-in");
        await treasury.GotoAsync(rehearsal.Url + "/no/such/page");
        await look(treasury, "not found, signed out");
        await treasury.GivePasswordAsync(rehearsal.Url, "treasury");
        await look(treasury, "sign-in, code");
        await treasury.UseDemoCodeAsync();
        await treasury.WaitForCircuitAsync();
        foreach (var path in new[] { "accounts", "withdrawals", "batches", "members", "providers", "no/such/page", "error" })
        {
            await OpenAsync(treasury, $"{rehearsal.Url}/{path}");
            await look(treasury, path);
            if (await ExpandAsync(treasury))
            {
                await look(treasury, path + ", expanded");
            }
        }
        await SelectAsync(rehearsal, treasury, look);
        await WithdrawAsync(rehearsal, treasury, look);
        await AskAsync(rehearsal, treasury, look);
        // A session of its own: in a shared one an earlier walk's step-up may still count.
        await auditor.SignInAsync(rehearsal.Url, "auditor", fresh: true);
        await OpenAsync(auditor, rehearsal.Url + "/audit");
        await look(auditor, "audit");
        await auditor.GetByRole(AriaRole.Grid).Locator("tbody tr:not([aria-hidden])").First.ClickAsync();
        await look(auditor, "audit, one entry");
        await SecureAsync(rehearsal, auditor, look);
    }

    /// <summary>The list with something ticked, and the dialogs and the menu that open from it.</summary>
    private static async Task SelectAsync(Rehearsal rehearsal, IPage page, Func<IPage, string, Task> look)
    {
        await OpenAsync(page, rehearsal.Url + "/accounts");
        await page.Locator("tbody .tick").First.ClickAsync();
        await page.Locator(".selection-money").WaitForAsync();
        await look(page, "accounts, one selected");
        await page.Locator("th .tick").ClickAsync();
        await page.Locator(".selection-blocks > summary").ClickAsync();
        await look(page, "accounts, all selected");
        await page.Locator(".selection-actions button").First.ClickAsync();
        await page.Locator("#bulk-amount").WaitForAsync();
        await look(page, "batch dialog");
        await page.Locator("dialog .dialog-footer button").First.ClickAsync();
        await page.Locator(".cash-out > button").ClickAsync();
        await look(page, "cash-out menu");
        await page.Keyboard.PressAsync("Escape");
    }

    private static async Task WithdrawAsync(Rehearsal rehearsal, IPage page, Func<IPage, string, Task> look)
    {
        var account = await AccountPicker.PickAsync(rehearsal.Sandbox, "uqpay", "card", "active");
        var accounts = new AccountsScreen(page, rehearsal.Url);
        await accounts.FindAsync(account.Id);
        var dialog = await accounts.OpenDialogAsync();
        await look(page, "dialog");
        await dialog.FillAsync("10.00", "A look at every page");
        // The button is held back for a moment; on its way from one colour to the other it has no contrast.
        await Assertions.Expect(dialog.Confirm).ToBeEnabledAsync();
        await look(page, "summary");
        var id = await dialog.ConfirmAsync();
        await new WithdrawalScreen(page, rehearsal.Url).ShowsAsync("Succeeded");
        await look(page, "withdrawal");
        await ExpandAsync(page);
        await look(page, "withdrawal, expanded");
        await page.Locator("dd a[href^='/accounts/']").First.ClickAsync();
        await page.WaitForURLAsync("**/accounts/*");
        await page.Locator($"a[href='/withdrawals/{id}']").First.WaitForAsync();
        await look(page, "account");
        await ExpandAsync(page);
        await look(page, "account, expanded");
    }

    private static async Task AskAsync(Rehearsal rehearsal, IPage page, Func<IPage, string, Task> look)
    {
        var accounts = new AccountsScreen(page, rehearsal.Url);
        await accounts.FindAsync((await AccountPicker.RichestAsync(rehearsal.Sandbox)).Id);
        var dialog = await accounts.OpenDialogAsync();
        await dialog.FillAsync("5000.00", "A look at approvals");
        await look(page, "summary, approval needed");
        await dialog.ConfirmLargeAsync("5000.00");
        await look(page, "withdrawal, awaiting approval");
        await page.GetByRole(AriaRole.Link, new() { Name = "Open the request" }).ClickAsync();
        await page.Locator(".digest").WaitForAsync();
        await look(page, "request");
        foreach (var path in new[] { "approvals", "approvals?tab=Mine", "policy" })
        {
            await OpenAsync(page, $"{rehearsal.Url}/{path}");
            await look(page, path);
        }
    }

    /// <summary>What a person who decides and administers sees more: the inbox with something in it, and the editor of the policy.</summary>
    public static async Task DecideAsync(Rehearsal rehearsal, IPage supervisor, IPage admin, Func<IPage, string, Task> look)
    {
        await supervisor.SignInAsync(rehearsal.Url, "supervisor");
        await OpenAsync(supervisor, rehearsal.Url + "/approvals");
        await look(supervisor, "inbox");
        await supervisor.GetByLabel("Select all").CheckAsync();
        await look(supervisor, "inbox, selected");
        await supervisor.Locator(".bar .btn-danger-quiet").ClickAsync();
        await look(supervisor, "inbox, rejecting");
        await admin.SignInAsync(rehearsal.Url, "admin");
        await OpenAsync(admin, rehearsal.Url + "/policy/edit");
        await admin.GetByLabel("Amount").First.FillAsync("4000");
        await look(admin, "policy, editing");
    }

    private static async Task SecureAsync(Rehearsal rehearsal, IPage page, Func<IPage, string, Task> look)
    {
        await OpenAsync(page, rehearsal.Url + "/security");
        await look(page, "security");
        await page.GetByRole(AriaRole.Button, new() { Name = "New recovery codes" }).ClickAsync();
        await page.Locator(".demo-code").WaitForAsync();
        await look(page, "security, step-up");
        await page.StepUpAsync();
        await page.Locator(".codes").WaitForAsync();
        await look(page, "security, recovery codes");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up anew" }).ClickAsync();
        await page.Locator(".qr").WaitForAsync();
        await look(page, "two-factor");
    }

    private static async Task OpenAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await page.WaitForCircuitAsync();
    }

    /// <summary>Opens whatever is folded on the page, which has settled for the look before. False when nothing is.</summary>
    private static async Task<bool> ExpandAsync(IPage page)
    {
        var folded = page.Locator("main details:not([open]) > summary");
        var any = false;
        while (await folded.CountAsync() > 0)
        {
            await folded.First.ClickAsync();
            any = true;
        }
        return any;
    }
}
