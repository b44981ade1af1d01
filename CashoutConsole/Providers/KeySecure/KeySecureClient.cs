using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.KeySecure;

/// <summary>
/// The answer of one endpoint: <see cref="Data"/> with code 0, else <see cref="Fault"/>. <see cref="Code"/> is null when no envelope
/// could be read. <see cref="Connected"/> false = the request never left.
/// </summary>
internal sealed record KeySecureReply<T>(T? Data, long? Code, ProviderFault? Fault, WireRecord Wire, bool Connected)
    where T : class
{
    /// <summary>The token was refused and the one repeat never left: why not.</summary>
    public ProviderFault? NotRepeated { get; init; }

    public static KeySecureReply<T> NeverSent(ProviderFault fault) => new(null, null, fault, WireRecord.Nothing, Connected: false);
}

/// <summary>One method per endpoint of the merchant API (providers: KeySecure api-list). Holds the token and what was learnt of the clock.</summary>
internal sealed class KeySecureClient
{
    private const int MaxPauses = 2;

    private readonly KeySecureSettings _settings;
    private readonly ProviderEnvironment _environment;
    private readonly RequestPacer _pacer;
    private readonly TokenBroker _tokens;
    private readonly string _root;
    private long _clockOffsetTicks;

    public KeySecureClient(KeySecureSettings settings, ProviderEnvironment environment)
    {
        _settings = settings;
        _environment = environment;
        _root = settings.Base.AbsoluteUri.TrimEnd('/');
        var credential = $"KeySecure|{settings.Base.GetLeftPart(UriPartial.Authority)}|{settings.ApiKey}";
        _pacer = environment.Pacer(credential, settings.RequestsPerSecond);
        _tokens = environment.Tokens(credential, FetchTokenAsync);
    }

    public Task<KeySecureReply<KeySecureRows<KeySecureCardholder>>> ListCardholdersAsync(KeySecureListRequest request, CancellationToken cancellation) =>
        PostAsync("/open-api/v1/cardholder/list", request, KeySecureJson.Default.KeySecureRowsKeySecureCardholder, cancellation);

    public Task<KeySecureReply<KeySecureRows<KeySecureCard>>> ListCardsAsync(KeySecureListRequest request, CancellationToken cancellation) =>
        PostAsync("/open-api/v1/card/list", request, KeySecureJson.Default.KeySecureRowsKeySecureCard, cancellation);

    public Task<KeySecureReply<KeySecureRows<KeySecureTransfer>>> ListTransfersAsync(KeySecureListRequest request, CancellationToken cancellation) =>
        PostAsync("/open-api/v1/account/transfer/list", request, KeySecureJson.Default.KeySecureRowsKeySecureTransfer, cancellation);

    public Task<KeySecureReply<KeySecureCardholder>> CardholderInfoAsync(string cardholderNo, CancellationToken cancellation) =>
        ReadAsync(HttpMethod.Get, $"/open-api/v1/cardholder/{Uri.EscapeDataString(cardholderNo)}/info", null, KeySecureJson.Default.KeySecureCardholder, cancellation);

    public Task<KeySecureReply<KeySecureRows<KeySecureBalance>>> AccountInfoAsync(string cardholderNo, CancellationToken cancellation) =>
        ReadAsync(HttpMethod.Get, $"/open-api/v1/account/{Uri.EscapeDataString(cardholderNo)}/info", null, KeySecureJson.Default.KeySecureRowsKeySecureBalance, cancellation);

    /// <summary>
    /// Sends the transfer once, and once more with the same number when the token was refused: a refused token is judged before any
    /// business work.
    /// </summary>
    public async Task<KeySecureReply<KeySecureTransferReceipt>> TransferAsync(KeySecureTransferOut request, CancellationToken cancellation)
    {
        var first = await TransferOnceAsync(request, cancellation);
        if (!RenewsToken(first.Code))
        {
            return first;
        }
        var second = await TransferOnceAsync(request, cancellation);
        return second.Connected ? second : first with { NotRepeated = second.Fault };
    }

    public static string CanonicalBody(KeySecureTransferOut request) =>
        $"POST {KeySecureWire.TransferPath}\n{JsonSerializer.Serialize(request, KeySecureJson.Default.KeySecureTransferOut)}";

    private async Task<KeySecureReply<KeySecureTransferReceipt>> TransferOnceAsync(KeySecureTransferOut request, CancellationToken cancellation)
    {
        TokenResult token;
        try
        {
            token = await _tokens.GetAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return KeySecureReply<KeySecureTransferReceipt>.NeverSent(new(ProviderFaultKind.Unreachable, RawText: "Cancelled before the connection was opened."));
        }
        if (token.Token is not { } bearer)
        {
            return KeySecureReply<KeySecureTransferReceipt>.NeverSent(token.Fault ?? new(ProviderFaultKind.Credentials));
        }
        var body = JsonSerializer.SerializeToUtf8Bytes(request, KeySecureJson.Default.KeySecureTransferOut);
        var answer = await _environment.Http.SendMoneyAsync(
            () => NewRequest(HttpMethod.Post, KeySecureWire.TransferPath, body, bearer), _pacer, _settings.SendTimeout, cancellation);
        var reply = Parse(answer, KeySecureJson.Default.KeySecureTransferReceipt);
        Learn(reply.Code, bearer, answer);
        return reply;
    }

