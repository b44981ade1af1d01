using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Providers.MemberWallet;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.MemberWallet;

public sealed class MemberWalletSubmitTests : IAsyncDisposable
{
    private const string CashedOut = """{"code":0,"message":"No error.","data":{"amount":2323.582,"balance":0,},"logUUID":"06b1c410",}""";

    private readonly MemberWalletRig _rig = new();

    private ScriptedServer Server => _rig.Server;

    public static TheoryData<int, Type, ProviderFaultKind> Codes
    {
        get
        {
            var data = new TheoryData<int, Type, ProviderFaultKind>
            {
                { 2, typeof(SubmissionOutcome.Refused), ProviderFaultKind.InsufficientBalance },
                { 3, typeof(SubmissionOutcome.Unknown), ProviderFaultKind.Duplicate },
                { 4, typeof(SubmissionOutcome.Unknown), ProviderFaultKind.NotFound },
                { 7, typeof(SubmissionOutcome.Unknown), ProviderFaultKind.ProviderError },
                { 8, typeof(SubmissionOutcome.Refused), ProviderFaultKind.NotFound },
                { 10, typeof(SubmissionOutcome.Refused), ProviderFaultKind.Credentials },
                { 11, typeof(SubmissionOutcome.Refused), ProviderFaultKind.InvalidRequest },
                { 12, typeof(SubmissionOutcome.Refused), ProviderFaultKind.Credentials },
                { 19, typeof(SubmissionOutcome.Refused), ProviderFaultKind.AccountState },
                { 20, typeof(SubmissionOutcome.TryLater), ProviderFaultKind.Locked },
                { 77, typeof(SubmissionOutcome.TryLater), ProviderFaultKind.RateLimited },
                { 81, typeof(SubmissionOutcome.Refused), ProviderFaultKind.Credentials },
                { 83, typeof(SubmissionOutcome.Refused), ProviderFaultKind.Credentials },
                { 84, typeof(SubmissionOutcome.Refused), ProviderFaultKind.Credentials },
            };
            foreach (var unclear in new[] { 1, 5, 6, 14, 37, 38, 78, 82, 85, -1, 9999 })
            {
                data.Add(unclear, typeof(SubmissionOutcome.Unknown), ProviderFaultKind.Other);
            }
            return data;
        }
    }

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [MemberData(nameof(Codes))]
    public async Task Every_code_has_its_outcome(int code, Type outcome, ProviderFaultKind kind)
    {
        var answer = ScriptedAnswer.Json($$"""{"code":{{code}},"message":"words of the provider","logUUID":"6589bf8d"}""");
        Server.On(MemberWalletRig.CashoutPath, answer).On(MemberWalletRig.TransactionPath, answer);

        foreach (var instruction in new[] { MemberWalletRig.All, MemberWalletRig.Exact() })
        {
            var result = await _rig.SubmitAsync(instruction);

            Assert.IsType(outcome, result);
            var fault = (ProviderFault)outcome.GetProperty("Fault")!.GetValue(result)!;
            Assert.Equal(kind, fault.Kind);
            Assert.Equal("words of the provider", fault.RawText);
        }
    }

    [Fact]
    public async Task Cashing_out_succeeds_with_the_amount_and_the_balance_after()
    {
        Server.On(MemberWalletRig.CashoutPath, ScriptedAnswer.Json(CashedOut));

        var succeeded = Assert.IsType<SubmissionOutcome.Succeeded>(await _rig.SubmitAsync(MemberWalletRig.All));

        Assert.Equal(2323.582m, succeeded.Receipt.Amount);
        Assert.Equal(0m, succeeded.Receipt.AccountBalanceAfter);
        Assert.Empty(Server.RequestsTo(MemberWalletRig.TransactionPath));
    }

    [Theory]
    [InlineData("""{"code":0,"data":{"amount":-10.5,"balance":"2313.582","bonus":1}}""")]
    [InlineData("""{"code":"0","data":{"amount":"10.500000","balance":2313.582}}""")]
    public async Task An_exact_withdrawal_succeeds_whatever_sign_the_answer_has(string answer)
    {
        Server.On(MemberWalletRig.TransactionPath, ScriptedAnswer.Json(answer));

        var succeeded = Assert.IsType<SubmissionOutcome.Succeeded>(await _rig.SubmitAsync(MemberWalletRig.Exact()));

        Assert.Equal(10.5m, succeeded.Receipt.Amount);
        Assert.Equal(2313.582m, succeeded.Receipt.AccountBalanceAfter);
    }

    [Fact]
    public async Task Pending_is_accepted()
    {
        Server.On(MemberWalletRig.CashoutPath, ScriptedAnswer.Json("""{"code":35,"message":"The transaction is pending"}"""));

        Assert.IsType<SubmissionOutcome.Accepted>(await _rig.SubmitAsync(MemberWalletRig.All));
    }

