using System.Text;
using CashoutConsole.Identity.Domain;

namespace CashoutConsole.Tests.Identity;

public sealed class TotpTests
{
    private static readonly byte[] Secret = Encoding.ASCII.GetBytes("12345678901234567890");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeSeconds(1_111_111_111);

    /// <summary>RFC 6238, appendix B, the SHA-1 rows.</summary>
    [Theory]
    [InlineData(59, "94287082")]
    [InlineData(1111111109, "07081804")]
    [InlineData(1111111111, "14050471")]
    [InlineData(1234567890, "89005924")]
    [InlineData(2000000000, "69279037")]
    [InlineData(20000000000, "65353130")]
    public void The_standards_examples_hold(long seconds, string code) =>
        Assert.Equal(code, Totp.CodeOf(Secret, Totp.StepAt(DateTimeOffset.FromUnixTimeSeconds(seconds)), digits: 8));

    [Theory]
    [InlineData(-2, false)]
    [InlineData(-1, true)]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(2, false)]
    public void A_code_counts_one_step_around_its_own(int off, bool counts)
    {
        var step = Totp.StepAt(Now) + off;
        Assert.Equal(counts ? step : null, Totp.Match(Secret, Totp.CodeOf(Secret, step), Now, lastStep: 0));
    }

    [Fact]
    public void A_step_that_was_used_and_all_before_it_count_no_more()
    {
        var step = Totp.StepAt(Now);
        Assert.Null(Totp.Match(Secret, Totp.CodeOf(Secret, step), Now, step));
        Assert.Null(Totp.Match(Secret, Totp.CodeOf(Secret, step - 1), Now, step));
        Assert.Equal(step + 1, Totp.Match(Secret, Totp.CodeOf(Secret, step + 1), Now, step));
    }

    [Fact]
    public void Digits_may_be_grouped_and_anything_else_is_no_code()
    {
        var code = Totp.CodeOf(Secret, Totp.StepAt(Now));
        Assert.NotNull(Totp.Match(Secret, $" {code[..3]} {code[3..]} ", Now, 0));
        Assert.All(new[] { null, "", code[..5], code + "0", "٠٥٠٤٧١", "abcdef" }, typed => Assert.Null(Totp.Match(Secret, typed, Now, 0)));
    }

    [Fact]
    public void Base32_is_what_apps_read()
    {
        Assert.Equal("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", Base32.Encode(Secret));
        Assert.Equal(Secret, Base32.Decode("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"));
        Assert.All(Enumerable.Range(0, 25), static length => Assert.Equal(length, Base32.Decode(Base32.Encode(new byte[length])).Length));
        Assert.Throws<FormatException>(static () => Base32.Decode("1"));
        Assert.Equal(
            "otpauth://totp/CashoutConsole:li.wei%40hq?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=CashoutConsole",
            Totp.SetUpAddress("CashoutConsole", "li.wei@hq", Secret));
    }

    [Fact]
    public void A_recovery_code_is_read_in_any_case_and_grouping()
    {
        var code = RecoveryCodes.New();
        Assert.Matches("^[A-Z2-7]{4}(-[A-Z2-7]{4}){3}$", code);
        Assert.Equal(RecoveryCodes.HashOf(code), RecoveryCodes.HashOf(code.Replace("-", " ", StringComparison.Ordinal).ToLowerInvariant()));
        Assert.Null(RecoveryCodes.HashOf(code[1..]));
        Assert.Null(RecoveryCodes.HashOf("123456"));
    }
}
