using System.Text;
using System.Text.Json;
using CashoutConsole.Sandbox;
using CashoutConsole.Sandbox.KeySecure;

namespace CashoutConsole.Tests.Sandbox;

public sealed class KeySecureSandboxTests
{
    private const string Holder = "U202600000001";

    [Theory]
    [InlineData(
        """{"card_no":"C202605220001","before_status":"Activated","after_status":"Frozen","reason":"risk","time":1716307200000}""",
        "3ed2a16d64cff7450cf042f8f5668fe9d8a53a3eca0a05cad235aea3f16a22bf")]
    [InlineData(
        """{"consume_no":"X1","card_no":"C1","cardholder_no":"U1","type":"Consumption","amount":10.50,"local_amount":10.50,"local_currency":"USD","fee":0.10,"remark":null,"fee_detail":[{"type":"Consume_fee","amount":0.10}],"merchant_info":{"merchant_name":"Shop","merchant_mcc":"5732","city":"X","country":"US"},"status":"Success","time":1716307200000}""",
        "081bc89ade607b30973cb09153af6e2329eccc830813b72d953da6e4aeb67698")]
    public void Callbacks_are_signed_as_the_vectors_say(string data, string signature) =>
        Assert.Equal(signature, KeySecureSignature.Sign(JsonSerializer.Deserialize<JsonElement>(data), "sim-api-key", "1716307200000", "sim-api-secret"));

    [Fact]
    public async Task A_transfer_out_moves_the_cardholders_money_and_is_listed_as_success()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var token = await TokenAsync(sandbox);

        var answer = await TransferAsync(sandbox, token, "WD-1", "50.00");

