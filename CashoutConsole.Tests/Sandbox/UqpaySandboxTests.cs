using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CashoutConsole.Sandbox;
using CashoutConsole.Sandbox.Uqpay;

namespace CashoutConsole.Tests.Sandbox;

public sealed class UqpaySandboxTests
{
    private const string VectorBody =
        """{"version":"V1.6.0","event_name":"ISSUING","event_type":"card.withdraw.succeeded","event_id":"049762c0-20cf-4eed-8168-288e9aaf11d7","source_id":"9f88f593-9f56-4eba-ad81-4217d2d60021","data":{"amount":"200","card_available_balance":"42","card_currency":"USD","card_id":"88e8c3a8-1cd1-400e-a58c-d3e8bc9d3e00","card_status":"ACTIVE","complete_time":"2026-04-08T16:46:41.044+08:00","order_status":"SUCCESS","update_time":"2026-04-08T16:46:41.044+08:00"}}""";

    private static readonly string Card = Seed.Uuid($"uqpay card {SandboxCredentials.Uqpay.ClientId} 0");
    private static readonly string ShareCard = Seed.Uuid($"uqpay card {SandboxCredentials.Uqpay.ClientId} 3");
    private static readonly string FrozenCard = Seed.Uuid($"uqpay card {SandboxCredentials.Uqpay.ClientId} 6");
    private static readonly string SubCard = Seed.Uuid($"uqpay card {UqpayGate.SubOwner} 0");

    [Theory]
    [InlineData("""{"event_type":"card.withdraw.succeeded","event_id":"evt_1","data":{}}""", "1711077773",
        "1d84e0ee3f8eabead00ca0a014e50f9a7ee0dcbcc404ae47c7545237bd36b251e184c2a653cd4d292803b1b3b550d2cfbae9f064de59bd7a28ec0d49f249dabd")]
    [InlineData(VectorBody, "1775638001044",
        "e93800b0e782cc1f4ac86ed7988f6965489c8a3b8e005d423fc2eaf882ab97e54a9b1575190435830eb75b510bbb51b0498e96e5023dfd749c4ddd563a8a339c")]
    public void Webhooks_are_signed_as_the_vectors_say(string body, string stamp, string signature) =>
        Assert.Equal(signature, UqpaySignature.Sign(body, stamp, "whsec_test_secret"));

    [Fact]
    public async Task A_withdrawal_goes_pending_processing_success_and_lands_in_the_issuing_balance()
    {
        await using var console = new WebhookReceiver();
        await using var sandbox = await SandboxFixture.StartAsync(console.Url);
        var client = await UqpayClient.SignInAsync(sandbox);

        var (status, order) = await client.WithdrawAsync(Card, "100.02", Guid.NewGuid());
        Assert.Equal((HttpStatusCode.OK, "PENDING", "100.02"), (status, order.Text("order_status"), order.Text("amount")));
        sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("PROCESSING", (await client.GetAsync($"issuing/cards/{order.Text("card_order_id")}/order")).Json.Text("order_status"));
        sandbox.Clock.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal("SUCCESS", (await client.GetAsync($"issuing/cards/{order.Text("card_order_id")}/order")).Json.Text("order_status"));

        Assert.Equal(1900.03m, await sandbox.BalanceAsync("uqpay", Card));
        var row = (await client.GetAsync("issuing/balances/transactions?page_size=10&page_number=1&transaction_type=CARD_WITHDRAW")).Json.GetProperty("data")[0];
        Assert.Equal(("100.02", "5100.27"), (row.Text("amount"), row.Text("ending_balance")));

        await sandbox.ControlAsync("settle", new { });
        var hook = Assert.Single(console.Received);
        Assert.Equal(order.Text("card_order_id"), hook.Json.Text("source_id"));
        Assert.Equal(UqpaySignature.Sign(hook.Body, hook.Headers["x-wk-timestamp"], SandboxCredentials.Uqpay.WebhookSecret), hook.Headers["x-wk-signature"]);
        Assert.Equal(13, hook.Headers["x-wk-timestamp"].Length);
    }

    [Fact]
    public async Task A_key_repeats_its_first_answer_for_24_hours_and_refuses_another_body()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await UqpayClient.SignInAsync(sandbox);
        var key = Guid.NewGuid();
        var (_, first) = await client.WithdrawAsync(Card, "10", key);
        sandbox.Clock.Advance(TimeSpan.FromSeconds(5));

