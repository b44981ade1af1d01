using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CashoutConsole.Sandbox;
using CashoutConsole.Sandbox.MemberWallet;

namespace CashoutConsole.Tests.Sandbox;

public sealed class MemberWalletSandboxTests
{
    private const string VectorKey = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    private static readonly byte[] VectorIv = Convert.FromHexString("a0a1a2a3a4a5a6a7a8a9aaab");

    [Fact]
    public void The_documented_request_has_the_documented_signature() => Assert.Equal(
        "904e97bee2589b93e9747eed0346c68b23d8ff8b568dabaf4b94a5e89093df67",
        MemberWalletCipher.Sign("integratorNBTest04", "1769745532582", "4ff08bc2a45c6b38068dbcd24296a25b",
            "G0ZMDELeJwx+7JcIfIFOLJjkSzANPu6krGM2uw==bDUB6MvLbggJM4Df28x/41LlgIPDqPBBAylkqTdB0I78haWOdi6jV8JXAi0iL8JHq/cCPlj39Apt/I9hDNII3SBb0IZMg+qGN3pH3zExydFZSLXwErOa/6KzGMHukRkqHjdFzQ=="));

    [Theory]
    [InlineData(
        """{"username":"player001","transId":"CASHOUT-20250129-001"}""",
        "oKGio6SlpqeoqaqruMysaPngy545usCaWAF4zA==nToJXiC5bN4PAKXpJQqsvwnJKyCihmBAvnpU5xHYPGXwTGW87nEbcgrIKfo5SLbJdil/ZVLgK1w8",
        "6dd7e749d34b81e50c20eebe44453b5a4c366435b0285a2def4fd9c6570efa25")]
    [InlineData("{}", "oKGio6Slpqeoqaqr8e6vfMU/FIi4dGhq3AR4zQ==nWU=", "fdc93c3640bc3165ce879c1072984ac8bdf41e4fd53d74029bac16781ea9e0c4")]
    public void Vectors_encrypt_decrypt_and_sign(string plain, string cipherText, string signature)
    {
        Assert.Equal(cipherText, MemberWalletCipher.Encrypt(plain, VectorKey, VectorIv));
        Assert.Equal(plain, Encoding.UTF8.GetString(MemberWalletCipher.Decrypt(cipherText, VectorKey)!));
        Assert.Equal(signature, MemberWalletCipher.Sign("AGENTTHB01", "1769746894501", "56ffd5ecd8a3a4457863a0bd7c298fb2", cipherText));
    }

    [Fact]
    public void A_changed_cipher_text_or_another_key_does_not_decrypt()
    {
        var cipherText = MemberWalletCipher.Encrypt("{}", VectorKey, VectorIv);

        Assert.Null(MemberWalletCipher.Decrypt("A" + cipherText[1..], VectorKey));
        Assert.Null(MemberWalletCipher.Decrypt(cipherText, SandboxCredentials.MemberWallet.ThbApiKey));
        Assert.Null(MemberWalletCipher.Decrypt("short", VectorKey));
    }

    [Fact]
    public async Task Cash_out_empties_the_member_and_the_look_up_shows_it_negative()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await MemberClient.SignInAsync(sandbox);

        var answer = await client.PostAsync("members/cashout", new { username = "somchai001", transId = "C-1" });
        var check = await client.PostAsync("members/check/transactions", new { username = "somchai001", transId = "C-1" });

