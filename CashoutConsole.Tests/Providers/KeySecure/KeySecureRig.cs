using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Providers.KeySecure;
using CashoutConsole.Tests.Providers.Support;
using CashoutConsole.Tests.Support;

namespace CashoutConsole.Tests.Providers.KeySecure;

/// <summary>A KeySecure adapter against a scripted server that issues tokens t1, t2, … valid for a day.</summary>
public sealed class KeySecureRig : IAsyncDisposable
{
    public const string TokenPath = "/open-api/v1/merchant/token";
    public const string TransferPath = "/open-api/v1/account/transfer";
    public const string TransferListPath = "/open-api/v1/account/transfer/list";
    public const string Number = "WD-1";
    public const string Holder = "U1";
    public const string TransferDone = """{"code":0,"msg":"Success","data":{"transfer_no":"T1","transfer_unique_no":"WD-1","before_balance":"75.00","after_balance":"25.00"}}""";

    private readonly ProviderHttp _http;
    private int _tokens;

    public KeySecureRig(Action<KeySecureSettings>? adjust = null, bool serverDown = false)
    {
        Settings = new KeySecureSettings
        {
            BaseUrl = serverDown ? ScriptedServer.RefusedUrl() : Server.BaseUrl,
            ApiKey = "sim-api-key",
            ApiSecret = "sim-api-secret",
            RequestsPerSecond = 10_000,
        };
        adjust?.Invoke(Settings);
        _http = new ProviderHttp(Clock);
        Provider = new KeySecureProvider(Settings, new ProviderEnvironment(Clock, _http));
        Server.On(TokenPath, _ => ScriptedAnswer.Json(
            $$$"""{"code":0,"msg":"Success","data":{"access_token":"t{{{Interlocked.Increment(ref _tokens)}}}","expired_time":{{{Clock.GetUtcNow().AddDays(1).ToUnixTimeMilliseconds()}}} }}"""));
    }

    public FakeTimeProvider Clock { get; } = new() { FireAtOnce = TimeSpan.FromSeconds(5) };

    public ScriptedServer Server { get; } = new();

    public KeySecureSettings Settings { get; }

    public KeySecureProvider Provider { get; }

    public static PayoutInstruction Instruction(decimal amount = 50m) =>
        new(Holder, WithdrawalMode.Exact, new Money(amount, CurrencyCode.Parse("TUSDT")), Number);

    public Task<SubmissionOutcome> SubmitAsync(CancellationToken cancellation = default) =>
        Provider.SubmitAsync(Provider.Prepare(Instruction()), cancellation);

    public Task<LookupOutcome> LookUpAsync(string? providerReference = null, DateTimeOffset? firstSent = null, params string[] claimed) =>
        Provider.LookUpAsync(
            new LookupQuery(
                Holder,
                WithdrawalMode.Exact,
                Instruction().Amount,
                Number,
                providerReference,
                firstSent ?? Clock.GetUtcNow(),
                null,
                new HashSet<string>(claimed, StringComparer.Ordinal)),
            CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await Server.DisposeAsync();
    }
}
