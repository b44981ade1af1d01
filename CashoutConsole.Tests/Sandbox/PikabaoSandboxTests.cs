using System.Globalization;
using System.Text;
using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Sandbox;
using CashoutConsole.Sandbox.Pikabao;

namespace CashoutConsole.Tests.Sandbox;

public sealed class PikabaoSandboxTests
{
    private const string Card = "111222007";
    private const string VectorSecret = "sim-secret-key-001";

    [Theory]
    [InlineData("secret", "a=1|b=two words|empty=", false, "1DAC774C9E6975F04D53F43E0FF6AA3A")]
    [InlineData(VectorSecret, "amount=50.00|appid=user123|bankCardId=111222333|idempotentKey=WD-20260101-0001|timestamp=1640995200000", false, "023F3794D7855E36A1B901CA09D8BC69")]
    [InlineData(VectorSecret, "timestamp=1640995200000|appid=user123", false, "8DE61049DCA4EE9824EF2E35AE2219FB")]
    [InlineData(VectorSecret, "amount=100.00|appid=user123|cardBin=491090|eMail=|idempotentKey=OP-1|remark=测试 卡+1|timestamp=1640995200000", false, "1500E53959E796C45B92E353072FAC61")]
    [InlineData(VectorSecret, "amount=100.00|appid=user123|cardBin=491090|eMail=|idempotentKey=OP-1|remark=测试 卡+1|timestamp=1640995200000", true, "EFEF7246D58792BD554D1292B7378F12")]
    [InlineData(VectorSecret, "accountId=132456789|amount=50.00|cardNum=5572710152044****|id=evt-0001|merchantName=|recordTime=2023-12-01T10:30:00.000+00:00|remark=|status=Finish|timestamp=1701424200000|transactionId=TXN0001|type=CashOut", true, "88106165A2B383468F9D8B0F67CB8ADD")]
    [InlineData(VectorSecret, "appid=user123|remark=a~b!c(d)'e*f/g:h|timestamp=1640995200000", false, "AD471533E1E2FE4B756B2F8D22329909")]
    public void Vectors_sign_as_documented(string secret, string parameters, bool keepEmpty, string sign) =>
        Assert.Equal(sign, PikabaoSignature.Sign(Pairs(parameters), secret, keepEmpty));

    [Fact]
    public void The_java_encoder_escapes_more_than_the_js_one() => Assert.Equal(
        "62C69CB365EF5CC9428C73787C35A242",
        PikabaoSignature.Sign(Pairs("appid=user123|remark=a~b!c(d)'e*f/g:h|timestamp=1640995200000"), VectorSecret, keepEmpty: false, PikabaoEncoder.Java));

    [Fact]
    public async Task A_cash_out_is_processing_first_then_settles_into_the_account_balance()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var before = await AccountBalanceAsync(sandbox);

        var answer = await CashOutAsync(sandbox, "K-1", "50.00");
        Assert.Equal(1, answer.GetProperty("content").Number("state"));
        Assert.Equal(25m, await sandbox.BalanceAsync("pikabao", Card));
        Assert.Equal(before, await AccountBalanceAsync(sandbox));
        Assert.Equal("Pending", (await NewestRowAsync(sandbox)).Text("status"));

        sandbox.Clock.Advance(TimeSpan.FromSeconds(3));
        var detail = await GetAsync(sandbox, "cards/cashout/detail", ("id", answer.GetProperty("content").Text("id")!));

