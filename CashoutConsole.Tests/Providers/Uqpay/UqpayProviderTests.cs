using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Uqpay;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.Uqpay;

public sealed class UqpayProviderTests
{
    private const string CardPath = $"GET /api/v1/issuing/cards/{UqpayFixture.Card}";
    private const string OrderPath = $"GET /api/v1/issuing/cards/{UqpayFixture.Order}/order";
    private const string ListPath = "GET /api/v1/issuing/cards";
    private const string BalancesPath = "GET /api/v1/issuing/balances";

    [Fact]
    public async Task The_withdrawal_goes_out_as_the_page_writes_it()
    {
        await using var uqpay = new UqpayFixture(static settings => settings.OnBehalfOf = "71fdb0fe-9682-457a-9361-e8868694f12f");
        uqpay.Server.On(UqpayFixture.WithdrawPath, UqpayFixture.OrderJson("PENDING"));

        var outcome = await uqpay.SubmitAsync(100.02m);

        Assert.IsType<SubmissionOutcome.Accepted>(outcome);
        var request = Assert.Single(uqpay.Server.Seen(UqpayFixture.WithdrawPath));
        Assert.Equal("""{"amount":100.02}""", request.Body);
        Assert.Equal("Bearer token-1", request.Header("x-auth-token"));
        Assert.Equal(UqpayFixture.Key, request.Header("x-idempotency-key"));
        Assert.Equal("71fdb0fe-9682-457a-9361-e8868694f12f", request.Header("x-on-behalf-of"));
        Assert.Equal("application/json", request.Header("Content-Type"));
        var token = Assert.Single(uqpay.Server.Seen(UqpayFixture.TokenPath));
        Assert.Equal("client-1", token.Header("x-client-id"));
        Assert.Equal("planted-api-key", token.Header("x-api-key"));
        Assert.Null(token.Header("x-on-behalf-of"));
    }

    [Fact]
    public async Task Without_a_sub_account_there_is_no_header_for_one()
    {
        await using var uqpay = new UqpayFixture(static settings => settings.OnBehalfOf = " ");
        uqpay.Server.On(UqpayFixture.WithdrawPath, UqpayFixture.OrderJson("PENDING"));

        await uqpay.SubmitAsync();

        Assert.Null(uqpay.Server.Seen(UqpayFixture.WithdrawPath)[0].Header("x-on-behalf-of"));
    }

    [Fact]
    public async Task An_expired_token_is_renewed_once_and_the_same_request_repeated_once()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(UqpayFixture.WithdrawPath, static request => request.Header("x-auth-token") == "Bearer token-1"
            ? WireScriptAnswer.Json("""{"error":"token has expired"}""", 401)
            : WireScriptAnswer.Json(UqpayFixture.OrderJson("SUCCESS")));

        Assert.IsType<SubmissionOutcome.Succeeded>(await uqpay.SubmitAsync());

