using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;

namespace CashoutConsole.Tests.Providers.Support;

/// <summary>One request exactly as it came. <see cref="Connection"/> counts accepted connections from 1.</summary>
public sealed record RecordedRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body, string Raw, int Connection);

/// <summary>
/// A tiny HTTP/1.1 server on a free loopback port that records every request and answers by script, resets and cut-off answers included.
/// Answers of a path are used in order, the last one again and again; an unscripted path answers 404 in HTML.
/// </summary>
public sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<string, Queue<Func<RecordedRequest, ScriptedAnswer>>> _script = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<RecordedRequest> _requests = new();
    private readonly Channel<RecordedRequest> _arrivals = Channel.CreateUnbounded<RecordedRequest>();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly Task _accepting;
    private int _accepted;

    public ScriptedServer()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string BaseUrl => $"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public IReadOnlyList<RecordedRequest> Requests => [.. _requests];

    /// <summary>Connections accepted so far, also those that carried no request.</summary>
    public int Connections => Volatile.Read(ref _accepted);

    public IReadOnlyList<RecordedRequest> RequestsTo(string path) => [.. _requests.Where(request => PathOf(request.Target) == path)];

    public ScriptedServer On(string path, params ScriptedAnswer[] answers) => On(path, [.. answers.Select(static answer => (Func<RecordedRequest, ScriptedAnswer>)(_ => answer))]);

    public ScriptedServer On(string path, params Func<RecordedRequest, ScriptedAnswer>[] answers)
    {
        _script[path] = new(answers);
        return this;
    }

    /// <summary>The next request that was read completely and not yet waited for.</summary>
    public async Task<RecordedRequest> NextArrivalAsync() => await _arrivals.Reader.ReadAsync(_stop.Token).AsTask().WaitAsync(TimeSpan.FromSeconds(20));

    /// <summary>A loopback address on which nothing listens.</summary>
    public static string RefusedUrl()
    {
        var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        var port = ((IPEndPoint)probe.LocalEndpoint).Port;
        probe.Stop();
        return $"http://127.0.0.1:{port}";
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _stop.Dispose();
    }

    private static string PathOf(string target) => target.Split('?')[0];

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                _connections.Add(ServeAsync(socket, Interlocked.Increment(ref _accepted)));
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private async Task ServeAsync(Socket socket, int connection)
    {
        await Task.Yield();
        using (socket)
        {
            try
            {
                while (await ReadRequestAsync(socket, connection) is { } request)
                {
                    var answer = Next(request);
                    _requests.Enqueue(request);
                    _arrivals.Writer.TryWrite(request);
                    if (answer.Gate is { } gate)
                    {
                        await gate.WaitAsync(_stop.Token);
                    }
                    await socket.SendAsync(answer.Bytes, _stop.Token);
                    if (await EndAsync(socket, answer.Ending))
                    {
                        return;
                    }
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The client went away, or the server stops.
            }
        }
    }

    private async Task<bool> EndAsync(Socket socket, Ending ending)
    {
        switch (ending)
        {
            case Ending.KeepOpen:
                return false;
            case Ending.Close:
                socket.Shutdown(SocketShutdown.Both);
                return true;
            case Ending.Reset:
                socket.LingerState = new LingerOption(true, 0);
                socket.Close();
                return true;
            default:
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                return true;
        }
    }

    private ScriptedAnswer Next(RecordedRequest request)
    {
        if (!_script.TryGetValue(PathOf(request.Target), out var answers))
        {
            return ScriptedAnswer.Html(404);
        }
        lock (answers)
        {
            return (answers.Count > 1 ? answers.Dequeue() : answers.Peek())(request);
        }
    }

    private async Task<RecordedRequest?> ReadRequestAsync(Socket socket, int connection)
    {
        var bytes = new List<byte>();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var text = Encoding.Latin1.GetString([.. bytes]);
            var headEnd = text.IndexOf("\r\n\r\n", StringComparison.Ordinal);
            if (headEnd >= 0)
            {
                var lines = text[..headEnd].Split("\r\n");
                var headers = lines.Skip(1).Select(static line => line.Split(": ", 2)).ToDictionary(static pair => pair[0], static pair => pair[1], StringComparer.OrdinalIgnoreCase);
                var length = headers.TryGetValue("Content-Length", out var stated) ? int.Parse(stated, CultureInfo.InvariantCulture) : 0;
                if (bytes.Count >= headEnd + 4 + length)
                {
                    var first = lines[0].Split(' ');
                    var body = Encoding.UTF8.GetString([.. bytes.Skip(headEnd + 4).Take(length)]);
                    return new RecordedRequest(first[0], first[1], headers, body, text, connection);
                }
            }
            var read = await socket.ReceiveAsync(buffer, _stop.Token);
            if (read == 0)
            {
                return null;
            }
            bytes.AddRange(buffer.AsSpan(0, read));
        }
    }
}
