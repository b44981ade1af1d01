using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.MemberWallet;

/// <summary>
/// The answer of one endpoint: <see cref="Data"/> with code 0, else <see cref="Fault"/>. <see cref="Code"/> is null when no envelope
/// could be read. <see cref="Connected"/> false = the request never left.
/// </summary>
internal sealed record MemberWalletReply<T>(T? Data, long? Code, ProviderFault? Fault, WireRecord Wire, bool Connected)
    where T : class
{
    /// <summary>The token was refused and the one repeat never left: why not.</summary>
    public ProviderFault? NotRepeated { get; init; }

    public static MemberWalletReply<T> NeverSent(ProviderFault fault) => new(null, null, fault, WireRecord.Nothing, Connected: false);
}

/// <summary>
/// One method per endpoint of the transfer wallet API v2 (providers: member wallet endpoint pages). Every send is encrypted and signed
/// anew: fresh IV, time, nonce and signature. Answers are plain JSON. HTTP statuses are not documented; the code is judged, except
/// that a 5xx is never believed.
/// </summary>
internal sealed class MemberWalletClient
{
    private readonly MemberWalletSettings _settings;
    private readonly ProviderEnvironment _environment;
    private readonly RequestPacer _pacer;
    private readonly TokenBroker _tokens;
    private readonly string _root;
    private readonly byte[] _key;

    public MemberWalletClient(MemberWalletSettings settings, ProviderEnvironment environment)
    {
        _settings = settings;
        _environment = environment;
        _root = settings.Base.AbsoluteUri.TrimEnd('/');
        _key = MemberWalletCredentials.Key(settings.ApiKey!);
        var credential = $"MemberWallet|{settings.Base.GetLeftPart(UriPartial.Authority)}|{settings.AgentId}";
        _pacer = environment.Pacer(credential, settings.RequestsPerSecond);
        _tokens = environment.Tokens(credential, FetchTokenAsync);
    }

    public Task<MemberWalletReply<MemberWalletOnline>> OnlineAsync(CancellationToken cancellation) =>
        ReadAsync("/v2/members/online", Json(new MemberWalletNothing(), MemberWalletJson.Default.MemberWalletNothing), MemberWalletJson.Default.MemberWalletOnline, cancellation);

    public Task<MemberWalletReply<IReadOnlyList<MemberWalletReportRow?>>> ReportAsync(DateTimeOffset from, DateTimeOffset to, CancellationToken cancellation)
    {
        var request = new MemberWalletReportRequest(MemberWalletWire.Time(from), MemberWalletWire.Time(to), _settings.AgentId!);
        return ReadAsync("/v2/report/user", Json(request, MemberWalletJson.Default.MemberWalletReportRequest), MemberWalletJson.Default.IReadOnlyListMemberWalletReportRow, cancellation);
    }

    public Task<MemberWalletReply<MemberWalletBalance>> BalanceAsync(MemberWalletBalanceRequest request, CancellationToken cancellation) =>
        ReadAsync("/v2/members/balance", Json(request, MemberWalletJson.Default.MemberWalletBalanceRequest), MemberWalletJson.Default.MemberWalletBalance, cancellation);

    public Task<MemberWalletReply<MemberWalletTransaction>> CheckAsync(MemberWalletCheckRequest request, CancellationToken cancellation) =>
        ReadAsync("/v2/members/check/transactions", Json(request, MemberWalletJson.Default.MemberWalletCheckRequest), MemberWalletJson.Default.MemberWalletTransaction, cancellation);

    public Task<MemberWalletReply<MemberWalletMoved>> CashoutAsync(MemberWalletCashout request, CancellationToken cancellation) =>
        SendMoneyAsync(MemberWalletWire.CashoutPath, Json(request, MemberWalletJson.Default.MemberWalletCashout), cancellation);

    public Task<MemberWalletReply<MemberWalletMoved>> WithdrawAsync(MemberWalletWithdrawal request, CancellationToken cancellation) =>
        SendMoneyAsync(MemberWalletWire.TransactionPath, Json(request, MemberWalletJson.Default.MemberWalletWithdrawal), cancellation);

    public static string CanonicalBody(MemberWalletCashout request) =>
        $"POST {MemberWalletWire.CashoutPath}\n{JsonSerializer.Serialize(request, MemberWalletJson.Default.MemberWalletCashout)}";

    public static string CanonicalBody(MemberWalletWithdrawal request) =>
        $"POST {MemberWalletWire.TransactionPath}\n{JsonSerializer.Serialize(request, MemberWalletJson.Default.MemberWalletWithdrawal)}";

    /// <summary>
    /// Sends the money request once, and once more with the same transId when the token was refused: a refused token is judged before
    /// any business work.
    /// </summary>
    private async Task<MemberWalletReply<MemberWalletMoved>> SendMoneyAsync(string path, byte[] plaintext, CancellationToken cancellation)
    {
        var first = await SendMoneyOnceAsync(path, plaintext, cancellation);
        if (!RenewsToken(first.Code))
        {
            return first;
        }
        var second = await SendMoneyOnceAsync(path, plaintext, cancellation);
        return second.Connected ? second : first with { NotRepeated = second.Fault };
    }

