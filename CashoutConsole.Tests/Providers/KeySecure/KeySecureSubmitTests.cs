using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Providers.KeySecure;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.KeySecure;

public sealed class KeySecureSubmitTests : IAsyncDisposable
{
    private readonly KeySecureRig _rig = new();

    private ScriptedServer Server => _rig.Server;

    public static TheoryData<int, Type, ProviderFaultKind> Codes
    {
        get
        {
            var data = new TheoryData<int, Type, ProviderFaultKind>
            {
                { 1001, typeof(SubmissionOutcome.Unknown), ProviderFaultKind.ProviderError },
                { 1004, typeof(SubmissionOutcome.Refused), ProviderFaultKind.InvalidRequest },
                { 1005, typeof(SubmissionOutcome.TryLater), ProviderFaultKind.ClockRejected },
                { 1009, typeof(SubmissionOutcome.TryLater), ProviderFaultKind.RateLimited },
                { 2002, typeof(SubmissionOutcome.Refused), ProviderFaultKind.NotFound },
                { 2005, typeof(SubmissionOutcome.Refused), ProviderFaultKind.AccountState },
                { 2011, typeof(SubmissionOutcome.Refused), ProviderFaultKind.InvalidRequest },
            };
            foreach (var configuration in new[] { 1002, 1003, 1006, 1007, 1008, 1010, 1011, 1012, 1021, 1022 })
            {
                data.Add(configuration, typeof(SubmissionOutcome.Refused), ProviderFaultKind.Credentials);
            }
            foreach (var unclear in new[] { 1013, 1017, 3001, 3002, 3003, 3004, 3005, 4010, 9999, -1 })
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
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json($$"""{"code":{{code}},"msg":"words of the provider","data":null}"""));

        var result = await _rig.SubmitAsync();

        Assert.IsType(outcome, result);
        var fault = FaultOf(result);
        Assert.Equal(kind, fault.Kind);
        Assert.Equal($"{code}", fault.Code);
        Assert.Equal("words of the provider", fault.RawText);
    }