        Assert.Equal("1250.00", answer.GetProperty("data").Text("before_balance"));
        Assert.Equal("1200.00", answer.GetProperty("data").Text("after_balance"));
        var row = Assert.Single(Rows(await PostAsync(sandbox, token, "account/transfer/list", new { transfer_unique_no = "WD-1", start_time = "2026-03-01", end_time = "2026-03-03" })));
        Assert.Equal(("Success", "50.00", "Out"), (row.Text("status"), row.Text("balance"), row.Text("type")));
        Assert.Equal(["withdrawal 50.00 WD-1"], await sandbox.LedgerAsync("keysecure"));
    }

    [Theory]
    [InlineData("refuse", 3003)]
    [InlineData("same_result", 0)]
    public async Task A_repeated_number_moves_money_once_in_both_modes(string mode, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.SetAsync("keysecure.duplicate", mode);
        var token = await TokenAsync(sandbox);
        await TransferAsync(sandbox, token, "WD-1", "50.00");

        var again = await TransferAsync(sandbox, token, "WD-1", "50.00");
        var other = await TransferAsync(sandbox, token, "WD-1", "51.00");

        Assert.Equal(code, Code(again));
        Assert.Equal(3003, Code(other));
        Assert.Single(await sandbox.LedgerAsync("keysecure"));
    }

    [Fact]
    public async Task A_failing_transfer_is_pending_first_and_gives_the_money_back()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ArmAsync("keysecure", "withdraw", "fail_async");
        var token = await TokenAsync(sandbox);
        await TransferAsync(sandbox, token, "WD-1", "50.00");
        var search = new { transfer_unique_no = "WD-1", start_time = "2026-03-01", end_time = "2026-03-03" };

        Assert.Equal("Pending", Rows(await PostAsync(sandbox, token, "account/transfer/list", search))[0].Text("status"));
        sandbox.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal("Fail", Rows(await PostAsync(sandbox, token, "account/transfer/list", search))[0].Text("status"));

        Assert.Equal(["withdrawal 50.00 WD-1", "release 50.00 WD-1"], await sandbox.LedgerAsync("keysecure"));
        Assert.Equal(1250.00m, await sandbox.BalanceAsync("keysecure", Holder));
    }

    [Theory]
    [InlineData(null, 0, 1002)]
    [InlineData("nobody", 0, 1008)]
    [InlineData(SandboxCredentials.KeySecure.ApiKey, 1, 1005)]
    [InlineData(SandboxCredentials.KeySecure.ApiKey, -60_001, 1005)]
    [InlineData(SandboxCredentials.KeySecure.ApiKey, -60_000, 0)]
    public async Task Headers_are_checked_and_the_clock_is_one_sided(string? key, long offsetMs, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, sandbox.Url + "/keysecure/open-api/v1/merchant/token");
        if (key is not null)
        {
            request.Headers.Add("Api-Key", key);
        }
        request.Headers.Add("Timestamp", $"{sandbox.NowMs + offsetMs}");

        Assert.Equal(code, Code(await SandboxFixture.ReadAsync(await sandbox.Http.SendAsync(request))));
    }

    [Theory]
    [InlineData("""{"start_time":"2026-01-01 00:00:00","end_time":"2026-04-02 00:00:00"}""", 1020)]
    [InlineData("""{"start_time":"2026-02-02 00:00:00","end_time":"2026-02-02 00:00:00"}""", 1019)]
    [InlineData("""{"start_time":"2026-02-02","end_time":"2026-02-03","size":101}""", 1004)]
    [InlineData("""{"end_time":"2026-02-03"}""", 1004)]
    [InlineData("""{"start_time":"2025-12-04 00:00:00","end_time":"2026-03-04 00:00:00","size":100}""", 0)]
    public async Task Lists_demand_a_window_of_at_most_90_days_and_100_rows(string body, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var token = await TokenAsync(sandbox);

        Assert.Equal(code, Code(await PostAsync(sandbox, token, "cardholder/list", JsonSerializer.Deserialize<JsonElement>(body))));
    }

    [Fact]
    public async Task Paging_windows_walk_to_every_cardholder()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var token = await TokenAsync(sandbox);
        var seen = new HashSet<string>(StringComparer.Ordinal);
        for (var window = 0; window < 3; window++)
        {
            var end = sandbox.Clock.GetUtcNow().AddHours(9).AddDays(-90 * window);
            for (var page = 0; page < 3; page++)
            {
                var body = new { start_time = $"{end.AddDays(-90):yyyy-MM-dd HH:mm:ss}", end_time = $"{end:yyyy-MM-dd HH:mm:ss}", page, size = 5 };
                Rows(await PostAsync(sandbox, token, "cardholder/list", body)).ForEach(row => seen.Add(row.Text("cardholder_no")!));
            }
        }

        Assert.Equal(20, seen.Count);
    }

    [Theory]
    [InlineData("NOBODY", "1.00", 2002)]
    [InlineData(Holder, "1.001", 3004)]
    [InlineData(Holder, "0", 3004)]
    [InlineData(Holder, "-5", 3004)]
    [InlineData(Holder, "1250.01", 3002)]
    [InlineData("U202600000019", "1.00", 3001)]
    public async Task A_refused_transfer_moves_nothing(string holder, string amount, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var token = await TokenAsync(sandbox);

        Assert.Equal(code, Code(await PostAsync(sandbox, token, "account/transfer", new { cardholder_no = holder, transfer_unique_no = "X", type = "Out", balance = amount })));
        Assert.Empty(await sandbox.LedgerAsync("keysecure"));
    }

    [Fact]
    public async Task A_revoked_or_expired_token_is_refused_before_any_effect()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var token = await TokenAsync(sandbox);
        await sandbox.ArmAsync("keysecure", "withdraw", "token_invalid");

        Assert.Equal(1007, Code(await TransferAsync(sandbox, token, "WD-1", "50.00")));
        var renewed = await TokenAsync(sandbox);
        sandbox.Clock.Advance(TimeSpan.FromHours(25));
        Assert.Equal(1007, Code(await TransferAsync(sandbox, renewed, "WD-1", "50.00")));
        Assert.Empty(await sandbox.LedgerAsync("keysecure"));
    }

    private static async Task<string> TokenAsync(SandboxFixture sandbox)
    {
        using var request = Request(sandbox, HttpMethod.Get, "merchant/token");
        return (await SandboxFixture.ReadAsync(await sandbox.Http.SendAsync(request))).GetProperty("data").Text("access_token")!;
    }

    private static Task<JsonElement> TransferAsync(SandboxFixture sandbox, string token, string number, string amount) =>
        PostAsync(sandbox, token, "account/transfer", new { cardholder_no = Holder, transfer_unique_no = number, type = "Out", balance = amount });

    private static async Task<JsonElement> PostAsync(SandboxFixture sandbox, string token, string path, object body)
    {
        using var request = Request(sandbox, HttpMethod.Post, path);
        request.Headers.Add("Access-Token", token);
        request.Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");
        return await SandboxFixture.ReadAsync(await sandbox.Http.SendAsync(request));
    }

    private static HttpRequestMessage Request(SandboxFixture sandbox, HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, $"{sandbox.Url}/keysecure/open-api/v1/{path}");
        request.Headers.Add("Api-Key", SandboxCredentials.KeySecure.ApiKey);
        request.Headers.Add("Timestamp", $"{sandbox.NowMs}");
        return request;
    }

    private static int Code(JsonElement answer) => answer.GetProperty("code").GetInt32();

    private static List<JsonElement> Rows(JsonElement answer) => [.. answer.GetProperty("data").GetProperty("list").EnumerateArray()];
}
