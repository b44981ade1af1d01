using Bunit;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.UI;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Cards;

public sealed class AccountsPageTests : AccountPageTest
{
    protected override ProviderSheet Sheet => Sheets.Windowed;

    [Fact]
    public async Task Every_account_stands_in_one_list_with_what_may_be_withdrawn()
    {
        await Rig.AccountAsync(1250.5m, "card1");
        await Rig.AccountAsync(10, "card2", status: AccountStatus.Frozen);
        var page = Open();
        Assert.Equal(2, Rows(page).Count);
        Assert.Contains("1,250.50", Rows(page)[0].TextContent, StringComparison.Ordinal);
        Assert.Contains(L["BlockedShort_StatusFrozen"], Rows(page)[1].TextContent, StringComparison.Ordinal);
        Assert.Equal(L["Blocked_StatusFrozen"], Rows(page)[1].QuerySelector("[role=tooltip]")!.TextContent);
        Assert.Equal("true", Rows(page)[1].QuerySelector(".withdraw-cell button")!.GetAttribute("aria-disabled"));
    }

    [Fact]
    public async Task Only_who_may_withdraw_or_refresh_is_offered_it()
    {
        await Rig.AccountAsync(100);
        SignIn(Rig.Auditor, Role.Auditor);
        var page = Open();
        Assert.Empty(page.FindAll(".withdraw-cell"));
        Assert.DoesNotContain(L["Accounts_RefreshAll"], page.Markup, StringComparison.Ordinal);
        Assert.Empty(page.FindAll(".source .icon-btn"));
    }

