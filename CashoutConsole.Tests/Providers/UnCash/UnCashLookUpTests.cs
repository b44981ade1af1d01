using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.UnCash;

/// <summary>A lost answer: card 60.50 and wallet 100 before, withdrawal 10. What the balances afterwards prove.</summary>
public sealed class UnCashLookUpTests
{
    [Theory]
    [InlineData("50.50", "110", 1, typeof(LookupOutcome.Succeeded))]
    [InlineData("\"50.5\"", "\"110.00\"", 20, typeof(LookupOutcome.Succeeded))]
    [InlineData("50.50", "100", 14.9, typeof(LookupOutcome.Inconclusive))]
    [InlineData("50.50", "100", 15, typeof(LookupOutcome.HalfDone))]
    [InlineData("60.50", "100", 1, typeof(LookupOutcome.NotKnown))]
    [InlineData("60.50", "100", 60, typeof(LookupOutcome.NotKnown))]
    [InlineData("60.50", "110", 1, typeof(LookupOutcome.Inconclusive))]
    [InlineData("49.00", "110", 1, typeof(LookupOutcome.Inconclusive))]
    [InlineData("50.50", "111", 20, typeof(LookupOutcome.Inconclusive))]
    [InlineData("40.50", "120", 20, typeof(LookupOutcome.Inconclusive))]
    public async Task Both_balances_together_decide(string card, string wallet, double minutes, Type outcome)
    {
        await using var uncash = new UnCashFixture();

        Assert.IsType(outcome, await LookUpAsync(uncash, card, wallet, minutes));
    }

    [Fact]
    public async Task The_receipt_holds_the_balances_and_makes_up_no_transaction_id()
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.TransactionsPath, UnCashFixture.Rows(UnCashFixture.Row("t9", "Debit", "10"), total: 3));

        var done = Assert.IsType<LookupOutcome.Succeeded>(await LookUpAsync(uncash, "50.50", "110", 1));

        Assert.Null(done.Receipt.ProviderReference);
        Assert.Equal((60.50m, 50.50m, 110m), (done.Receipt.AccountBalanceBefore!.Value, done.Receipt.AccountBalanceAfter!.Value, done.Receipt.ProviderBalanceAfter!.Value));
        Assert.Contains("60.5 → 50.5", done.Note, StringComparison.Ordinal);
        Assert.Contains("1 debit (10)", done.Note, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"COFFEE\"", "Approved", "2025-11-22T11:20:05.000Z", "t9", typeof(LookupOutcome.Inconclusive))]
    [InlineData("\"COFFEE\"", "Declined", "2025-11-22T11:20:05.000Z", "t9", typeof(LookupOutcome.HalfDone))]
    [InlineData("\"COFFEE\"", "Approved", "2025-11-22T10:00:00.000Z", "t9", typeof(LookupOutcome.HalfDone))]
    [InlineData("\"COFFEE\"", "Approved", "2025-11-22T11:20:05.000Z", "t1", typeof(LookupOutcome.HalfDone))]
    [InlineData("null", "Approved", "2025-11-22T11:20:05.000Z", "t9", typeof(LookupOutcome.HalfDone))]
    public async Task A_new_purchase_of_the_same_amount_explains_the_debit(string merchant, string status, string created, string id, Type outcome)
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.TransactionsPath, UnCashFixture.Rows(UnCashFixture.Row(id, "Debit", "10.00", merchant, created, status), total: 2));

        Assert.IsType(outcome, await LookUpAsync(uncash, "50.50", "100", 16));
    }

    [Fact]
    public async Task Without_balances_from_before_nothing_is_proven()
    {
        await using var uncash = new UnCashFixture();

        Assert.IsType<LookupOutcome.Inconclusive>(await LookUpAsync(uncash, "50.50", "110", 1, new EvidenceSnapshot { TakenAt = UnCashFixture.Now, AccountBalance = 60.50m }));
        Assert.IsType<LookupOutcome.Inconclusive>(await LookUpAsync(uncash, "50.50", "110", 1, null, hasSnapshot: false));
    }

    [Theory]
    [InlineData(UnCashFixture.CardPath)]
    [InlineData(UnCashFixture.WalletPath)]
    public async Task A_question_that_fails_changes_nothing(string path)
    {
        await using var uncash = new UnCashFixture();
        Script(uncash, "50.50", "110");
        uncash.Server.On(path, """{"success":true,"data":{"id":"x","balance":null,"CVV":"planted-cvv","PAN":"4111111111111112"}""", 200);

        var outcome = Assert.IsType<LookupOutcome.CouldNotAsk>(await uncash.Provider.LookUpAsync(Query(Before), CancellationToken.None));

        if (path == UnCashFixture.CardPath)
        {
            Assert.DoesNotContain("planted", outcome.Wire.AnswerText, StringComparison.Ordinal);
            Assert.DoesNotContain("4111111111111112", outcome.Wire.AnswerText, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_look_up_never_posts()
    {
        await using var uncash = new UnCashFixture();

        await LookUpAsync(uncash, "50.50", "100", 20);

        Assert.All(uncash.Server.Requests, static request => Assert.Equal("GET", request.Method));
    }

    [Fact]
    public async Task An_unreadable_history_does_not_hide_what_the_balances_prove()
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.TransactionsPath, "broken");

        Assert.IsType<LookupOutcome.Succeeded>(await LookUpAsync(uncash, "50.50", "110", 1));
    }

    private static EvidenceSnapshot Before => new()
    {
        TakenAt = UnCashFixture.Now,
        AccountBalance = 60.50m,
        ProviderBalance = 100m,
        TransactionIds = ["t1"],
        TransactionTotal = 1,
    };

    private static Task<LookupOutcome> LookUpAsync(
        UnCashFixture uncash, string card, string wallet, double minutes, EvidenceSnapshot? before = null, bool hasSnapshot = true)
    {
        Script(uncash, card, wallet);
        uncash.Clock.Now = UnCashFixture.Now.AddMinutes(minutes);
        return uncash.Provider.LookUpAsync(Query(hasSnapshot ? before ?? Before : null), CancellationToken.None);
    }

    private static void Script(UnCashFixture uncash, string card, string wallet)
    {
        uncash.Server.On(UnCashFixture.CardPath, UnCashFixture.CardJson(card));
        uncash.Server.On(UnCashFixture.WalletPath, UnCashFixture.WalletJson(wallet));
    }

    private static LookupQuery Query(EvidenceSnapshot? before) => new(
        UnCashFixture.Card, WithdrawalMode.Exact, new Money(10m, UnCashFixture.Usd), "our-key-1", null, UnCashFixture.Now, before, new HashSet<string>(StringComparer.Ordinal));
}
