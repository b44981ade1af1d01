using CashoutConsole.Foundation;
using CashoutConsole.Sandbox;

namespace CashoutConsole.Tests.Sandbox;

public sealed class SandboxHostTests
{
    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://example.com:80")]
    [InlineData("https://localhost:0")]
    public async Task It_listens_on_loopback_and_plain_http_only(string url) => await Assert.ThrowsAsync<ArgumentException>(
        () => SandboxHost.StartAsync(new SandboxOptions { Url = url, File = Path.Combine(Path.GetTempPath(), "never.db") }, TimeProvider.System));

    [Fact]
    public async Task The_seed_has_every_provider_status_and_currency_and_the_same_ids_every_time()
    {
        await using var first = await SandboxFixture.StartAsync();
        await using var second = await SandboxFixture.StartAsync();

        var accounts = (await first.ControlAsync("accounts")).GetProperty("accounts").EnumerateArray().Where(static account => account.Text("kind") != "wallet").ToList();
        var others = (await second.ControlAsync("accounts")).GetProperty("accounts").EnumerateArray().Where(static account => account.Text("kind") != "wallet").ToList();

        Assert.True(accounts.Count >= 90, $"{accounts.Count} accounts");
        Assert.Equal(accounts.ConvertAll(static account => account.GetRawText()), others.ConvertAll(static account => account.GetRawText()));
        Assert.Superset(
            new HashSet<string>(["USD", "SGD", "XUSD", "TUSDT", "THB", "PHP"], StringComparer.Ordinal),
            accounts.Select(static account => account.Text("currency")!).ToHashSet(StringComparer.Ordinal));
        Assert.Superset(
            new HashSet<string>(["active", "frozen", "destroyed", "closed", "disabled", "ACTIVE", "FROZEN", "BLOCKED", "PENDING", "CANCELLED", "LOST", "STOLEN", "FAILED", "PRE_CANCEL", "Activated", "Approved"], StringComparer.Ordinal),
            accounts.Select(static account => account.Text("status")!).ToHashSet(StringComparer.Ordinal));
        Assert.Contains(accounts, static account => account.Text("mode") == "SHARE");
    }

    [Fact]
    public void Seeded_card_numbers_pass_luhn_and_seeded_ids_do_not_look_like_cards()
    {
        Assert.True(CardNumbers.ContainsCardNumber(Seed.CardNumber("491090", 12)));
        Assert.False(CardNumbers.ContainsCardNumber(Seed.Uuid("uncash card main 1")));
    }

    [Fact]
    public async Task The_clock_moves_by_control_and_keeps_its_offset_over_a_restart()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("clock", new { offsetSeconds = 100 });
        await sandbox.ControlAsync("clock", new { advanceSeconds = 20 });
        await sandbox.RestartAsync();

