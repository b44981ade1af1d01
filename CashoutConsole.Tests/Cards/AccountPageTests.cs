using Bunit;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Cards.UI;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Cards;

public sealed class AccountPageTests : AccountPageTest
{
    protected override ProviderSheet Sheet => Sheets.Undocumented with { Provider = ProviderKind.KeySecure, WithdrawsFrom = AccountKind.Cardholder, HasOwnBalance = false };

    [Fact]
    public async Task Cards_of_a_cardholder_say_whose_money_it_is()
    {
        var account = await Rig.AccountAsync(1000, "holder1");
        await Rig.ChangeAsync(db =>
        {
            db.AccountCards.Add(new AccountCard { AccountId = account.Id, ExternalId = "c1", MaskedNumber = "•••• 1234", Status = AccountStatus.Active, RawStatus = "1" });
            return Task.CompletedTask;
        });
        var page = Open(account.Id);
        Assert.Contains(L["Accounts_CardholderNote"], page.Markup, StringComparison.Ordinal);
        Assert.Contains("•••• 1234", page.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_frozen_account_says_so_and_offers_no_withdrawal()
    {
        var account = await Rig.AccountAsync(1000);
        await Rig.ChangeAsync(async db => (await db.Accounts.SingleAsync(a => a.Id == account.Id)).FrozenAt = Rig.Clock.Now());
        var page = Open(account.Id);
        Assert.Contains(L["Account_Frozen"], page.Find(".callout-danger").TextContent, StringComparison.Ordinal);
        Assert.Equal("true", page.Find(".page-actions .btn-primary").GetAttribute("aria-disabled"));
    }

    [Fact]
    public async Task Its_withdrawals_appear_as_they_are_made()
    {
        var account = await Rig.AccountAsync(1000);
        var page = Open(account.Id);
        page.WaitForAssertion(() => Assert.Contains(L["Account_NoWithdrawals"], page.Markup, StringComparison.Ordinal));
        var id = await Rig.RequestAsync(account, 300);
        Rig.Clock.Advance(ChangeWatch.Pause);
        page.WaitForElement($"a[href='/withdrawals/{id}']");
    }

    [Fact]
    public async Task A_refresh_brings_the_fresh_balance_and_a_failed_one_says_why()
    {
        var account = await Rig.AccountAsync(1000, "holder1");
        var page = Open(account.Id);
        Rig.Provider.Put(ConsoleRig.SnapshotOf("holder1", 800, Rig.Provider.Sheet));
        Rig.Clock.Advance(TimeSpan.FromSeconds(5));
        await page.Find(".page-actions button").ClickAsync();
        page.WaitForAssertion(() => Assert.Contains("800.00", page.Find(".stat-value").TextContent, StringComparison.Ordinal));
        Rig.Provider.ReadingFault = new ProviderFault(ProviderFaultKind.NoAnswer);
        await page.Find(".page-actions button").ClickAsync();
        page.WaitForAssertion(() => Assert.Contains(L["Fault_NoAnswer"], page.Find(".callout-warning").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void An_account_that_does_not_exist_is_said_in_words()
    {
        var page = Render<AccountPage>(p => p.Add(x => x.Id, Guid.NewGuid()));
        page.WaitForElement(".error-state");
        Assert.Contains(L["Error_AccountNotFound"], page.Find(".error-state").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_who_may_read_the_audit_sees_what_is_on_record()
    {
        var account = await Rig.AccountAsync(1000);
        Assert.Empty(Open(account.Id).FindAll("#account-trail"));
        SignIn(Rig.Auditor, Role.Auditor);
        Open(account.Id).WaitForElement("#account-trail");
    }

    private IRenderedComponent<AccountPage> Open(Guid id)
    {
        var page = Render<AccountPage>(p => p.Add(x => x.Id, id));
        page.WaitForElement(".stats");
        return page;
    }
}