    [Fact]
    public async Task A_limit_and_an_unknown_balance_are_counted_but_never_summed()
    {
        await Rig.AccountAsync(100, "money");
        var limit = await Rig.AccountAsync(7777, "limit");
        var unknown = await Rig.AccountAsync(0, "unknown");
        await Rig.ChangeAsync(async db =>
        {
            (await db.Accounts.SingleAsync(a => a.Id == limit.Id)).BalanceKind = BalanceKind.Limit;
            (await db.Accounts.SingleAsync(a => a.Id == unknown.Id)).BalanceMillionths = null;
        });
        var page = Open();
        Assert.Equal("100.00", page.Find(".totals .stat-value").TextContent.Trim());
        Assert.Contains("1 with a limit", page.Find(".totals .stat-note").TextContent, StringComparison.Ordinal);
        Assert.Contains("1 with unknown balance", page.Find(".totals .stat-note").TextContent, StringComparison.Ordinal);
        var row = Rows(page).Single(r => r.TextContent.Contains("limit", StringComparison.Ordinal));
        Assert.Contains(L["Accounts_Limit"], row.TextContent, StringComparison.Ordinal);
        Assert.Contains("—", Rows(page).Single(r => r.TextContent.Contains("unknown", StringComparison.Ordinal)).TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_provider_that_fails_is_named_and_hides_nothing()
    {
        await Rig.AccountAsync(100);
        await Rig.ChangeAsync(async db =>
        {
            var row = await db.ProviderAccounts.SingleAsync();
            (row.RefreshFault, row.RefreshFaultText, row.RefreshedAt) = (ProviderFaultKind.NoAnswer, "timed out", Rig.Clock.Now());
        });
        var page = Open();
        Assert.Contains(L["FaultShort_NoAnswer"], page.Find(".source-fault").TextContent, StringComparison.Ordinal);
        Assert.Contains("timed out", page.Find(".source-fault button").GetAttribute("title"), StringComparison.Ordinal);
        Assert.Single(Rows(page));
    }

    [Fact]
    public void Nothing_read_yet_is_said_in_words()
    {
        var page = Open(rows: 0);
        Assert.Equal(L["Accounts_EmptyTitle"], page.Find(".empty-title").TextContent);
    }

    [Fact]
    public async Task Filters_live_in_the_address_and_can_be_cleared()
    {
        await Rig.AccountAsync(100, "alpha");
        await Rig.AccountAsync(200, "beta");
        var page = Open("/accounts?q=alpha&money=1", rows: 1);
        Assert.Contains("alpha", Rows(page)[0].TextContent, StringComparison.Ordinal);
        Assert.Contains("100.00", page.Find(".totals .stat-value").TextContent, StringComparison.Ordinal);
        await page.FindAll(".filters button").Single(b => b.TextContent == L["Accounts_ClearFilters"]).ClickAsync();
        Assert.EndsWith("/accounts", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Equal(2, Rows(page).Count));
    }

    [Fact]
    public async Task Sorting_goes_to_the_address()
    {
        await Rig.AccountAsync(100, "alpha");
        await Rig.AccountAsync(200, "beta");
        var page = Open();
        Assert.Contains("beta", Rows(page)[0].TextContent, StringComparison.Ordinal);
        await page.FindAll(".th-sort").Single(b => b.TextContent.Contains(L["Common_Account"], StringComparison.Ordinal)).ClickAsync();
        Assert.EndsWith("?sort=account", Navigation.Uri, StringComparison.Ordinal);
        page.WaitForAssertion(() => Assert.Contains("alpha", Rows(page)[0].TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_card_number_in_the_address_is_refused_and_taken_out_of_it()
    {
        await Rig.AccountAsync(100);
        var page = Open("/accounts?q=4111111111111111", rows: 1);
        Assert.DoesNotContain("4111", Navigation.Uri, StringComparison.Ordinal);
        Assert.Contains(L["Error_CardNumberInText"], page.Find(".callout-warning").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_changes_elsewhere_appears_by_itself()
    {
        var account = await Rig.AccountAsync(1000);
        var page = Open();
        Assert.Empty(page.FindAll(".open-mark"));
        await Rig.RequestAsync(account, 300);
        Rig.Clock.Advance(ChangeWatch.Pause);
        page.WaitForAssertion(() => Assert.Contains("300.00", page.Find(".open-mark").TextContent, StringComparison.Ordinal));
        Assert.Contains("700.00", Rows(page)[0].TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Withdraw_opens_the_dialog_of_that_account()
    {
        await Rig.AccountAsync(1000, "alpha");
        var page = Open();
        await page.Find(".withdraw-cell button").ClickAsync();
        page.WaitForElement("#withdraw-amount");
        Assert.Contains("alpha", page.Find("dialog .kv").TextContent, StringComparison.Ordinal);
        await page.Find("dialog .dialog-footer button").ClickAsync();
        Assert.Empty(page.FindAll("dialog"));
    }

    [Fact]
    public async Task A_disabled_operator_sees_a_refusal_and_no_accounts()
    {
        await Rig.AccountAsync(1000);
        await Rig.DisableAsync(Rig.Treasury);
        Navigation.NavigateTo("/accounts");
        var page = Render<AccountsPage>();
        page.WaitForElement(".error-state");
        Assert.Contains(L["Error_Forbidden"], page.Find(".error-state").TextContent, StringComparison.Ordinal);
        Assert.Empty(Rows(page));
    }

    [Theory]
    [InlineData("")]
    [InlineData("q=ops%20float&provider=UnCash&status=Frozen&currency=USD&min=1.50&max=10.00&money=1&sort=-age")]
    [InlineData("providerAccount=0190a1b2-0000-7000-8000-000000000001&sort=account")]
    public void An_address_is_read_and_written_back_the_same(string query)
    {
        var values = System.Web.HttpUtility.ParseQueryString(query);
        var filter = AccountFilterAddress.Read(name => values[name]);
        var written = AccountFilterAddress.Write(filter).Where(static pair => pair.Value is not null).ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value!.ToString(), StringComparer.Ordinal);
        Assert.Equal(values.AllKeys.Length, written.Count);
        Assert.All(values.AllKeys, key => Assert.Equal(values[key], written[key!]));
    }

    [Fact]
    public void What_an_address_says_wrongly_is_left_out()
    {
        var values = System.Web.HttpUtility.ParseQueryString("provider=17&status=Gone&min=1,000&max=x&currency=%3Cb%3E&providerAccount=1&sort=-secret&money=yes");
        Assert.Equal(new AccountFilter(), AccountFilterAddress.Read(name => values[name]));
    }

    private static IReadOnlyList<AngleSharp.Dom.IElement> Rows(IRenderedComponent<AccountsPage> page) => [.. page.FindAll("tbody tr[aria-rowindex]")];

    private IRenderedComponent<AccountsPage> Open(string address = "/accounts", int? rows = null)
    {
        Navigation.NavigateTo(address);
        var page = Render<AccountsPage>();
        page.WaitForAssertion(() =>
        {
            Assert.NotEmpty(page.FindAll(".source"));
            Assert.NotEmpty(page.Find(".vtable-foot [role=status]").TextContent);
            if (rows is { } expected)
            {
                Assert.Equal(expected, Rows(page).Count);
            }
        });
        return page;
    }
}
