using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Pikabao;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.Pikabao;

/// <summary>Every answer to a cash-out that the pages or the sibling API name, and what it may count as.</summary>
public sealed class PikabaoJudgeTests
{
    [Theory]
    [InlineData("1", typeof(SubmissionOutcome.Accepted))]
    [InlineData("\"1\"", typeof(SubmissionOutcome.Accepted))]
    [InlineData("10", typeof(SubmissionOutcome.Succeeded))]
    [InlineData("\"10\"", typeof(SubmissionOutcome.Succeeded))]
    [InlineData("-10", typeof(SubmissionOutcome.Failed))]
    [InlineData("\"-10\"", typeof(SubmissionOutcome.Failed))]
    [InlineData("7", typeof(SubmissionOutcome.Accepted))]
    [InlineData("null", typeof(SubmissionOutcome.Accepted))]
    [InlineData("\"done\"", typeof(SubmissionOutcome.Accepted))]
    public void The_state_decides(string state, Type outcome)
    {
        var judged = Judge(200, $$"""{"code":0,"msg":"","content":{"id":"9001","userBankCardId":"111222333","userBankCardNum":"5572****","state":{{state}},"amount":"50.00"} }""");

        Assert.IsType(outcome, judged);
    }

    [Theory]
    [InlineData(500)]
    [InlineData(400)]
    [InlineData(200)]
    public void The_envelope_counts_whatever_the_status(int status)
    {
        var accepted = Assert.IsType<SubmissionOutcome.Accepted>(Judge(status, """{"code":"0","content":{"id":9001,"userBankCardId":"111222333","state":1,"amount":50.0,"x":{}}}"""));

        Assert.Equal(new Receipt { ProviderReference = "9001", ExternalAccountId = "111222333", Amount = 50m }, accepted.Receipt);
        Assert.IsType<SubmissionOutcome.Refused>(Judge(status, """{"code":20001,"msg":"余额不足"}"""));
    }

    [Theory]
    [InlineData(40002, ProviderFaultKind.InvalidRequest)]
    [InlineData(40005, ProviderFaultKind.Credentials)]
    [InlineData(10006, ProviderFaultKind.NotFound)]
    [InlineData(20001, ProviderFaultKind.InsufficientBalance)]
    [InlineData(20002, ProviderFaultKind.AccountState)]
    public void Known_refusals_are_refusals(int code, ProviderFaultKind kind)
    {
        var refused = Assert.IsType<SubmissionOutcome.Refused>(Judge(200, $$"""{"code":{{code}},"msg":"words 4111111111111111","content":null}"""));

        Assert.Equal(kind, refused.Fault.Kind);
        Assert.Equal(code.ToString(System.Globalization.CultureInfo.InvariantCulture), refused.Fault.Code);
        Assert.Equal("words ••••1111", refused.Fault.RawText);
    }

    [Theory]
    [InlineData(200, """{"code":0,"msg":"","content":null}""")]
    [InlineData(200, """{"code":0,"msg":""}""")]
    [InlineData(200, """{"code":0,"content":[]}""")]
    [InlineData(200, """{"code":0,"content":{"state":7}}""")]
    [InlineData(429, """{"code":0,"content":null}""")]
    [InlineData(200, """{"msg":"no code","content":{"id":"9001","state":10}}""")]
    [InlineData(200, """{"code":50000,"msg":"internal"}""")]
    [InlineData(500, """{"code":50000,"msg":"internal"}""")]
    [InlineData(200, """{"code":12345,"msg":"new"}""")]
    [InlineData(200, """{"code":0,"code":20001}""")]
    [InlineData(200, """{"code":0,"content":{"id":"9001","sta""")]
    [InlineData(502, WireAnswers.HtmlPage)]
    [InlineData(200, WireAnswers.HtmlPage)]
    [InlineData(200, "")]
    [InlineData(401, "")]
    public void Everything_else_is_unknown(int status, string body) => Assert.IsType<SubmissionOutcome.Unknown>(Judge(status, body));

    [Fact]
    public void Too_many_requests_is_later()
    {
        Assert.Equal(TimeSpan.FromSeconds(60), Assert.IsType<SubmissionOutcome.TryLater>(Judge(429, WireAnswers.HtmlPage)).Wait);
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.IsType<SubmissionOutcome.TryLater>(PikabaoProvider.Judge(WireAnswers.Of(429, "", TimeSpan.FromSeconds(5)))).Wait);
    }

    [Fact]
    public void Only_a_request_that_never_connected_is_not_executed()
    {
        Assert.IsType<SubmissionOutcome.NotExecuted>(PikabaoProvider.Judge(WireAnswers.NeverConnected));
        Assert.IsType<SubmissionOutcome.Unknown>(PikabaoProvider.Judge(WireAnswers.ResetAfterRequest));
        Assert.IsType<SubmissionOutcome.Unknown>(PikabaoProvider.Judge(WireAnswers.TooLarge));
    }

    [Fact]
    public void A_card_number_in_the_answer_is_not_kept()
    {
        var wire = Judge(200, """{"code":0,"content":{"id":"9001","userBankCardNum":"5572710152041240","state":1,"cvv":"planted-cvv"}}""").Wire;

        Assert.DoesNotContain("557271015204", wire.AnswerText, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", wire.AnswerText, StringComparison.Ordinal);
    }

    private static SubmissionOutcome Judge(int status, string body) => PikabaoProvider.Judge(WireAnswers.Of(status, body));
}
