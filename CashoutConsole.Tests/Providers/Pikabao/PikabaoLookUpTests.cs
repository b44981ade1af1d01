using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.Pikabao;

/// <summary>The ladder of a cash-out without a final word: order queries where configured, else the one row of the transaction list that it can be.</summary>
public sealed class PikabaoLookUpTests
{
    private const string TaskPath = "POST /agent/v1/tasks/query";
    private const string DetailPath = "GET /agent/v1/cards/cashout/detail";
    private const string Old = "T1";

    [Theory]
    [InlineData("Finish", typeof(LookupOutcome.Succeeded))]
    [InlineData("finish", typeof(LookupOutcome.Succeeded))]
    [InlineData("Failed", typeof(LookupOutcome.Failed))]
    [InlineData("Pending", typeof(LookupOutcome.Processing))]
    [InlineData("Reversed", typeof(LookupOutcome.Inconclusive))]
    public async Task The_one_new_row_of_the_card_decides_by_its_status(string status, Type outcome)
    {
        await using var pikabao = new PikabaoFixture();

        Assert.IsType(outcome, await LookUpAsync(pikabao, 2, [PikabaoFixture.Row("T2", status), PikabaoFixture.Row(Old)]));
    }

    [Fact]
    public async Task The_receipt_names_the_transaction()
    {
        await using var pikabao = new PikabaoFixture();

        var done = Assert.IsType<LookupOutcome.Succeeded>(await LookUpAsync(pikabao, 2, [PikabaoFixture.Row("T2", amount: "\"-50.00\""), PikabaoFixture.Row(Old)]));

        Assert.Equal(
            new Receipt { ProviderReference = "T2", ExternalAccountId = PikabaoFixture.Card, Amount = 50m, ProviderTime = PikabaoFixture.Now.AddSeconds(10) },
            done.Receipt);
    }

    public static TheoryData<string, string[]> NotThisCashOut => new()
    {
        { "no new row", [] },
        { "another amount", [PikabaoFixture.Row("T2", amount: "\"50.01\"")] },
        { "another type", [PikabaoFixture.Row("T2", type: "Consumption")] },
        { "claimed by transaction", [PikabaoFixture.Row("claimed")] },
        { "claimed by row", [PikabaoFixture.Row("T2", id: "claimed")] },
        { "another card by number", [PikabaoFixture.Row("T2", number: "5572****9999")] },
        { "another card by full number", [PikabaoFixture.Row("T2", number: "5572710152049999")] },
        { "another card by id", [PikabaoFixture.Row("T2", more: ",\"userBankCardId\":\"999\"")] },
        { "no amount", [PikabaoFixture.Row("T2", amount: "null")] },
    };