    [Theory]
    [InlineData("""{"code":0,"message":"No error."}""")]
    [InlineData("""{"code":0,"data":{"balance":0}}""")]
    [InlineData("""{"code":0,"data":{"amount":"","balance":0}}""")]
    [InlineData("""{"code":0,"data":{"amount":"all"}}""")]
    [InlineData("""{"code":0,"data":{"amou""")]
    [InlineData("""{"message":"No error."}""")]
    [InlineData("No error.")]
    [InlineData("")]
    public async Task An_answer_that_cannot_be_trusted_leaves_the_outcome_unknown(string answer)
    {
        Server.On(MemberWalletRig.CashoutPath, ScriptedAnswer.Json(answer));

        Assert.IsType<SubmissionOutcome.Unknown>(await _rig.SubmitAsync(MemberWalletRig.All));
        Assert.Single(Server.RequestsTo(MemberWalletRig.CashoutPath));
    }

    [Theory]
    [InlineData("""{"code":2,"message":"The balance is not enough."}""")]
    [InlineData(CashedOut)]
    [InlineData("<html>")]
    public async Task A_5xx_is_unknown_whatever_its_body_says(string body)
    {
        Server.On(MemberWalletRig.CashoutPath, ScriptedAnswer.Json(body, 502));

        Assert.IsType<SubmissionOutcome.Unknown>(await _rig.SubmitAsync(MemberWalletRig.All));
    }

    [Fact]
    public async Task Too_many_requests_is_try_later()
    {
        Server.On(MemberWalletRig.CashoutPath, ScriptedAnswer.Http(429, "text/plain", "slow down"));

        Assert.IsType<SubmissionOutcome.TryLater>(await _rig.SubmitAsync(MemberWalletRig.All));
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("close")]
    [InlineData("cut")]
    [InlineData("huge")]
    public async Task A_lost_answer_leaves_the_outcome_unknown_and_is_not_sent_again(string kind)
    {
        Server.On(MemberWalletRig.CashoutPath, kind switch
        {
            "reset" => ScriptedAnswer.Reset,
            "close" => ScriptedAnswer.Close,
            "huge" => ScriptedAnswer.Json(CashedOut + new string(' ', ProviderHttp.MoneyBodyCap)),
            _ => ScriptedAnswer.BrokenOff(CashedOut),
        });

        Assert.IsType<SubmissionOutcome.Unknown>(await _rig.SubmitAsync(MemberWalletRig.All));
        Assert.Single(Server.RequestsTo(MemberWalletRig.CashoutPath));
    }

    [Fact]
    public async Task A_refused_connection_and_a_refused_agent_execute_nothing()
    {
        await using var down = new MemberWalletRig(serverDown: true);
        Assert.IsType<SubmissionOutcome.NotExecuted>(await down.SubmitAsync(MemberWalletRig.All));

        Server.On(MemberWalletRig.AuthPath, ScriptedAnswer.Json("""{"code":10,"message":"Agent code was not found or block"}"""));
        var refused = Assert.IsType<SubmissionOutcome.NotExecuted>(await _rig.SubmitAsync(MemberWalletRig.All));

        Assert.Equal(ProviderFaultKind.Credentials, refused.Fault.Kind);
        Assert.Empty(Server.RequestsTo(MemberWalletRig.CashoutPath));
    }

    [Fact]
    public async Task A_refused_token_is_renewed_once_and_the_repeat_is_signed_anew_with_the_same_transId()
    {
        Server.On(MemberWalletRig.CashoutPath, ScriptedAnswer.Json("""{"code":12,"message":"Authorization error"}"""), ScriptedAnswer.Json(CashedOut));

        Assert.IsType<SubmissionOutcome.Succeeded>(await _rig.SubmitAsync(MemberWalletRig.All));

        var sent = Server.RequestsTo(MemberWalletRig.CashoutPath);
        Assert.Equal(2, sent.Count);
        Assert.Equal(MemberWalletRig.Plaintext(sent[0]), MemberWalletRig.Plaintext(sent[1]));
        Assert.NotEqual(sent[0].Body, sent[1].Body, StringComparer.Ordinal);
        Assert.NotEqual(sent[0].Headers["x-nonce"], sent[1].Headers["x-nonce"], StringComparer.Ordinal);
        Assert.NotEqual(sent[0].Headers["x-signature"], sent[1].Headers["x-signature"], StringComparer.Ordinal);
        Assert.Equal("Bearer t1, Bearer t2", $"{sent[0].Headers["Authorization"]}, {sent[1].Headers["Authorization"]}");
    }

