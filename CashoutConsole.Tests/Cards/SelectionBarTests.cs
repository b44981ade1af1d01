using AngleSharp.Dom;
using Bunit;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Cards.UI;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using Microsoft.AspNetCore.Components.Web;

namespace CashoutConsole.Tests.Cards;

public sealed class SelectionBarTests : AccountPageTest
{
    protected override ProviderSheet Sheet => Sheets.Windowed;

    [Fact]
    public async Task Ticked_accounts_are_counted_added_up_and_said_aloud()
    {
        var page = await OpenAsync();
        Assert.Empty(page.FindAll(".selection"));
        await Box(page, "alpha").ClickAsync();
        await Box(page, "beta").ClickAsync();
        page.WaitForAssertion(() => Assert.Equal("300.00 USD", Bar(page).QuerySelector(".selection-money")!.TextContent.Trim().Replace('\u00a0', ' ')));
        Assert.Equal("2 accounts selected", Bar(page).QuerySelector(".selection-count")!.TextContent);
        Assert.Equal("2 accounts selected · 300.00 USD", Spoken(page));
        Assert.Equal(L["Selection_Region"], Bar(page).GetAttribute("aria-label"));
    }

    [Fact]
    public async Task Why_some_cannot_be_withdrawn_from_is_told_by_reason()
    {
        var page = await OpenAsync();
        await page.Find("th .tick").ClickAsync();
        page.WaitForAssertion(() => Assert.Equal("1 cannot be withdrawn from", Bar(page).QuerySelector("summary")!.TextContent.Trim()));
        Assert.Contains(L["Blocked_StatusFrozen"], Bar(page).QuerySelector(".selection-why")!.TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_on_the_filter_can_be_selected_from_some_and_the_selection_cleared()
    {
        var page = await OpenAsync();
        await Box(page, "alpha").ClickAsync();
        await Button(page, "Select all 3 on this filter").ClickAsync();
        Assert.Equal("3 accounts selected", Bar(page).QuerySelector(".selection-count")!.TextContent);
        Assert.Equal("true", page.Find("th .tick").GetAttribute("aria-checked"));
        Assert.DoesNotContain(Bar(page).QuerySelectorAll("button"), static button => button.TextContent.StartsWith("Select all", StringComparison.Ordinal));
        await Bar(page).QuerySelector($"[aria-label='{L["Selection_Clear"]}']")!.ClickAsync();
        Assert.Empty(page.FindAll(".selection"));
        Assert.DoesNotContain(page.FindAll("tbody .tick"), static box => box.GetAttribute("aria-checked") == "true");
    }

    [Fact]
    public async Task Another_order_keeps_the_selection_and_another_filter_clears_it_and_says_so()
    {
        var page = await OpenAsync();
        await Box(page, "alpha").ClickAsync();
        Navigation.NavigateTo("/accounts?sort=account");
        page.Render();
        page.WaitForAssertion(() => Assert.Equal("1 account selected", Bar(page).QuerySelector(".selection-count")!.TextContent));
        Navigation.NavigateTo("/accounts?sort=account&currency=USD");
        page.WaitForAssertion(() => Assert.Contains(L["Selection_Cleared"], page.Find(".selection-notice").TextContent, StringComparison.Ordinal));
        Assert.Equal(L["Selection_Cleared"], Spoken(page));
        await page.Find(".selection-notice button").ClickAsync();
        Assert.Empty(page.FindAll(".selection"));
    }

    [Fact]
    public async Task A_range_takes_in_what_lies_between()
    {
        var page = await OpenAsync();
        var boxes = page.FindAll("tbody .tick");
        await boxes[0].ClickAsync();
        await page.FindAll("tbody .tick")[2].ClickAsync(new MouseEventArgs { ShiftKey = true });
        page.WaitForAssertion(() => Assert.Equal("3 accounts selected", Bar(page).QuerySelector(".selection-count")!.TextContent));
    }

    [Fact]
    public async Task What_changes_elsewhere_is_added_up_anew()
    {
        var page = await OpenAsync();
        await Box(page, "alpha").ClickAsync();
        page.WaitForAssertion(() => Assert.Contains("100.00", Spoken(page), StringComparison.Ordinal));
        var alpha = await Rig.QueryAsync(static db => Task.FromResult(db.Accounts.Single(static a => a.ExternalId == "alpha")));
        await Rig.RequestAsync(alpha, 100);
        Rig.Clock.Advance(ChangeWatch.Pause);
        page.WaitForAssertion(() => Assert.Contains(L["Blocked_AllReserved"], Bar(page).TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_may_not_withdraw_sees_the_sum_and_why_there_are_no_actions()
    {
        SignIn(Rig.Auditor, Role.Auditor);
        var page = await OpenAsync();
        await Box(page, "alpha").ClickAsync();
        page.WaitForAssertion(() => Assert.Contains("100.00", Bar(page).TextContent, StringComparison.Ordinal));
        Assert.Equal(3, Bar(page).QuerySelectorAll(".selection-actions button[aria-disabled=true]").Length);
        Assert.All(Bar(page).QuerySelectorAll(".selection-actions [role=tooltip]"), tip => Assert.Equal(L["Reason_NotAllowed"], tip.TextContent));
    }

    private static IElement Bar(IRenderedComponent<AccountsPage> page) => page.Find("section.selection");

    private static string Spoken(IRenderedComponent<AccountsPage> page) => page.Find(".page > .visually-hidden[role=status]").TextContent;

    private static IElement Button(IRenderedComponent<AccountsPage> page, string text) => page.FindAll("button").Single(button => button.TextContent.Trim() == text);

    private IElement Box(IRenderedComponent<AccountsPage> page, string account) => page.Find($"tbody .tick[aria-label='{L["Action_SelectRow", account]}']");

    private async Task<IRenderedComponent<AccountsPage>> OpenAsync()
    {
        await Rig.AccountAsync(100, "alpha");
        await Rig.AccountAsync(200, "beta");
        await Rig.AccountAsync(30, "gamma", status: AccountStatus.Frozen);
        Navigation.NavigateTo("/accounts");
        var page = Render<AccountsPage>();
        page.WaitForAssertion(() => Assert.Equal(3, page.FindAll("tbody .tick").Count));
        return page;
    }
}