        Assert.Equal((2323.582m, 0m), (answer.GetProperty("data").Number("amount"), answer.GetProperty("data").Number("balance")));
        Assert.Equal((-2323.582m, "C-1"), (check.GetProperty("data").Number("amount"), check.GetProperty("data").Text("transId")));
        Assert.Equal(["withdrawal 2323.582 C-1"], await sandbox.LedgerAsync("memberwallet"));
    }

    [Theory]
    [InlineData("members/cashout", "memberwallet.duplicate.cashout")]
    [InlineData("members/transaction", "memberwallet.duplicate.transaction")]
    public async Task A_repeated_transaction_id_moves_money_once_in_both_modes(string path, string setting)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await MemberClient.SignInAsync(sandbox);
        var body = new Dictionary<string, object>(StringComparer.Ordinal) { ["username"] = "somchai001", ["transId"] = "C-1", ["amount"] = -10.5m };
        await client.PostAsync(path, body);

        await sandbox.SetAsync(setting, "same_result");
        var same = await client.PostAsync(path, body);
        await sandbox.SetAsync(setting, "code3");
        var refused = await client.PostAsync(path, body);

        Assert.Equal((0, 3), (Code(same), Code(refused)));
        Assert.Single(await sandbox.LedgerAsync("memberwallet"));
    }

    [Fact]
    public async Task Pending_answers_35_everywhere_until_it_settles()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await MemberClient.SignInAsync(sandbox);
        await sandbox.ArmAsync("memberwallet", "withdraw", "pending_async");
        var body = new { username = "somchai001", transId = "C-1", amount = -10m };

        Assert.Equal(35, Code(await client.PostAsync("members/transaction", body)));
        Assert.Equal(35, Code(await client.PostAsync("members/transaction", body)));
        Assert.Equal(35, Code(await client.PostAsync("members/check/transactions", body)));
        sandbox.Clock.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(0, Code(await client.PostAsync("members/check/transactions", body)));
        Assert.Single(await sandbox.LedgerAsync("memberwallet"));
    }

    [Theory]
    [InlineData("anong003", "-1", 2)]
    [InlineData("malee002", "-993.920001", 2)]
    [InlineData("malee002", "-0.0000001", 11)]
    [InlineData("malee002", "0", 11)]
    [InlineData("nobody", "-1", 8)]
    [InlineData("not a name", "-1", 19)]
    [InlineData("mongkut016", "-1", 19)]
    public async Task A_refused_transaction_moves_nothing(string username, string amount, int code)
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await MemberClient.SignInAsync(sandbox);

        Assert.Equal(code, Code(await client.SendAsync("members/transaction", $$"""{"username":"{{username}}","transId":"T-1","amount":{{amount}}}""")));
        Assert.Empty(await sandbox.LedgerAsync("memberwallet"));
    }

    [Fact]
    public async Task A_locked_wallet_answers_20_until_the_lock_ends_and_leaves_the_transaction_id_free()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await MemberClient.SignInAsync(sandbox);
        await sandbox.ControlAsync("accounts/memberwallet/malee002", new { @lock = 60 });
        var body = new { username = "malee002", transId = "C-1" };

        Assert.Equal(20, Code(await client.PostAsync("members/cashout", body)));
        Assert.Equal(4, Code(await client.PostAsync("members/check/transactions", body)));
        sandbox.Clock.Advance(TimeSpan.FromSeconds(61));
        Assert.Equal(0, Code(await client.PostAsync("members/cashout", body)));
    }

    [Fact]
    public async Task Checks_run_in_the_documented_order()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await MemberClient.SignInAsync(sandbox);

        Assert.Equal(10, Code(await client.SendAsync("members/online", "{}", agent: "stranger", token: "bad")));
        Assert.Equal(83, Code(await client.SendAsync("members/online", "{}", signature: new string('0', 64), token: "bad")));
        Assert.Equal(83, Code(await client.SendAsync("members/online", "{}", offsetMs: 300_001)));
        Assert.Equal(12, Code(await client.SendAsync("members/online", "{}", token: "bad", apiKey: VectorKey)));
        Assert.Equal(84, Code(await client.SendAsync("members/online", "{}", apiKey: VectorKey)));
        Assert.Equal(11, Code(await client.SendAsync("members/online", "[]")));
        Assert.Equal(0, Code(await client.SendAsync("members/online", "{}")));
    }

    [Fact]
    public async Task A_nonce_works_once_on_any_path_also_after_a_restart()
    {
        await using var sandbox = await SandboxFixture.StartAsync();
        var client = await MemberClient.SignInAsync(sandbox);
        var nonce = new string('7', 32);

        Assert.Equal(0, Code(await client.SendAsync("members/online", "{}", nonce: nonce)));
        Assert.Equal(83, Code(await client.SendAsync("members/balance", """{"username":"malee002"}""", nonce: nonce)));
        await sandbox.RestartAsync();
        Assert.Equal(83, Code(await client.SendAsync("members/online", "{}", nonce: nonce)));
    }

    private static int Code(JsonElement answer) => answer.GetProperty("code").GetInt32();

    private sealed class MemberClient(SandboxFixture sandbox)
    {
        private string _token = "";

        public static async Task<MemberClient> SignInAsync(SandboxFixture sandbox)
        {
            var client = new MemberClient(sandbox);
            var answer = await client.PostAsync("auth", new { agentId = SandboxCredentials.MemberWallet.ThbAgent, secret = SandboxCredentials.MemberWallet.ThbSecret });
            client._token = answer.GetProperty("data").Text("accessToken")!;
            return client;
        }

        public Task<JsonElement> PostAsync(string path, object body) => SendAsync(path, JsonSerializer.Serialize(body));

        public async Task<JsonElement> SendAsync(
            string path, string plain, string? agent = null, string? nonce = null, string? signature = null, string? token = null, string? apiKey = null, long offsetMs = 0)
        {
            agent ??= SandboxCredentials.MemberWallet.ThbAgent;
            nonce ??= Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
            var stamp = $"{sandbox.NowMs + offsetMs}";
            var cipherText = MemberWalletCipher.Encrypt(plain, apiKey ?? SandboxCredentials.MemberWallet.ThbApiKey, RandomNumberGenerator.GetBytes(12));
            using var request = new HttpRequestMessage(HttpMethod.Post, $"{sandbox.Url}/member-wallet/v2/{path}");
            request.Headers.Add("x-agentid", agent);
            request.Headers.Add("x-timestamp", stamp);
            request.Headers.Add("x-nonce", nonce);
            request.Headers.Add("x-signature", signature ?? MemberWalletCipher.Sign(agent, stamp, nonce, cipherText));
            request.Headers.Add("Authorization", "Bearer " + (token ?? _token));
            request.Content = new StringContent(JsonSerializer.Serialize(new { cipherText }), Encoding.UTF8, "application/json");
            return await SandboxFixture.ReadAsync(await sandbox.Http.SendAsync(request));
        }
    }
}
