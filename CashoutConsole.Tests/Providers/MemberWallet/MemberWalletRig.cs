using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Providers.MemberWallet;
using CashoutConsole.Tests.Providers.Support;
using CashoutConsole.Tests.Support;

namespace CashoutConsole.Tests.Providers.MemberWallet;

/// <summary>A member wallet adapter against a scripted server that issues tokens t1, t2, … valid for an hour.</summary>
public sealed class MemberWalletRig : IAsyncDisposable
{
    public const string AuthPath = "/v2/auth";
    public const string CashoutPath = "/v2/members/cashout";
    public const string TransactionPath = "/v2/members/transaction";
    public const string CheckPath = "/v2/members/check/transactions";
    public const string BalancePath = "/v2/members/balance";
    public const string OnlinePath = "/v2/members/online";
    public const string ReportPath = "/v2/report/user";
    public const string Key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";
    public const string TransId = "WD-1";
    public const string Username = "player001";

    private readonly ProviderHttp _http;
    private int _tokens;

    public MemberWalletRig(Action<MemberWalletSettings>? adjust = null, bool serverDown = false)
    {
        var settings = new MemberWalletSettings
        {
            BaseUrl = serverDown ? ScriptedServer.RefusedUrl() : Server.BaseUrl,
            AgentId = "AGENTTHB01",
            ApiKey = Key,
            SecretKey = "examplesecret==",
            RequestsPerSecond = 10_000,
        };
        adjust?.Invoke(settings);
        _http = new ProviderHttp(Clock);
        Provider = new MemberWalletProvider(settings, new ProviderEnvironment(Clock, _http));
        Server.On(AuthPath, _ => ScriptedAnswer.Json(
            $$$"""{"code":0,"message":"No error.","data":{"accessToken":"t{{{Interlocked.Increment(ref _tokens)}}}","expiresIn":3600,"tokenType":"Bearer"}}"""));
    }

    public FakeTimeProvider Clock { get; } = new() { FireAtOnce = TimeSpan.FromSeconds(5) };

    public ScriptedServer Server { get; } = new();

    public MemberWalletProvider Provider { get; }

    public static PayoutInstruction Exact(decimal amount = 10.5m) => new(Username, WithdrawalMode.Exact, new Money(amount, CurrencyCode.Parse("THB")), TransId);

    public static PayoutInstruction All => Exact(2323.582m) with { Mode = WithdrawalMode.NativeAll };

    public Task<SubmissionOutcome> SubmitAsync(PayoutInstruction instruction) =>
        Provider.SubmitAsync(Provider.Prepare(instruction), CancellationToken.None);

    public Task<LookupOutcome> LookUpAsync(PayoutInstruction instruction, TimeSpan? sentAgo = null) =>
        Provider.LookUpAsync(
            new LookupQuery(
                instruction.ExternalAccountId,
                instruction.Mode,
                instruction.Amount,
                instruction.IdempotencyKey,
                null,
                Clock.GetUtcNow() - (sentAgo ?? TimeSpan.FromMinutes(5)),
                null,
                new HashSet<string>(StringComparer.Ordinal)),
            CancellationToken.None);

    /// <summary>The decrypted parameters of a request.</summary>
    public static string Plaintext(RecordedRequest request)
    {
        var sealedText = JsonDocument.Parse(request.Body).RootElement.GetProperty("cipherText").GetString()!;
        var iv = Convert.FromBase64String(sealedText[..16]);
        var tag = Convert.FromBase64String(sealedText[16..40]);
        var ciphertext = Convert.FromBase64String(sealedText[40..]);
        var plaintext = new byte[ciphertext.Length];
        using var aes = new AesGcm(Convert.FromHexString(Key), tag.Length);
        aes.Decrypt(iv, ciphertext, tag, plaintext);
        return Encoding.UTF8.GetString(plaintext);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
