using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CashoutConsole.Tests.Providers.Support;

/// <summary>One request as it arrived on the socket.</summary>
public sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string Path => Target.Split('?')[0];

    public string? Header(string name) => Headers.GetValueOrDefault(name);

    public string? Query(string name) => Target.Split('?').ElementAtOrDefault(1)?.Split('&')
        .Select(static pair => pair.Split('=', 2)).Where(pair => string.Equals(pair[0], name, StringComparison.Ordinal))
        .Select(static pair => Uri.UnescapeDataString(pair[1])).FirstOrDefault();
}

/// <summary>What the server does with a request: answer, or end the connection without one.</summary>
public sealed record WireScriptAnswer(int Status, string Body, bool Reset = false, string? ExtraHeaders = null, int? ClaimedLength = null)
{
    public static WireScriptAnswer Json(string body, int status = 200) => new(status, body);

    public static readonly WireScriptAnswer Dropped = new(0, "", Reset: true);
}

/// <summary>
/// A loopback HTTP server whose answers a test writes down: by "METHOD /path" (no query), first matching rule from the last added on.
/// It keeps every request. Unscripted paths get a plain-text 404.
/// </summary>
public sealed class WireScript : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentDictionary<string, Func<SeenRequest, WireScriptAnswer>> _rules = new(StringComparer.Ordinal);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;

    public WireScript()
    {
        _listener.Start();
        Origin = $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port.ToString(CultureInfo.InvariantCulture)}";
        _loop = AcceptAsync();
    }

    public string Origin { get; }

    public ConcurrentQueue<SeenRequest> Requests { get; } = new();

    /// <summary>An origin of this machine where nobody listens.</summary>
    public static string ClosedOrigin()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return $"http://127.0.0.1:{((IPEndPoint)probe.LocalEndPoint!).Port.ToString(CultureInfo.InvariantCulture)}";
    }

    public void On(string methodAndPath, string json, int status = 200) => On(methodAndPath, _ => WireScriptAnswer.Json(json, status));

    public void On(string methodAndPath, Func<SeenRequest, WireScriptAnswer> answer) => _rules[methodAndPath] = answer;

    public IReadOnlyList<SeenRequest> Seen(string methodAndPath) =>
        [.. Requests.Where(request => string.Equals($"{request.Method} {request.Path}", methodAndPath, StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _loop;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token));
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                return;
            }
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                var stream = client.GetStream();
                while (await ReadRequestAsync(stream) is { } request)
                {
                    Requests.Enqueue(request);
                    var answer = _rules.TryGetValue($"{request.Method} {request.Path}", out var rule) ? rule(request) : new(404, "nothing here");
                    if (answer.Reset)
                    {
                        client.Client.LingerState = new LingerOption(enable: true, seconds: 0);
                        return;
                    }
                    var body = Encoding.UTF8.GetBytes(answer.Body);
                    var head = string.Create(CultureInfo.InvariantCulture,
                        $"HTTP/1.1 {answer.Status} X\r\nContent-Length: {answer.ClaimedLength ?? body.Length}\r\n{answer.ExtraHeaders}\r\n");
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(head), _stop.Token);
                    await stream.WriteAsync(body, _stop.Token);
                    if (answer.ClaimedLength is not null)
                    {
                        return;
                    }
                }
            }
            catch (Exception exception) when (exception is IOException or OperationCanceledException or ObjectDisposedException)
            {
                // The client went away, or the test ended.
            }
        }
    }

    private async Task<SeenRequest?> ReadRequestAsync(NetworkStream stream)
    {
        var head = new StringBuilder();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }
            head.Append((char)one[0]);
        }
        var lines = head.ToString().Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var first = lines[0].Split(' ');
        var headers = lines.Skip(1).Select(static line => line.Split(": ", 2)).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.OrdinalIgnoreCase);
        var body = new byte[int.Parse(headers.GetValueOrDefault("Content-Length", "0"), CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return new(first[0], first[1], headers, Encoding.UTF8.GetString(body));
    }
}

/// <summary>A wall clock that stands still until a test moves it; waits still use the real timers.</summary>
public sealed class StandingClock(DateTimeOffset now) : TimeProvider
{
    public DateTimeOffset Now { get; set; } = now;

    public override DateTimeOffset GetUtcNow() => Now;
}
