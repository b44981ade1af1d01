using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>What impatient and unlucky people do: one withdrawal, one effect.</summary>
[Collection(Consoles.Approvals)]
public sealed class OnceOnlyJourneys(RehearsalFixture fixture) : SharedConsole(fixture)
{
    [Fact]
    public async Task Two_clicks_on_confirm_make_one_withdrawal()
    {
        var account = await AccountPicker.PickAsync(Rehearsal.Sandbox, "uqpay", "card", "active");
        var page = await Fixture.Browser.NewPageAsync();
        var dialog = await OpenAsync(page, account.Id);

        await dialog.FillAsync("10.00", "Double click");
        await dialog.Confirm.ClickAsync(new() { ClickCount = 3 });
        await page.WaitForURLAsync("**/withdrawals/*");
        await new WithdrawalScreen(page, Rehearsal.Url).ShowsAsync("Succeeded");

        Assert.Single(await WithdrawalsOfAsync("uqpay", account.Id));
    }

    [Fact]
    public async Task A_second_dialog_on_the_same_account_is_told_that_it_changed()
    {
        var account = await AccountPicker.PickAsync(Rehearsal.Sandbox, "pikabao", "card", "active");
        var first = await Fixture.Browser.NewPageAsync();
        var second = await Fixture.Browser.NewPageAsync();
        var firstDialog = await OpenAsync(first, account.Id);
        var secondDialog = await OpenAsync(second, account.Id);
        await firstDialog.FillAsync("11.00", "First dialog");
        await secondDialog.FillAsync("12.00", "Second dialog");

        var id = await firstDialog.ConfirmAsync();
        await secondDialog.Confirm.ClickAsync();

        await Assertions.Expect(secondDialog.Dialog.GetByText("This account changed", new() { Exact = false })).ToBeVisibleAsync();
        await new WithdrawalScreen(first, Rehearsal.Url).ShowsAsync("Succeeded");
        Assert.Equal(11m, Assert.Single(await WithdrawalsOfAsync("pikabao", account.Id)).Amount);
        Assert.NotEqual(Guid.Empty, id);
    }

    [Fact]
    public async Task A_page_closed_right_after_confirm_loses_nothing()
    {
        var account = await AccountPicker.PickAsync(Rehearsal.Sandbox, "memberwallet", "member", "active");
        var page = await Fixture.Browser.NewPageAsync();
        var dialog = await OpenAsync(page, account.Id);
        await dialog.FillAsync("13.00", "Closed page");
        await dialog.Confirm.ClickAsync();
        await page.CloseAsync();

        var again = await Fixture.Browser.NewPageAsync();
        await again.SignInAsync(Rehearsal.Url, "treasury");
        await again.GotoAsync($"{Rehearsal.Url}/withdrawals?q={account.Id}");
        await again.WaitForCircuitAsync();

        await Assertions.Expect(again.GetByRole(AriaRole.Grid).GetByText("Succeeded").First).ToBeVisibleAsync();
        Assert.Equal(13m, Assert.Single(await WithdrawalsOfAsync("memberwallet", account.Id)).Amount);
    }

    [Fact]
    public async Task A_provider_with_broken_answers_says_so_and_the_rest_works()
    {
        await Rehearsal.Sandbox.FaultAsync("keysecure", "list", "not_json_200", new { count = 50 });
        try
        {
            var page = await Fixture.Browser.NewPageAsync();
            await page.SignInAsync(Rehearsal.Url, "treasury");
            await page.GotoAsync(Rehearsal.Url + "/accounts");
            await page.WaitForCircuitAsync();
            await page.GetByRole(AriaRole.Button, new() { Name = "Refresh all" }).ClickAsync();
            await page.GotoAsync(Rehearsal.Url + "/providers");
            await page.WaitForCircuitAsync();

            await Assertions.Expect(page.GetByText("cannot be read", new() { Exact = false }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
            await page.GotoAsync($"{Rehearsal.Url}/accounts?provider=Uqpay");
            await Assertions.Expect(page.GetByRole(AriaRole.Grid).GetByText("UQPay").First).ToBeVisibleAsync();
        }
        finally
        {
            await Rehearsal.Sandbox.ClearFaultsAsync();
        }
    }

    private async Task<WithdrawScreen> OpenAsync(IPage page, string account)
    {
        await page.SignInAsync(Rehearsal.Url, "treasury");
        var accounts = new AccountsScreen(page, Rehearsal.Url);
        await accounts.FindAsync(account);
        return await accounts.OpenDialogAsync();
    }

    private async Task<List<LedgerEntry>> WithdrawalsOfAsync(string provider, string account) =>
        [.. (await Rehearsal.Sandbox.LedgerAsync(provider, account)).Where(static entry => entry.Kind == "withdrawal")];
}