    private async Task<MemberWalletReply<MemberWalletMoved>> SendMoneyOnceAsync(string path, byte[] plaintext, CancellationToken cancellation)
    {
        TokenResult token;
        try
        {
            token = await _tokens.GetAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return MemberWalletReply<MemberWalletMoved>.NeverSent(new(ProviderFaultKind.Unreachable, RawText: "Cancelled before the connection was opened."));
        }
        if (token.Token is not { } bearer)
        {
            return MemberWalletReply<MemberWalletMoved>.NeverSent(token.Fault ?? new(ProviderFaultKind.Credentials));
        }
        var answer = await _environment.Http.SendMoneyAsync(() => NewRequest(path, plaintext, bearer), _pacer, _settings.SendTimeout, cancellation);
        var reply = Parse(answer, MemberWalletJson.Default.MemberWalletMoved);
        if (RenewsToken(reply.Code))
        {
            _tokens.Invalidate(bearer);
        }
        return reply;
    }

    /// <summary>A read, repeated once after its token was refused.</summary>
    private async Task<MemberWalletReply<T>> ReadAsync<T>(string path, byte[] plaintext, JsonTypeInfo<T> type, CancellationToken cancellation)
        where T : class
    {
        for (var repeated = false; ; repeated = true)
        {
            var token = await _tokens.GetAsync(cancellation);
            if (token.Token is not { } bearer)
            {
                return MemberWalletReply<T>.NeverSent(token.Fault ?? new(ProviderFaultKind.Credentials));
            }
            var answer = await _environment.Http.ReadAsync(() => NewRequest(path, plaintext, bearer), _pacer, _settings.ReadTimeout, cancellation);
            var reply = Parse(answer, type);
            if (!RenewsToken(reply.Code))
            {
                return reply;
            }
            _tokens.Invalidate(bearer);
            if (repeated)
            {
                return reply;
            }
        }
    }

    private async Task<TokenResult> FetchTokenAsync(CancellationToken cancellation)
    {
        var plaintext = Json(new MemberWalletTokenRequest(_settings.AgentId!, _settings.SecretKey!), MemberWalletJson.Default.MemberWalletTokenRequest);
        var answer = await _environment.Http.ReadAsync(() => NewRequest("/v2/auth", plaintext, null), _pacer, _settings.ReadTimeout, cancellation);
        var reply = Parse(answer, MemberWalletJson.Default.MemberWalletToken);
        if (reply.Data is not { AccessToken: { Length: > 0 } value } token)
        {
            return new(null, reply.Fault ?? new(ProviderFaultKind.Unreadable, RawText: "The token answer holds no token.", HttpStatus: answer.Status));
        }
        var margin = TimeSpan.FromSeconds(_settings.TokenMarginSeconds);
        return new(new BearerToken(value, MemberWalletCredentials.RenewAt(_environment.Clock.GetUtcNow(), token.ExpiresIn, margin)), null);
    }

    private static bool RenewsToken(long? code) => code is { } known && MemberWalletErrors.Verdict(known) == MemberWalletVerdict.RenewToken;

    private WireRequest NewRequest(string path, byte[] plaintext, BearerToken? token)
    {
        var cipherText = MemberWalletCredentials.Encrypt(_key, MemberWalletCredentials.NewIv(), plaintext);
        var timestamp = _environment.Clock.GetUtcNow().ToUnixTimeMilliseconds().ToString(CultureInfo.InvariantCulture);
        var nonce = MemberWalletCredentials.NewNonce();
        List<KeyValuePair<string, string>> headers =
        [
            new("x-agentid", _settings.AgentId!),
            new("x-timestamp", timestamp),
            new("x-nonce", nonce),
            new("x-signature", MemberWalletCredentials.Sign(_settings.SignatureMode, _settings.AgentId!, timestamp, nonce, cipherText)),
        ];
        if (token is not null)
        {
            headers.Add(new("Authorization", $"Bearer {token.Value}"));
        }
        return new WireRequest(HttpMethod.Post, new Uri(_root + path), headers, Encoding.UTF8.GetBytes(MemberWalletCredentials.Body(cipherText)));
    }

    private static byte[] Json<T>(T request, JsonTypeInfo<T> type) => JsonSerializer.SerializeToUtf8Bytes(request, type);

    private static MemberWalletReply<T> Parse<T>(WireAnswer answer, JsonTypeInfo<T> type)
        where T : class
    {
        var wire = answer.ToRecord();
        var believable = answer.Fault is null && answer.Status is < 500;
        var envelope = believable ? Deserialize(() => JsonSerializer.Deserialize(answer.Body, MemberWalletJson.Default.MemberWalletEnvelope)) : null;
        if (envelope?.Code is not { } code)
        {
            return new(null, null, answer.FaultWithoutEnvelope(), wire, answer.Connected);
        }
        if (code != 0)
        {
            return new(null, code, MemberWalletErrors.Fault(code, envelope.Message, answer), wire, answer.Connected);
        }
        var data = envelope.Data.ValueKind is JsonValueKind.Object or JsonValueKind.Array ? Deserialize(() => envelope.Data.Deserialize(type)) : null;
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
