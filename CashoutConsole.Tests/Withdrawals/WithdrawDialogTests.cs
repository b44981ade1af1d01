using Bunit;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.UI;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Withdrawals;

public sealed class WithdrawDialogTests : AccountPageTest
{
    private int _closed;

    [Fact]
    public async Task However_often_confirm_is_pressed_there_is_one_withdrawal()
    {
        var dialog = Open(await Rig.AccountAsync(1000));
        GoOn(dialog, "250.5");
        // Not awaited: the clicks of a worn mouse are queued before the first is answered.
        var clicks = Enumerable.Range(0, 5).Select(_ => dialog.Find("form").SubmitAsync()).ToList();
        await Task.WhenAll(clicks);
        dialog.WaitForState(() => Navigation.Uri.Contains("/withdrawals/", StringComparison.Ordinal));
        var withdrawal = Assert.Single(await WithdrawalsAsync());
        Assert.EndsWith($"/withdrawals/{withdrawal.Id}", Navigation.Uri, StringComparison.Ordinal);
        Assert.Equal(250.5m, withdrawal.Amount.Amount);
    }

    [Fact]
    public async Task The_second_half_of_a_double_click_on_continue_confirms_nothing()
    {
        var dialog = Open(await Rig.AccountAsync(1000));
        Enter(dialog, "250", "Weekly sweep");
        await dialog.Find("form").SubmitAsync();
        await dialog.Find("form").SubmitAsync();
        Assert.Empty(await WithdrawalsAsync());
        Assert.Contains("Withdraw 250.00 USD", Button(dialog), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_try_after_a_lost_answer_is_the_same_request()
    {
        var dialog = Open(await Rig.AccountAsync(1000));
        GoOn(dialog, "250");
        // Commits, and then fails to say so.
        using (Rig.Get<ChangeFeed>().Subscribe(static change => throw new InvalidOperationException("The answer is lost.")))
        {
            await dialog.Find("form").SubmitAsync();
            dialog.WaitForAssertion(() => Assert.Contains(L["Withdraw_AnswerLost"], dialog.Markup, StringComparison.Ordinal));
        }
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForState(() => Navigation.Uri.Contains("/withdrawals/", StringComparison.Ordinal));
        Assert.Single(await WithdrawalsAsync());
    }

    [Fact]
    public async Task A_right_taken_away_meanwhile_is_refused_in_words()
    {
        var dialog = Open(await Rig.AccountAsync(1000));
        GoOn(dialog, "250");
        await Rig.DisableAsync(Rig.Treasury);
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Contains(L["Error_Forbidden"], dialog.Find(".callout-danger").TextContent, StringComparison.Ordinal));
        Assert.Empty(await WithdrawalsAsync());
    }

    [Fact]
    public async Task Who_may_not_request_sees_why_and_no_form()
    {
        SignIn(Rig.Auditor, Role.Treasury);
        var dialog = Open(await Rig.AccountAsync(1000), ready: ".error-state");
        Assert.Contains(L["Error_Forbidden"], dialog.Find(".error-state").TextContent, StringComparison.Ordinal);
        Assert.Empty(dialog.FindAll("#withdraw-amount"));
    }

    [Fact]
    public async Task An_account_that_changed_meanwhile_is_opened_again_and_keeps_what_was_typed()
    {
        var account = await Rig.AccountAsync(1000);
        var dialog = Open(account);
        GoOn(dialog, "250");
        await Rig.RequestAsync(account, 900, maker: Rig.OtherTreasury);
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForAssertion(() => Assert.Contains(L["Error_AccountChanged"], dialog.Find(".callout-danger").TextContent, StringComparison.Ordinal));
        await dialog.Find(".callout-actions button").ClickAsync();
        dialog.WaitForElement("#withdraw-amount");
        Assert.Equal("250", dialog.Find("#withdraw-amount").GetAttribute("value"));
        Assert.Contains("At most 100.00 USD", dialog.Find("#withdraw-amount-error").TextContent, StringComparison.Ordinal);
        Assert.Single(await WithdrawalsAsync());
    }

    [Fact]
    public async Task Nothing_goes_on_without_a_reason_or_with_a_card_number_in_it()
    {
        var dialog = Open(await Rig.AccountAsync(1000));
        Enter(dialog, "250", "");
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(L["Error_ReasonMissing"], dialog.Find("#withdraw-reason-error").TextContent);
        Enter(dialog, "250", "for 4111 1111 1111 1111");
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(L["Error_CardNumberInText"], dialog.Find("#withdraw-reason-error").TextContent);
        Assert.Contains(L["Withdraw_Continue"], Button(dialog), StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_of_a_member_wallet_says_that_the_provider_takes_no_amount_and_is_sent_that_way()
    {
        var dialog = Open(await Rig.AccountAsync(1234.567891m));
        await dialog.Find("button[aria-pressed]").ClickAsync();
        Assert.Contains("1,234.567891", dialog.Find(".effect").TextContent, StringComparison.Ordinal);
        dialog.Find("#withdraw-reason").Input("Close the wallet");
        await dialog.Find("form").SubmitAsync();
        Rig.Clock.Advance(WithdrawDialog.Settle);
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForState(() => Navigation.Uri.Contains("/withdrawals/", StringComparison.Ordinal));
        Assert.Equal(WithdrawalMode.NativeAll, Assert.Single(await WithdrawalsAsync()).Mode);
    }

    [Fact]
    public async Task An_account_that_cannot_be_withdrawn_from_says_why()
    {
        var dialog = Open(await Rig.AccountAsync(1000, status: AccountStatus.Frozen), ready: ".callout-warning");
        Assert.Contains(L["Blocked_StatusFrozen"], dialog.Find(".callout-warning").TextContent, StringComparison.Ordinal);
        Assert.Empty(dialog.FindAll("button[type=submit]"));
    }

    [Fact]
    public async Task A_failed_reading_shows_the_last_balance_and_says_so()
    {
        Rig.Provider.ReadingFault = new ProviderFault(ProviderFaultKind.NoAnswer);
        var dialog = Open(await Rig.AccountAsync(1000));
        Assert.Contains(L["Fault_NoAnswer"], dialog.Find(".callout-warning").TextContent, StringComparison.Ordinal);
        Assert.Contains("1,000.00", dialog.Find(".kv").TextContent, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Cancel_closes_and_writes_nothing()
    {
        var dialog = Open(await Rig.AccountAsync(1000));
        await dialog.Find(".dialog-footer button").ClickAsync();
        Assert.Equal(1, _closed);
        Assert.Empty(await WithdrawalsAsync());
    }

    [Theory]
    [InlineData("", "AmountMissing")]
    [InlineData("1,250.00", "AmountSeparators")]
    [InlineData("1 250", "AmountSeparators")]
    [InlineData("1.2.3", "AmountNotANumber")]
    [InlineData("-5", "AmountNotANumber")]
    [InlineData("1e3", "AmountNotANumber")]
    [InlineData("１２５０", "AmountNotANumber")]
    [InlineData(".5", "AmountNotANumber")]
    [InlineData("0", "AmountDecimals")]
    [InlineData("10.001", "AmountDecimals")]
    [InlineData("0.99", "AmountBelowMinimum")]
    [InlineData("10000.01", "AmountAboveMaximum")]
    [InlineData("9600", "AmountAboveBalance")]
    [InlineData("5000", null)]
    [InlineData(" 1250.5 ", null)]
    public void Amounts_are_judged_as_they_are_typed(string text, string? fault) =>
        Assert.Equal(fault, EntryOf(balance: 9700, reserved: 200, Sheets.NoKey) is var entry ? (entry with { AmountText = text }).AmountFault?.Code : null);

    [Fact]
    public void All_is_native_only_where_the_policy_allows_it_and_nothing_else_is_reserved()
    {
        Assert.True((EntryOf(100, 0, Sheets.Member) with { All = true, Outlook = Outlook(native: true) }).IsNative);
        Assert.False((EntryOf(100, 1, Sheets.Member) with { All = true, Outlook = Outlook(native: true) }).IsNative);
        Assert.False((EntryOf(100, 0, Sheets.Windowed) with { All = true, Outlook = Outlook(native: true) }).IsNative);
        Assert.False((EntryOf(100, 0, Sheets.Member) with { All = true }).IsNative);
        var exact = EntryOf(100, 0, Sheets.Member) with { All = true, Outlook = Outlook(native: false) };
        Assert.Equal((false, true), (exact.IsNative, exact.IsExactInstead));
    }

    [Fact]
    public async Task What_will_happen_is_said_before_it_is_confirmed()
    {
        var dialog = Open(await Rig.AccountAsync(9000));
        GoOn(dialog, "250");
        Assert.Contains(L["Withdraw_AtOnceBelow", "5,000.00", "USD"], dialog.Markup, StringComparison.Ordinal);
        await dialog.Find(".dialog-footer button").ClickAsync();
        GoOn(dialog, "6000");
        Assert.Contains(L["Withdraw_NeedsOne", 1], dialog.Markup, StringComparison.Ordinal);
        Assert.Contains(L["Fired_ItemAmount", "5,000.00", "USD", "6,000.00"], dialog.Markup, StringComparison.Ordinal);
        Assert.Contains(L["Withdraw_DecideWithin", 24], dialog.Markup, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Above_the_step_up_threshold_the_amount_is_typed_once_more_and_a_missing_step_up_says_so()
    {
        var dialog = Open(await Rig.AccountAsync(9000));
        GoOn(dialog, "6000");
        await dialog.Find("form").SubmitAsync();
        Assert.Equal(L["Confirm_TypedMismatch", "6000.00"], dialog.Find("[role=tooltip]").TextContent);
        dialog.Find("#withdraw-again").Input("600");
        await dialog.Find("form").SubmitAsync();
        Assert.Empty(await WithdrawalsAsync());
        dialog.Find("#withdraw-again").Input("6000");
        dialog.Find("form").Submit();
        dialog.WaitForAssertion(() => Assert.Equal(2, dialog.FindAll("dialog").Count));
        dialog.FindAll("dialog")[1].QuerySelector(".dialog-footer .btn")!.Click();
        dialog.WaitForAssertion(() => Assert.Contains(L["Error_StepUpNeeded"], dialog.Find(".callout-warning").TextContent, StringComparison.Ordinal));
        Assert.Empty(await WithdrawalsAsync());
        await Rig.StepUpAsync(Rig.Treasury);
        await dialog.Find("form").SubmitAsync();
        dialog.WaitForState(() => Navigation.Uri.Contains("/withdrawals/", StringComparison.Ordinal));
        Assert.Equal(WithdrawalStatus.AwaitingApproval, Assert.Single(await WithdrawalsAsync()).Status);
    }

    [Fact]
    public async Task A_daily_limit_is_shown_while_typing_and_before_it_bites()
    {
        await Rig.ChangeAsync(static db =>
        {
            db.PolicyRules.Add(new PolicyRule { PolicyNumber = 1, Number = 90, Measure = PolicyMeasure.OperatorPerDay, Currency = "USD", Millionths = Money.ToMillionths(1000), Checkers = 0 });
            return Task.CompletedTask;
        });
        await Rig.RequestAsync(await Rig.AccountAsync(500), 400);
        var dialog = Open(await Rig.AccountAsync(5000));
        Assert.Contains(L["LimitLeft_OperatorPerDay", "600.00", "1,000.00", "USD"], dialog.Markup, StringComparison.Ordinal);
        Enter(dialog, "600.01", "Weekly sweep");
        Assert.StartsWith("Over today's limit. Left today: 600.00", dialog.Find("#withdraw-amount-error").TextContent, StringComparison.Ordinal);
        // Somebody uses the rest up meanwhile: the policy is asked again on going on.
        await Rig.RequestAsync(await Rig.AccountAsync(500), 500);
        Enter(dialog, "600", "Weekly sweep");
        await dialog.Find("form").SubmitAsync();
        Assert.StartsWith("Over today's limit. Left today: 100.00", dialog.Find("#withdraw-amount-error").TextContent, StringComparison.Ordinal);
        Assert.Empty(dialog.FindAll(".summary-amount"));
    }

    [Fact]
    public void All_stops_at_the_maximum_of_one_withdrawal()
    {
        var entry = EntryOf(30_000.50m, 0, Sheets.NoKey, threshold: 50_000) with { All = true };
        Assert.Equal((10_000m, true, 20_000.50m), (entry.Amount, entry.IsCapped, entry.BalanceAfter));
    }

    private static WithdrawEntry EntryOf(decimal balance, decimal reserved, ProviderSheet sheet, decimal? threshold = 5000)
    {
        var account = new Account
        {
            Id = Guid.NewGuid(),
            ProviderAccountId = Guid.NewGuid(),
            ExternalId = "a",
            Kind = sheet.WithdrawsFrom,
            Status = AccountStatus.Active,
            RawStatus = "",
            Currency = "USD",
            BalanceMillionths = Money.ToMillionths(balance),
            Source = "list",
            FirstSeenAt = default,
            LastSeenAt = default,
        };
        var limits = Withdrawability.Of(account, sheet, providerConfirmed: true, reserved, hasLive: false);
        return new WithdrawEntry(new OpenDialog.Opened(Guid.NewGuid(), account, null!, sheet, limits, reserved, threshold, [], null, null, null));
    }

    private static JudgeEntry.Outlook Outlook(bool native) => new(new Judgement(0, [], native, StepUp: false), [], null, 24, 1);

    private IRenderedComponent<WithdrawDialog> Open(Account account, string ready = "#withdraw-amount")
    {
        var dialog = Render<WithdrawDialog>(p => p
            .Add(d => d.AccountId, account.Id)
            .Add(d => d.OnClose, EventCallback.Factory.Create(this, () => _closed++)));
        dialog.WaitForElement(ready);
        return dialog;
    }

    private static void Enter(IRenderedComponent<WithdrawDialog> dialog, string amount, string reason)
    {
        dialog.Find("#withdraw-amount").Input(amount);
        dialog.Find("#withdraw-reason").Input(reason);
    }

    private void GoOn(IRenderedComponent<WithdrawDialog> dialog, string amount)
    {
        Enter(dialog, amount, "Weekly sweep");
        dialog.Find("form").Submit();
        dialog.WaitForElement(".summary-amount");
        Rig.Clock.Advance(WithdrawDialog.Settle);
    }

    private static string Button(IRenderedComponent<WithdrawDialog> dialog) => dialog.Find("button[type=submit]").TextContent;

    private Task<List<Withdrawal>> WithdrawalsAsync() => Rig.QueryAsync(static db => db.Withdrawals.AsNoTracking().ToListAsync());
}
