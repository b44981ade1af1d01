using CashoutConsole.Cards.Domain;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;

namespace CashoutConsole.Tests.Cards;

public sealed class WithdrawabilityTests
{
    [Theory]
    [InlineData("100", "0", "100", null)]
    [InlineData("100.009", "0", "100.00", null)]
    [InlineData("100", "40", "60", null)]
    [InlineData("20000", "0", "10000", null)]
    [InlineData("0", "0", "0", WithdrawalBlock.ZeroBalance)]
    [InlineData("-5", "0", "0", WithdrawalBlock.ZeroBalance)]
    [InlineData("100", "100", "0", WithdrawalBlock.AllReserved)]
    [InlineData("100", "150", "0", WithdrawalBlock.AllReserved)]
    [InlineData("0.99", "0", "0", WithdrawalBlock.BelowMinimum)]
    [InlineData("100", "99.5", "0", WithdrawalBlock.BelowMinimum)]
    public void The_most_is_the_balance_less_what_is_reserved_within_the_sheet(string balance, string reserved, string most, WithdrawalBlock? block)
    {
        var limits = Withdrawability.Of(Account(decimal.Parse(balance, System.Globalization.CultureInfo.InvariantCulture)), Sheets.NoKey, true,
            decimal.Parse(reserved, System.Globalization.CultureInfo.InvariantCulture), false);
        Assert.Equal((decimal.Parse(most, System.Globalization.CultureInfo.InvariantCulture), block), (limits.Most, limits.Block));
    }

    [Fact]
    public void Every_reason_not_to_withdraw_is_named()
    {
        Assert.Equal(WithdrawalBlock.ProviderNotConfigured, Withdrawability.Of(Account(1), null, true, 0, false).Block);
        Assert.Equal(WithdrawalBlock.ProviderAwaitsConfirmation, Withdrawability.Of(Account(1), Sheets.NoKey, false, 0, false).Block);
        Assert.Equal(WithdrawalBlock.LiveWithdrawal, Withdrawability.Of(Account(1), Sheets.NoKey, true, 0, true).Block);
        Assert.Equal(WithdrawalBlock.BalanceUnknown, Withdrawability.Of(Account(null), Sheets.NoKey, true, 0, false).Block);
        Assert.Equal(WithdrawalBlock.FrozenByBreak, BlockOf(static a => a.FrozenAt = DateTimeOffset.UnixEpoch));
        Assert.Equal(WithdrawalBlock.LimitNotMoney, BlockOf(static a => a.BalanceKind = BalanceKind.Limit));
        Assert.Equal(WithdrawalBlock.NotListed, BlockOf(static a => a.Listed = false));
        Assert.Equal(WithdrawalBlock.StatusPending, BlockOf(static a => a.Status = AccountStatus.Pending));
        Assert.Equal(WithdrawalBlock.StatusFrozen, BlockOf(static a => a.Status = AccountStatus.Frozen));
        Assert.Equal(WithdrawalBlock.StatusBlocked, BlockOf(static a => a.Status = AccountStatus.Blocked));
        Assert.Equal(WithdrawalBlock.StatusClosed, BlockOf(static a => a.Status = AccountStatus.Closed));
        Assert.Equal(WithdrawalBlock.StatusUnknown, BlockOf(static a => a.Status = AccountStatus.Unknown));
    }

    private static WithdrawalBlock? BlockOf(Action<Account> change)
    {
        var account = Account(100);
        change(account);
        return Withdrawability.Of(account, Sheets.NoKey, true, 0, false).Block;
    }

    private static Account Account(decimal? balance) => new()
    {
        Id = Guid.NewGuid(),
        ProviderAccountId = Guid.NewGuid(),
        ExternalId = "a",
        Kind = AccountKind.Card,
        Status = AccountStatus.Active,
        RawStatus = "",
        Currency = "USD",
        BalanceMillionths = balance is { } amount ? (long)(amount * 1_000_000m) : null,
        Source = "list",
        FirstSeenAt = DateTimeOffset.UnixEpoch,
        LastSeenAt = DateTimeOffset.UnixEpoch,
    };
}
