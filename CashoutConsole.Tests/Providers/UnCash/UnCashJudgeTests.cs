using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.UnCash;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.UnCash;

/// <summary>Every documented answer to a withdrawal, and what it may count as.</summary>
public sealed class UnCashJudgeTests
{
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(15.5);

    [Fact]
    public void Success_with_data_is_the_final_word()
    {
        const string Body = """{"success":true,"message":"Card withdrawal successful","data":{"card_id":"c1","transaction_id":"7f3a","invoice_id":1,"wallet_balance":"100.0","new_card_balance":5,"amount_withdrawn":10},"timestamp":"2025-11-22T11:20:15.123Z"}""";

        var done = Assert.IsType<SubmissionOutcome.Succeeded>(Judge(200, Body));

        Assert.Equal(
            new Receipt
            {
                ProviderReference = "7f3a",
                ExternalAccountId = "c1",
                Amount = 10m,
                AccountBalanceAfter = 5m,
                ProviderBalanceAfter = 100m,
                ProviderTime = new DateTimeOffset(2025, 11, 22, 11, 20, 15, 123, TimeSpan.Zero),
            },
            done.Receipt);
    }

    [Fact]
    public void The_older_name_of_the_card_balance_is_read_too_and_what_is_missing_stays_unknown()
    {
        var receipt = Assert.IsType<SubmissionOutcome.Succeeded>(Judge(201, """{"success":true,"data":{"card_id":"c1","new_balance":"5.5"}}""")).Receipt;

        Assert.Equal(new Receipt { ExternalAccountId = "c1", AccountBalanceAfter = 5.5m }, receipt);
    }

    [Theory]
    [InlineData(400, "Insufficient card balance. Available: 5.00, Requested: 10.00", ProviderFaultKind.InsufficientBalance)]
    [InlineData(200, "Insufficient card balance. Available: 25.50", ProviderFaultKind.InsufficientBalance)]
    [InlineData(400, "Card is not ready for withdrawals", ProviderFaultKind.AccountState)]
    [InlineData(400, "Invalid input data", ProviderFaultKind.InvalidRequest)]
    [InlineData(404, "Card not found or access denied", ProviderFaultKind.NotFound)]
    [InlineData(401, "Unauthorized", ProviderFaultKind.Credentials)]
    public void Documented_refusals_are_refusals(int status, string message, ProviderFaultKind kind) =>
        Assert.Equal(kind, Assert.IsType<SubmissionOutcome.Refused>(Judge(status, Failure(message))).Fault.Kind);

    [Theory]
    [InlineData(400)]
    [InlineData(429)]
    [InlineData(200)]
    public void The_cooldown_waits_its_time_and_the_margin(int status)
    {
        var later = Assert.IsType<SubmissionOutcome.TryLater>(Judge(status, Failure("Please wait 15 minutes between withdrawals")));

        Assert.Equal(ProviderFaultKind.Cooldown, later.Fault.Kind);
        Assert.Equal(Pause, later.Wait);
    }

    [Theory]
    [InlineData("")]
    [InlineData(WireAnswers.HtmlPage)]
    [InlineData("""{"success":false,"message":"slow down"}""")]
    public void Too_many_requests_is_later_with_or_without_json(string body)
    {
        var later = Assert.IsType<SubmissionOutcome.TryLater>(Judge(429, body));

        Assert.Equal(ProviderFaultKind.RateLimited, later.Fault.Kind);
        Assert.Equal(Pause, later.Wait);
    }

    [Theory]
    [InlineData(200, """{"success":true,"data":null}""")]
    [InlineData(200, """{"success":true,"data":{}}""")]
    [InlineData(200, """{"success":true}""")]
    [InlineData(200, """{"data":{"card_id":"c1","transaction_id":"t1"}}""")]
    [InlineData(200, """{"success":"yes","data":{"card_id":"c1"}}""")]
    [InlineData(200, """{"success":false,"success":true,"data":{"card_id":"c1"}}""")]
    [InlineData(200, """{"success":false,"message":"Wallet Credit Failed"}""")]
    [InlineData(400, """{"success":false,"message":"Withdrawal Failed"}""")]
    [InlineData(400, """{"success":false,"message":"Balance Fetch Error"}""")]
    [InlineData(400, """{"success":false,"message":"We regret: Insufficient card balance"}""")]
    [InlineData(400, """{"success":false}""")]
    [InlineData(400, """{"success":true,"message":"Insufficient card balance","data":{"card_id":"c1"}}""")]
    [InlineData(400, """{"message":"Insufficient card balance"}""")]
    [InlineData(403, """{"success":false,"message":"Unauthorized"}""")]
    [InlineData(500, """{"success":false,"message":"Insufficient card balance. Available: 5.00"}""")]
    [InlineData(502, """{"success":false,"message":"Card provider failed"}""")]
    [InlineData(502, WireAnswers.HtmlPage)]
    [InlineData(401, WireAnswers.HtmlPage)]
    [InlineData(200, WireAnswers.HtmlPage)]
    [InlineData(200, "")]
    [InlineData(200, """{"success":true,"data":{"card_id":"c1","transac""")]
    [InlineData(302, "")]
    [InlineData(429, """{"success":true,"data":{"card_id":"c1"}}""")]
    public void Everything_else_is_unknown(int status, string body) => Assert.IsType<SubmissionOutcome.Unknown>(Judge(status, body));

    [Fact]
    public void Only_a_request_that_never_connected_is_not_executed()
    {
        Assert.IsType<SubmissionOutcome.NotExecuted>(UnCashProvider.Judge(WireAnswers.NeverConnected, Pause));
        Assert.IsType<SubmissionOutcome.Unknown>(UnCashProvider.Judge(WireAnswers.ResetAfterRequest, Pause));
        Assert.IsType<SubmissionOutcome.Unknown>(UnCashProvider.Judge(WireAnswers.TooLarge, Pause));
    }

    private static SubmissionOutcome Judge(int status, string body) => UnCashProvider.Judge(WireAnswers.Of(status, body), Pause);

    private static string Failure(string message) => $$"""{"success":false,"message":"{{message}}","error":[{"code":"too_small"}],"timestamp":"2025-11-22T10:00:00.000Z"}""";
}
