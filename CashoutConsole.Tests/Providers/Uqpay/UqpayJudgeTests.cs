using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Uqpay;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.Uqpay;

/// <summary>Every documented answer to a withdrawal, and what it may count as.</summary>
public sealed class UqpayJudgeTests
{
    [Theory]
    [InlineData("PENDING", typeof(SubmissionOutcome.Accepted))]
    [InlineData("PROCESSING", typeof(SubmissionOutcome.Accepted))]
    [InlineData("SUCCESS", typeof(SubmissionOutcome.Succeeded))]
    [InlineData("success", typeof(SubmissionOutcome.Succeeded))]
    [InlineData("FAILED", typeof(SubmissionOutcome.Failed))]
    [InlineData("REVIEW", typeof(SubmissionOutcome.Unknown))]
    [InlineData("", typeof(SubmissionOutcome.Unknown))]
    public void The_order_status_decides(string status, Type outcome) =>
        Assert.IsType(outcome, UqpayProvider.Judge(WireAnswers.Of(200, UqpayFixture.OrderJson(status))));

    [Theory]
    [InlineData("""{"order_status":"SUCCESS","amount":"200"}""")]
    [InlineData("""{"card_order_id":"","order_status":"SUCCESS"}""")]
    [InlineData("""{"card_order_id":null,"order_status":"PENDING"}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("")]
    [InlineData("OK")]
    [InlineData(WireAnswers.HtmlPage)]
    [InlineData("""{"card_order_id":"9f88","order_status":"FAI""")]
    [InlineData("""{"card_order_id":"9f88","order_status":"FAILED","order_status":"SUCCESS"}""")]
    public void A_200_without_a_usable_order_is_unknown(string body) =>
        Assert.IsType<SubmissionOutcome.Unknown>(UqpayProvider.Judge(WireAnswers.Of(200, body)));

    [Theory]
    [InlineData("invalid_request_error", "invalid_parameter", ProviderFaultKind.InvalidRequest)]
    [InlineData("card_error", "card_not_found", ProviderFaultKind.NotFound)]
    [InlineData("card_error", "card_frozen", ProviderFaultKind.AccountState)]
    [InlineData("cardholder_error", "kyc_insufficient", ProviderFaultKind.AccountState)]
    [InlineData("account_error", "insufficient_balance", ProviderFaultKind.InsufficientBalance)]
    [InlineData("account_error", "sub_account_not_found", ProviderFaultKind.Credentials)]
    [InlineData("account_error", "product_rule", ProviderFaultKind.Other)]
    public void Documented_refusals_are_refusals(string type, string code, ProviderFaultKind kind)
    {
        var refused = Assert.IsType<SubmissionOutcome.Refused>(UqpayProvider.Judge(WireAnswers.Of(400, Error(type, code))));

        Assert.Equal(kind, refused.Fault.Kind);
        Assert.Equal(code, refused.Fault.Code);
        Assert.Equal("words", refused.Fault.RawText);
    }

    [Theory]
    [InlineData(401, """{"error":"ip not allowed"}""")]
    [InlineData(401, """{"error":"token has expired"}""")]
    [InlineData(401, """{"type":"unauthorized_error","code":"unauthorized_error","message":"invalid auth token format"}""")]
    [InlineData(403, """{"type":"unauthorized_error","code":"forbidden","message":"no"}""")]
    public void A_refused_credential_is_a_refusal(int status, string body) =>
        Assert.Equal(ProviderFaultKind.Credentials, Assert.IsType<SubmissionOutcome.Refused>(UqpayProvider.Judge(WireAnswers.Of(status, body))).Fault.Kind);

    public static TheoryData<int, string, ProviderFaultKind> Unclear => new()
    {
        { 400, Error("idempotency_error", "key_conflict"), ProviderFaultKind.Duplicate },
        { 400, """{"code":200,"message":"Request is processing, please try again later"}""", ProviderFaultKind.Pending },
        { 400, """{"type":"invalid_request_error","message":"Request is processing, please try again later"}""", ProviderFaultKind.Pending },
        { 400, """{"code":40001,"message":"something else"}""", ProviderFaultKind.Other },
        { 400, Error("payment_error", "x"), ProviderFaultKind.Other },
        { 400, Error("api_error", "x"), ProviderFaultKind.ProviderError },
        { 400, WireAnswers.HtmlPage, ProviderFaultKind.Unreadable },
        { 401, WireAnswers.HtmlPage, ProviderFaultKind.Credentials },
        { 404, Error("card_error", "card_not_found"), ProviderFaultKind.NotFound },
        { 409, Error("account_error", "x"), ProviderFaultKind.Other },
        { 500, Error("api_error", "api_error"), ProviderFaultKind.ProviderError },
        { 500, Error("card_error", "card_not_found"), ProviderFaultKind.NotFound },
        { 502, WireAnswers.HtmlPage, ProviderFaultKind.ProviderError },
        { 302, "", ProviderFaultKind.Unreadable },
    };

    [Theory]
    [MemberData(nameof(Unclear))]
    public void Everything_else_is_unknown(int status, string body, ProviderFaultKind kind)
    {
        var unknown = Assert.IsType<SubmissionOutcome.Unknown>(UqpayProvider.Judge(WireAnswers.Of(status, body)));

        Assert.Equal(status >= 500 ? ProviderFaultKind.ProviderError : kind, unknown.Fault.Kind);
    }

    [Fact]
    public void Only_a_request_that_never_connected_is_not_executed()
    {
        Assert.IsType<SubmissionOutcome.NotExecuted>(UqpayProvider.Judge(WireAnswers.NeverConnected));
        Assert.IsType<SubmissionOutcome.Unknown>(UqpayProvider.Judge(WireAnswers.ResetAfterRequest));
        Assert.IsType<SubmissionOutcome.Unknown>(UqpayProvider.Judge(WireAnswers.TooLarge));
    }

    [Theory]
    [InlineData("""{"code":"too_many_requests","message":"slow down",}""")]
    [InlineData(WireAnswers.HtmlPage)]
    public void Too_many_requests_waits_as_told_or_a_minute(string body)
    {
        Assert.Equal(TimeSpan.FromSeconds(7), Assert.IsType<SubmissionOutcome.TryLater>(UqpayProvider.Judge(WireAnswers.Of(429, body, TimeSpan.FromSeconds(7)))).Wait);
        var later = Assert.IsType<SubmissionOutcome.TryLater>(UqpayProvider.Judge(WireAnswers.Of(429, body)));
        Assert.Equal(TimeSpan.FromSeconds(60), later.Wait);
        Assert.Equal(ProviderFaultKind.RateLimited, later.Fault.Kind);
    }

    [Fact]
    public void The_receipt_repeats_what_the_order_says_and_no_more()
    {
        var receipt = Assert.IsType<SubmissionOutcome.Accepted>(UqpayProvider.Judge(WireAnswers.Of(200, UqpayFixture.OrderJson("PENDING", "200.50")))).Receipt;

        Assert.Equal(
            new Receipt
            {
                ProviderReference = UqpayFixture.Order,
                ExternalAccountId = UqpayFixture.Card,
                Amount = 200.50m,
                Currency = UqpayFixture.Usd,
                ProviderTime = UqpayFixture.Now.AddSeconds(1),
            },
            receipt);
    }

    private static string Error(string type, string code) => $$"""{"type":"{{type}}","code":"{{code}}","message":"words"}""";
}
