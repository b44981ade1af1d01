using System.Net;
using System.Text;
using System.Text.Json;
using CashoutConsole.Sandbox;

namespace CashoutConsole.Tests.Sandbox;

public sealed class SandboxFaultTests
{
    private const string Withdrawal = "withdrawal 10.00";
    private static readonly string Card = Seed.Uuid("uncash card main 1");

    [Theory]
    [InlineData("drop_before_effect", false)]
    [InlineData("drop_after_effect", true)]
    public async Task A_dropped_connection_leaves_the_effect_or_not(string kind, bool effect)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ArmAsync("uncash", "withdraw", kind);

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => WithdrawAsync(sandbox));

        Assert.Equal(effect ? [Withdrawal] : [], await sandbox.LedgerAsync("uncash"));
    }

    [Theory]
    [InlineData("http_500_html", HttpStatusCode.InternalServerError, false)]
    [InlineData("http_502_html", HttpStatusCode.BadGateway, false)]
    [InlineData("http_429", HttpStatusCode.TooManyRequests, false)]
    [InlineData("not_json_200", HttpStatusCode.OK, true)]
    public async Task A_strange_answer_carries_its_status(string kind, HttpStatusCode status, bool effect)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ArmAsync("uncash", "withdraw", kind);

        using var response = await WithdrawAsync(sandbox);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(kind == "http_429", response.Headers.RetryAfter is not null);
        Assert.Equal(effect ? [Withdrawal] : [], await sandbox.LedgerAsync("uncash"));
    }

    [Fact]
    public async Task An_error_page_can_hide_a_done_withdrawal()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("faults", new { provider = "uncash", operation = "withdraw", kind = "http_502_html", afterEffect = true });

        using var response = await WithdrawAsync(sandbox);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal([Withdrawal], await sandbox.LedgerAsync("uncash"));
    }

    [Fact]
    public async Task Truncated_and_huge_answers_come_after_the_effect()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.SetAsync("uncash.cooldown.minutes", "0");
        await sandbox.ArmAsync("uncash", "withdraw", "truncated_json");
        await sandbox.ControlAsync("faults", new { provider = "uncash", operation = "withdraw", kind = "huge_body", bytes = 3_000_000 });

        using var truncated = await WithdrawAsync(sandbox);
        using var huge = await WithdrawAsync(sandbox);

        var half = await truncated.Content.ReadAsStringAsync();
        Assert.ThrowsAny<JsonException>(() => JsonSerializer.Deserialize<JsonElement>(half));
        Assert.True((await huge.Content.ReadAsByteArrayAsync()).Length > 3_000_000);
        Assert.Equal([Withdrawal, Withdrawal], await sandbox.LedgerAsync("uncash"));
    }

    [Theory]
    [InlineData("delay", true)]
    [InlineData("delay_before_effect", false)]
    public async Task A_late_answer_works_before_or_after_the_wait(string kind, bool effectFirst)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("faults", new { provider = "uncash", operation = "withdraw", kind, ms = 60_000 });

        var sending = WithdrawAsync(sandbox);
        await UntilAsync(() => sandbox.Clock.HasWaiter(TimeSpan.FromSeconds(30)));
        Assert.Equal(effectFirst ? [Withdrawal] : [], await sandbox.LedgerAsync("uncash"));
        Assert.False(sending.IsCompleted);
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));

        using var response = await sending;
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal([Withdrawal], await sandbox.LedgerAsync("uncash"));
    }

    [Fact]
    public async Task A_caller_who_gave_up_does_not_stop_a_delayed_effect()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("faults", new { provider = "uncash", operation = "withdraw", kind = "delay_before_effect", ms = 60_000 });
        using var giveUp = new CancellationTokenSource();

        var sending = WithdrawAsync(sandbox, giveUp.Token);
        await UntilAsync(() => sandbox.Clock.HasWaiter(TimeSpan.FromSeconds(30)));
        await giveUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));

        await UntilAsync(async () => (await sandbox.LedgerAsync("uncash")).Count == 1);
    }

    [Fact]
    public async Task Delay_then_drop_moves_the_money_and_never_answers()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("faults", new { provider = "uncash", operation = "withdraw", kind = "delay_then_drop", ms = 60_000 });

        var sending = WithdrawAsync(sandbox);
        await UntilAsync(() => sandbox.Clock.HasWaiter(TimeSpan.FromSeconds(30)));
        sandbox.Clock.Advance(TimeSpan.FromMinutes(1));

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => sending);
        Assert.Equal([Withdrawal], await sandbox.LedgerAsync("uncash"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_named_refusal_comes_with_or_without_the_effect(bool afterEffect)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("faults", new { provider = "uncash", operation = "withdraw", kind = "refuse", code = "withdrawal_failed", afterEffect });

        using var response = await WithdrawAsync(sandbox);

        Assert.Equal(HttpStatusCode.BadGateway, response.StatusCode);
        Assert.Equal(afterEffect ? [Withdrawal] : [], await sandbox.LedgerAsync("uncash"));
    }

    [Fact]
    public async Task Faults_count_down_skip_and_survive_a_restart()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("faults", new { provider = "uncash", operation = "list", kind = "http_500_html", count = 2, skip = 1 });

        Assert.Equal(HttpStatusCode.OK, await ListAsync(sandbox));
        Assert.Equal(HttpStatusCode.InternalServerError, await ListAsync(sandbox));
        await sandbox.RestartAsync();
        Assert.Equal(HttpStatusCode.InternalServerError, await ListAsync(sandbox));
        Assert.Equal(HttpStatusCode.OK, await ListAsync(sandbox));
    }

    [Fact]
    public async Task Faults_can_be_disarmed_and_unknown_ones_are_refused()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ArmAsync("uncash", "list", "http_500_html");
        (await sandbox.Http.DeleteAsync(sandbox.Url + "/_control/faults")).Dispose();

        Assert.Equal(HttpStatusCode.OK, await ListAsync(sandbox));
        Assert.NotNull((await sandbox.ControlAsync("faults", new { provider = "uncash", operation = "list", kind = "typo" })).Text("error"));
        Assert.NotNull((await sandbox.ControlAsync("settings", new { typo = "1" })).Text("error"));
    }

    [Theory]
    [InlineData("pikabao")]
    [InlineData("keysecure")]
    [InlineData("uqpay")]
    [InlineData("uncash")]
    [InlineData("memberwallet")]
    public async Task Every_provider_can_be_dropped_and_refused(string provider)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var path = provider switch
        {
            "pikabao" => "/pikabao/agent/v1/account/info",
            "keysecure" => "/keysecure/open-api/v1/merchant/token",
            "uqpay" => "/uqpay/api/v1/accounts",
            "uncash" => "/uncash/api/v1/wallet/balance",
            _ => "/member-wallet/v2/members/online",
        };
        await sandbox.ArmAsync(provider, "any", "drop_before_effect");
        await sandbox.ControlAsync("faults", new { provider, operation = "any", kind = "refuse", code = 7, message = "sorry" });

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => CallAsync());
        Assert.Contains("sorry", await CallAsync(), StringComparison.Ordinal);

        async Task<string> CallAsync()
        {
            using var request = new HttpRequestMessage(provider == "memberwallet" ? HttpMethod.Post : HttpMethod.Get, sandbox.Url + path);
            using var response = await sandbox.Http.SendAsync(request);
            return await response.Content.ReadAsStringAsync();
        }
    }

    private static async Task<HttpStatusCode> ListAsync(SandboxFixture sandbox)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, sandbox.Url + "/uncash/api/v1/cards");
        request.Headers.Add("Authorization", "Bearer " + SandboxCredentials.UnCash.MainToken);
        using var response = await sandbox.Http.SendAsync(request);
        return response.StatusCode;
    }

    private static async Task<HttpResponseMessage> WithdrawAsync(SandboxFixture sandbox, CancellationToken cancellation = default)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{sandbox.Url}/uncash/api/v1/cards/{Card}/withdraw");
        request.Headers.Add("Authorization", "Bearer " + SandboxCredentials.UnCash.MainToken);
        request.Content = new StringContent("""{"amount":10}""", Encoding.UTF8, "application/json");
        return await sandbox.Http.SendAsync(request, cancellation);
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        var limit = System.Diagnostics.Stopwatch.StartNew();
        while (!await condition())
        {
            Assert.True(limit.Elapsed < TimeSpan.FromSeconds(20), "The awaited condition did not come true within 20 s.");
            await Task.Yield();
        }
    }
}
