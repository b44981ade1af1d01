using System.Globalization;
using System.Text;
using System.Text.Json.Serialization.Metadata;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Uqpay;

/// <summary>
/// One method per endpoint of the Card Issuance API v1.6. A refused token is renewed and the request repeated once, with the same key
/// and body, when the answer is one of the documented "token expired" wordings: such an answer comes before any work is done.
/// </summary>
public sealed class UqpayClient
{
    public const int PageSize = 100;

    private readonly UqpaySettings _settings;
    private readonly ProviderHttp _http;
    private readonly RequestPacer _pacer;
    private readonly RequestPacer _tokenPacer;
    private readonly TokenBroker _tokens;

    public UqpayClient(UqpaySettings settings, ProviderEnvironment environment)
    {
        _settings = settings;
        _http = environment.Http;
        var credential = UqpayCredentials.Key(settings);
        _pacer = environment.Pacer(credential, settings.PacePerSecond);
        _tokenPacer = environment.Pacer(credential + "|token", settings.TokenPacePerSecond);
        _tokens = environment.Tokens(credential, FetchTokenAsync);
    }

    public Task<ClientAnswer<UqpayPage<UqpayCard>>> ListCardsAsync(int page, CancellationToken cancellation) =>
        GetAsync($"/v1/issuing/cards?page_size={PageSize}&page_number={page}", UqpayJson.Default.CardPage, cancellation);

    public Task<ClientAnswer<UqpayCard>> GetCardAsync(string cardId, CancellationToken cancellation) =>
        GetAsync($"/v1/issuing/cards/{WireText.PlainId(cardId)}", UqpayJson.Default.UqpayCard, cancellation);

    public Task<ClientAnswer<UqpayOrder>> GetOrderAsync(string orderId, CancellationToken cancellation) =>
        GetAsync($"/v1/issuing/cards/{WireText.PlainId(orderId)}/order", UqpayJson.Default.UqpayOrder, cancellation);

    public Task<ClientAnswer<UqpayPage<UqpayBalance>>> ListBalancesAsync(CancellationToken cancellation) =>
        GetAsync($"/v1/issuing/balances?page_size={PageSize}&page_number=1", UqpayJson.Default.BalancePage, cancellation);

    public Task<ClientAnswer<UqpayPage<UqpayLedgerRow>>> ListWithdrawalsAsync(UqpayLedgerQuery query, CancellationToken cancellation) =>
        GetAsync(
            $"/v1/issuing/balances/transactions?page_size={PageSize}&page_number={query.Page}&transaction_type=CARD_WITHDRAW"
                + $"&start_time={QueryTime(query.From)}&end_time={QueryTime(query.To)}",
            UqpayJson.Default.LedgerPage,
            cancellation);

    /// <summary>Sends the withdrawal. Connected false also when no token could be had: then nothing was sent.</summary>
    public Task<WireAnswer> WithdrawAsync(UqpayWithdrawal withdrawal, CancellationToken cancellation)
    {
        var body = Encoding.UTF8.GetBytes(withdrawal.Body);
        return WithTokenAsync(
            token => _http.SendMoneyAsync(
                new WireRequest(HttpMethod.Post, Address(withdrawal.Path), [.. Headers(token), new("x-idempotency-key", withdrawal.IdempotencyKey)], body),
                _pacer, _settings.SendTimeout, cancellation),
            cancellation);
    }

    private async Task<ClientAnswer<T>> GetAsync<T>(string pathAndQuery, JsonTypeInfo<T> shape, CancellationToken cancellation)
        where T : class
    {
        var answer = await WithTokenAsync(
            token => _http.ReadAsync(() => new(HttpMethod.Get, Address(pathAndQuery), Headers(token)), _pacer, _settings.ReadTimeout, cancellation),
            cancellation);
        var value = answer.IsSuccessStatus ? AnswerJson.Parse(answer, shape) : null;
        return new(value, value is null ? UqpayErrors.FaultOf(answer) : null, answer.ToRecord());
    }

    private async Task<WireAnswer> WithTokenAsync(Func<BearerToken, Task<WireAnswer>> send, CancellationToken cancellation)
    {
        var (first, expired) = await OnceAsync(send, cancellation);
        if (!expired)
        {
            return first;
        }
        var (second, _) = await OnceAsync(send, cancellation);
        // When the repeat never left, the refusal of the first request is all that happened.
        return second.Connected ? second : first;
    }

    private async Task<(WireAnswer Answer, bool Expired)> OnceAsync(Func<BearerToken, Task<WireAnswer>> send, CancellationToken cancellation)
    {
        TokenResult token;
        try
        {
            token = await _tokens.GetAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            token = new(null, new(ProviderFaultKind.Unreachable, RawText: "Cancelled before a token was there."));
        }
        if (token.Token is not { } bearer)
        {
            return (new WireAnswer { Connected = false, Fault = token.Fault }, false);
        }
        var answer = await send(bearer);
        if (answer.Status != 401)
        {
            return (answer, false);
        }
        // Forgotten whatever the words: another holder of the key may have ended it, and the next call must not trip over it again.
        _tokens.Invalidate(bearer);
        return (answer, UqpayCredentials.SaysTokenExpired(AnswerJson.Parse(answer, UqpayJson.Default.UqpayError)));
    }

    private async Task<TokenResult> FetchTokenAsync(CancellationToken cancellation)
    {
        KeyValuePair<string, string>[] headers = [new("x-client-id", _settings.ClientId!), new("x-api-key", _settings.ApiKey!)];
        var answer = await _http.ReadAsync(
            () => new(HttpMethod.Post, Address("/v1/connect/token"), headers), _tokenPacer, _settings.ReadTimeout, cancellation);
        var token = answer.IsSuccessStatus ? AnswerJson.Parse(answer, UqpayJson.Default.UqpayToken) : null;
        var bearer = token is null ? null : UqpayCredentials.Bearer(token, TimeSpan.FromSeconds(_settings.TokenMarginSeconds));
        if (bearer is not null)
        {
            return new(bearer, null);
        }
        var fault = UqpayErrors.FaultOf(answer);
        // An unknown client id is answered with 400, not 401.
        return new(null, answer.Status == 400 ? fault with { Kind = ProviderFaultKind.Credentials } : fault);
    }

    private List<KeyValuePair<string, string>> Headers(BearerToken token)
    {
        List<KeyValuePair<string, string>> headers = [new("x-auth-token", $"Bearer {token.Value}")];
        if (_settings.SubAccount is { } account)
        {
            headers.Add(new("x-on-behalf-of", account));
        }
        return headers;
    }

    private Uri Address(string pathAndQuery) => new(_settings.Base.AbsoluteUri.TrimEnd('/') + pathAndQuery);

    private static string QueryTime(DateTimeOffset time) =>
        Uri.EscapeDataString(time.ToUniversalTime().ToString("yyyy-MM-dd'T'HH:mm:sszzz", CultureInfo.InvariantCulture));
}
