using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Providers.Http;

/// <summary>One request as it goes on the wire. Made anew for each send, so that time, nonce and signature are fresh.</summary>
public sealed record WireRequest(HttpMethod Method, Uri Uri, IReadOnlyList<KeyValuePair<string, string>> Headers, byte[]? JsonBody = null);

/// <summary>What came back. <see cref="Connected"/> false = the socket was never opened, so nothing can have happened at the provider.</summary>
public sealed record WireAnswer
{
    public required bool Connected { get; init; }

    public int? Status { get; init; }

    /// <summary>The complete body; empty when there was none or <see cref="Fault"/> is set.</summary>
    public byte[] Body { get; init; } = [];

    public DateTimeOffset? Date { get; init; }

    public TimeSpan? RetryAfter { get; init; }

    public TimeSpan Duration { get; init; }

    /// <summary>Set when no complete answer arrived: Unreachable, NoAnswer, or Unreadable (over the size cap).</summary>
    public ProviderFault? Fault { get; init; }

    public bool IsSuccessStatus => Status is >= 200 and < 300;

    /// <summary>Why there is no envelope to judge: the transport's fault, or what an HTTP status without a readable body says.</summary>
    public ProviderFault FaultWithoutEnvelope() => Fault ?? new ProviderFault(
        Status switch
        {
            429 => ProviderFaultKind.RateLimited,
            >= 500 => ProviderFaultKind.ProviderError,
            401 or 403 => ProviderFaultKind.Credentials,
            _ => ProviderFaultKind.Unreadable,
        },
        RawText: AnswerRedaction.Redact(Body),
        HttpStatus: Status,
        RetryAfter: RetryAfter);

    /// <summary>A digest is given only for a complete answer: the digest of a part would be taken for evidence.</summary>
    public WireRecord ToRecord() => new(
        Status,
        Status is null || Fault is not null ? null : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Body)),
        Status is null || Fault is not null ? Fault?.RawText : AnswerRedaction.Redact(Body),
        Date,
        Duration);
}

/// <summary>
/// The only way to a provider. Reads share pooled connections and are repeated twice on transport faults, 429 and 5xx. A money request
/// opens a connection of its own and is sent exactly once: no pool (a pooled connection hides whether bytes left), no redirects,
/// no proxy, no Expect: 100-continue, HTTP/1.1.
/// </summary>
public sealed class ProviderHttp : IDisposable
{
    public const int MoneyBodyCap = 1 << 20;
    public const int ReadBodyCap = 64 << 20;
    private const int ReadTries = 3;

    private readonly TimeProvider _clock;
    private readonly bool _publicOnly;
    private readonly HttpMessageInvoker _reads;

    /// <param name="clock">Times the answers and their limits.</param>
    /// <param name="publicOnly">True in live mode: https goes to public addresses only.</param>
    public ProviderHttp(TimeProvider clock, bool publicOnly = false)
    {
        _clock = clock;
        _publicOnly = publicOnly;
        var handler = NewHandler();
        handler.PooledConnectionLifetime = TimeSpan.FromMinutes(2);
        _reads = new HttpMessageInvoker(handler);
    }