        var now = (await sandbox.ControlAsync("clock")).GetProperty("now").GetDateTimeOffset();
        Assert.Equal(sandbox.Clock.GetUtcNow().AddSeconds(120), now);
    }

    [Fact]
    public async Task Answers_are_dated_by_the_sandboxs_clock()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("clock", new { offsetSeconds = 86_400 });

        using var response = await sandbox.Http.GetAsync(sandbox.Url + "/uncash/api/v1/cards");

        Assert.Equal(sandbox.Clock.GetUtcNow().AddDays(1), response.Headers.Date);
    }

    [Fact]
    public async Task A_purchase_and_a_set_balance_are_on_the_ledger()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var card = Seed.Uuid("uncash card main 1");
        await sandbox.ControlAsync($"accounts/uncash/{card}/purchase", new { amount = 4.25m });
        await sandbox.ControlAsync($"accounts/uncash/{card}", new { balance = 2000m, status = "frozen" });

        Assert.Equal(["purchase 4.25", "topup 755.25"], await sandbox.LedgerAsync("uncash"));
        Assert.Equal("frozen", (await sandbox.AccountAsync("uncash", card)).Text("status"));
        Assert.NotNull((await sandbox.ControlAsync($"accounts/uncash/{card}/purchase", new { amount = 99_999m })).Text("error"));
    }

    [Theory]
    [InlineData("pikabao", "111222007")]
    [InlineData("keysecure", "U202600000001")]
    [InlineData("memberwallet", "malee002")]
    public async Task An_account_can_be_copied_for_bulk_tests(string provider, string id)
    {
        await using var sandbox = await SandboxFixture.StartAsync();

        var ids = (await sandbox.ControlAsync($"accounts/{provider}/{id}/copies", new { count = 3, balance = 12.5m })).GetProperty("ids");

        Assert.Equal(3, ids.EnumerateArray().Select(static copy => copy.GetString()).Distinct(StringComparer.Ordinal).Count());
        Assert.Equal(12.5m, await sandbox.BalanceAsync(provider, ids[2].GetString()!));
    }

    [Fact]
    public async Task KeySecure_tells_purchases_and_status_changes_and_spends_the_cardholders_money()
    {
        await using var console = new WebhookReceiver();
        await using var sandbox = await SandboxFixture.StartAsync(console.Url);
        await sandbox.ControlAsync("accounts/keysecure/C202600000001/purchase", new { amount = 10.5m });
        await sandbox.ControlAsync("accounts/keysecure/C202600000001", new { status = "Frozen" });
        await sandbox.ControlAsync("settle", new { });

        Assert.Equal(1239.5m, await sandbox.BalanceAsync("keysecure", "U202600000001"));
        var hooks = console.Received.ToList();
        Assert.Equal("Consumption Card_update", string.Join(' ', hooks.Select(static hook => hook.Json.Text("action"))));
        Assert.All(hooks, static hook => Assert.Equal(
            CashoutConsole.Sandbox.KeySecure.KeySecureSignature.Sign(
                hook.Json.GetProperty("data"), SandboxCredentials.KeySecure.ApiKey, hook.Headers["Timestamp"], SandboxCredentials.KeySecure.ApiSecret),
            hook.Headers["Signature"]));
    }

    [Fact]
    public async Task A_webhook_is_sent_again_until_it_is_acknowledged_also_after_a_restart()
    {
        await using var console = new WebhookReceiver { Status = 503 };
        await using var sandbox = await SandboxFixture.StartAsync(console.Url);
        await sandbox.ControlAsync("webhooks/send", new { provider = "uqpay", payload = new { data = new { amount = "1" } } });
        Assert.Single(console.Received);
        await sandbox.RestartAsync();
        console.Status = 200;
        sandbox.Clock.Advance(TimeSpan.FromSeconds(17));
        await sandbox.ControlAsync("settle", new { });
        await sandbox.ControlAsync("settle", new { });

        Assert.Equal(2, console.Received.Count);
        Assert.Equal("200", (await sandbox.ControlAsync("webhooks"))[0].Text("result"));
    }

    [Fact]
    public async Task A_forged_or_stale_webhook_can_be_sent_at_will()
    {
        await using var console = new WebhookReceiver();
        await using var sandbox = await SandboxFixture.StartAsync(console.Url);
        await sandbox.ControlAsync("webhooks/send", new { provider = "uqpay", payload = new { data = new { amount = "1" } }, forged = true, timestamp = 1_600_000_000_000 });

        var hook = Assert.Single(console.Received);
        Assert.Equal("1600000000000", hook.Headers["x-wk-timestamp"]);
        Assert.NotEqual(
            CashoutConsole.Sandbox.Uqpay.UqpaySignature.Sign(hook.Body, "1600000000000", SandboxCredentials.Uqpay.WebhookSecret),
            hook.Headers["x-wk-signature"], StringComparer.Ordinal);
    }

    [Fact]
    public void What_was_answered_is_in_a_copy_of_the_file_taken_at_that_moment()
    {
        var folder = Directory.CreateTempSubdirectory("sandbox-crash-").FullName;
        var file = Path.Combine(folder, "live.db");
        using (var store = SandboxStore.Open(file))
        {
            store.InTransaction(static transaction => transaction.Append(new LedgerEntry(0, "uncash", "main", "card", "withdrawal", 1_000_000, "USD", "K", "R", "", 1)));
            // What a killed process leaves behind: the files as they are, without a clean close.
            foreach (var suffix in new[] { "", "-wal" })
            {
                File.Copy(file + suffix, Path.Combine(folder, "copy.db") + suffix);
            }
        }
        using (var copy = SandboxStore.Open(Path.Combine(folder, "copy.db")))
        {
            Assert.Equal(1m, Amounts.Decimal(Assert.Single(copy.InTransaction(static transaction => transaction.Ledger(null, null, "K"))).Amount));
            Assert.ThrowsAny<Exception>(() => copy.InTransaction(static transaction => transaction.Execute("DELETE FROM ledger")));
            Assert.ThrowsAny<Exception>(() => copy.InTransaction(static transaction => transaction.Execute("UPDATE ledger SET amount = 2")));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task A_restart_keeps_balances_ledger_and_open_orders()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        await sandbox.ControlAsync("accounts/memberwallet/malee002", new { balance = 5 });
        var before = await sandbox.LedgerAsync("memberwallet");
        await sandbox.RestartAsync();

        Assert.Equal(5m, await sandbox.BalanceAsync("memberwallet", "malee002"));
        Assert.Equal(before, await sandbox.LedgerAsync("memberwallet"));
        Assert.Equal("purchase 988.92", Assert.Single(before));
    }
}
