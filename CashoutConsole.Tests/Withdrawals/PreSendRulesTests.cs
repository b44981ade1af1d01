using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;

namespace CashoutConsole.Tests.Withdrawals;

public sealed class PreSendRulesTests
{
    [Theory]
    [InlineData("100", AccountStatus.Active, BalanceKind.Money, "USD", null)]
    [InlineData("40", AccountStatus.Active, BalanceKind.Money, "USD", null)]
    [InlineData("39.99", AccountStatus.Active, BalanceKind.Money, "USD", "BalanceTooLow")]
    [InlineData(null, AccountStatus.Active, BalanceKind.Money, "USD", "BalanceTooLow")]
    [InlineData("100", AccountStatus.Active, BalanceKind.Limit, "USD", "AccountNotWithdrawable")]
    [InlineData("100", AccountStatus.Pending, BalanceKind.Money, "USD", "AccountNotWithdrawable")]
    [InlineData("100", AccountStatus.Frozen, BalanceKind.Money, "USD", "AccountNotWithdrawable")]
    [InlineData("100", AccountStatus.Blocked, BalanceKind.Money, "USD", "AccountNotWithdrawable")]
    [InlineData("100", AccountStatus.Closed, BalanceKind.Money, "USD", "AccountNotWithdrawable")]
    [InlineData("100", AccountStatus.Unknown, BalanceKind.Money, "USD", "AccountNotWithdrawable")]
    [InlineData("100", AccountStatus.Active, BalanceKind.Money, "EUR", "CurrencyChanged")]
    public void A_stated_amount_needs_an_active_account_with_that_much_of_that_currency(string? balance, AccountStatus status, BalanceKind kind, string currency, string? refusal)
    {
        var fresh = Reading(balance, status, kind, currency);
        Assert.Equal(refusal, PreSendRules.Refusal(OutcomeRulesTests.At(WithdrawalStatus.Scheduled), fresh, Sheets.NoKey));
    }

    [Theory]
    [InlineData("40", null)]
    [InlineData("39", null)]
    [InlineData("40.000001", "BalanceAboveCap")]
    [InlineData("0", "BalanceTooLow")]
    [InlineData("-1", "BalanceTooLow")]
    [InlineData(null, "BalanceTooLow")]
    public void Everything_is_at_most_the_cap(string? balance, string? refusal) => Assert.Equal(
        refusal,
        PreSendRules.Refusal(OutcomeRulesTests.At(WithdrawalStatus.Scheduled, WithdrawalMode.NativeAll), Reading(balance, AccountStatus.Active, BalanceKind.Money, "USD"), Sheets.Member));

    [Theory]
    [InlineData("0.99", false)]
    [InlineData("1", true)]
    [InlineData("1.001", false)]
    [InlineData("10000", true)]
    [InlineData("10000.01", false)]
    public void An_amount_fits_the_sheet_or_is_not_sent(string amount, bool fits) =>
        Assert.Equal(fits, PreSendRules.FitsSheet(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture), Sheets.NoKey));

    private static AccountSnapshot Reading(string? balance, AccountStatus status, BalanceKind kind, string currency) => new()
    {
        ExternalId = "account",
        Kind = AccountKind.Card,
        Status = status,
        RawStatus = "raw",
        Currency = CurrencyCode.Parse(currency),
        Balance = balance is null ? null : decimal.Parse(balance, System.Globalization.CultureInfo.InvariantCulture),
        BalanceKind = kind,
    };
}
