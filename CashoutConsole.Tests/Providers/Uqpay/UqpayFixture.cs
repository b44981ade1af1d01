using System.Globalization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Providers.Uqpay;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.Uqpay;

/// <summary>A UQPay provider account that talks to a scripted server, with a token that lives 30 minutes.</summary>
internal sealed class UqpayFixture : IAsyncDisposable
{
    public const string Card = "88e8c3a8-1cd1-400e-a58c-d3e8bc9d3e00";
    public const string Order = "9f88f593-9f56-4eba-ad81-4217d2d60021";
    public const string Key = "0b1f3a54-5a0c-4a6f-9a57-0b7c3f6f2a11";
    public const string WithdrawPath = $"POST /api/v1/issuing/cards/{Card}/withdraw";
    public const string TokenPath = "POST /api/v1/connect/token";
    public const string LedgerPath = "GET /api/v1/issuing/balances/transactions";

    public static readonly DateTimeOffset Now = new(2026, 4, 8, 8, 46, 40, TimeSpan.Zero);
    public static readonly CurrencyCode Usd = CurrencyCode.Parse("USD");

    private readonly ProviderHttp _http;
    private int _tokens;

    public UqpayFixture(Action<UqpaySettings>? change = null)
    {
        Clock = new StandingClock(Now);
        _http = new ProviderHttp(Clock);
        Server.On(TokenPath, _ => WireScriptAnswer.Json(Token($"token-{Interlocked.Increment(ref _tokens)}")));
        var settings = new UqpaySettings
        {
            BaseUrl = Server.Origin + "/api",
            ClientId = "client-1",
            ApiKey = "planted-api-key",
            RequestsPerSecond = 1000,
            RequestsPerMinute = 60_000,
            TokenRequestsPerMinute = 60_000,
            SendTimeoutSeconds = 5,
        };
        change?.Invoke(settings);
        Provider = new UqpayProvider(settings, new ProviderEnvironment(Clock, _http));
    }

    public WireScript Server { get; } = new();

    public StandingClock Clock { get; }

    public UqpayProvider Provider { get; }

    public static PayoutInstruction Instruction(decimal amount = 200m) => new(Card, WithdrawalMode.Exact, new Money(amount, Usd), Key);

    public static LookupQuery Query(string? reference = Order, params string[] claimed) =>
        new(Card, WithdrawalMode.Exact, new Money(200m, Usd), Key, reference, Now, null, claimed.ToHashSet(StringComparer.Ordinal));

    public static string OrderJson(string status, string amount = "\"200\"", string card = Card, string order = Order) =>
        $$"""{"card_id":"{{card}}","card_order_id":"{{order}}","order_type":"CREATE_CARD","amount":{{amount}},"card_currency":"USD","create_time":"2026-04-08T16:46:40+08:00","update_time":"2026-04-08T16:46:41+08:00","complete_time":"","order_status":"{{status}}","x":[{"new":1}]}""";

    public Task<SubmissionOutcome> SubmitAsync(decimal amount = 200m) =>
        Provider.SubmitAsync(Provider.Prepare(Instruction(amount)), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _http.Dispose();
    }

    private string Token(string value) =>
        $$"""{"auth_token":"{{value}}","expired_at":{{Clock.Now.AddMinutes(30).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)}}}""";
}
