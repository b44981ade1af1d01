using System.Reflection;
using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.UnCash;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.UnCash;

public sealed class UnCashProviderTests
{
    private const string Done = """{"success":true,"message":"ok","data":{"card_id":"c1","transaction_id":"t1","amount_withdrawn":10}}""";

    [Fact]
    public async Task The_withdrawal_goes_out_as_the_page_writes_it_and_without_our_key()
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.WithdrawPath, Done);

        Assert.IsType<SubmissionOutcome.Succeeded>(await uncash.SubmitAsync());

        var request = Assert.Single(uncash.Server.Requests);
        Assert.Equal("""{"amount":10.00}""", request.Body);
        Assert.Equal($"Bearer {UnCashFixture.Token}", request.Header("Authorization"));
        Assert.DoesNotContain("our-key-1", string.Concat(request.Headers.Values) + request.Target + request.Body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lost_answer_is_unknown_and_sent_once()
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.WithdrawPath, static _ => WireScriptAnswer.Dropped);

        Assert.IsType<SubmissionOutcome.Unknown>(await uncash.SubmitAsync());

        Assert.Single(uncash.Server.Requests);
    }

    [Fact]
    public async Task A_refused_connection_is_not_executed()
    {
        await using var uncash = new UnCashFixture(static settings => settings.BaseUrl = WireScript.ClosedOrigin());

        Assert.IsType<SubmissionOutcome.NotExecuted>(await uncash.SubmitAsync());
    }

    [Fact]
    public async Task An_oversized_or_broken_off_answer_is_unknown()
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.WithdrawPath, static _ => WireScriptAnswer.Json(Done + new string(' ', 2 << 20)));
        Assert.IsType<SubmissionOutcome.Unknown>(await uncash.SubmitAsync());
        uncash.Server.On(UnCashFixture.WithdrawPath, static _ => new WireScriptAnswer(200, Done, ClaimedLength: 9000));
        Assert.IsType<SubmissionOutcome.Unknown>(await uncash.SubmitAsync());
    }

    [Fact]
    public async Task Equal_instructions_are_prepared_alike_without_secret_or_time()
    {
        await using var uncash = new UnCashFixture();

        var first = uncash.Provider.Prepare(UnCashFixture.Instruction(10m));
        uncash.Clock.Now = uncash.Clock.Now.AddHours(1);

        Assert.Equal(first.CanonicalBody, uncash.Provider.Prepare(UnCashFixture.Instruction(10.00m)).CanonicalBody);
        Assert.DoesNotContain("uc_", first.CanonicalBody, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => uncash.Provider.Prepare(UnCashFixture.Instruction(10.001m)));
        Assert.Throws<ArgumentException>(() => uncash.Provider.Prepare(UnCashFixture.Instruction() with { Mode = WithdrawalMode.NativeAll }));
    }

    [Fact]
    public async Task Cards_are_listed_all_at_once()
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.ListPath, List(3,
            """{"id":"a","name":"n 4111 1111 1111 1111","status":"active","balance":10,"category":"wallet","card_plan":1,"card_number":"************1249"}""",
            """{"id":"b","status":"Processing","balance":"7.25","card_number":"4111111111111111","cvv":"planted-cvv","PAN":"4111111111111111"}""",
            """{"id":"c","status":"odd","balance":null}"""));

        var listing = await uncash.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.True(listing.Complete);
        Assert.Equal([10m, 7.25m, null], listing.Accounts.Select(static account => account.Balance));
        Assert.Equal([AccountStatus.Active, AccountStatus.Pending, AccountStatus.Unknown], listing.Accounts.Select(static account => account.Status));
        Assert.Equal("•••• 1249", listing.Accounts[0].MaskedNumber);
        Assert.Equal(UnCashFixture.Usd, listing.Accounts[0].Currency);
        var everything = JsonSerializer.Serialize(listing);
        Assert.DoesNotContain("planted", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("4111111111111111", everything, StringComparison.Ordinal);
        Assert.DoesNotContain("4111 1111", everything, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_list_with_fewer_cards_than_counted_is_incomplete()
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.ListPath, List(41, """{"id":"a","status":"active","balance":10}"""));

        var listing = await uncash.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.False(listing.Complete);
        Assert.Single(listing.Accounts);
    }

    [Fact]
    public async Task The_evidence_before_a_send_holds_both_balances_and_the_history()
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.CardPath, UnCashFixture.CardJson("60.50", "frozen"));
        uncash.Server.On(UnCashFixture.WalletPath, UnCashFixture.WalletJson("\"1500.75\""));
        uncash.Server.On(UnCashFixture.TransactionsPath, static request => WireScriptAnswer.Json(
            UnCashFixture.Rows(UnCashFixture.Row(request.Query("page") == "1" ? "t1" : "t250", "Debit", "1"), total: 250, pages: 3)));

        var reading = (await uncash.Provider.ReadBeforeSendAsync(UnCashFixture.Card, CancellationToken.None)).Value!;

        Assert.Equal(60.50m, reading.Evidence.AccountBalance);
        Assert.Equal(AccountStatus.Frozen, reading.Evidence.AccountStatus);
        Assert.Equal(1500.75m, reading.Evidence.ProviderBalance);
        Assert.Equal(new DateTimeOffset(2025, 11, 22, 11, 19, 0, TimeSpan.Zero), reading.Evidence.ProviderBalanceTime);
        Assert.Equal("t1 t250", string.Join(' ', reading.Evidence.TransactionIds));
        Assert.Equal(250, reading.Evidence.TransactionTotal);
        Assert.DoesNotContain("planted", JsonSerializer.Serialize(reading), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_wallet_there_is_no_evidence_and_no_send()
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.CardPath, UnCashFixture.CardJson("60.50"));
        uncash.Server.On(UnCashFixture.WalletPath, """{"success":true,"data":{"balance":null}}""");

        Assert.Equal(ProviderFaultKind.Unreadable, (await uncash.Provider.ReadBeforeSendAsync(UnCashFixture.Card, CancellationToken.None)).Fault!.Kind);
    }

    [Theory]
    [InlineData(401, """{"success":false,"message":"Unauthorized","error":"Invalid or missing API token"}""", ProviderFaultKind.Credentials)]
    [InlineData(404, """{"success":false,"message":"Card not found or access denied"}""", ProviderFaultKind.NotFound)]
    [InlineData(200, """{"success":false,"message":"Something new"}""", ProviderFaultKind.Other)]
    [InlineData(200, WireAnswers.HtmlPage, ProviderFaultKind.Unreadable)]
    [InlineData(200, """{"success":true,"data":{"id":"another","balance":1}}""", ProviderFaultKind.Unreadable)]
    public async Task A_read_that_fails_says_why(int status, string body, ProviderFaultKind kind)
    {
        await using var uncash = new UnCashFixture();
        uncash.Server.On(UnCashFixture.CardPath, body, status);

        Assert.Equal(kind, (await uncash.Provider.ReadAccountAsync(UnCashFixture.Card, CancellationToken.None)).Fault!.Kind);
    }

    [Fact]
    public async Task Nothing_here_can_close_freeze_or_top_up_a_card()
    {
        await using var uncash = new UnCashFixture();
        var literals = typeof(UnCashProvider).Assembly.GetTypes()
            .Where(static type => type.Namespace == typeof(UnCashProvider).Namespace)
            .SelectMany(static type => type.GetMethods(BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)
                .Concat<MethodBase>(type.GetConstructors(BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static)))
            .SelectMany(StringLiterals).ToList();

        Assert.Contains(literals, static text => text.Contains("/withdraw", StringComparison.Ordinal));
        Assert.DoesNotContain(literals, static text => text.Contains('/') && (text.Contains("close", StringComparison.OrdinalIgnoreCase)
            || text.Contains("freeze", StringComparison.OrdinalIgnoreCase) || text.Contains("topup", StringComparison.OrdinalIgnoreCase)));
    }

    [Fact]
    public void The_sheet_never_repeats_and_pauses_the_wallet_by_default()
    {
        var sheet = UnCashSheet.From(new UnCashSettings());

        Assert.Equal(ReplayRule.NoKey, sheet.Replay);
        Assert.True(sheet.UnknownHoldsProviderAccount);
        Assert.Equal(TimeSpan.FromMinutes(15.5), sheet.Cooldown);
        Assert.Equal(CooldownScope.ProviderAccount, sheet.CooldownScope);
        Assert.Equal(1, sheet.Concurrency);
        Assert.True(sheet.EvidenceWindow >= TimeSpan.FromMinutes(16));
        Assert.Equal(TimeSpan.FromSeconds(90), sheet.SendTimeout);
        Assert.Equal(CooldownScope.Account, UnCashSheet.From(new UnCashSettings { CooldownScope = UnCashCooldownScope.Card }).CooldownScope);
    }

    [Fact]
    public void The_identity_tells_tokens_apart_without_revealing_them() =>
        Assert.Equal("2bb80d537b1da3e3", UnCashCredentials.Identity("secret"));

    private static string List(int total, params string[] cards) =>
        $$"""{"success":true,"message":"ok","data":{"total_balance":0,"total_cards":{{total}},"cards":[{{string.Join(',', cards)}}]},"timestamp":"2025-11-22T09:27:01.970Z"}""";

    /// <summary>The strings that a method's IL loads (opcode ldstr, 0x72, with a token of the user string heap, 0x70).</summary>
    private static IEnumerable<string> StringLiterals(MethodBase method)
    {
        var code = method.GetMethodBody()?.GetILAsByteArray() ?? [];
        for (var i = 0; i + 4 < code.Length; i++)
        {
            if (code[i] == 0x72 && code[i + 4] == 0x70)
            {
                string text;
                try
                {
                    text = method.Module.ResolveString(BitConverter.ToInt32(code, i + 1));
                }
                catch (ArgumentException)
                {
                    continue;
                }
                yield return text;
            }
        }
    }
}