        Assert.Equal(10, detail.GetProperty("content").Number("state"));
        Assert.Equal(before + 50m, await AccountBalanceAsync(sandbox));
        var row = await NewestRowAsync(sandbox);
        Assert.Equal(("CashOut", "Finish", "50.00"), (row.Text("type"), row.Text("status"), row.Text("amount")));
        Assert.Equal(["withdrawal 50.00 K-1"], await sandbox.LedgerAsync("pikabao"));
    }

    [Fact]
    public async Task A_failed_cash_out_ends_at_minus_10_and_returns_the_money_to_the_card()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ArmAsync("pikabao", "withdraw", "fail_async");
        var id = (await CashOutAsync(sandbox, "K-1", "50.00")).GetProperty("content").Text("id")!;
        sandbox.Clock.Advance(TimeSpan.FromSeconds(3));

        Assert.Equal(-10, (await GetAsync(sandbox, "cards/cashout/detail", ("id", id))).GetProperty("content").Number("state"));
        Assert.Equal(75m, await sandbox.BalanceAsync("pikabao", Card));
        Assert.Equal(["withdrawal 50.00 K-1", "release 50.00 K-1"], await sandbox.LedgerAsync("pikabao"));
    }

    [Theory]
    [InlineData("same_result", 0)]
    [InlineData("refuse", 40002)]
    public async Task A_repeated_key_moves_money_once_in_both_modes(string mode, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.SetAsync("pikabao.duplicate", mode);
        await CashOutAsync(sandbox, "K-1", "20.00");

        Assert.Equal(code, Code(await CashOutAsync(sandbox, "K-1", "20.00")));
        Assert.Equal(40002, Code(await CashOutAsync(sandbox, "K-1", "21.00")));
        Assert.Single(await sandbox.LedgerAsync("pikabao"));
    }

    [Theory]
    [InlineData("111222007", "75.01", 20001)]
    [InlineData("111222007", "1.001", 20002)]
    [InlineData("111222007", "0", 20002)]
    [InlineData("111222007", "ten", 40002)]
    [InlineData("111222070", "1.00", 20002)]
    [InlineData("1", "1.00", 10006)]
    public async Task A_refused_cash_out_moves_nothing(string card, string amount, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        Assert.Equal(code, Code(await PostAsync(sandbox, "cards/cashout", ("bankCardId", card), ("amount", amount), ("idempotentKey", "K-1"))));
        Assert.Empty(await sandbox.LedgerAsync("pikabao"));
    }

    [Fact]
    public async Task A_wrong_signature_a_stale_clock_and_a_missing_field_are_told_apart()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        Assert.Equal(40005, Code(await GetAsync(sandbox, "account/info", secret: "wrong")));
        Assert.Equal(40002, Code(await GetAsync(sandbox, "account/info", offsetMs: 300_001)));
        Assert.Equal(0, Code(await GetAsync(sandbox, "account/info", offsetMs: -300_000)));
        Assert.Equal(40002, Code(await SandboxFixture.ReadAsync(await sandbox.Http.GetAsync(sandbox.Url + "/pikabao/agent/v1/account/info"))));
    }

    [Fact]
    public async Task The_card_list_shows_active_cards_or_all_with_numbers_that_pass_luhn()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var active = (await GetAsync(sandbox, "cards/list")).GetProperty("content").EnumerateArray().ToList();
        var all = (await GetAsync(sandbox, "cards/list", ("all", "true"))).GetProperty("content").EnumerateArray().ToList();

        Assert.All(active, static card => Assert.Equal(1, card.Number("state")));
        Assert.Equal([0m, 1m, 2m], all.Select(static card => card.Number("state")!.Value).Distinct().Order());
        Assert.All(all, static card => Assert.True(CardNumbers.ContainsCardNumber(card.Text("number"))));
        Assert.Equal("75.00", all.Single(static card => card.Text("id") == Card).Text("cardBalance"));
    }

    [Fact]
    public async Task Webhooks_tell_pending_and_finish_signed_with_empty_values_kept()
    {
        await using var console = new WebhookReceiver();
        await using var sandbox = await SandboxFixture.StartAsync(console.Url);
        await CashOutAsync(sandbox, "K-1", "50.00");
        await sandbox.ControlAsync("settle", new { });

        var events = console.Received.ToList();
        Assert.Equal("Pending Finish", string.Join(' ', events.Select(static hook => hook.Json.GetProperty("data").Text("status"))));
        Assert.All(events, static hook => Assert.Equal("/webhooks/pikabao/main", hook.Path));
        Assert.All(events, static hook => Assert.True(IsGenuine(hook.Json)));
    }

    [Fact]
    public async Task Webhook_faults_double_forge_and_swallow_the_next_event()
    {
        await using var console = new WebhookReceiver();
        await using var sandbox = await SandboxFixture.StartAsync(console.Url);
        await sandbox.ArmAsync("pikabao", "any", "webhook_none");
        await sandbox.ArmAsync("pikabao", "any", "webhook_duplicate");
        await CashOutAsync(sandbox, "K-1", "10.00");
        await sandbox.ControlAsync("settle", new { });
        await sandbox.ArmAsync("pikabao", "any", "webhook_forged");
        await sandbox.ControlAsync($"accounts/pikabao/{Card}/purchase", new { amount = 1.5m });
        await sandbox.ControlAsync("settle", new { });

        var events = console.Received.ToList();
        Assert.Equal("Finish Finish Finish", string.Join(' ', events.Select(static hook => hook.Json.GetProperty("data").Text("status"))));
        Assert.Equal(events[0].Body, events[1].Body);
        Assert.Equal([true, true, false], events.Select(static hook => IsGenuine(hook.Json)));
        Assert.Equal("-1.50", events[2].Json.GetProperty("data").Text("amount"));
    }

    [Fact]
    public async Task A_late_webhook_waits_and_a_stuck_order_ends_only_when_told()
    {
        await using var console = new WebhookReceiver();
        await using var sandbox = await SandboxFixture.StartAsync(console.Url);
        await sandbox.ArmAsync("pikabao", "withdraw", "stuck_async");
        await sandbox.ArmAsync("pikabao", "any", "webhook_late");
        var id = (await CashOutAsync(sandbox, "K-1", "10.00")).GetProperty("content").Text("id")!;
        await sandbox.ControlAsync("clock", new { advanceSeconds = 59 });
        await sandbox.ControlAsync("settle", new { });
        Assert.Empty(console.Received);
        await sandbox.ControlAsync("clock", new { advanceSeconds = 2 });
        await sandbox.ControlAsync("settle", new { });

        Assert.Equal("Pending", Assert.Single(console.Received).Json.GetProperty("data").Text("status"));
        Assert.Equal(1, (await GetAsync(sandbox, "cards/cashout/detail", ("id", id))).GetProperty("content").Number("state"));
        await sandbox.ControlAsync("settle", new { stuck = true });
        Assert.Equal(10, (await GetAsync(sandbox, "cards/cashout/detail", ("id", id))).GetProperty("content").Number("state"));
    }

    [Fact]
    public async Task Twenty_requests_with_one_key_at_once_make_one_effect()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => CashOutAsync(sandbox, "K-1", "3.00")));

        Assert.Single(answers.Select(static answer => answer.GetProperty("content").Text("id")).Distinct(StringComparer.Ordinal));
        Assert.Single(await sandbox.LedgerAsync("pikabao"));
    }

    private static bool IsGenuine(JsonElement body)
    {
        var signed = body.GetProperty("data").EnumerateObject().ToDictionary(static field => field.Name, static field => field.Value.GetString(), StringComparer.Ordinal);
        signed["accountId"] = body.Text("accountId");
        signed["timestamp"] = body.Text("timestamp");
        return body.Text("sign") == PikabaoSignature.Sign(signed, SandboxCredentials.Pikabao.Secret, keepEmpty: true);
    }

    private static async Task<decimal> AccountBalanceAsync(SandboxFixture sandbox) =>
        decimal.Parse((await GetAsync(sandbox, "account/info")).GetProperty("content").Text("balance")!, CultureInfo.InvariantCulture);

    private static async Task<JsonElement> NewestRowAsync(SandboxFixture sandbox) =>
        (await GetAsync(sandbox, "cards/transactions", ("page", "1"), ("pageSize", "1"))).GetProperty("rows")[0];

    private static Task<JsonElement> CashOutAsync(SandboxFixture sandbox, string key, string amount) =>
        PostAsync(sandbox, "cards/cashout", ("bankCardId", Card), ("amount", amount), ("idempotentKey", key));

    private static Task<JsonElement> GetAsync(SandboxFixture sandbox, string path, params (string, string)[] parameters) =>
        GetAsync(sandbox, path, SandboxCredentials.Pikabao.Secret, 0, parameters);

    private static async Task<JsonElement> GetAsync(
        SandboxFixture sandbox, string path, string secret = SandboxCredentials.Pikabao.Secret, long offsetMs = 0, params (string, string)[] parameters)
    {
        var query = Signed(sandbox, secret, offsetMs, parameters).Select(static pair => $"{pair.Key}={Uri.EscapeDataString(pair.Value!)}");
        return await SandboxFixture.ReadAsync(await sandbox.Http.GetAsync($"{sandbox.Url}/pikabao/agent/v1/{path}?{string.Join('&', query)}"));
    }

    private static async Task<JsonElement> PostAsync(SandboxFixture sandbox, string path, params (string, string)[] parameters)
    {
        var body = JsonSerializer.Serialize(Signed(sandbox, SandboxCredentials.Pikabao.Secret, 0, parameters));
        return await SandboxFixture.ReadAsync(
            await sandbox.Http.PostAsync($"{sandbox.Url}/pikabao/agent/v1/{path}", new StringContent(body, Encoding.UTF8, "application/json")));
    }

    private static Dictionary<string, string?> Signed(SandboxFixture sandbox, string secret, long offsetMs, (string Name, string Value)[] parameters)
    {
        var all = parameters.ToDictionary(static pair => pair.Name, static pair => (string?)pair.Value, StringComparer.Ordinal);
        all["appid"] = SandboxCredentials.Pikabao.AppId;
        all["timestamp"] = $"{sandbox.NowMs + offsetMs}";
        all["sign"] = PikabaoSignature.Sign(all, secret, keepEmpty: false);
        return all;
    }

    private static int Code(JsonElement answer) => answer.GetProperty("code").GetInt32();

    private static IEnumerable<KeyValuePair<string, string?>> Pairs(string text) =>
        text.Split('|').Select(static pair => new KeyValuePair<string, string?>(pair[..pair.IndexOf('=', StringComparison.Ordinal)], pair[(pair.IndexOf('=', StringComparison.Ordinal) + 1)..]));
}
