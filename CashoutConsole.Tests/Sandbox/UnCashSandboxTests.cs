using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using CashoutConsole.Sandbox;

namespace CashoutConsole.Tests.Sandbox;

public sealed class UnCashSandboxTests
{
    private static readonly string Card = Seed.Uuid("uncash card main 1");
    private static readonly string OtherCard = Seed.Uuid("uncash card main 6");
    private static readonly string FrozenCard = Seed.Uuid("uncash card main 4");
    private static readonly string NotReadyCard = Seed.Uuid("uncash card main 9");
    private static readonly string ApacCard = Seed.Uuid("uncash card apac 0");

    [Fact]
    public async Task A_withdrawal_is_final_at_once_and_credits_the_wallet()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var (status, answer) = await WithdrawAsync(sandbox, Card, "249.50");

        var data = answer.GetProperty("data");
        Assert.Equal((HttpStatusCode.OK, "Card withdrawal successful"), (status, answer.Text("message")));
        Assert.Equal((249.5m, 999.5m, 1750.25m), (data.Number("amount_withdrawn"), data.Number("new_card_balance"), data.Number("wallet_balance")));
        Assert.Equal(999.5m, (await GetAsync(sandbox, "cards/" + Card)).GetProperty("data").Number("balance"));
        Assert.Equal(1750.25m, await WalletAsync(sandbox));
        Assert.Equal(["withdrawal 249.50"], await sandbox.LedgerAsync("uncash"));
    }

    [Fact]
    public async Task The_cooldown_holds_the_whole_wallet_for_15_minutes_also_after_a_restart()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await WithdrawAsync(sandbox, Card, "10");
        await sandbox.RestartAsync();

        var (status, answer) = await WithdrawAsync(sandbox, OtherCard, "10");
        Assert.Equal((HttpStatusCode.TooManyRequests, "Please wait 15 minutes between withdrawals"), (status, answer.Text("message")));
        Assert.Equal(HttpStatusCode.OK, (await WithdrawAsync(sandbox, ApacCard, "10", SandboxCredentials.UnCash.ApacToken)).Status);
        sandbox.Clock.Advance(TimeSpan.FromMinutes(15));
        Assert.Equal(HttpStatusCode.OK, (await WithdrawAsync(sandbox, OtherCard, "10")).Status);
    }

    [Theory]
    [InlineData("attempts", false)]
    [InlineData("successes", true)]
    public async Task A_failed_attempt_starts_the_cooldown_or_not_by_setting(string counts, bool mayFollow)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.SetAsync("uncash.cooldown.counts", counts);

        var (_, refused) = await WithdrawAsync(sandbox, Card, "1249.01");
        Assert.Equal("Insufficient card balance. Available: 1249.00, Requested: 1249.01", refused.Text("message"));
        Assert.Equal(mayFollow, (await WithdrawAsync(sandbox, Card, "1249.00")).Status == HttpStatusCode.OK);
    }

    [Fact]
    public async Task The_cooldown_can_be_per_card()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.SetAsync("uncash.cooldown.scope", "card");
        await WithdrawAsync(sandbox, Card, "10");

        Assert.Equal(HttpStatusCode.OK, (await WithdrawAsync(sandbox, OtherCard, "10")).Status);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await WithdrawAsync(sandbox, Card, "10")).Status);
    }

    [Theory]
    [InlineData("0.99", "too_small")]
    [InlineData("10000.01", "too_big")]
    [InlineData("1.001", "not_multiple_of")]
    [InlineData("\"10\"", "invalid_type")]
    public async Task Bad_amounts_are_refused_like_zod_does(string amount, string code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var (status, answer) = await WithdrawAsync(sandbox, Card, amount);

        Assert.Equal((HttpStatusCode.BadRequest, "Invalid input data"), (status, answer.Text("message")));
        Assert.Equal(code, answer.GetProperty("error")[0].Text("code"));
        Assert.Empty(await sandbox.LedgerAsync("uncash"));
    }

    [Fact]
    public async Task Frozen_unready_and_foreign_cards_are_refused()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.SetAsync("uncash.cooldown.minutes", "0");

        Assert.Equal("Card is not ready for withdrawals", (await WithdrawAsync(sandbox, FrozenCard, "1")).Json.Text("message"));
        Assert.Equal("Card is not ready for withdrawals", (await WithdrawAsync(sandbox, NotReadyCard, "1")).Json.Text("message"));
        Assert.Equal("Card not found or access denied", (await WithdrawAsync(sandbox, ApacCard, "1")).Json.Text("message"));
        var (status, answer) = await WithdrawAsync(sandbox, Card, "1", "uc_wrong");
        Assert.Equal((HttpStatusCode.Unauthorized, "Invalid or missing API token"), (status, answer.Text("error")));
        Assert.Empty(await sandbox.LedgerAsync("uncash"));
    }

    [Fact]
    public async Task Failures_can_all_come_with_http_200()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.SetAsync("uncash.status", "always200");

        var (status, answer) = await WithdrawAsync(sandbox, Card, "0");

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.False(answer.GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task Half_done_debits_the_card_and_drops_and_the_wallet_stays()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ArmAsync("uncash", "withdraw", "half_done");

        await Assert.ThrowsAnyAsync<HttpRequestException>(() => WithdrawAsync(sandbox, Card, "100"));

        Assert.Equal(1149m, await sandbox.BalanceAsync("uncash", Card));
        Assert.Equal(1500.75m, await WalletAsync(sandbox));
        sandbox.Clock.Advance(TimeSpan.FromDays(1));
        Assert.Equal(1500.75m, await WalletAsync(sandbox));
        await sandbox.ControlAsync("settle", new { stuck = true });
        Assert.Equal(1600.75m, await WalletAsync(sandbox));
    }

    [Fact]
    public async Task Half_done_with_an_error_can_credit_the_wallet_late()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("faults", new { provider = "uncash", operation = "withdraw", kind = "half_done", code = "error", ms = 60_000 });

        var (status, answer) = await WithdrawAsync(sandbox, Card, "100");

        Assert.Equal((HttpStatusCode.BadGateway, "Wallet credit failed"), (status, answer.Text("message")));
        sandbox.Clock.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1500.75m, await WalletAsync(sandbox));
        sandbox.Clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(1600.75m, await WalletAsync(sandbox));
    }

    [Fact]
    public async Task Withdrawals_show_among_the_transactions_by_setting_and_purchases_always()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await WithdrawAsync(sandbox, Card, "10");
        await sandbox.ControlAsync($"accounts/uncash/{Card}/purchase", new { amount = 3.5m });

        Assert.Equal(["purchase"], await TypesAsync(sandbox));
        await sandbox.SetAsync("uncash.showWithdrawals", "true");
        Assert.Equal("purchase withdrawal", string.Join(' ', (await TypesAsync(sandbox)).Order(StringComparer.Ordinal)));
        Assert.Equal(1235.5m, await sandbox.BalanceAsync("uncash", Card));
    }

    [Fact]
    public async Task The_list_shows_every_card_masked_and_nothing_secret()
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var data = (await GetAsync(sandbox, "cards")).GetProperty("data");

        Assert.Equal(18, data.GetProperty("cards").GetArrayLength());
        Assert.Contains(data.GetProperty("cards").EnumerateArray(), static card => card.Number("balance") == 30_000.5m);
        Assert.All(data.GetProperty("cards").EnumerateArray(), static card => Assert.StartsWith("************", card.Text("card_number"), StringComparison.Ordinal));
    }

    private static async Task<List<string>> TypesAsync(SandboxFixture sandbox) =>
        (await GetAsync(sandbox, "cards/transactions?card_id=" + Card)).GetProperty("data").GetProperty("data").EnumerateArray().Select(static row => row.Text("type")!).ToList();

    private static async Task<decimal> WalletAsync(SandboxFixture sandbox) => (await GetAsync(sandbox, "wallet/balance")).GetProperty("data").Number("balance")!.Value;

    private static async Task<JsonElement> GetAsync(SandboxFixture sandbox, string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{sandbox.Url}/uncash/api/v1/{path}");
        request.Headers.Add("Authorization", "Bearer " + SandboxCredentials.UnCash.MainToken);
        return await SandboxFixture.ReadAsync(await sandbox.Http.SendAsync(request));
    }

    private static async Task<(HttpStatusCode Status, JsonElement Json)> WithdrawAsync(
        SandboxFixture sandbox, string card, string amount, string token = SandboxCredentials.UnCash.MainToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{sandbox.Url}/uncash/api/v1/cards/{card}/withdraw");
        request.Headers.Add("Authorization", "Bearer " + token);
        request.Content = new StringContent(string.Create(CultureInfo.InvariantCulture, $"{{\"amount\":{amount}}}"), Encoding.UTF8, "application/json");
        var response = await sandbox.Http.SendAsync(request);
        return (response.StatusCode, await SandboxFixture.ReadAsync(response));
    }
}