        var (_, again) = await client.WithdrawAsync(Card, "10", key);
        var (status, other) = await client.WithdrawAsync(Card, "11", key);

        Assert.Equal(first.GetRawText(), again.GetRawText());
        Assert.Equal((HttpStatusCode.BadRequest, "idempotency_error"), (status, other.Text("type")));
        Assert.Single(await sandbox.LedgerAsync("uqpay"));

        sandbox.Clock.Advance(TimeSpan.FromHours(24));
        await client.RenewAsync();
        var (_, late) = await client.WithdrawAsync(Card, "10", key);
        Assert.NotEqual(first.Text("card_order_id"), late.Text("card_order_id"), StringComparer.Ordinal);
        Assert.Equal(2, (await sandbox.LedgerAsync("uqpay")).Count);
    }

    [Fact]
    public async Task The_same_key_while_the_first_request_runs_is_told_to_wait_and_then_gets_its_answer()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await UqpayClient.SignInAsync(sandbox);
        await sandbox.ControlAsync("faults", new { provider = "uqpay", operation = "withdraw", kind = "delay_before_effect", ms = 20_000 });
        var key = Guid.NewGuid();
        var first = client.WithdrawAsync(Card, "10", key);
        Assert.True(SpinWait.SpinUntil(() => sandbox.Clock.HasWaiter(TimeSpan.FromSeconds(10)), TimeSpan.FromSeconds(20)));

        var (status, busy) = await client.WithdrawAsync(Card, "10", key);
        sandbox.Clock.Advance(TimeSpan.FromSeconds(20));
        var (_, done) = await first;
        var (_, again) = await client.WithdrawAsync(Card, "10", key);

        Assert.Equal((HttpStatusCode.BadRequest, 200m), (status, busy.Number("code")));
        Assert.Equal(done.Text("card_order_id"), again.Text("card_order_id"));
        Assert.Single(await sandbox.LedgerAsync("uqpay"));
    }

    [Fact]
    public async Task A_stored_refusal_is_repeated_too()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await UqpayClient.SignInAsync(sandbox);
        var key = Guid.NewGuid();
        await client.WithdrawAsync(Card, "2000.06", key);
        await sandbox.ControlAsync($"accounts/uqpay/{Card}", new { balance = 9000 });

        var (status, answer) = await client.WithdrawAsync(Card, "2000.06", key);

        Assert.Equal((HttpStatusCode.BadRequest, "account_error"), (status, answer.Text("type")));
    }

    [Fact]
    public async Task Refusals_carry_their_type_and_move_nothing()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await UqpayClient.SignInAsync(sandbox);

        Assert.Equal("account_error", (await client.WithdrawAsync(Card, "2000.06", Guid.NewGuid())).Json.Text("type"));
        Assert.Equal("invalid_request_error", (await client.WithdrawAsync(Card, "0", Guid.NewGuid())).Json.Text("type"));
        Assert.Equal("invalid_request_error", (await client.WithdrawAsync(Card, "1.001", Guid.NewGuid())).Json.Text("type"));
        Assert.Equal("invalid_request_error", (await client.WithdrawAsync(Card, "\"1.00\"", Guid.NewGuid())).Json.Text("type"));
        Assert.Equal("invalid_request_error", (await client.WithdrawAsync(Card, "1", key: null)).Json.Text("type"));
        Assert.Equal("card_not_found", (await client.WithdrawAsync(SubCard, "1", Guid.NewGuid())).Json.Text("code"));
        Assert.Equal("card_error", (await client.WithdrawAsync(ShareCard, "1", Guid.NewGuid())).Json.Text("type"));
        Assert.Equal("card_error", (await client.WithdrawAsync(FrozenCard, "1", Guid.NewGuid())).Json.Text("type"));
        Assert.Equal("card_error", (await client.GetAsync($"issuing/cards/{Card}/order")).Json.Text("type"));
        Assert.Empty((await sandbox.LedgerAsync("uqpay")).FindAll(static entry => entry.StartsWith("withdrawal", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_sub_account_sees_its_own_cards_only()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await UqpayClient.SignInAsync(sandbox);

        var master = await client.GetAsync("issuing/cards?page_size=100&page_number=1");
        var sub = await client.GetAsync("issuing/cards?page_size=100&page_number=1", SandboxCredentials.Uqpay.SubAccount);
        var nobody = await client.GetAsync("issuing/cards?page_size=100&page_number=1", Guid.NewGuid().ToString());

        Assert.Equal((26m, 8m), (master.Json.Number("total_items"), sub.Json.Number("total_items")));
        Assert.Equal("sub_account_not_found", nobody.Json.Text("code"));
    }

    [Fact]
    public async Task Only_a_live_bearer_token_is_accepted()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await UqpayClient.SignInAsync(sandbox);
        var good = client.Header;

        client.Header = good["Bearer ".Length..];
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid auth token format"), await Refused(client));
        client.Header = good;
        sandbox.Clock.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("accounts")).Status);
        await sandbox.SetAsync("uqpay.tokenKillsOlder", "true");
        await client.RenewAsync();
        var older = client.Header;
        await client.RenewAsync();
        client.Header = older;
        Assert.Equal("token has expired", (await client.GetAsync("accounts")).Json.Text("error"));

        static async Task<(HttpStatusCode, string?)> Refused(UqpayClient client)
        {
            var (status, json) = await client.GetAsync("accounts");
            return (status, json.Text("message"));
        }
    }

    [Fact]
    public async Task Requests_are_limited_per_calendar_minute()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.SetAsync("uqpay.rate.other", "2");
        var client = await UqpayClient.SignInAsync(sandbox);

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("accounts")).Status);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("accounts")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.GetAsync("accounts")).Status);
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("accounts")).Status);
    }

    [Theory]
    [InlineData("page_size=0&page_number=1")]
    [InlineData("page_size=101&page_number=1")]
    [InlineData("page_size=10&page_number=0")]
    public async Task Pages_outside_the_limits_are_refused(string query)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await UqpayClient.SignInAsync(sandbox);

        Assert.Equal("invalid_request_error", (await client.GetAsync("issuing/cards?" + query)).Json.Text("type"));
    }

    [Fact]
    public async Task Amounts_are_strings_or_numbers_by_setting()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await UqpayClient.SignInAsync(sandbox);

        Assert.Equal("2000.05", (await client.GetAsync($"issuing/cards/{Card}")).Json.Text("available_balance"));
        await sandbox.SetAsync("uqpay.amounts", "number");
        Assert.Equal(2000.05m, (await client.GetAsync($"issuing/cards/{Card}")).Json.Number("available_balance"));
    }

    private sealed class UqpayClient(SandboxFixture sandbox)
    {
        public string Header { get; set; } = "";

        public static async Task<UqpayClient> SignInAsync(SandboxFixture sandbox)
        {
            var client = new UqpayClient(sandbox);
            await client.RenewAsync();
            return client;
        }

        public async Task RenewAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, sandbox.Url + "/uqpay/api/v1/connect/token");
            request.Headers.Add("x-client-id", SandboxCredentials.Uqpay.ClientId);
            request.Headers.Add("x-api-key", SandboxCredentials.Uqpay.ApiKey);
            var answer = await SandboxFixture.ReadAsync(await sandbox.Http.SendAsync(request));
            Assert.Equal(sandbox.Clock.GetUtcNow().AddMinutes(30).ToUnixTimeSeconds(), (long)answer.Number("expired_at")!.Value);
            Header = "Bearer " + answer.Text("auth_token");
        }

        public Task<(HttpStatusCode Status, JsonElement Json)> GetAsync(string path, string? onBehalfOf = null) => SendAsync(HttpMethod.Get, path, null, null, onBehalfOf);

        public Task<(HttpStatusCode Status, JsonElement Json)> WithdrawAsync(string card, string amount, Guid? key) =>
            SendAsync(HttpMethod.Post, $"issuing/cards/{card}/withdraw", string.Create(CultureInfo.InvariantCulture, $"{{\"amount\":{amount}}}"), key, null);

        private async Task<(HttpStatusCode Status, JsonElement Json)> SendAsync(HttpMethod method, string path, string? body, Guid? key, string? onBehalfOf)
        {
            using var request = new HttpRequestMessage(method, $"{sandbox.Url}/uqpay/api/v1/{path}");
            request.Headers.TryAddWithoutValidation("x-auth-token", Header);
            if (key is not null)
            {
                request.Headers.Add("x-idempotency-key", key.ToString());
            }
            if (onBehalfOf is not null)
            {
                request.Headers.Add("x-on-behalf-of", onBehalfOf);
            }
            if (body is not null)
            {
                request.Content = new StringContent(body, Encoding.UTF8, "application/json");
            }
            var response = await sandbox.Http.SendAsync(request);
            return (response.StatusCode, await SandboxFixture.ReadAsync(response));
        }
    }
}
