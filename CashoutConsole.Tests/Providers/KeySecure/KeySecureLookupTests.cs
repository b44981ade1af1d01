using System.Text.Json;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.KeySecure;

public sealed class KeySecureLookupTests : IAsyncDisposable
{
    private const string Row = """{"transfer_no":"T1","transfer_unique_no":"WD-1","cardholder_no":"U1","type":"Out","symbol":"TUSDT","balance":"50.00","before_balance":"75.00","after_balance":25.00,"status":"Success","time":1716307200000}""";

    private readonly KeySecureRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("Success", typeof(LookupOutcome.Succeeded))]
    [InlineData("Fail", typeof(LookupOutcome.Failed))]
    [InlineData("Pending", typeof(LookupOutcome.Processing))]
    [InlineData("Reversed", typeof(LookupOutcome.Inconclusive))]
    [InlineData("success", typeof(LookupOutcome.Inconclusive))]
    public async Task The_status_of_the_row_settles_it(string status, Type outcome)
    {
        Answer(Row.Replace("Success", status, StringComparison.Ordinal));

        Assert.IsType(outcome, await _rig.LookUpAsync());
    }

    [Fact]
    public async Task The_receipt_says_what_the_row_says()
    {
        Answer(Row);

        var receipt = Assert.IsType<LookupOutcome.Succeeded>(await _rig.LookUpAsync("T1")).Receipt;

        Assert.Equal("T1 WD-1 U1 TUSDT", $"{receipt.ProviderReference} {receipt.IdempotencyKey} {receipt.ExternalAccountId} {receipt.Currency}");
        Assert.Equal(50m, receipt.Amount);
        Assert.Equal(25m, receipt.AccountBalanceAfter);
        Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(1716307200000), receipt.ProviderTime);
    }

    [Fact]
    public async Task A_row_without_a_status_is_success_only_after_code_0()
    {
        Answer("""{"transfer_unique_no":"WD-1"}""");

        Assert.IsType<LookupOutcome.Succeeded>(await _rig.LookUpAsync(providerReference: "T1"));
        Assert.IsType<LookupOutcome.Inconclusive>(await _rig.LookUpAsync(providerReference: null));
    }

    [Theory]
    [InlineData("\"cardholder_no\":\"U1\"", "\"cardholder_no\":\"U2\"")]
    [InlineData("\"type\":\"Out\"", "\"type\":\"In\"")]
    [InlineData("TUSDT", "USD")]
    [InlineData("\"50.00\"", "\"50.01\"")]
    [InlineData("\"transfer_no\":\"T1\"", "\"transfer_no\":\"T2\"")]
    public async Task A_row_that_contradicts_the_withdrawal_settles_nothing(string field, string contradiction)
    {
        foreach (var status in new[] { "Success", "Fail" })
        {
            Answer(Row.Replace(field, contradiction, StringComparison.Ordinal).Replace("Success", status, StringComparison.Ordinal));

            Assert.IsType<LookupOutcome.Inconclusive>(await _rig.LookUpAsync(providerReference: "T1"));
        }
    }

    [Fact]
    public async Task A_row_that_another_withdrawal_claims_settles_nothing()
    {
        Answer(Row);

        Assert.IsType<LookupOutcome.Inconclusive>(await _rig.LookUpAsync(claimed: ["T1"]));
    }

    [Fact]
    public async Task Only_an_exact_number_matches_and_absence_is_not_failure()
    {
        Answer(Row.Replace("WD-1", "WD-10", StringComparison.Ordinal), "null");
        Assert.IsType<LookupOutcome.NotKnown>(await _rig.LookUpAsync());

        Answer();
        Assert.IsType<LookupOutcome.NotKnown>(await _rig.LookUpAsync());
    }

    [Fact]
    public async Task Two_rows_or_a_row_without_a_number_settle_nothing()
    {
        Answer(Row, Row);
        Assert.IsType<LookupOutcome.Inconclusive>(await _rig.LookUpAsync());

        Answer("""{"transfer_no":"T9","status":"Success"}""");
        Assert.IsType<LookupOutcome.Inconclusive>(await _rig.LookUpAsync());
    }

    [Fact]
    public async Task The_number_is_found_on_a_later_page_when_the_filter_is_ignored()
    {
        var others = Enumerable.Range(0, 100).Select(static i => $$"""{"transfer_unique_no":"X-{{i}}"}""");
        _rig.Server.On(KeySecureRig.TransferListPath, ScriptedAnswer.Json(List([.. others])), ScriptedAnswer.Json(List(Row)));

        Assert.IsType<LookupOutcome.Succeeded>(await _rig.LookUpAsync());

        var pages = _rig.Server.RequestsTo(KeySecureRig.TransferListPath).Select(static request => JsonDocument.Parse(request.Body).RootElement.GetProperty("page").GetInt32());
        Assert.Equal([0, 1], pages);
    }

    [Theory]
    [InlineData("""{"code":1020,"msg":"span"}""")]
    [InlineData("""{"code":3001,"msg":"?"}""")]
    [InlineData("""{"code":0,"data":{}}""")]
    [InlineData("<html>")]
    public async Task A_question_that_fails_changes_nothing(string answer)
    {
        _rig.Server.On(KeySecureRig.TransferListPath, ScriptedAnswer.Json(answer));

        Assert.IsType<LookupOutcome.CouldNotAsk>(await _rig.LookUpAsync());
    }

    [Fact]
    public async Task The_window_is_wide_and_in_the_providers_zone()
    {
        Answer();

        await _rig.LookUpAsync(firstSent: new DateTimeOffset(2026, 10, 4, 20, 0, 0, TimeSpan.Zero));

        var request = Assert.Single(_rig.Server.RequestsTo(KeySecureRig.TransferListPath));
        Assert.Equal("""{"transfer_unique_no":"WD-1","start_time":"2026-10-04 04:00:00","end_time":"2026-10-06 16:00:00","page":0,"size":100}""", request.Body);
        Assert.Equal("UTC+8", request.Headers["Timezone"]);
    }

    [Fact]
    public async Task The_window_is_never_longer_than_90_days()
    {
        Answer();

        await _rig.LookUpAsync(firstSent: _rig.Clock.GetUtcNow().AddDays(-300));

        var body = JsonDocument.Parse(_rig.Server.RequestsTo(KeySecureRig.TransferListPath)[0].Body).RootElement;
        var span = Time(body, "end_time") - Time(body, "start_time");
        Assert.Equal(TimeSpan.FromDays(90), span);
    }

    private static DateTime Time(JsonElement body, string name) =>
        DateTime.ParseExact(body.GetProperty(name).GetString()!, "yyyy-MM-dd HH:mm:ss", System.Globalization.CultureInfo.InvariantCulture);

    private static string List(params string[] rows) => $$$"""{"code":0,"msg":"Success","data":{"list":[{{{string.Join(',', rows)}}}]}}""";

    private void Answer(params string[] rows) => _rig.Server.On(KeySecureRig.TransferListPath, ScriptedAnswer.Json(List(rows)));
}