        var sent = uqpay.Server.Seen(UqpayFixture.WithdrawPath);
        Assert.Equal(2, sent.Count);
        Assert.Equal(sent[0].Body, sent[1].Body);
        Assert.Equal(sent[0].Header("x-idempotency-key"), sent[1].Header("x-idempotency-key"));
    }

    [Fact]
    public async Task A_token_that_stays_refused_ends_after_one_repeat()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(UqpayFixture.WithdrawPath, """{"error":"token has expired"}""", 401);

        Assert.IsType<SubmissionOutcome.Refused>(await uqpay.SubmitAsync());

        Assert.Equal(2, uqpay.Server.Seen(UqpayFixture.WithdrawPath).Count);
    }

    [Fact]
    public async Task Another_401_is_final_and_never_repeated()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(UqpayFixture.WithdrawPath, """{"error":"ip not allowed"}""", 401);

        Assert.Equal(ProviderFaultKind.Credentials, Assert.IsType<SubmissionOutcome.Refused>(await uqpay.SubmitAsync()).Fault.Kind);

        Assert.Single(uqpay.Server.Seen(UqpayFixture.WithdrawPath));
    }

    [Theory]
    [InlineData(401, """{"error":"Invalid API key"}""")]
    [InlineData(400, """{"code":400,"message":"Invalid client id"}""")]
    public async Task Without_a_token_nothing_is_executed(int status, string body)
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(UqpayFixture.TokenPath, body, status);

        var outcome = Assert.IsType<SubmissionOutcome.NotExecuted>(await uqpay.SubmitAsync());

        Assert.Equal(ProviderFaultKind.Credentials, outcome.Fault.Kind);
        Assert.Empty(uqpay.Server.Seen(UqpayFixture.WithdrawPath));
    }

    [Fact]
    public async Task Many_at_once_share_one_token()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(CardPath, Card());

        await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => uqpay.Provider.ReadAccountAsync(UqpayFixture.Card, CancellationToken.None)));

        Assert.Single(uqpay.Server.Seen(UqpayFixture.TokenPath));
    }

    [Fact]
    public async Task A_connection_lost_after_the_request_is_unknown_and_sent_once()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(UqpayFixture.WithdrawPath, static _ => WireScriptAnswer.Dropped);

        Assert.Equal(ProviderFaultKind.NoAnswer, Assert.IsType<SubmissionOutcome.Unknown>(await uqpay.SubmitAsync()).Fault.Kind);

        Assert.Single(uqpay.Server.Seen(UqpayFixture.WithdrawPath));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_unknown()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(UqpayFixture.WithdrawPath, static _ => new WireScriptAnswer(200, UqpayFixture.OrderJson("FAILED"), ClaimedLength: 4000));

        Assert.IsType<SubmissionOutcome.Unknown>(await uqpay.SubmitAsync());
    }

    [Fact]
    public async Task An_oversized_answer_is_unknown()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(UqpayFixture.WithdrawPath, static _ => WireScriptAnswer.Json(UqpayFixture.OrderJson("FAILED") + new string(' ', 2 << 20)));

        Assert.IsType<SubmissionOutcome.Unknown>(await uqpay.SubmitAsync());
    }

    [Fact]
    public async Task A_refused_connection_is_not_executed()
    {
        await using var uqpay = new UqpayFixture(static settings => settings.BaseUrl = WireScript.ClosedOrigin());

        Assert.Equal(ProviderFaultKind.Unreachable, Assert.IsType<SubmissionOutcome.NotExecuted>(await uqpay.SubmitAsync()).Fault.Kind);
    }

    [Fact]
    public async Task A_cancelled_send_that_never_started_is_not_executed()
    {
        await using var uqpay = new UqpayFixture();

        var outcome = await uqpay.Provider.SubmitAsync(uqpay.Provider.Prepare(UqpayFixture.Instruction()), new CancellationToken(canceled: true));

        Assert.IsType<SubmissionOutcome.NotExecuted>(outcome);
        Assert.Empty(uqpay.Server.Seen(UqpayFixture.WithdrawPath));
    }

    [Fact]
    public async Task Equal_instructions_are_prepared_alike_without_secret_or_time()
    {
        await using var uqpay = new UqpayFixture();

        var first = uqpay.Provider.Prepare(UqpayFixture.Instruction(100m));
        uqpay.Clock.Now = uqpay.Clock.Now.AddHours(1);
        var second = uqpay.Provider.Prepare(UqpayFixture.Instruction(100.00m));

        Assert.Equal(first.CanonicalBody, second.CanonicalBody);
        Assert.Contains("""{"amount":100.00}""", first.CanonicalBody, StringComparison.Ordinal);
        Assert.Contains(UqpayFixture.Key, first.CanonicalBody, StringComparison.Ordinal);
        Assert.DoesNotContain("planted-api-key", first.CanonicalBody, StringComparison.Ordinal);
        Assert.False(string.Equals(first.BodyHash, uqpay.Provider.Prepare(UqpayFixture.Instruction(100.01m)).BodyHash, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("100.001")]
    [InlineData("0")]
    [InlineData("-1")]
    public async Task An_amount_that_the_sheet_forbids_is_never_rounded_into_shape(string amount)
    {
        await using var uqpay = new UqpayFixture();

        Assert.Throws<ArgumentException>(() => uqpay.Provider.Prepare(UqpayFixture.Instruction(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Theory]
    [InlineData("../../v1/balances")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    [InlineData("")]
    public async Task An_id_that_could_change_the_path_is_not_used(string id)
    {
        await using var uqpay = new UqpayFixture();

        Assert.Throws<ArgumentException>(() => uqpay.Provider.Prepare(UqpayFixture.Instruction() with { ExternalAccountId = id }));
        Assert.NotNull((await uqpay.Provider.ReadAccountAsync(id, CancellationToken.None)).Fault);
        Assert.Empty(uqpay.Server.Requests);
    }

    [Fact]
    public async Task All_pages_are_listed_with_masked_numbers_and_no_personal_data()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(ListPath, static request => WireScriptAnswer.Json(request.Query("page_number") == "1"
            ? Page(3, 2, Enumerable.Range(0, 2).Select(static i => Card($"card-{i}", "\"2000.05\"")))
            : Page(3, 2, [Card("card-2", "51.5", "SHARE", "PRE_CANCEL")])));

        var listing = await uqpay.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.True(listing.Complete);
        Assert.Equal("card-0 card-1 card-2", string.Join(' ', listing.Accounts.Select(static account => account.ExternalId)));
        Assert.Equal([2000.05m, 2000.05m, 51.5m], listing.Accounts.Select(static account => account.Balance!.Value));
        Assert.Equal([BalanceKind.Money, BalanceKind.Money, BalanceKind.Limit], listing.Accounts.Select(static account => account.BalanceKind));
        Assert.Equal(AccountStatus.Closed, listing.Accounts[2].Status);
        Assert.Equal("•••• 5668", listing.Accounts[0].MaskedNumber);
        Assert.Equal("100", uqpay.Server.Seen(ListPath)[0].Query("page_size"));
        var everything = JsonSerializer.Serialize(listing);
        Assert.DoesNotContain("4096360812345668", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("planted", everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_that_fails_leaves_the_listing_incomplete()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(ListPath, static request => request.Query("page_number") == "1"
            ? WireScriptAnswer.Json(Page(101, 2, [Card("card-0")]))
            : WireScriptAnswer.Json("""{"type":"api_error","message":"no"}""", 400));

        var listing = await uqpay.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.False(listing.Complete);
        Assert.Single(listing.Accounts);
        Assert.Equal(ProviderFaultKind.ProviderError, listing.Fault!.Kind);
    }

    [Fact]
    public async Task A_listing_with_fewer_cards_than_counted_is_incomplete()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(ListPath, Page(2, 1, [Card("card-0")]));

        Assert.False((await uqpay.Provider.ListAccountsAsync(null, CancellationToken.None)).Complete);
    }

    [Theory]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"12 USD\"")]
    [InlineData("{}")]
    public async Task A_missing_balance_is_unknown_and_never_zero(string balance)
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(CardPath, Card(balance: balance));

        Assert.Null((await uqpay.Provider.ReadAccountAsync(UqpayFixture.Card, CancellationToken.None)).Value!.Balance);
    }

    [Fact]
    public async Task An_answer_about_another_card_is_not_believed()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(CardPath, Card("card-9"));

        Assert.Equal(ProviderFaultKind.Unreadable, (await uqpay.Provider.ReadAccountAsync(UqpayFixture.Card, CancellationToken.None)).Fault!.Kind);
    }

    [Fact]
    public async Task The_evidence_before_a_send_holds_card_and_issuing_balance()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(CardPath, Card(balance: "\"242.00\""));
        uqpay.Server.On(BalancesPath, """{"total_pages":1,"total_items":2,"data":[{"currency":"SGD","available_balance":1},{"currency":"USD","available_balance":"5000.25"},{"currency":"XUSD","available_balance":null}]}""");

        var reading = (await uqpay.Provider.ReadBeforeSendAsync(UqpayFixture.Card, CancellationToken.None)).Value!;

        Assert.Equal(242.00m, reading.Evidence.AccountBalance);
        Assert.Equal(5000.25m, reading.Evidence.ProviderBalance);
        Assert.Equal(UqpayFixture.Now, reading.Evidence.TakenAt);
        Assert.Equal(AccountStatus.Active, reading.Account.Status);
        var own = (await uqpay.Provider.ReadOwnBalanceAsync(CancellationToken.None)).Value!;
        Assert.Equal([new Money(1, CurrencyCode.Parse("SGD")), new Money(5000.25m, UqpayFixture.Usd)], own.Amounts);
        Assert.DoesNotContain(uqpay.Server.Requests, static request => request.Method == "POST" && request.Path.Contains("balances", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{}", false)]
    [InlineData("""{"total_items":0,"data":null}""", true)]
    public async Task A_balance_list_without_data_is_no_empty_wallet(string body, bool readable)
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(BalancesPath, body);

        Assert.Equal(readable, (await uqpay.Provider.ReadOwnBalanceAsync(CancellationToken.None)).Fault is null);
    }

    [Theory]
    [InlineData("SUCCESS", typeof(LookupOutcome.Succeeded))]
    [InlineData("failed", typeof(LookupOutcome.Failed))]
    [InlineData("PENDING", typeof(LookupOutcome.Processing))]
    [InlineData("PROCESSING", typeof(LookupOutcome.Processing))]
    [InlineData("ODD", typeof(LookupOutcome.Inconclusive))]
    public async Task The_order_answers_the_look_up(string status, Type outcome)
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(OrderPath, UqpayFixture.OrderJson(status));

        Assert.IsType(outcome, await uqpay.Provider.LookUpAsync(UqpayFixture.Query(), CancellationToken.None));
    }

    [Theory]
    [InlineData("\"200\"", "other-card")]
    [InlineData("201", UqpayFixture.Card)]
    public async Task A_failed_order_of_something_else_proves_nothing(string amount, string card)
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(OrderPath, UqpayFixture.OrderJson("FAILED", amount, card));

        Assert.IsType<LookupOutcome.Inconclusive>(await uqpay.Provider.LookUpAsync(UqpayFixture.Query(), CancellationToken.None));
    }

    [Fact]
    public async Task An_answer_that_names_another_order_proves_nothing()
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(OrderPath, UqpayFixture.OrderJson("SUCCESS", order: "other-order"));

        Assert.IsType<LookupOutcome.Inconclusive>(await uqpay.Provider.LookUpAsync(UqpayFixture.Query(), CancellationToken.None));
    }

    [Theory]
    [InlineData(400, """{"type":"card_error","code":"order_not_found","message":"no"}""", typeof(LookupOutcome.NotKnown))]
    [InlineData(404, """{"type":"not_found","code":"x","message":"no"}""", typeof(LookupOutcome.NotKnown))]
    [InlineData(404, WireAnswers.HtmlPage, typeof(LookupOutcome.CouldNotAsk))]
    [InlineData(403, """{"type":"unauthorized_error","message":"no"}""", typeof(LookupOutcome.CouldNotAsk))]
    [InlineData(200, WireAnswers.HtmlPage, typeof(LookupOutcome.CouldNotAsk))]
    public async Task An_order_that_is_not_there_is_not_a_failure(int status, string body, Type outcome)
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(OrderPath, body, status);

        Assert.IsType(outcome, await uqpay.Provider.LookUpAsync(UqpayFixture.Query(), CancellationToken.None));
    }

    [Theory]
    [InlineData("""{"transaction_id":"L1","transaction_type":"CARD_WITHDRAW","currency":"USD","amount":"200.00","create_time":"2026-04-08T16:46:41+08:00"}""", typeof(LookupOutcome.Inconclusive))]
    [InlineData("""{"transaction_id":"L1","transaction_type":"CARD_WITHDRAW","currency":"USD","amount":"201.00","create_time":"2026-04-08T16:46:41+08:00"}""", typeof(LookupOutcome.NotKnown))]
    [InlineData("""{"transaction_id":"L1","transaction_type":"CARD_WITHDRAW","currency":"SGD","amount":200,"create_time":"2026-04-08T16:46:41+08:00"}""", typeof(LookupOutcome.NotKnown))]
    [InlineData("""{"transaction_id":"L1","transaction_type":"CARD_WITHDRAW","currency":"USD","amount":200,"create_time":"2026-04-08T16:00:00+08:00"}""", typeof(LookupOutcome.NotKnown))]
    [InlineData("""{"transaction_id":"claimed","transaction_type":"CARD_WITHDRAW","currency":"USD","amount":200}""", typeof(LookupOutcome.NotKnown))]
    public async Task Without_an_order_id_the_ledger_is_only_a_hint(string row, Type outcome)
    {
        await using var uqpay = new UqpayFixture();
        uqpay.Server.On(UqpayFixture.LedgerPath, $$"""{"total_pages":1,"total_items":1,"data":[{{row}}]}""");

        Assert.IsType(outcome, await uqpay.Provider.LookUpAsync(UqpayFixture.Query(null, "claimed"), CancellationToken.None));

        var asked = Assert.Single(uqpay.Server.Seen(UqpayFixture.LedgerPath));
        Assert.Equal("CARD_WITHDRAW", asked.Query("transaction_type"));
        Assert.Equal("2026-04-08T08:41:40+00:00", asked.Query("start_time"));
        Assert.Contains("%2B00%3A00", asked.Target, StringComparison.Ordinal);
    }

    [Fact]
    public void The_pace_keeps_any_minute_within_the_quota() =>
        Assert.True((new UqpaySettings().PacePerSecond * 61) <= 200 && (new UqpaySettings().TokenPacePerSecond * 60) <= 60);

    private static string Page(int items, int pages, IEnumerable<string> cards) =>
        $$"""{"total_pages":{{pages}},"total_items":{{items}},"data":[{{string.Join(',', cards)}}]}""";

    private static string Card(string id = UqpayFixture.Card, string balance = "2000.05", string mode = "SINGLE", string status = "ACTIVE") =>
        $$"""
        {"card_id":"{{id}}","card_bin":"40963608","card_scheme":"VISA","card_number":"4096360812345668","form_factor":"VIRTUAL","mode_type":"{{mode}}",
         "card_limit":"0","available_balance":{{balance}},"card_status":"{{status}}","card_currency":"USD","cvv":"planted-cvv","expiry":"planted-expiry",
         "cardholder":{"cardholder_id":"7c4f","first_name":"E","last_name":"T","email":"planted@example.com","date_of_birth":"planted"},
         "consumed_amount":"51.00","metadata":"","risk_controls":{"allowed_mcc":null},"unknown":[1,{"a":2}]}
        """;
}