    [Fact]
    public async Task Code_0_is_accepted_with_the_balances_and_not_yet_final()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json(KeySecureRig.TransferDone));

        var accepted = Assert.IsType<SubmissionOutcome.Accepted>(await _rig.SubmitAsync());

        Assert.Equal("T1", accepted.Receipt.ProviderReference);
        Assert.Equal("WD-1", accepted.Receipt.IdempotencyKey);
        Assert.Equal(75m, accepted.Receipt.AccountBalanceBefore);
        Assert.Equal(25m, accepted.Receipt.AccountBalanceAfter);
        Assert.NotNull(accepted.Wire.AnswerDigest);
    }

    [Theory]
    [InlineData("""{"code":"0","data":{"transfer_no":17,"transfer_unique_no":"WD-1","before_balance":75.00,"after_balance":"","extra":{"a":[1]}},"more":true}""")]
    [InlineData("""{"code":0,"msg":null,"data":{"transfer_no":"","transfer_unique_no":"","before_balance":"","after_balance":""}}""")]
    [InlineData("""{"code":0,"data":{}}""")]
    public async Task Code_0_is_accepted_in_any_shape_that_contradicts_nothing(string answer)
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json(answer));

        var accepted = Assert.IsType<SubmissionOutcome.Accepted>(await _rig.SubmitAsync());

        Assert.Null(accepted.Receipt.AccountBalanceAfter);
    }

    [Theory]
    [InlineData("""{"code":0,"msg":"Success"}""")]
    [InlineData("""{"code":0,"data":"T1"}""")]
    [InlineData("""{"code":0,"data":[]}""")]
    [InlineData("""{"code":0,"data":{"transfer_unique_no":"WD-2"}}""")]
    [InlineData("""{"code":0,"data":{"before_balance":"a lot"}}""")]
    [InlineData("""{"code":0,"data":{"before_balance":1e40}}""")]
    [InlineData("""{"code":null}""")]
    [InlineData("""{"code":1004.5}""")]
    [InlineData("""{"code":1004""")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("OK")]
    [InlineData("")]
    public async Task An_answer_that_cannot_be_trusted_leaves_the_outcome_unknown(string answer)
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json(answer));

        Assert.IsType<SubmissionOutcome.Unknown>(await _rig.SubmitAsync());
        Assert.Single(Server.RequestsTo(KeySecureRig.TransferPath));
    }

    [Theory]
    [InlineData(400)]
    [InlineData(401)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(500)]
    [InlineData(502)]
    [InlineData(504)]
    public async Task A_status_without_an_envelope_leaves_the_outcome_unknown(int status)
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Html(status));

        Assert.IsType<SubmissionOutcome.Unknown>(await _rig.SubmitAsync());
        Assert.Single(Server.RequestsTo(KeySecureRig.TransferPath));
    }

    [Fact]
    public async Task The_envelope_is_judged_whatever_the_status_is()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json("""{"code":1004,"msg":"balance"}""", 400));

        Assert.IsType<SubmissionOutcome.Refused>(await _rig.SubmitAsync());
    }

    [Fact]
    public async Task Too_many_requests_is_try_later_for_as_long_as_the_provider_asks()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Http(429, "text/plain", "slow down", "Retry-After: 17"));

        var later = Assert.IsType<SubmissionOutcome.TryLater>(await _rig.SubmitAsync());

        Assert.Equal(TimeSpan.FromSeconds(17), later.Wait);
    }

    [Theory]
    [InlineData("reset")]
    [InlineData("close")]
    [InlineData("cut")]
    public async Task A_lost_answer_leaves_the_outcome_unknown_and_is_not_sent_again(string kind)
    {
        Server.On(KeySecureRig.TransferPath, kind switch
        {
            "reset" => ScriptedAnswer.Reset,
            "close" => ScriptedAnswer.Close,
            _ => ScriptedAnswer.BrokenOff(KeySecureRig.TransferDone),
        });

        var unknown = Assert.IsType<SubmissionOutcome.Unknown>(await _rig.SubmitAsync());

        Assert.Equal(ProviderFaultKind.NoAnswer, unknown.Fault.Kind);
        Assert.Single(Server.RequestsTo(KeySecureRig.TransferPath));
    }

    [Fact]
    public async Task A_timed_out_transfer_is_unknown()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Hang);

        var sending = _rig.SubmitAsync();
        while ((await Server.NextArrivalAsync()).Target != KeySecureRig.TransferPath)
        {
            // The token call comes first.
        }
        _rig.Clock.Advance(_rig.Settings.SendTimeout);

        Assert.IsType<SubmissionOutcome.Unknown>(await sending);
    }

    [Fact]
    public async Task An_oversized_answer_is_unknown()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json(KeySecureRig.TransferDone + new string(' ', ProviderHttp.MoneyBodyCap)));

        Assert.IsType<SubmissionOutcome.Unknown>(await _rig.SubmitAsync());
    }

    [Fact]
    public async Task A_refused_connection_and_a_failed_token_step_execute_nothing()
    {
        await using var down = new KeySecureRig(serverDown: true);
        Assert.IsType<SubmissionOutcome.NotExecuted>(await down.SubmitAsync());

        Server.On(KeySecureRig.TokenPath, ScriptedAnswer.Json("""{"code":1003,"msg":"ip"}"""));
        var refused = Assert.IsType<SubmissionOutcome.NotExecuted>(await _rig.SubmitAsync());

        Assert.Equal(ProviderFaultKind.Credentials, refused.Fault.Kind);
        Assert.Empty(Server.RequestsTo(KeySecureRig.TransferPath));
    }

    [Fact]
    public async Task A_cut_off_token_answer_does_not_leak_the_token_into_the_record()
    {
        Server.On(KeySecureRig.TokenPath, ScriptedAnswer.Json("""{"code":0,"data":{"access_token":"tok-secret","expired_t"""));

        var outcome = Assert.IsType<SubmissionOutcome.NotExecuted>(await _rig.SubmitAsync());

        Assert.DoesNotContain("tok-secret", outcome.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cancelled_submission_that_did_not_start_executes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();

        Assert.IsType<SubmissionOutcome.NotExecuted>(await _rig.SubmitAsync(cancelled.Token));
        Assert.Empty(Server.RequestsTo(KeySecureRig.TransferPath));
    }

    [Theory]
    [InlineData(1006)]
    [InlineData(1007)]
    public async Task A_refused_token_is_renewed_once_and_the_same_number_sent_once_more(int code)
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json($$"""{"code":{{code}},"msg":"token"}"""), ScriptedAnswer.Json(KeySecureRig.TransferDone));

        Assert.IsType<SubmissionOutcome.Accepted>(await _rig.SubmitAsync());

        var sent = Server.RequestsTo(KeySecureRig.TransferPath);
        Assert.Equal(2, sent.Count);
        Assert.Equal(sent[0].Body, sent[1].Body);
        Assert.Equal("t1 t2", $"{sent[0].Headers["Access-Token"]} {sent[1].Headers["Access-Token"]}");
    }

    [Fact]
    public async Task A_token_refused_twice_ends_as_refused_after_two_sends()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json("""{"code":1007,"msg":"token"}"""));

        Assert.IsType<SubmissionOutcome.Refused>(await _rig.SubmitAsync());
        Assert.Equal(2, Server.RequestsTo(KeySecureRig.TransferPath).Count);
    }

    [Fact]
    public async Task A_lost_answer_after_a_refused_token_is_unknown()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json("""{"code":1007,"msg":"token"}"""), ScriptedAnswer.Reset);

        Assert.IsType<SubmissionOutcome.Unknown>(await _rig.SubmitAsync());
        Assert.Equal(2, Server.RequestsTo(KeySecureRig.TransferPath).Count);
    }

    [Fact]
    public async Task A_refused_token_that_cannot_be_renewed_is_try_later_not_refused()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json("""{"code":1007,"msg":"token"}"""));
        Server.On(
            KeySecureRig.TokenPath,
            ScriptedAnswer.Json("""{"code":0,"data":{"access_token":"t1","expired_time":null}}"""),
            ScriptedAnswer.Html(502));

        Assert.IsType<SubmissionOutcome.TryLater>(await _rig.SubmitAsync());
        Assert.Single(Server.RequestsTo(KeySecureRig.TransferPath));
    }

    [Fact]
    public async Task The_request_on_the_wire_is_the_documented_one_and_goes_out()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json(KeySecureRig.TransferDone));

        await _rig.SubmitAsync();

        var request = Assert.Single(Server.RequestsTo(KeySecureRig.TransferPath));
        Assert.Equal("""{"cardholder_no":"U1","transfer_unique_no":"WD-1","type":"Out","balance":"50.00"}""", request.Body);
        Assert.Equal("POST", request.Method);
        Assert.Equal("application/json", request.Headers["Content-Type"]);
        Assert.Equal("sim-api-key", request.Headers["Api-Key"]);
        Assert.Equal("UTC+8", request.Headers["Timezone"]);
        Assert.Equal("en_US", request.Headers["Language"]);
        Assert.Equal($"{_rig.Clock.GetUtcNow().ToUnixTimeMilliseconds() - 1500}", request.Headers["Timestamp"]);
        Assert.DoesNotContain("sim-api-secret", request.Raw, StringComparison.Ordinal);
    }

    [Fact]
    public void The_transfer_type_has_no_way_to_say_In()
    {
        var type = typeof(KeySecureTransferOut);

        Assert.All(type.GetProperties(), static property => Assert.False(property.CanWrite && property.SetMethod!.IsPublic));
        var json = JsonSerializer.Serialize(new KeySecureTransferOut(KeySecureRig.Instruction()), KeySecureJson.Default.KeySecureTransferOut);
        Assert.Equal("Out", JsonDocument.Parse(json).RootElement.GetProperty("type").GetString());
        Assert.ThrowsAny<Exception>(static () => JsonSerializer.Deserialize("""{"type":"In"}""", KeySecureJson.Default.KeySecureTransferOut));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-50)]
    [InlineData(0.001)]
    [InlineData(50.005)]
    public void An_amount_that_would_turn_or_bend_the_transfer_is_a_bug(double amount) =>
        Assert.Throws<ArgumentException>(() => _rig.Provider.Prepare(KeySecureRig.Instruction((decimal)amount)));

    [Fact]
    public void Another_currency_a_native_cash_out_and_a_long_number_are_bugs()
    {
        var instruction = KeySecureRig.Instruction();

        Assert.Throws<ArgumentException>(() => _rig.Provider.Prepare(instruction with { Amount = new Money(50, CurrencyCode.Parse("USD")) }));
        Assert.Throws<ArgumentException>(() => _rig.Provider.Prepare(instruction with { Mode = WithdrawalMode.NativeAll }));
        Assert.Throws<ArgumentException>(() => _rig.Provider.Prepare(instruction with { IdempotencyKey = new string('x', 65) }));
    }

    [Fact]
    public async Task A_canonical_body_of_another_instruction_is_never_sent()
    {
        var other = _rig.Provider.Prepare(KeySecureRig.Instruction(60m));

        await Assert.ThrowsAsync<ArgumentException>(() => _rig.Provider.SubmitAsync(other with { Instruction = KeySecureRig.Instruction() }, CancellationToken.None));
        Assert.Empty(Server.Requests);
    }

    [Fact]
    public void Preparing_is_deterministic_and_holds_no_secret_and_no_time()
    {
        var first = _rig.Provider.Prepare(KeySecureRig.Instruction(50m));
        _rig.Clock.Advance(TimeSpan.FromHours(1));
        var second = _rig.Provider.Prepare(KeySecureRig.Instruction(50.00m));

        Assert.Equal(first.CanonicalBody, second.CanonicalBody);
        Assert.Equal(first.BodyHash, second.BodyHash);
        Assert.Equal("POST /open-api/v1/account/transfer\n{\"cardholder_no\":\"U1\",\"transfer_unique_no\":\"WD-1\",\"type\":\"Out\",\"balance\":\"50.00\"}", first.CanonicalBody);
    }

    [Fact]
    public async Task Concurrent_transfers_share_one_token()
    {
        Server.On(KeySecureRig.TransferPath, ScriptedAnswer.Json("""{"code":0,"data":{}}"""));

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => _rig.SubmitAsync()));

        Assert.Single(Server.RequestsTo(KeySecureRig.TokenPath));
    }

    private static ProviderFault FaultOf(SubmissionOutcome outcome) => outcome switch
    {
        SubmissionOutcome.NotExecuted it => it.Fault,
        SubmissionOutcome.TryLater it => it.Fault,
        SubmissionOutcome.Refused it => it.Fault,
        SubmissionOutcome.Unknown it => it.Fault,
        _ => throw new InvalidOperationException($"{outcome} has no fault."),
    };
}
