using System.Globalization;
using System.Text.Json;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.KeySecure;

public sealed class KeySecureReadTests : IAsyncDisposable
{
    private const string CardholderListPath = "/open-api/v1/cardholder/list";
    private const string CardListPath = "/open-api/v1/card/list";
    private const string AccountPath = "/open-api/v1/account/U1/info";
    private const string HolderPath = "/open-api/v1/cardholder/U1/info";
    private const string Holder = """{"code":0,"data":{"cardholder_no":"U1","cardholder_unique_no":"alice","email":"a@example.com","status":"Approved","total_balance":"99.00"}}""";
    private const string Empty = """{"code":0,"data":{"list":[]}}""";

    private readonly KeySecureRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("""{"symbol":"TUSDT","balance":"75.00","bonus_balance":"900.00","usd_balance":"80.00"}""", "75.00")]
    [InlineData("""{"symbol":"TUSDT","balance":75.00,"cardholder_no":"U1"},{"symbol":"USDC","balance":"1.00"}""", "75.00")]
    [InlineData("""{"symbol":"TUSDT","bonus_balance":"900.00"}""", null)]
    [InlineData("""{"symbol":"TUSDT","balance":""}""", null)]
    [InlineData("""{"symbol":"TUSDT","balance":null}""", null)]
    [InlineData("""{"symbol":"USDC","balance":"75.00"}""", null)]
    [InlineData("""{"symbol":"TUSDT","balance":"75.00","cardholder_no":"U2"}""", null)]
    [InlineData("""{"symbol":"TUSDT","symbol_chain":"TRX","balance":"75.00"},{"symbol":"TUSDT","symbol_chain":"ETH","balance":"5.00"}""", null)]
    [InlineData("null", null)]
    [InlineData("", null)]
    public async Task Only_the_configured_symbols_own_balance_counts_and_a_missing_one_is_unknown(string rows, string? expected)
    {
        _rig.Server.On(HolderPath, ScriptedAnswer.Json(Holder)).On(AccountPath, ScriptedAnswer.Json($$$"""{"code":0,"data":{"list":[{{{rows}}}]}}"""));

        var reading = await _rig.Provider.ReadBeforeSendAsync("U1", CancellationToken.None);

        Assert.Null(reading.Fault);
        var balance = expected is null ? (decimal?)null : decimal.Parse(expected, CultureInfo.InvariantCulture);
        Assert.Equal(balance, reading.Value!.Account.Balance);
        Assert.Equal(balance, reading.Value.Evidence.AccountBalance);
        Assert.Equal(AccountStatus.Active, reading.Value.Evidence.AccountStatus);
        Assert.Equal(_rig.Clock.GetUtcNow(), reading.Value.Evidence.TakenAt);
        Assert.Equal("alice", reading.Value.Account.DisplayName);
    }

    [Theory]
    [InlineData("Approved", AccountStatus.Active)]
    [InlineData("Pending", AccountStatus.Pending)]
    [InlineData("In_progress", AccountStatus.Pending)]
    [InlineData("Rejected", AccountStatus.Blocked)]
    [InlineData("approved", AccountStatus.Unknown)]
    [InlineData("", AccountStatus.Unknown)]
    public async Task A_status_that_the_contract_does_not_name_is_not_active(string status, AccountStatus expected)
    {
        _rig.Server
            .On(HolderPath, ScriptedAnswer.Json(Holder.Replace("Approved", status, StringComparison.Ordinal)))
            .On(AccountPath, ScriptedAnswer.Json(Empty));

        var account = (await _rig.Provider.ReadAccountAsync("U1", CancellationToken.None)).Value!;

        Assert.Equal(expected, account.Status);
        Assert.Equal(status, account.RawStatus);
    }

    [Fact]
    public async Task An_unknown_cardholder_is_not_found_and_a_path_is_no_cardholder()
    {
        _rig.Server.On(HolderPath, ScriptedAnswer.Json("""{"code":2002,"msg":"no such cardholder"}"""));

        Assert.Equal(ProviderFaultKind.NotFound, (await _rig.Provider.ReadAccountAsync("U1", CancellationToken.None)).Fault!.Kind);
        Assert.Equal(ProviderFaultKind.NotFound, (await _rig.Provider.ReadAccountAsync("..", CancellationToken.None)).Fault!.Kind);
        await _rig.Provider.ReadAccountAsync("a/../b", CancellationToken.None);
        Assert.Equal("/open-api/v1/cardholder/a%2F..%2Fb/info", _rig.Server.Requests[^1].Target);
    }

    [Fact]
    public async Task Listing_walks_back_in_windows_of_at_most_90_days_and_pages_until_a_short_page()
    {
        await using var rig = new KeySecureRig(settings => settings.ListFrom = new DateOnly(2026, 3, 1));
        var full = string.Join(',', Enumerable.Range(0, 100).Select(static i => $$"""{"cardholder_no":"H{{i}}","status":"Approved"}"""));
        rig.Server
            .On(CardholderListPath, ScriptedAnswer.Json($$$"""{"code":0,"data":{"list":[{{{full}}}]}}"""), ScriptedAnswer.Json("""{"code":0,"data":{"list":[{"cardholder_no":"H7","status":"Rejected"},{"cardholder_no":"U1","status":"Approved"}]}}"""), ScriptedAnswer.Json(Empty))
            .On(CardListPath, ScriptedAnswer.Json("""{"code":0,"data":{"list":[{"card_no":"C1","cardholder_no":"U1","card_last_no":"1249","status":"Frozen","card_unique_no":"travel"},{"card_no":"C2","cardholder_no":"U1","status":"Lost"}]}}"""), ScriptedAnswer.Json(Empty))
            .On(AccountPath, ScriptedAnswer.Json("""{"code":0,"data":{"list":[{"symbol":"TUSDT","balance":"75.00"}]}}"""));
        for (var i = 0; i < 100; i++)
        {
            rig.Server.On($"/open-api/v1/account/H{i}/info", ScriptedAnswer.Json(Empty));
        }

        var listing = await rig.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.True(listing.Complete);
        Assert.Equal(101, listing.Accounts.Count);
        var first = Assert.Single(listing.Accounts, static account => account.ExternalId == "U1");
        Assert.Equal(75m, first.Balance);
        Assert.Equal([AccountStatus.Frozen, AccountStatus.Unknown], first.Cards.Select(static card => card.Status));
        Assert.Equal("•••• 1249", first.Cards[0].MaskedNumber);
        Assert.Equal(AccountStatus.Active, listing.Accounts.Single(static account => account.ExternalId == "H7").Status);
        AssertWindows(rig.Server.RequestsTo(CardholderListPath));
    }

    [Fact]
    public async Task A_balance_that_cannot_be_read_leaves_the_row_with_an_unknown_balance()
    {
        _rig.Server
            .On(CardholderListPath, ScriptedAnswer.Json("""{"code":0,"data":{"list":[{"cardholder_no":"U1","status":"Approved"}]}}"""))
            .On(CardListPath, ScriptedAnswer.Json(Empty))
            .On(AccountPath, ScriptedAnswer.Json("""{"code":1001,"msg":"busy"}"""));

        var listing = await _rig.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.False(listing.Complete);
        Assert.Equal("1001", listing.Fault!.Code);
        Assert.Null(Assert.Single(listing.Accounts).Balance);
    }

    [Fact]
    public async Task A_list_that_fails_is_incomplete()
    {
        _rig.Server.On(CardholderListPath, ScriptedAnswer.Html(502));

        var listing = await _rig.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.False(listing.Complete);
        Assert.Empty(listing.Accounts);
        Assert.Equal(ProviderFaultKind.ProviderError, listing.Fault!.Kind);
    }

    [Fact]
    public async Task A_clock_that_runs_ahead_is_set_back_by_the_providers_date_and_never_beyond()
    {
        var server = _rig.Clock.GetUtcNow().AddSeconds(-90);
        _rig.Server
            .On(KeySecureRig.TransferListPath, ScriptedAnswer.Json("""{"code":1005,"msg":"time"}""", 200, $"Date: {server:R}"), ScriptedAnswer.Json(Empty));

        Assert.IsType<LookupOutcome.NotKnown>(await _rig.LookUpAsync());

        var sent = _rig.Server.RequestsTo(KeySecureRig.TransferListPath);
        Assert.Equal($"{server.ToUnixTimeMilliseconds() - 1500}", sent[1].Headers["Timestamp"]);
    }

    [Fact]
    public async Task A_refused_time_stamp_without_a_remedy_is_not_repeated()
    {
        _rig.Server.On(KeySecureRig.TransferListPath, ScriptedAnswer.Json("""{"code":1005,"msg":"time"}"""));

        Assert.IsType<LookupOutcome.CouldNotAsk>(await _rig.LookUpAsync());
        Assert.Single(_rig.Server.RequestsTo(KeySecureRig.TransferListPath));
    }

    [Fact]
    public async Task A_token_that_ends_mid_run_is_renewed_once()
    {
        _rig.Server.On(KeySecureRig.TransferListPath, ScriptedAnswer.Json("""{"code":1007,"msg":"token"}"""), ScriptedAnswer.Json(Empty));

        Assert.IsType<LookupOutcome.NotKnown>(await _rig.LookUpAsync());
        Assert.Equal(2, _rig.Server.RequestsTo(KeySecureRig.TokenPath).Count);
    }

    [Fact]
    public async Task A_read_that_came_too_often_waits_and_asks_again()
    {
        _rig.Server.On(KeySecureRig.TransferListPath, ScriptedAnswer.Json("""{"code":1009,"msg":"slow"}"""), ScriptedAnswer.Json(Empty));

        Assert.IsType<LookupOutcome.NotKnown>(await _rig.LookUpAsync());
    }

    private static void AssertWindows(IReadOnlyList<RecordedRequest> requests)
    {
        var windows = requests.Select(static request => JsonDocument.Parse(request.Body).RootElement).ToList();
        Assert.Equal([0, 1, 0, 0], windows.Select(static window => window.GetProperty("page").GetInt32()));
        Assert.All(windows, static window => Assert.InRange((Time(window, "end_time") - Time(window, "start_time")).TotalDays, 0, 90));
        Assert.Equal(Time(windows[1], "start_time"), Time(windows[2], "end_time"));
        Assert.Equal("2026-03-01 00:00:00", windows[^1].GetProperty("start_time").GetString());
    }

    private static DateTime Time(JsonElement window, string name) =>
        DateTime.ParseExact(window.GetProperty(name).GetString()!, "yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
