using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Providers.UnCash;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.UnCash;

/// <summary>A UnCash provider account that talks to a scripted server.</summary>
internal sealed class UnCashFixture : IAsyncDisposable
{
    public const string Card = "0b6c8a1e-3f57-4d9a-9a1f-2f7f3c1b7d10";
    public const string Token = "uc_planted0token0planted0token0planted0token0";
    public const string WithdrawPath = $"POST /api/v1/cards/{Card}/withdraw";
    public const string CardPath = $"GET /api/v1/cards/{Card}";
    public const string WalletPath = "GET /api/v1/wallet/balance";
    public const string ListPath = "GET /api/v1/cards";
    public const string TransactionsPath = "GET /api/v1/cards/transactions";

    public static readonly DateTimeOffset Now = new(2025, 11, 22, 11, 20, 0, TimeSpan.Zero);
    public static readonly CurrencyCode Usd = CurrencyCode.Parse("USD");

    private readonly ProviderHttp _http;

    public UnCashFixture(Action<UnCashSettings>? change = null)
    {
        Clock = new StandingClock(Now);
        _http = new ProviderHttp(Clock);
        Settings = new UnCashSettings { BaseUrl = Server.Origin, ApiToken = Token, RequestsPerSecond = 1000, SendTimeoutSeconds = 5 };
        change?.Invoke(Settings);
        Provider = new UnCashProvider(Settings, new ProviderEnvironment(Clock, _http));
        Server.On(TransactionsPath, Rows());
    }

    public WireScript Server { get; } = new();

    public StandingClock Clock { get; }

    public UnCashSettings Settings { get; }

    public UnCashProvider Provider { get; }

    public static PayoutInstruction Instruction(decimal amount = 10m) => new(Card, WithdrawalMode.Exact, new Money(amount, Usd), "our-key-1");

    public static string CardJson(string balance, string status = "active", string id = Card) =>
        $$"""{"success":true,"message":"ok","data":{"id":"{{id}}","name":"ops","status":"{{status}}","balance":{{balance}},"category":"Wallet","masked_PAN":"**** **** **** 1249","PAN":"4111111111111111","EXP":"planted-exp","CVV":"planted-cvv","currency":"US Dollar","currency_short_name":"USD","3ds":true,"auto_topup":[{"enabled":true}]},"timestamp":"2025-11-22T09:27:01.970Z"}""";

    public static string WalletJson(string balance) =>
        $$"""{"success":true,"data":{"balance":{{balance}},"updated_at":"2025-11-22T11:19:00.000Z"},"message":"Wallet balance retrieved successfully"}""";

    public static string Rows(string rows = "", int total = 0, int pages = 1) =>
        $$"""{"success":true,"message":"ok","data":{"data":[{{rows}}],"pagination":{"page":1,"limit":100,"total":{{total}},"totalPages":{{pages}},"hasNext":false,"hasPrev":false} } }""";

    public static string Row(string id, string side, string amount, string merchant = "null", string created = "2025-11-22T11:20:05.000Z", string status = "Approved") =>
        $$"""{"id":"{{id}}","card_id":"{{Card}}","status":"{{status}}","side":"{{side}}","amount":{{amount}},"currency":"USD","type":"x","merchant_name":{{merchant}},"transaction_created_at":"{{created}}"}""";

    public Task<SubmissionOutcome> SubmitAsync(decimal amount = 10m) =>
        Provider.SubmitAsync(Provider.Prepare(Instruction(amount)), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _http.Dispose();
    }
}
