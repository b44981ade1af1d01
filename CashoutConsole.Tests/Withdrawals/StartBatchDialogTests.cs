using Bunit;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.UI;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain.Bulk;
using CashoutConsole.Withdrawals.UI.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Withdrawals;

public sealed class StartBatchDialogTests : AccountPageTest
{
    [Fact]
    public async Task The_dialog_says_what_is_selected_and_that_nothing_moves_yet()
    {
        await AccountsAsync();
        var dialog = Open(BulkAmountKind.Leave);
        Assert.Contains("3 accounts · 1 cannot be withdrawn from", Facts(dialog), StringComparison.Ordinal);
        Assert.Contains("20.00 EUR", Facts(dialog), StringComparison.Ordinal);
        Assert.Contains("(EUR, USD)", dialog.Find("#bulk-amount-hint").TextContent, StringComparison.Ordinal);
        Assert.Contains(L["Bulk_Next"], dialog.Find(".callout").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_currency_stands_beside_the_amount_and_everything_needs_none()
    {
        await Rig.AccountAsync(100);
        Assert.Equal("USD", Open(BulkAmountKind.Each).Find(".bulk-currency").TextContent);
        Assert.Empty(Open(BulkAmountKind.All).FindAll("#bulk-amount"));
    }

    [Theory]
    [InlineData(BulkAmountKind.Each, "", "AmountMissing")]
    [InlineData(BulkAmountKind.Each, "0", "AmountDecimals")]
    [InlineData(BulkAmountKind.Each, "1,5", "AmountSeparators")]
    [InlineData(BulkAmountKind.Leave, "0.0000001", "AmountDecimals")]
    public async Task An_amount_that_is_none_starts_nothing_and_says_why(BulkAmountKind kind, string amount, string code)
    {
        await AccountsAsync();
        var dialog = Open(kind);
        await dialog.Find("#bulk-amount").InputAsync(amount);
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(L["Error_" + code, 6], dialog.Find("#bulk-amount-error").TextContent);
        Assert.Equal("true", dialog.Find("#bulk-amount").GetAttribute("aria-invalid"));
        Assert.DoesNotContain("/batches/", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_card_number_is_no_name_for_a_batch()
    {
        await AccountsAsync();
        var dialog = Open(BulkAmountKind.All);
        await dialog.Find("#bulk-title").InputAsync("for 4111 1111 1111 1111");
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(L["Error_CardNumberInText"], dialog.Find("#bulk-title-error").TextContent);
        Assert.DoesNotContain("/batches/", Navigation.Uri, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(BulkAmountKind.Each, "10.50")]
    [InlineData(BulkAmountKind.Leave, "0")]
    [InlineData(BulkAmountKind.All, null)]
    public async Task However_often_it_is_pressed_it_leads_to_one_batch(BulkAmountKind kind, string? amount)
    {
        await AccountsAsync();
        var dialog = Open(kind);
        if (amount is not null)
        {
            await dialog.Find("#bulk-amount").InputAsync(amount);
        }
        // Not awaited: the clicks of a worn mouse are queued before the first is answered.
        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => dialog.Find("form").SubmitAsync()).ToList());
        dialog.WaitForState(() => Navigation.Uri.Contains("/batches/", StringComparison.Ordinal));
        var batch = Assert.Single(await Rig.QueryAsync(static db => db.Batches.AsNoTracking().ToListAsync()));
        Assert.EndsWith($"/batches/{batch.Id}", Navigation.Uri, StringComparison.Ordinal);
        var items = await Rig.QueryAsync(static db => db.BatchItems.AsNoTracking().ToListAsync());
        Assert.Equal(3, items.Count);
        Assert.All(items, item => Assert.Equal((kind, Money.ToMillionths(decimal.Parse(amount ?? "0", System.Globalization.CultureInfo.InvariantCulture))), (item.Kind, item.AskedMillionths)));
    }

    [Fact]
    public async Task A_right_taken_away_meanwhile_is_refused_in_words()
    {
        await AccountsAsync();
        var dialog = Open(BulkAmountKind.All);
        await Rig.DisableAsync(Rig.Treasury);
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Contains(L["Error_Forbidden"], dialog.Find(".callout-danger").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Where_nothing_can_be_withdrawn_the_button_says_so()
    {
        await Rig.AccountAsync(5, status: AccountStatus.Frozen);
        var dialog = Open(BulkAmountKind.All);
        Assert.Equal(L["Selection_NoneWithdrawable"], dialog.Find("[role=tooltip]").TextContent);
        await dialog.Find("form").SubmitAsync();
        Assert.DoesNotContain("/batches/", Navigation.Uri, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_menu_offers_what_the_list_is_filtered_by_and_everything()
    {
        await Rig.AccountAsync(100);
        var scope = new CashOutScope(ProviderKind.MemberWallet, (Rig.ProviderAccount.Id, "Game wallet"));
        var menu = Render<CashOutMenu>(p => p.Add(m => m.Scope, scope));
        Assert.Equal(["All of Game wallet", "All of Member wallet", L["CashOut_Everything"]], menu.FindAll(".menu-item").Select(static item => item.TextContent), StringComparer.Ordinal);
        Assert.Empty(menu.FindAll(".menu-note"));
        await menu.Find(".menu-item").ClickAsync();
        menu.WaitForAssertion(() => Assert.Contains("All of Game wallet", menu.Find("dialog .kv").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void The_menu_says_how_to_choose_one_provider_and_who_may_not_sees_why()
    {
        Assert.Equal(L["CashOut_FilterFirst"], Render<CashOutMenu>(p => p.Add(m => m.Scope, new CashOutScope(null, null))).Find(".menu-note").TextContent);
        SignIn(Rig.Auditor, Role.Auditor);
        var menu = Render<CashOutMenu>(p => p.Add(m => m.Scope, new CashOutScope(null, null)));
        Assert.Equal(L["Reason_NotAllowed"], menu.Find("[role=tooltip]").TextContent);
        Assert.Empty(menu.FindAll(".menu"));
    }

    private static string Facts(IRenderedComponent<StartBatchDialog> dialog) =>
        System.Text.RegularExpressions.Regex.Replace(dialog.Find(".kv").TextContent, @"\s+", " ", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));

    private async Task AccountsAsync()
    {
        await Rig.AccountAsync(100, "dollars");
        await Rig.AccountAsync(20, "euros");
        await Rig.AccountAsync(5, "frozen", status: AccountStatus.Frozen);
        await Rig.ChangeAsync(static async db => (await db.Accounts.SingleAsync(static a => a.ExternalId == "euros")).Currency = "EUR");
    }

    private IRenderedComponent<StartBatchDialog> Open(BulkAmountKind kind)
    {
        var dialog = Render<StartBatchDialog>(p => p.Add(d => d.Kind, kind).Add(d => d.Selection, AccountSelection.Everything(new AccountFilter())));
        dialog.WaitForAssertion(() => Assert.DoesNotContain(L["Selection_Adding"], dialog.Markup, StringComparison.Ordinal));
        return dialog;
    }
}