    [Theory]
    [MemberData(nameof(NotThisCashOut))]
    public async Task Rows_of_something_else_are_never_taken(string why, string[] fresh)
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CardsPath, PikabaoFixture.Cards(PikabaoFixture.CardJson(), PikabaoFixture.CardJson("999", "5572710152049999")));

        Assert.True(await LookUpAsync(pikabao, fresh.Length + 1, [.. fresh, PikabaoFixture.Row(Old)]) is LookupOutcome.NotKnown, why);
    }

    public static TheoryData<string, string[]> NotToBeTold => new()
    {
        { "two of them", [PikabaoFixture.Row("T2"), PikabaoFixture.Row("T3")] },
        { "two of them, one failed", [PikabaoFixture.Row("T2", "Failed"), PikabaoFixture.Row("T3")] },
        { "one transaction with two final words", [PikabaoFixture.Row("T2", "Failed", id: "a"), PikabaoFixture.Row("T2", id: "b")] },
        { "the number fits no card", [PikabaoFixture.Row("T2", number: "5572****0000")] },
        { "no number at all", [PikabaoFixture.Row("T2", number: "")] },
        { "hidden tail that fits both cards", [PikabaoFixture.Row("T2", number: "557271015204****")] },
        { "one of the card, one that may be", [PikabaoFixture.Row("T2"), PikabaoFixture.Row("T3", number: "5572****")] },
        { "a row without ids", [$$"""{"cardNum":"5572****1249","type":"CashOut","status":"Finish","amount":"50.00"}"""] },
    };

    [Theory]
    [MemberData(nameof(NotToBeTold))]
    public async Task What_cannot_be_told_apart_is_left_to_people(string why, string[] fresh)
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CardsPath, PikabaoFixture.Cards(PikabaoFixture.CardJson(), PikabaoFixture.CardJson("999", "5572710152049999")));

        Assert.True(await LookUpAsync(pikabao, fresh.Length + 1, [.. fresh, PikabaoFixture.Row(Old)]) is LookupOutcome.Inconclusive, why);
    }

    [Fact]
    public async Task Two_cards_with_the_same_last_four_digits_cannot_be_told_apart()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CardsPath, PikabaoFixture.Cards(PikabaoFixture.CardJson(), PikabaoFixture.CardJson("999", "4111000000001249")));

        Assert.IsType<LookupOutcome.Inconclusive>(await LookUpAsync(pikabao, 2, [PikabaoFixture.Row("T2"), PikabaoFixture.Row(Old)]));
    }

    [Theory]
    [InlineData("5572710152044****")]
    [InlineData("5572 7101 52** ****")]
    public async Task A_hidden_tail_is_matched_by_the_digits_that_are_shown(string number)
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CardsPath, PikabaoFixture.Cards(PikabaoFixture.CardJson(number: "5572710152044321"), PikabaoFixture.CardJson("999", "4111000000001249")));

        Assert.IsType<LookupOutcome.Succeeded>(await LookUpAsync(pikabao, 2, [PikabaoFixture.Row("T2", number: number), PikabaoFixture.Row(Old)]));
    }

    [Fact]
    public async Task With_a_single_card_even_a_row_without_a_number_is_its_own()
    {
        await using var pikabao = new PikabaoFixture();

        Assert.IsType<LookupOutcome.Succeeded>(await LookUpAsync(pikabao, 2, [PikabaoFixture.Row("T2", number: "****"), PikabaoFixture.Row(Old)]));
    }

    [Fact]
    public async Task A_card_id_in_the_row_says_more_than_its_number()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CardsPath, PikabaoFixture.Cards(PikabaoFixture.CardJson(), PikabaoFixture.CardJson("999", "4111000000001249")));

        Assert.IsType<LookupOutcome.Succeeded>(await LookUpAsync(pikabao, 2, [PikabaoFixture.Row("T2", more: ",\"bankCardId\":111222333"), PikabaoFixture.Row(Old)]));
    }

    [Fact]
    public async Task Pending_and_finish_of_one_transaction_are_one()
    {
        await using var pikabao = new PikabaoFixture();

        Assert.IsType<LookupOutcome.Succeeded>(await LookUpAsync(
            pikabao, 3, [PikabaoFixture.Row("T2", id: "b"), PikabaoFixture.Row("T2", "Pending", id: "a"), PikabaoFixture.Row(Old)]));
    }

    [Fact]
    public async Task A_finish_row_of_a_transaction_from_before_the_send_is_old()
    {
        await using var pikabao = new PikabaoFixture();

        Assert.IsNotType<LookupOutcome.Succeeded>(await LookUpAsync(pikabao, 2, [PikabaoFixture.Row(Old, id: "b"), PikabaoFixture.Row(Old, "Pending", id: "a")]));
    }

    [Fact]
    public async Task Old_rows_beyond_the_snapshot_are_never_taken_for_new_ones()
    {
        await using var pikabao = new PikabaoFixture(static settings => settings.TransactionsPageSize = 2);
        string[] list = [PikabaoFixture.Row("T5", type: "Consumption"), PikabaoFixture.Row("T4", type: "Consumption"), PikabaoFixture.Row("T3", type: "Recharge"), PikabaoFixture.Row("T0")];
        Page(pikabao, 2, list);

        // The snapshot held T4 and T3 of three rows; T5 is the one new row, and T0 is as old as the hills.
        Assert.IsType<LookupOutcome.NotKnown>(await pikabao.Provider.LookUpAsync(Query(Before(3, "T4", "T3")), CancellationToken.None));
        // The list grew by two, but only one unknown row stands on top: something else happened, so T0 proves nothing.
        Assert.IsType<LookupOutcome.Inconclusive>(await pikabao.Provider.LookUpAsync(Query(Before(2, "T4")), CancellationToken.None));
    }

    [Fact]
    public async Task A_list_in_another_order_counts_only_when_every_old_row_is_known()
    {
        await using var pikabao = new PikabaoFixture();

        Assert.IsType<LookupOutcome.Succeeded>(await LookUpAsync(pikabao, 2, [PikabaoFixture.Row(Old), PikabaoFixture.Row("T2")]));
        Page(pikabao, 100, [PikabaoFixture.Row(Old), PikabaoFixture.Row("T2")], total: 301);
        Assert.IsType<LookupOutcome.Inconclusive>(await pikabao.Provider.LookUpAsync(Query(Before(300, Old)), CancellationToken.None));
    }

    [Fact]
    public async Task New_rows_are_followed_over_pages_but_not_for_ever()
    {
        await using var pikabao = new PikabaoFixture(static settings => settings.TransactionsPageSize = 2);
        string[] busy = [.. Enumerable.Range(10, 5).Select(static i => PikabaoFixture.Row($"T{i}", type: "Consumption")), PikabaoFixture.Row("T2"), PikabaoFixture.Row(Old)];
        Page(pikabao, 2, busy);
        Assert.IsType<LookupOutcome.Succeeded>(await pikabao.Provider.LookUpAsync(Query(Before(1, Old)), CancellationToken.None));

        string[] busier = [.. Enumerable.Range(10, 20).Select(static i => PikabaoFixture.Row($"T{i}", type: "Consumption")), PikabaoFixture.Row("T2"), PikabaoFixture.Row(Old)];
        Page(pikabao, 2, busier);
        var asked = pikabao.Server.Seen(PikabaoFixture.TransactionsPath).Count;
        Assert.IsType<LookupOutcome.Inconclusive>(await pikabao.Provider.LookUpAsync(Query(Before(1, Old)), CancellationToken.None));
        Assert.Equal(5, pikabao.Server.Seen(PikabaoFixture.TransactionsPath).Count - asked);
    }

    [Fact]
    public async Task Without_a_snapshot_or_a_list_nothing_is_proven()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.TransactionsPath, PikabaoFixture.Rows(1, PikabaoFixture.Row("T2")));
        Assert.IsType<LookupOutcome.Inconclusive>(await pikabao.Provider.LookUpAsync(Query(null), CancellationToken.None));
        Assert.IsType<LookupOutcome.Inconclusive>(await pikabao.Provider.LookUpAsync(Query(Before(0) with { TransactionTotal = null }), CancellationToken.None));

        await using var listless = new PikabaoFixture(static settings => settings.TransactionsPath = "");
        Assert.IsType<LookupOutcome.Inconclusive>(await listless.Provider.LookUpAsync(Query(Before(0)), CancellationToken.None));
        Assert.Empty(listless.Server.Requests);
    }

    [Fact]
    public async Task A_question_that_fails_changes_nothing_and_keeps_no_card_secret()
    {
        await using var pikabao = new PikabaoFixture();
        pikabao.Server.On(PikabaoFixture.CardsPath, """{"code":0,"content":[{"id":"1","number":"5572710152041249","cvv":"planted-cvv","expi""");
        var outcome = Assert.IsType<LookupOutcome.CouldNotAsk>(await LookUpAsync(pikabao, 2, [PikabaoFixture.Row("T2"), PikabaoFixture.Row(Old)]));
        Assert.DoesNotContain("planted", outcome.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("557271015204", outcome.ToString(), StringComparison.Ordinal);

        pikabao.Server.On(PikabaoFixture.TransactionsPath, WireAnswers.HtmlPage);
        Assert.IsType<LookupOutcome.CouldNotAsk>(await pikabao.Provider.LookUpAsync(Query(Before(1, Old)), CancellationToken.None));
    }

    [Theory]
    [InlineData("10", typeof(LookupOutcome.Succeeded))]
    [InlineData("\"-10\"", typeof(LookupOutcome.Failed))]
    [InlineData("1", typeof(LookupOutcome.Processing))]
    [InlineData("3", typeof(LookupOutcome.NotKnown))]
    public async Task An_order_query_goes_first_where_one_is_configured(string state, Type outcome)
    {
        await using var byTask = new PikabaoFixture(static settings => settings.TaskQueryEnabled = true);
        byTask.Server.On(TaskPath, Order(state));
        Assert.IsType(outcome, await LookUpAsync(byTask, 1, [PikabaoFixture.Row(Old)], "9001"));
        Assert.True(PikabaoFixture.IsSigned(Assert.Single(byTask.Server.Seen(TaskPath))));

        await using var byDetail = new PikabaoFixture(static settings => settings.CashOutDetailPath = "/agent/v1/cards/cashout/detail");
        byDetail.Server.On(DetailPath, Order(state));
        Assert.IsType(outcome, await LookUpAsync(byDetail, 1, [PikabaoFixture.Row(Old)], "9001"));
        Assert.Equal("9001", Assert.Single(byDetail.Server.Seen(DetailPath)).Query("id"));
    }

    [Theory]
    [InlineData("9002", PikabaoFixture.Card, "50.00")]
    [InlineData("9001", "999", "50.00")]
    [InlineData("9001", "", "50.00")]
    [InlineData("9001", PikabaoFixture.Card, "49.00")]
    public async Task An_order_of_something_else_is_not_believed(string id, string card, string amount)
    {
        await using var pikabao = new PikabaoFixture(static settings => settings.TaskQueryEnabled = true);
        pikabao.Server.On(TaskPath, Order("10", id, card, amount));

        Assert.IsType<LookupOutcome.NotKnown>(await LookUpAsync(pikabao, 1, [PikabaoFixture.Row(Old)], "9001"));
    }

    [Fact]
    public async Task By_default_no_undocumented_order_query_is_asked()
    {
        await using var pikabao = new PikabaoFixture();

        await LookUpAsync(pikabao, 1, [PikabaoFixture.Row(Old)], "9001");

        Assert.All(pikabao.Server.Requests, static request => Assert.Equal(PikabaoFixture.TransactionsPath, $"{request.Method} {request.Path}"));
    }

    private static string Order(string state, string id = "9001", string card = PikabaoFixture.Card, string amount = "50.00") =>
        $$"""{"code":0,"msg":"","content":{"id":"{{id}}","userBankCardId":"{{card}}","state":{{state}},"amount":"{{amount}}"} }""";

    private static Task<LookupOutcome> LookUpAsync(PikabaoFixture pikabao, int total, string[] rows, string? reference = null)
    {
        pikabao.Server.On(PikabaoFixture.TransactionsPath, PikabaoFixture.Rows(total, rows));
        return pikabao.Provider.LookUpAsync(Query(Before(1, Old), reference), CancellationToken.None);
    }

    private static void Page(PikabaoFixture pikabao, int size, string[] rows, int? total = null) =>
        pikabao.Server.On(PikabaoFixture.TransactionsPath, request => WireScriptAnswer.Json(PikabaoFixture.Rows(
            total ?? rows.Length, [.. rows.Skip((int.Parse(request.Query("page")!, System.Globalization.CultureInfo.InvariantCulture) - 1) * size).Take(size)])));

    private static EvidenceSnapshot Before(long total, params string[] ids) =>
        new() { TakenAt = PikabaoFixture.Now, AccountBalance = 75m, TransactionIds = ids, TransactionTotal = total };

    private static LookupQuery Query(EvidenceSnapshot? before, string? reference = null) => new(
        PikabaoFixture.Card, WithdrawalMode.Exact, new Money(50m, PikabaoFixture.Usd), PikabaoFixture.Key, reference, PikabaoFixture.Now, before,
        new HashSet<string>(StringComparer.Ordinal) { "claimed" });
}
