using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.MemberWallet;

public sealed class MemberWalletLookupTests : IAsyncDisposable
{
    private readonly MemberWalletRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("agent")]
    [InlineData("agentId")]
    public async Task A_transaction_that_is_ours_in_every_field_is_proof(string agentField)
    {
        Answer($$$"""{"code":0,"data":{"{{{agentField}}}":"AGENTTHB01","transId":"WD-1","transactionTime":"2026-02-03T06:18:06.963Z","amount":-10.5,"username":"player001"},}""");

        var succeeded = Assert.IsType<LookupOutcome.Succeeded>(await _rig.LookUpAsync(MemberWalletRig.Exact()));

        Assert.Equal(10.5m, succeeded.Receipt.Amount);
        Assert.Equal("WD-1 player001", $"{succeeded.Receipt.IdempotencyKey} {succeeded.Receipt.ExternalAccountId}");
        Assert.Equal(new DateTimeOffset(2026, 2, 3, 6, 18, 6, 963, TimeSpan.Zero), succeeded.Receipt.ProviderTime);
        var request = Assert.Single(_rig.Server.RequestsTo(MemberWalletRig.CheckPath));
        Assert.Equal("""{"username":"player001","transId":"WD-1"}""", MemberWalletRig.Plaintext(request));
    }

    [Fact]
    public async Task A_cash_out_is_proven_by_any_withdrawn_amount()
    {
        Answer("""{"code":0,"data":{"transId":"WD-1","amount":"-2400.1","username":"player001"}}""");

        var succeeded = Assert.IsType<LookupOutcome.Succeeded>(await _rig.LookUpAsync(MemberWalletRig.All));

        Assert.Equal(2400.1m, succeeded.Receipt.Amount);
    }

    [Theory]
    [InlineData("""{"transId":"WD-2","amount":-10.5,"username":"player001"}""")]
    [InlineData("""{"transId":"WD-1","amount":-10.5,"username":"player002"}""")]
    [InlineData("""{"transId":"WD-1","amount":-10.50001,"username":"player001"}""")]
    [InlineData("""{"transId":"WD-1","amount":10.5,"username":"player001"}""")]
    [InlineData("""{"transId":"WD-1","amount":0,"username":"player001"}""")]
    [InlineData("""{"transId":"WD-1","amount":null,"username":"player001"}""")]
    [InlineData("""{"transId":"WD-1","username":"player001"}""")]
    [InlineData("""{"amount":-10.5,"username":"player001"}""")]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[1]")]
    public async Task A_contradiction_settles_nothing(string data)
    {
        Answer($$$"""{"code":0,"data":{{{data}}} }""");

        Assert.IsType<LookupOutcome.Inconclusive>(await _rig.LookUpAsync(MemberWalletRig.Exact()));
    }

    [Fact]
    public async Task The_code_is_the_state()
    {
        Answer("""{"code":35,"message":"pending"}""");
        Assert.IsType<LookupOutcome.Processing>(await _rig.LookUpAsync(MemberWalletRig.Exact()));

        Answer("""{"code":4,"message":"The transaction doesn't exist"}""");
        Assert.IsType<LookupOutcome.NotKnown>(await _rig.LookUpAsync(MemberWalletRig.Exact()));
    }

    [Fact]
    public async Task An_absent_transaction_proves_nothing_within_the_grace_time()
    {
        Answer("""{"code":4,"message":"The transaction doesn't exist"}""");

        Assert.IsType<LookupOutcome.Inconclusive>(await _rig.LookUpAsync(MemberWalletRig.Exact(), TimeSpan.FromSeconds(59)));
        Assert.IsType<LookupOutcome.NotKnown>(await _rig.LookUpAsync(MemberWalletRig.Exact(), TimeSpan.FromSeconds(60)));
    }

    [Theory]
    [InlineData("""{"code":8,"message":"?"}""", 200)]
    [InlineData("""{"code":11,"message":"?"}""", 200)]
    [InlineData("""{"code":83,"message":"?"}""", 200)]
    [InlineData("""{"code":84,"message":"?"}""", 200)]
    [InlineData("""{"code":7,"message":"?"}""", 200)]
    [InlineData("""{"code":2,"message":"?"}""", 200)]
    [InlineData("""{"code":4,"message":"?"}""", 500)]
    [InlineData("<html>", 502)]
    [InlineData("<html>", 200)]
    public async Task A_question_that_fails_changes_nothing(string answer, int status)
    {
        _rig.Server.On(MemberWalletRig.CheckPath, ScriptedAnswer.Json(answer, status));

        Assert.IsType<LookupOutcome.CouldNotAsk>(await _rig.LookUpAsync(MemberWalletRig.Exact()));
    }

    private void Answer(string answer) => _rig.Server.On(MemberWalletRig.CheckPath, ScriptedAnswer.Json(answer));
}
