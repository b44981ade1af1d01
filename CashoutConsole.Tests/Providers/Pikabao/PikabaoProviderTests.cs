using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Pikabao;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.Pikabao;

public sealed class PikabaoProviderTests
{
    [Fact]
    public async Task The_cash_out_goes_out_signed_as_the_page_writes_it()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CashOutPath, """{"code":0,"msg":"","content":{"id":"9001","state":1}}""");

        Assert.IsType<SubmissionOutcome.Accepted>(await pikabao.SubmitAsync());

        var request = Assert.Single(pikabao.Server.Requests);
        var body = JsonSerializer.Deserialize<SortedDictionary<string, string>>(request.Body)!;
        Assert.Equal("amount appid bankCardId idempotentKey sign timestamp", string.Join(' ', body.Keys.Order(StringComparer.Ordinal)));
        Assert.Equal("50.00", body["amount"]);
        Assert.Equal("1640995200000", body["timestamp"]);
        Assert.Equal("023F3794D7855E36A1B901CA09D8BC69", body["sign"]);
        Assert.DoesNotContain(PikabaoFixture.Secret, request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_and_sent_once_and_a_refused_connection_is_not_executed()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CashOutPath, static _ => WireScriptAnswer.Dropped);
        Assert.IsType<SubmissionOutcome.Unknown>(await pikabao.SubmitAsync());
        Assert.Single(pikabao.Server.Requests);

        await using var nobody = new PikabaoFixture(static settings => settings.BaseUrl = WireScript.ClosedOrigin());
        Assert.IsType<SubmissionOutcome.NotExecuted>(await nobody.SubmitAsync());
    }

    [Fact]
    public async Task Equal_instructions_are_prepared_alike_without_secret_or_time()
    {
        await using var pikabao = new PikabaoFixture();

        var first = pikabao.Provider.Prepare(PikabaoFixture.Instruction(50m));
        pikabao.Clock.Now = pikabao.Clock.Now.AddHours(1);

        Assert.Equal("POST /agent/v1/cards/cashout\nappid=user123\nbankCardId=111222333\namount=50.00\nidempotentKey=WD-20260101-0001\n", first.CanonicalBody);
        Assert.Equal(first.CanonicalBody, pikabao.Provider.Prepare(PikabaoFixture.Instruction(50.0m)).CanonicalBody);
        Assert.Throws<ArgumentException>(() => pikabao.Provider.Prepare(PikabaoFixture.Instruction(50.001m)));
    }

    [Fact]
    public async Task Cards_are_listed_in_every_state_without_their_secrets()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CardsPath, PikabaoFixture.Cards(
            PikabaoFixture.CardJson("1"), PikabaoFixture.CardJson("2", "5572****", "12.5", "\"2\""), PikabaoFixture.CardJson("3", balance: "null", state: "0"),
            PikabaoFixture.CardJson("4", balance: "\"\"", state: "9")));

        var listing = await pikabao.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.True(listing.Complete);
        Assert.Equal([75m, 12.5m, null, null], listing.Accounts.Select(static account => account.Balance));
        Assert.Equal(
            [AccountStatus.Active, AccountStatus.Frozen, AccountStatus.Closed, AccountStatus.Unknown],
            listing.Accounts.Select(static account => account.Status));
        Assert.Equal("•••• 1249", listing.Accounts[0].MaskedNumber);
        Assert.Null(listing.Accounts[1].MaskedNumber);
        Assert.Equal("ops", listing.Accounts[0].DisplayName);
        var everything = JsonSerializer.Serialize(listing);
        Assert.DoesNotContain("planted", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("557271015204", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("12/29", everything, StringComparison.Ordinal);
        var request = Assert.Single(pikabao.Server.Requests);
        Assert.Equal("true", request.Query("all"));
        Assert.Null(request.Query("userBankId"));
        Assert.True(PikabaoFixture.IsSigned(request));
    }

    [Fact]
    public async Task The_balance_field_is_a_setting_and_a_missing_balance_is_unknown()
    {
        await using var pikabao = new PikabaoFixture(static settings => settings.BalanceField = "available");
        Assert.Null((await pikabao.Provider.ReadAccountAsync(PikabaoFixture.Card, CancellationToken.None)).Value!.Balance);

        pikabao.Server.On(PikabaoFixture.CardsPath, PikabaoFixture.Cards($$"""{"id":"{{PikabaoFixture.Card}}","state":"1","available":"9.90"}"""));
        Assert.Equal(9.90m, (await pikabao.Provider.ReadAccountAsync(PikabaoFixture.Card, CancellationToken.None)).Value!.Balance);
    }

    [Fact]
    public async Task Only_the_card_that_was_asked_for_is_believed()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CardsPath, PikabaoFixture.Cards(PikabaoFixture.CardJson("999"), PikabaoFixture.CardJson(balance: "3")));
        Assert.Equal(3m, (await pikabao.Provider.ReadAccountAsync(PikabaoFixture.Card, CancellationToken.None)).Value!.Balance);
        Assert.Equal(PikabaoFixture.Card, pikabao.Server.Requests.Last().Query("userBankId"));

        pikabao.Server.On(PikabaoFixture.CardsPath, PikabaoFixture.Cards(PikabaoFixture.CardJson("999")));
        Assert.Equal(ProviderFaultKind.NotFound, (await pikabao.Provider.ReadAccountAsync(PikabaoFixture.Card, CancellationToken.None)).Fault!.Kind);
    }

    [Fact]
    public async Task The_evidence_before_a_send_holds_balances_and_the_newest_rows()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.TransactionsPath, PikabaoFixture.Rows(812, PikabaoFixture.Row("T2", type: "Consumption"), PikabaoFixture.Row("", id: "row-1")));

        var reading = (await pikabao.Provider.ReadBeforeSendAsync(PikabaoFixture.Card, CancellationToken.None)).Value!;

        Assert.Equal((75m, 1000m), (reading.Evidence.AccountBalance!.Value, reading.Evidence.ProviderBalance!.Value));
        Assert.Equal("T2 row-1", string.Join(' ', reading.Evidence.TransactionIds));
        Assert.Equal(812, reading.Evidence.TransactionTotal);
        Assert.All(pikabao.Server.Requests, static request => Assert.True(PikabaoFixture.IsSigned(request)));
        Assert.Equal(new Money(1000m, PikabaoFixture.Usd), Assert.Single((await pikabao.Provider.ReadOwnBalanceAsync(CancellationToken.None)).Value!.Amounts));
    }

    [Fact]
    public async Task A_list_that_fails_right_now_stops_the_send_and_one_that_does_not_exist_does_not()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.TransactionsPath, """{"code":40005,"msg":"sign"}""");
        Assert.Equal(ProviderFaultKind.Credentials, (await pikabao.Provider.ReadBeforeSendAsync(PikabaoFixture.Card, CancellationToken.None)).Fault!.Kind);

        pikabao.Server.On(PikabaoFixture.TransactionsPath, "not found", 404);
        var reading = (await pikabao.Provider.ReadBeforeSendAsync(PikabaoFixture.Card, CancellationToken.None)).Value!;
        Assert.Empty(reading.Evidence.TransactionIds);
        Assert.Null(reading.Evidence.TransactionTotal);
    }

    [Fact]
    public void The_sheet_repeats_a_key_only_when_that_was_proven()
    {
        Assert.Equal(ReplayRule.Undocumented, PikabaoSheet.From(new PikabaoSettings()).Replay);
        Assert.Equal(ReplayRule.Safe, PikabaoSheet.From(new PikabaoSettings { KeyReplayProven = true }).Replay);
    }
}