    private Task<KeySecureReply<T>> PostAsync<T>(string path, KeySecureListRequest request, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class =>
        ReadAsync(HttpMethod.Post, path, JsonSerializer.SerializeToUtf8Bytes(request, KeySecureJson.Default.KeySecureListRequest), type, cancellation);

    /// <summary>A read, repeated once after its token or its time stamp was refused, and after a pause when it came too often.</summary>
    private async Task<KeySecureReply<T>> ReadAsync<T>(HttpMethod method, string path, byte[]? body, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        var healed = false;
        for (var pauses = 0; ;)
        {
            var token = await _tokens.GetAsync(cancellation);
            if (token.Token is not { } bearer)
            {
                return KeySecureReply<T>.NeverSent(token.Fault ?? new(ProviderFaultKind.Credentials));
            }
            var answer = await _environment.Http.ReadAsync(() => NewRequest(method, path, body, bearer), _pacer, _settings.ReadTimeout, cancellation);
            var reply = Parse(answer, type);
            if (reply.Code is not null && reply.Fault?.Kind == ProviderFaultKind.RateLimited && pauses < MaxPauses)
            {
                await Task.Delay(TimeSpan.FromSeconds(++pauses), _environment.Clock, cancellation);
                continue;
            }
            if (!Learn(reply.Code, bearer, answer) || healed)
            {
                return reply;
            }
            healed = true;
        }
    }

    private async Task<TokenResult> FetchTokenAsync(CancellationToken cancellation)
    {
        for (var repeated = false; ; repeated = true)
        {
            var answer = await _environment.Http.ReadAsync(
                () => NewRequest(HttpMethod.Get, "/open-api/v1/merchant/token", null, null), _pacer, _settings.ReadTimeout, cancellation);
            var reply = Parse(answer, KeySecureJson.Default.KeySecureToken);
            if (reply.Data is { AccessToken: { Length: > 0 } value } token)
            {
                var expiry = KeySecureWire.FromUnixMilliseconds(token.ExpiredTime);
                var margin = TimeSpan.FromSeconds(_settings.TokenMarginSeconds);
                return new(new BearerToken(value, KeySecureCredentials.RenewAt(_environment.Clock.GetUtcNow(), expiry, margin)), null);
            }
            if (repeated || !Learn(reply.Code, null, answer))
            {
                return new(null, reply.Fault ?? new(ProviderFaultKind.Unreadable, RawText: "The token answer holds no token.", HttpStatus: answer.Status));
            }
        }
    }

    /// <summary>Forgets a refused token, or corrects the clock after a refused time stamp. True = the same request may now succeed.</summary>
    private bool Learn(long? code, BearerToken? bearer, WireAnswer answer)
    {
        if (bearer is not null && RenewsToken(code))
        {
            _tokens.Invalidate(bearer);
            return true;
        }
        if (code is not { } refusal || KeySecureErrors.Kind(refusal) != ProviderFaultKind.ClockRejected)
        {
            return false;
        }
        // Refused although corrected: the correction is what is wrong now (our clock was set right), so it is dropped first.
        var learnt = Interlocked.Read(ref _clockOffsetTicks) == 0
            ? KeySecureCredentials.ClockOffset(answer.Date, _environment.Clock.GetUtcNow())
            : TimeSpan.Zero;
        return Interlocked.Exchange(ref _clockOffsetTicks, learnt.Ticks) != learnt.Ticks;
    }

    private static bool RenewsToken(long? code) => code is { } known && KeySecureErrors.Verdict(known) == KeySecureVerdict.RenewToken;

    private WireRequest NewRequest(HttpMethod method, string path, byte[]? body, BearerToken? token)
    {
        var timestamp = KeySecureCredentials.Timestamp(
            _environment.Clock.GetUtcNow(),
            TimeSpan.FromMilliseconds(_settings.ClockMarginMilliseconds),
            TimeSpan.FromTicks(Interlocked.Read(ref _clockOffsetTicks)));
        List<KeyValuePair<string, string>> headers =
        [
            new("Api-Key", _settings.ApiKey!),
            new("Timestamp", timestamp),
            new("Timezone", _settings.Timezone),
            new("Language", _settings.Language),
        ];
        if (token is not null)
        {
            headers.Add(new("Access-Token", token.Value));
        }
        return new WireRequest(method, new Uri(_root + path), headers, body);
    }

    private static KeySecureReply<T> Parse<T>(WireAnswer answer, JsonTypeInfo<T> type)
        where T : class
    {
        var wire = answer.ToRecord();
        var envelope = answer.Fault is null ? Deserialize(() => JsonSerializer.Deserialize(answer.Body, KeySecureJson.Default.KeySecureEnvelope)) : null;
        if (envelope?.Code is not { } code)
        {
            return new(null, null, answer.FaultWithoutEnvelope(), wire, answer.Connected);
        }
        if (code != 0)
        {
            return new(null, code, KeySecureErrors.Fault(code, envelope.Msg, answer), wire, answer.Connected);
        }
        var data = envelope.Data.ValueKind == JsonValueKind.Object ? Deserialize(() => envelope.Data.Deserialize(type)) : null;
        var fault = data is null ? new ProviderFault(ProviderFaultKind.Unreadable, "0", AnswerRedaction.Redact(answer.Body), answer.Status) : null;
        return new(data, code, fault, wire, answer.Connected);
    }

    private static T? Deserialize<T>(Func<T?> read)
        where T : class
    {
        try
        {
            return read();
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or NotSupportedException)
        {
            return null;
        }
    }
}
