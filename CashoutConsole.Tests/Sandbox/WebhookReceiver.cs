using System.Collections.Concurrent;
using System.Net;
using System.Text;
using System.Text.Json;

namespace CashoutConsole.Tests.Sandbox;

/// <summary>The console's side of a webhook: a loopback listener that keeps what arrives and answers with the given status and body.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;

    public WebhookReceiver()
    {
        Url = $"http://localhost:{FreePort()}";
        _listener.Prefixes.Add(Url + "/");
        _listener.Start();
        _loop = ListenAsync();
    }

    public string Url { get; }

    public int Status { get; set; } = 200;

    /// <summary>Where a redirecting answer points; null = nowhere.</summary>
    public string? Location { get; set; }

    public string Answer { get; set; } = """{"code":0,"message":"","received":"success"}""";

    public ConcurrentQueue<ReceivedWebhook> Received { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _loop;
        _listener.Close();
    }

    private async Task ListenAsync()
    {
        try
        {
            while (true)
            {
                var context = await _listener.GetContextAsync();
                using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                Received.Enqueue(new ReceivedWebhook(context.Request.Url!.AbsolutePath, await reader.ReadToEndAsync(),
                    context.Request.Headers.AllKeys.ToDictionary(static name => name!, name => context.Request.Headers[name]!, StringComparer.OrdinalIgnoreCase)));
                context.Response.StatusCode = Status;
                context.Response.RedirectLocation = Location;
                context.Response.Close(Encoding.UTF8.GetBytes(Answer), willBlock: false);
            }
        }
        catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
        {
            // Stopped.
        }
    }

    private static int FreePort()
    {
        using var probe = new System.Net.Sockets.TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}

internal sealed record ReceivedWebhook(string Path, string Body, IReadOnlyDictionary<string, string> Headers)
{
    public JsonElement Json => JsonSerializer.Deserialize<JsonElement>(Body);
}