    /// <summary>Sends a read, again when the first tries get no usable answer. <paramref name="newRequest"/> is called for each try.</summary>
    public async Task<WireAnswer> ReadAsync(Func<WireRequest> newRequest, RequestPacer pacer, TimeSpan timeout, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            await pacer.WaitAsync(cancellation);
            var answer = await SendAsync(_reads, newRequest(), ReadBodyCap, timeout, moneyConnected: null, cancellation);
            var worthAnother = answer.Fault?.Kind is ProviderFaultKind.Unreachable or ProviderFaultKind.NoAnswer || answer.Status is 429 or >= 500;
            if (!worthAnother || attempt == ReadTries)
            {
                return answer;
            }
            var wait = answer.RetryAfter is { } asked && asked <= TimeSpan.FromSeconds(10) ? asked : TimeSpan.FromMilliseconds(200 * attempt);
            await Task.Delay(wait, _clock, cancellation);
        }
    }

    /// <summary>
    /// Sends a money request once. Never throws: cancellation after the socket opened is reported as NoAnswer with Connected true.
    /// <paramref name="newRequest"/> is called once, after the pacer let the request go, so that its time stamp is not aged by the wait.
    /// </summary>
    public async Task<WireAnswer> SendMoneyAsync(Func<WireRequest> newRequest, RequestPacer pacer, TimeSpan timeout, CancellationToken cancellation)
    {
        var opened = false;
        var connections = 0;
        WireRequest request;
        try
        {
            await pacer.WaitAsync(cancellation);
            cancellation.ThrowIfCancellationRequested();
            request = newRequest();
        }
        catch (OperationCanceledException)
        {
            return new WireAnswer { Connected = false, Fault = new(ProviderFaultKind.Unreachable, RawText: "Cancelled before the connection was opened.") };
        }
        using var handler = NewHandler();
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        handler.ConnectCallback = async (context, token) =>
        {
            // The handler repeats a request by itself when a reused connection turns out to be dead. None is reused here; refusing it a
            // second connection makes sure that the request goes out once in every case the handler may ever think of.
            if (Interlocked.Increment(ref connections) > 1)
            {
                throw new InvalidOperationException("A money request may open one connection only.");
            }
            var stream = await ConnectAsync(context, token);
            Volatile.Write(ref opened, true);
            return stream;
        };
        using var invoker = new HttpMessageInvoker(handler);
        return await SendAsync(invoker, request, MoneyBodyCap, timeout, () => Volatile.Read(ref opened), cancellation);
    }

    public void Dispose() => _reads.Dispose();

    private SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = 64,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        ConnectCallback = async (context, token) => await ConnectAsync(context, token),
    };

    private async Task<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            if (_publicOnly && context.InitialRequestMessage.RequestUri?.Scheme == Uri.UriSchemeHttps)
            {
                // Connected to what was checked: a name asked twice may answer differently the second time.
                await socket.ConnectAsync(await PublicAddresses.ResolveAsync(context.DnsEndPoint.Host, cancellation), context.DnsEndPoint.Port, cancellation);
            }
            else
            {
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            }
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<WireAnswer> SendAsync(
        HttpMessageInvoker invoker, WireRequest request, int bodyCap, TimeSpan timeout, Func<bool>? moneyConnected, CancellationToken cancellation)
    {
        var started = _clock.GetTimestamp();
        // What is known if the answer breaks off: its head, as soon as that has arrived.
        var answer = new WireAnswer { Connected = true };
        using var expiry = new CancellationTokenSource(timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellation);
        try
        {
            using var message = NewMessage(request);
            using var response = await invoker.SendAsync(message, either.Token);
            answer = answer with { Status = (int)response.StatusCode, Date = response.Headers.Date, RetryAfter = RetryAfter(response.Headers.RetryAfter) };
            var body = await ReadCappedAsync(response.Content, bodyCap, either.Token);
            return answer with
            {
                Body = body ?? [],
                Fault = body is null ? new(ProviderFaultKind.Unreadable, RawText: $"The answer is larger than {bodyCap} bytes.", HttpStatus: answer.Status) : null,
                Duration = _clock.GetElapsedTime(started),
            };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && moneyConnected is null)
        {
            throw;
        }
        // A money request never throws: whatever broke after the socket opened, the caller must learn that it was open.
        catch (Exception exception) when (moneyConnected is not null || IsTransport(exception))
        {
            var opened = moneyConnected?.Invoke()
                ?? exception is not HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError };
            var text = exception is not OperationCanceledException ? exception.Message
                : cancellation.IsCancellationRequested ? "Cancelled before the answer was complete."
                : $"No answer within {timeout.TotalSeconds:0.#} s.";
            return answer with
            {
                Connected = opened,
                Fault = new(opened ? ProviderFaultKind.NoAnswer : ProviderFaultKind.Unreachable, RawText: CardNumbers.Mask(text), HttpStatus: answer.Status),
                Duration = _clock.GetElapsedTime(started),
            };
        }
    }

    private static bool IsTransport(Exception exception) =>
        exception is OperationCanceledException or HttpRequestException or IOException or SocketException or InvalidOperationException or FormatException;

    private static HttpRequestMessage NewMessage(WireRequest request)
    {
        var message = new HttpRequestMessage(request.Method, request.Uri)
        {
            Version = HttpVersion.Version11,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
        };
        message.Headers.ExpectContinue = false;
        if (request.JsonBody is not null)
        {
            message.Content = new ByteArrayContent(request.JsonBody);
            message.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        foreach (var (name, value) in request.Headers)
        {
            message.Headers.TryAddWithoutValidation(name, value);
        }
        return message;
    }

    private static async Task<byte[]?> ReadCappedAsync(HttpContent content, int cap, CancellationToken cancellation)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellation);
        using var buffer = new MemoryStream();
        var chunk = new byte[16 * 1024];
        int read;
        while ((read = await stream.ReadAsync(chunk, cancellation)) > 0)
        {
            if (buffer.Length + read > cap)
            {
                return null;
            }
            buffer.Write(chunk, 0, read);
        }
        return buffer.ToArray();
    }

    private TimeSpan? RetryAfter(RetryConditionHeaderValue? header) =>
        header?.Delta ?? (header?.Date is { } date && date > _clock.GetUtcNow() ? date - _clock.GetUtcNow() : null);
}
