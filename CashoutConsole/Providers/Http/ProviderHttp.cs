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

    public WireRecord ToRecord() => new(
        Status,
        Status is null ? null : Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(Body)),
        Status is null ? Fault?.RawText : AnswerRedaction.Redact(Body),
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
    private readonly HttpMessageInvoker _reads;

    public ProviderHttp(TimeProvider clock)
    {
        _clock = clock;
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
            var answer = await SendAsync(_reads, newRequest(), ReadBodyCap, timeout, static () => true, cancellation);
            var worthAnother = answer.Fault?.Kind is ProviderFaultKind.Unreachable or ProviderFaultKind.NoAnswer || answer.Status is 429 or >= 500;
            if (!worthAnother || attempt == ReadTries)
            {
                return answer;
            }
            var wait = answer.RetryAfter is { } asked && asked <= TimeSpan.FromSeconds(10) ? asked : TimeSpan.FromMilliseconds(200 * attempt);
            await Task.Delay(wait, _clock, cancellation);
        }
    }

    /// <summary>Sends a money request once. Never throws: cancellation after the socket opened is reported as NoAnswer with Connected true.</summary>
    public async Task<WireAnswer> SendMoneyAsync(WireRequest request, RequestPacer pacer, TimeSpan timeout, CancellationToken cancellation)
    {
        var opened = false;
        var connections = 0;
        try
        {
            await pacer.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return new WireAnswer { Connected = false, Fault = new(ProviderFaultKind.Unreachable, RawText: "Cancelled before the connection was opened.") };
        }
        using var handler = NewHandler();
        handler.PooledConnectionLifetime = TimeSpan.Zero;
        handler.ConnectCallback = async (context, token) =>
        {
            // A second connection for the same request would be a hidden repeat.
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

    private static SocketsHttpHandler NewHandler() => new()
    {
        AllowAutoRedirect = false,
        UseProxy = false,
        UseCookies = false,
        AutomaticDecompression = DecompressionMethods.None,
        MaxResponseHeadersLength = 64,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        ConnectCallback = static async (context, token) => await ConnectAsync(context, token),
    };

    private static async Task<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellation)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellation);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task<WireAnswer> SendAsync(
        HttpMessageInvoker invoker, WireRequest request, int bodyCap, TimeSpan timeout, Func<bool> connected, CancellationToken cancellation)
    {
        var started = _clock.GetTimestamp();
        using var expiry = new CancellationTokenSource(timeout, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(expiry.Token, cancellation);
        try
        {
            using var message = NewMessage(request);
            using var response = await invoker.SendAsync(message, either.Token);
            var body = await ReadCappedAsync(response.Content, bodyCap, either.Token);
            return new WireAnswer
            {
                Connected = true,
                Status = (int)response.StatusCode,
                Body = body ?? [],
                Fault = body is null ? new(ProviderFaultKind.Unreadable, RawText: $"The answer is larger than {bodyCap} bytes.", HttpStatus: (int)response.StatusCode) : null,
                Date = response.Headers.Date,
                RetryAfter = RetryAfter(response.Headers.RetryAfter),
                Duration = _clock.GetElapsedTime(started),
            };
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested && connected() && invoker == _reads)
        {
            throw;
        }
        catch (Exception exception) when (exception is OperationCanceledException or HttpRequestException or IOException or SocketException or InvalidOperationException or FormatException)
        {
            var opened = connected() && exception is not HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError };
            // For money requests only our own flag counts, never the type of an exception.
            opened = invoker == _reads ? opened : connected();
            var text = exception is OperationCanceledException ? $"No answer within {timeout.TotalSeconds:0.#} s." : exception.Message;
            return new WireAnswer
            {
                Connected = opened,
                Fault = new(opened ? ProviderFaultKind.NoAnswer : ProviderFaultKind.Unreachable, RawText: CardNumbers.Mask(text)),
                Duration = _clock.GetElapsedTime(started),
            };
        }
    }

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
