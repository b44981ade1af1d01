using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.MemberWallet;

public sealed class MemberWalletReadTests : IAsyncDisposable
{
    private const string Online = """{"code":0,"data":{"userList":["a1","b2",null,""],"counts":2}}""";
    private const string Report = """{"code":0,"data":[{"username":"b2","count":3,"ggr":"1.5"},{"username":"c3"},null]}""";

    private readonly MemberWalletRig _rig = new();

    public ValueTask DisposeAsync() => _rig.DisposeAsync();

    [Theory]
    [InlineData("""{"agentId":"A","username":"player001","currency":"THB","balance":993.92,}""", "993.92")]
    [InlineData("""{"username":"player001","currency":"thb","balance":"993.920000"}""", "993.92")]
    [InlineData("""{"currency":"THB"}""", null)]
    [InlineData("""{"currency":"THB","balance":""}""", null)]
    public async Task A_member_is_read_with_its_own_currency_and_a_missing_balance_is_unknown(string data, string? expected)
    {
        _rig.Server.On(MemberWalletRig.BalancePath, ScriptedAnswer.Json($$$"""{"code":0,"message":"No Error.","data":{{{data}}} }"""));

        var reading = (await _rig.Provider.ReadBeforeSendAsync("player001", CancellationToken.None)).Value!;

        Assert.Equal(expected is null ? (decimal?)null : decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture), reading.Account.Balance);
        Assert.Equal(reading.Account.Balance, reading.Evidence.AccountBalance);
        Assert.Equal("THB", reading.Account.Currency.Value);
        Assert.Equal(AccountStatus.Active, reading.Account.Status);
        Assert.Equal(AccountKind.Member, reading.Account.Kind);
    }

    [Theory]
    [InlineData("""{"code":8,"message":"?"}""", ProviderFaultKind.NotFound)]
    [InlineData("""{"code":19,"message":"?"}""", ProviderFaultKind.AccountState)]
    [InlineData("""{"code":81,"message":"?"}""", ProviderFaultKind.Credentials)]
    [InlineData("""{"code":0,"data":{"username":"other","currency":"THB","balance":1}}""", ProviderFaultKind.Unreadable)]
    [InlineData("""{"code":0,"data":{"username":"player001","balance":1}}""", ProviderFaultKind.Unreadable)]
    [InlineData("""{"code":0}""", ProviderFaultKind.Unreadable)]
    public async Task A_member_that_cannot_be_read_is_a_fault(string answer, ProviderFaultKind kind)
    {
        _rig.Server.On(MemberWalletRig.BalancePath, ScriptedAnswer.Json(answer));

        Assert.Equal(kind, (await _rig.Provider.ReadAccountAsync("player001", CancellationToken.None)).Fault!.Kind);
    }

    [Fact]
    public async Task Listing_joins_the_online_list_and_the_report_and_reads_each_member_once()
    {
        _rig.Server
            .On(MemberWalletRig.OnlinePath, ScriptedAnswer.Json(Online))
            .On(MemberWalletRig.ReportPath, ScriptedAnswer.Json(Report))
            .On(MemberWalletRig.BalancePath, ScriptedAnswer.Json("""{"code":0,"data":{"currency":"THB","balance":5}}"""));
        var progress = new Progress();

        var listing = await _rig.Provider.ListAccountsAsync(progress, CancellationToken.None);

        Assert.True(listing.Complete);
        Assert.Equal("a1 b2 c3", string.Join(' ', listing.Accounts.Select(static account => account.ExternalId)));
        Assert.Equal("online online report", string.Join(' ', listing.Accounts.Select(account => listing.Sources![account.ExternalId])));
        Assert.Equal(3, _rig.Server.RequestsTo(MemberWalletRig.BalancePath).Count);
        Assert.Equal(3, progress.Last);
        Assert.Equal("{}", MemberWalletRig.Plaintext(_rig.Server.RequestsTo(MemberWalletRig.OnlinePath)[0]));
        Assert.Equal(
            """{"startDate":"2026-09-05T08:00:00.000Z","endDate":"2026-10-05T08:00:00.000Z","agentId":"AGENTTHB01"}""",
            MemberWalletRig.Plaintext(_rig.Server.RequestsTo(MemberWalletRig.ReportPath)[0]));
    }

    [Fact]
    public async Task A_member_that_fails_is_left_out_and_the_listing_is_incomplete()
    {
        _rig.Server
            .On(MemberWalletRig.OnlinePath, ScriptedAnswer.Json(Online))
            .On(MemberWalletRig.ReportPath, ScriptedAnswer.Json("""{"code":77,"message":"Too many request"}"""))
            .On(MemberWalletRig.BalancePath, static request => ScriptedAnswer.Json(
                MemberWalletRig.Plaintext(request).Contains("a1", StringComparison.Ordinal)
                    ? """{"code":19,"message":"Invalid account"}"""
                    : """{"code":0,"data":{"currency":"THB","balance":5}}"""));

        var listing = await _rig.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.False(listing.Complete);
        Assert.Equal("b2", Assert.Single(listing.Accounts).ExternalId);
        Assert.Equal("77", listing.Fault!.Code);
    }

    [Fact]
    public async Task Refused_credentials_stop_a_listing_at_once()
    {
        _rig.Server
            .On(MemberWalletRig.OnlinePath, ScriptedAnswer.Json(Online))
            .On(MemberWalletRig.ReportPath, ScriptedAnswer.Json("""{"code":84,"message":"Decryption Failed"}"""));

        var listing = await _rig.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.False(listing.Complete);
        Assert.Empty(_rig.Server.RequestsTo(MemberWalletRig.BalancePath));
    }

    [Fact]
    public async Task The_report_is_not_asked_when_it_is_switched_off()
    {
        await using var rig = new MemberWalletRig(static settings => settings.ReportDays = 0);
        rig.Server.On(MemberWalletRig.OnlinePath, ScriptedAnswer.Json("""{"code":0,"data":{"userList":[],"counts":0}}"""));

        var listing = await rig.Provider.ListAccountsAsync(null, CancellationToken.None);

        Assert.True(listing.Complete);
        Assert.Empty(rig.Server.RequestsTo(MemberWalletRig.ReportPath));
    }

    [Fact]
    public async Task A_read_whose_token_was_refused_is_repeated_once()
    {
        _rig.Server.On(
            MemberWalletRig.BalancePath,
            ScriptedAnswer.Json("""{"code":12,"message":"Authorization error"}"""),
            ScriptedAnswer.Json("""{"code":0,"data":{"currency":"THB","balance":5}}"""));

        Assert.NotNull((await _rig.Provider.ReadAccountAsync("player001", CancellationToken.None)).Value);
        Assert.Equal(2, _rig.Server.RequestsTo(MemberWalletRig.AuthPath).Count);
    }

    [Fact]
    public async Task There_is_no_own_balance()
    {
        Assert.False(_rig.Provider.Sheet.HasOwnBalance);
        Assert.NotNull((await _rig.Provider.ReadOwnBalanceAsync(CancellationToken.None)).Fault);
    }

    private sealed class Progress : IProgress<int>
    {
        public int Last { get; private set; }

        public void Report(int value) => Last = Math.Max(Last, value);
    }
}
