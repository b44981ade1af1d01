using System.Globalization;
using CashoutConsole.Foundation;
using CashoutConsole.Withdrawals.Domain.Bulk;
using FsCheck;
using FsCheck.Fluent;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

public sealed class RowAmountTests
{
    [Theory]
    [InlineData("10", "10.00")]
    [InlineData(" 10.5 ", "10.50")]
    [InlineData("1000.00", "1000.00")]
    [InlineData("0.000001", "0.000001")]
    [InlineData("1.234", "1.234")]
    [InlineData("0.120", "0.12")]
    [InlineData("1000.120", "1000.12")]
    [InlineData("007", "7.00")]
    [InlineData("9223372036854.775807", "9223372036854.775807")]
    [InlineData("ALL", "ALL")]
    [InlineData("all", "ALL")]
    [InlineData(" All ", "ALL")]
    public void A_plain_amount_or_all_is_read(string text, string canonical) => Assert.Equal(canonical, RowAmount.Parse(text).Value.ToString());

    [Theory]
    [InlineData("", "AmountMissing")]
    [InlineData("  ", "AmountMissing")]
    [InlineData("-5", "AmountNegative")]
    [InlineData("-0.01", "AmountNegative")]
    [InlineData("−5.00", "AmountNegative")]
    [InlineData("-", "AmountNotANumber")]
    [InlineData("-1+2", "AmountNotANumber")]
    [InlineData("0", "AmountZero")]
    [InlineData("0.00", "AmountZero")]
    [InlineData("1,000.00", "AmountSeparators")]
    [InlineData("1.000,00", "AmountSeparators")]
    [InlineData("1000,00", "AmountSeparators")]
    [InlineData("1 000", "AmountSeparators")]
    [InlineData("1'000", "AmountSeparators")]
    [InlineData("1\u00A0000,00", "AmountSeparators")]
    [InlineData("1.000", "AmountAmbiguous")]
    [InlineData("12.500", "AmountAmbiguous")]
    [InlineData("1.0000000", "AmountTooManyDecimals")]
    [InlineData("9223372036854.775808", "AmountTooLarge")]
    [InlineData("99999999999999999999999999999999", "AmountTooLarge")]
    [InlineData("=1+1", "AmountNotANumber")]
    [InlineData("+5", "AmountNotANumber")]
    [InlineData("ten", "AmountNotANumber")]
    [InlineData("1e5", "AmountNotANumber")]
    [InlineData("1.2.3", "AmountNotANumber")]
    [InlineData(".5", "AmountNotANumber")]
    [InlineData("5.", "AmountNotANumber")]
    [InlineData("$5", "AmountNotANumber")]
    [InlineData("１０", "AmountNotANumber")]
    [InlineData("٣", "AmountNotANumber")]
    public void Anything_else_has_a_fault_that_says_what_it_is(string text, string code) => Assert.Equal(code, RowAmount.Parse(text).Error!.Code);

    [Theory]
    [InlineData("1000.00", 2, null)]
    [InlineData("1000.000", 2, "AmountTooManyDecimals")]
    [InlineData("0.001", 2, "AmountTooManyDecimals")]
    [InlineData("1.500", 2, "AmountAmbiguous")]
    [InlineData("5.5", 0, "AmountTooManyDecimals")]
    public void Decimals_are_counted_as_typed(string text, int decimals, string? code) => Assert.Equal(code, RowAmount.Parse(text, decimals).Error?.Code);

    [Fact]
    public void An_ambiguous_amount_is_shown_in_both_readings() => Assert.Equal("AmountAmbiguous (1.5, 1500)", RowAmount.Parse("1.500").Error!.ToString());

    [Fact]
    public void An_amount_that_we_write_reads_back_and_fits_the_store() =>
        Prop.ForAll(Gen.Choose(1, int.MaxValue).Select(static millionths => Money.ToDecimal(millionths * 1000L + millionths % 7)).ToArbitrary(), static amount =>
            RowAmount.Parse(AmountText.Plain(amount)).Value.Stated == amount && Money.ToMillionths(amount) > 0).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_read_is_what_was_typed_whatever_the_text() =>
        Prop.ForAll(Gen.Elements("1", "0", ".", ",", " ", "-", "'", "=", "e", "１").ListOf().Select(static parts => string.Concat(parts)).ToArbitrary(), static text =>
            RowAmount.Parse(text) is not { IsSuccess: true } read
            || (read.Value.Stated > 0 && read.Value.Stated == decimal.Parse(text.Trim(), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture))).QuickCheckThrowOnFailure();
}
