using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>Selecting accounts and starting a batch from them, as a person with a browser does.</summary>
[Collection(Consoles.Approvals)]
public sealed class SelectionJourneys(RehearsalFixture fixture) : SharedConsole(fixture)
{
    [Fact]
    public async Task The_keyboard_alone_selects_a_range_and_starts_a_batch()
    {
        var page = await OpenAsync();
        await page.GetByRole(AriaRole.Grid).FocusAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Space");
        await Bar(page).GetByText("1 account selected").WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Shift+Space");
        await Bar(page).GetByText("3 accounts selected").WaitForAsync();
        // The bar stands before the list: one step back.
        await page.Keyboard.PressAsync("Shift+Tab");
        await page.Keyboard.PressAsync("Shift+Tab");
        await Assertions.Expect(Bar(page).GetByRole(AriaRole.Button, new() { Name = "Leave on each" })).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByLabel("Amount to leave on each account")).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("50");
        await page.Keyboard.PressAsync("Enter");
        await page.WaitForURLAsync("**/batches/*");
    }

    [Fact]
    public async Task A_range_by_mouse_reaches_over_rows_that_were_never_drawn_and_leaves_the_keyboard_on_the_table()
    {
        var page = await OpenAsync();
        await page.Locator("tbody .tick").First.ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Grid)).ToBeFocusedAsync();
        await page.Keyboard.PressAsync("End");
        var last = page.Locator("tbody tr[aria-rowindex]").Last;
        await Assertions.Expect(last).ToHaveClassAsync(new System.Text.RegularExpressions.Regex("row-active"));
        await last.Locator(".tick").ClickAsync(new() { Modifiers = [KeyboardModifier.Shift] });
        await Assertions.Expect(page.Locator("th .tick")).ToHaveAttributeAsync("aria-checked", "true");
    }

    private static ILocator Bar(IPage page) => page.GetByRole(AriaRole.Region, new() { Name = "Selected accounts" });

    private async Task<IPage> OpenAsync()
    {
        var page = await Fixture.Browser.NewPageAsync();
        await page.SignInAsync(Rehearsal.Url, "treasury", fresh: true);
        await page.GotoAsync(Rehearsal.Url + "/accounts");
        await page.WaitForCircuitAsync();
        await page.Locator("tbody .tick").First.WaitForAsync();
        return page;
    }
}
