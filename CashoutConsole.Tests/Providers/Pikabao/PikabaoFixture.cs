using System.Text.Json;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Providers.Pikabao;
using CashoutConsole.Tests.Providers.Support;

namespace CashoutConsole.Tests.Providers.Pikabao;

/// <summary>A Pikabao account that talks to a scripted server.</summary>
internal sealed class PikabaoFixture : IAsyncDisposable
{
    public const string Card = "111222333";
    public const string Secret = "sim-secret-key-001";
    public const string CashOutPath = "POST /agent/v1/cards/cashout";
    public const string CardsPath = "GET /agent/v1/cards/list";
    public const string AccountPath = "GET /agent/v1/account/info";
    public const string TransactionsPath = "GET /agent/v1/cards/transactions";
    public const string Key = "WD-20260101-0001";

    /// <summary>1640995200000 in Unix milliseconds, the time of the signature vectors.</summary>
    public static readonly DateTimeOffset Now = new(2022, 1, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly CurrencyCode Usd = CurrencyCode.Parse("USD");

    private readonly ProviderHttp _http;

    public PikabaoFixture(Action<PikabaoSettings>? change = null)
    {
        Clock = new StandingClock(Now);
        _http = new ProviderHttp(Clock);
        var settings = new PikabaoSettings { BaseUrl = Server.Origin, AppId = "user123", SecretKey = Secret, RequestsPerSecond = 1000, SendTimeoutSeconds = 5 };
        change?.Invoke(settings);
        Provider = new PikabaoProvider(settings, new ProviderEnvironment(Clock, _http));
        Server.On(CardsPath, Cards(CardJson()));
        Server.On(AccountPath, """{"code":0,"msg":"","content":{"id":"900","enable":true,"name":"demo","balance":"1000.00","notifyUrl":"https://x/n"}}""");
        Server.On(TransactionsPath, Rows(0));
    }

    public WireScript Server { get; } = new();

    public StandingClock Clock { get; }

    public PikabaoProvider Provider { get; }

    public static PayoutInstruction Instruction(decimal amount = 50m) => new(Card, WithdrawalMode.Exact, new Money(amount, Usd), Key);

    public static string Cards(params string[] cards) => $$"""{"code":0,"msg":"成功","content":[{{string.Join(',', cards)}}]}""";

    public static string CardJson(string id = Card, string number = "5572710152041249", string balance = "\"75.00\"", string state = "1") =>
        $$"""{"id":"{{id}}","organization":"VISA","state":{{state}},"number":"{{number}}","expiryDate":"12/29","cvv":"planted-cvv","remark":"ops","cardBalance":{{balance}},"createTime":"2023-01-01 00:00:00","extra":[{"a":[1]}]}""";

    public static string Rows(int total, params string[] rows) => $$"""{"code":0,"msg":"","total":{{total}},"rows":[{{string.Join(',', rows)}}]}""";

    public static string Row(
        string transaction, string status = "Finish", string amount = "\"50.00\"", string number = "5572****1249", string type = "CashOut", string id = "", string more = "") =>
        $$"""{"id":"{{(id.Length == 0 ? "row-" + transaction : id)}}","transactionId":"{{transaction}}","cardNum":"{{number}}","clientId":"900","type":"{{type}}","status":"{{status}}","amount":{{amount}},"recordTime":"2022-01-01T00:00:10.000+00:00"{{more}}}""";

    /// <summary>Checks a request's sign with the fields it came with.</summary>
    public static bool IsSigned(SeenRequest request)
    {
        var fields = request.Method == "GET"
            ? request.Target.Split('?')[1].Split('&').Select(static pair => pair.Split('=', 2)).ToDictionary(static pair => pair[0], static pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal)
            : JsonSerializer.Deserialize<Dictionary<string, string>>(request.Body)!;
        return fields.Remove("sign", out var sign)
            && string.Equals(sign, PikabaoCredentials.SignRequest(fields, Secret, new PikabaoSettings().EncoderSafeCharacters), StringComparison.Ordinal);
    }

    public Task<SubmissionOutcome> SubmitAsync() => Provider.SubmitAsync(Provider.Prepare(Instruction()), CancellationToken.None);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        _http.Dispose();
    }
}
