using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>What is wrong with one provider stands at that provider, in words; the others work.</summary>
public sealed class FaultyProviderJourneys : IAsyncLifetime
{
    private readonly BrowserFixture _browser = new();
    private Rehearsal _rehearsal = null!;

    public async Task InitializeAsync()
    {
        await _browser.InitializeAsync();
        _rehearsal = await Rehearsal.StartAsync(
            static rehearsal =>
            {
                rehearsal.Settings["Providers:Pikabao:Accounts:main:SecretKey"] = "not-the-secret";
                rehearsal.Settings["Providers:UnCash:Accounts:apac:BaseUrl"] = $"http://localhost:{ConsoleProcess.FreePort()}/uncash";
            },
            startConsole: false);
        await _rehearsal.Sandbox.FaultAsync("keysecure", "list", "not_json_200", new { count = 50 });
        await _rehearsal.StartConsoleAsync();
    }

    public async Task DisposeAsync()
    {
        await _rehearsal.DisposeAsync();
        await _browser.DisposeAsync();
    }

    [Fact]
    public async Task Each_fault_is_told_at_its_provider_and_the_rest_works()
    {
        var page = await _browser.NewPageAsync();
        await page.SignInAsync(_rehearsal.Url, "treasury");
        await page.GotoAsync(_rehearsal.Url + "/providers");
        await page.WaitForCircuitAsync();

        await ShowsAsync(page, "Pikabao", "refuses our credentials");
        await ShowsAsync(page, "UnCash APAC", "could not be reached");
        await ShowsAsync(page, "KeySecure", "cannot be read");
        foreach (var healthy in new[] { "UQPay", "UnCash", "Game wallet TH" })
        {
            await Assertions.Expect(Card(page, healthy).Locator(".callout")).ToHaveCountAsync(0);
        }

        var account = await AccountPicker.PickAsync(_rehearsal.Sandbox, "uqpay", "card", "active");
        var accounts = new AccountsScreen(page, _rehearsal.Url);
        await accounts.FindAsync(account.Id);
        var dialog = await accounts.OpenDialogAsync();
        await dialog.FillAsync("10.00", "The rest works");
        await dialog.ConfirmAsync();
        await new WithdrawalScreen(page, _rehearsal.Url).ShowsAsync("Succeeded");
    }

    private static ILocator Card(IPage page, string name) => page.GetByRole(AriaRole.Region, new() { Name = name, Exact = true });

    private static Task ShowsAsync(IPage page, string provider, string words) =>
        Assertions.Expect(Card(page, provider).GetByText(words, new() { Exact = false }).First).ToBeVisibleAsync(new() { Timeout = 60_000 });
}