    [Fact]
    public async Task A_token_refused_twice_is_sent_no_third_time()
    {
        Server.On(MemberWalletRig.CashoutPath, ScriptedAnswer.Json("""{"code":12,"message":"Authorization error"}"""));

        Assert.IsType<SubmissionOutcome.Refused>(await _rig.SubmitAsync(MemberWalletRig.All));
        Assert.Equal(2, Server.RequestsTo(MemberWalletRig.CashoutPath).Count);
    }

    [Fact]
    public async Task The_request_on_the_wire_is_encrypted_signed_and_holds_no_secret()
    {
        Server.On(MemberWalletRig.TransactionPath, ScriptedAnswer.Json("""{"code":0,"data":{"amount":-10.5,"balance":1}}"""));

        await _rig.SubmitAsync(MemberWalletRig.Exact());

        var request = Assert.Single(Server.RequestsTo(MemberWalletRig.TransactionPath));
        Assert.Equal("""{"username":"player001","amount":-10.5,"transId":"WD-1"}""", MemberWalletRig.Plaintext(request));
        var cipherText = JsonDocument.Parse(request.Body).RootElement.GetProperty("cipherText").GetString()!;
        Assert.Equal($$"""{"cipherText":"{{cipherText}}"}""", request.Body);
        Assert.Equal(
            MemberWalletCredentials.Sign(SignatureMode.Pipe, request.Headers["x-agentid"], request.Headers["x-timestamp"], request.Headers["x-nonce"], cipherText),
            request.Headers["x-signature"]);
        Assert.Equal($"{_rig.Clock.GetUtcNow().ToUnixTimeMilliseconds()}", request.Headers["x-timestamp"]);
        Assert.DoesNotContain("examplesecret", request.Raw, StringComparison.Ordinal);
        var auth = Assert.Single(Server.RequestsTo(MemberWalletRig.AuthPath));
        Assert.Equal("""{"agentId":"AGENTTHB01","secret":"examplesecret=="}""", MemberWalletRig.Plaintext(auth));
        Assert.False(auth.Headers.ContainsKey("Authorization"));
    }

    [Theory]
    [InlineData("0.000001", "-0.000001")]
    [InlineData("10.500000", "-10.5")]
    [InlineData("100", "-100")]
    [InlineData("9999999999.999999", "-9999999999.999999")]
    public void An_amount_is_written_negative_and_in_plain_notation(string amount, string expected)
    {
        var prepared = _rig.Provider.Prepare(MemberWalletRig.Exact(decimal.Parse(amount, System.Globalization.CultureInfo.InvariantCulture)));

        Assert.Equal($"POST /v2/members/transaction\n{{\"username\":\"player001\",\"amount\":{expected},\"transId\":\"WD-1\"}}", prepared.CanonicalBody);
    }

    [Fact]
    public void A_deposit_cannot_be_expressed()
    {
        foreach (var amount in new[] { 0m, -10m, 0.0000001m })
        {
            Assert.Throws<ArgumentException>(() => _rig.Provider.Prepare(MemberWalletRig.Exact(amount)));
        }
        Assert.All(typeof(MemberWalletWithdrawal).GetProperties(), static property => Assert.False(property.CanWrite && property.SetMethod!.IsPublic));
        Assert.ThrowsAny<Exception>(static () => JsonSerializer.Deserialize("""{"amount":10}""", MemberWalletJson.Default.MemberWalletWithdrawal));
    }

    [Fact]
    public void Preparing_is_deterministic_and_holds_no_secret_time_or_nonce()
    {
        var first = _rig.Provider.Prepare(MemberWalletRig.All);
        _rig.Clock.Advance(TimeSpan.FromHours(1));
        var second = _rig.Provider.Prepare(MemberWalletRig.All with { Amount = new Money(1, CurrencyCode.Parse("THB")) });

        Assert.Equal("POST /v2/members/cashout\n{\"username\":\"player001\",\"transId\":\"WD-1\"}", first.CanonicalBody);
        Assert.Equal(first.BodyHash, second.BodyHash);
    }

    [Fact]
    public async Task Concurrent_withdrawals_share_one_token()
    {
        Server.On(MemberWalletRig.CashoutPath, ScriptedAnswer.Json(CashedOut));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _rig.SubmitAsync(MemberWalletRig.All)));

        Assert.Single(Server.RequestsTo(MemberWalletRig.AuthPath));
    }

    [Fact]
    public async Task An_ended_token_is_renewed_before_it_is_refused()
    {
        Server.On(MemberWalletRig.CashoutPath, ScriptedAnswer.Json(CashedOut));

        await _rig.SubmitAsync(MemberWalletRig.All);
        _rig.Clock.Advance(TimeSpan.FromSeconds(3600 - 120));
        await _rig.SubmitAsync(MemberWalletRig.All);

        Assert.Equal(2, Server.RequestsTo(MemberWalletRig.AuthPath).Count);
    }
}
