using System.Text;
using System.Text.Json;

namespace CashoutConsole.Sandbox;

/// <summary>
/// Webhooks on their way to the console. They are stored in the transaction that causes them, survive a crash, and are sent at least
/// once, with up to five retries after 16, 32, 64, … s, at most 900 s (providers: UQPay, webhook delivery; used for all three).
/// </summary>
internal sealed class WebhookOutbox(SandboxStore store, SandboxClock clock, Uri? callbackBase) : IDisposable
{
    private const int MostAttempts = 6;
    private const int LongestRetrySeconds = 900;
    private const int DefaultLateMs = 60_000;

    private readonly HttpClient _client = new(new SocketsHttpHandler { UseProxy = false, AllowAutoRedirect = false }) { Timeout = TimeSpan.FromSeconds(10) };
    private readonly SemaphoreSlim _delivering = new(1, 1);

    /// <summary>Stores a webhook with this payload, as the next webhook fault of the provider bends it.</summary>
    public void Enqueue(SandboxTransaction transaction, ISandboxApi api, object payload)
    {
        var fault = callbackBase is null ? null : transaction.TakeFault(api.Provider, Operations.Any, FaultKinds.Webhook);
        if (callbackBase is null || fault?.Kind == FaultKinds.WebhookNone)
        {
            return;
        }
        var delay = fault?.Kind == FaultKinds.WebhookLate ? (fault.Ms ?? DefaultLateMs) * 1000L : 0;
        var forged = fault?.Kind == FaultKinds.WebhookForged;
        var body = api.WebhookBody(JsonSerializer.SerializeToElement(payload, SandboxJson.Options), clock.Microseconds / 1000, forged);
        for (var copies = fault?.Kind == FaultKinds.WebhookDuplicate ? 2 : 1; copies > 0; copies--)
        {
            Store(transaction, api.Provider, body!, forged, stamp: null, clock.Microseconds + delay);
        }
    }

    /// <summary>Stores a webhook exactly as asked; <paramref name="stamp"/> replaces the time of signing (Unix ms).</summary>
    public long Store(SandboxTransaction transaction, string provider, string body, bool forged, long? stamp, long dueAt) => transaction.Insert(
        "INSERT INTO webhooks (provider, body, forged, stamp, created_at, due_at) VALUES ($p, $b, $f, $s, $c, $d)",
        ("$p", provider), ("$b", body), ("$f", forged ? 1L : 0L), ("$s", stamp), ("$c", clock.Microseconds), ("$d", dueAt));

    /// <summary>Sends what is due, oldest first, one at a time.</summary>
    public async Task<int> DeliverDueAsync(IReadOnlyDictionary<string, ISandboxApi> apis, CancellationToken cancellation)
    {
        if (callbackBase is null)
        {
            return 0;
        }
        await _delivering.WaitAsync(cancellation);
        try
        {
            var due = store.InTransaction(transaction => transaction.Query(
                """
                SELECT id, provider, body, forged, stamp, attempts FROM webhooks
                WHERE delivered_at IS NULL AND attempts < $a AND due_at <= $n ORDER BY due_at, id LIMIT 64
                """,
                static row => new Due(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt64(3) == 1, row.IsDBNull(4) ? null : row.GetInt64(4), row.GetInt32(5)),
                ("$a", MostAttempts), ("$n", clock.Microseconds)));
            foreach (var webhook in due)
            {
                var (acknowledged, result) = await SendAsync(apis[webhook.Provider], webhook, cancellation);
                store.InTransaction(transaction => Note(transaction, webhook, acknowledged, result));
            }
            return due.Count;
        }
        finally
        {
            _delivering.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _delivering.Dispose();
    }

    private async Task<(bool Acknowledged, string Result)> SendAsync(ISandboxApi api, Due webhook, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(callbackBase!, $"/webhooks/{api.Provider}/main"));
        request.Content = new StringContent(webhook.Body, Encoding.UTF8, "application/json");
        foreach (var (name, value) in api.WebhookHeaders(webhook.Body, webhook.Stamp ?? (clock.Microseconds / 1000), webhook.Forged))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        try
        {
            using var answer = await _client.SendAsync(request, cancellation);
            var text = await answer.Content.ReadAsStringAsync(cancellation);
            return (api.Acknowledges((int)answer.StatusCode, text), $"{(int)answer.StatusCode}");
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException && !cancellation.IsCancellationRequested)
        {
            return (false, fault.GetType().Name);
        }
    }

    private void Note(SandboxTransaction transaction, Due webhook, bool acknowledged, string result)
    {
        var attempts = webhook.Attempts + 1;
        var retryAt = clock.Microseconds + (Math.Min(LongestRetrySeconds, 1L << (attempts + 3)) * 1_000_000L);
        transaction.Execute("UPDATE webhooks SET attempts = $a, result = $r, due_at = $d, delivered_at = $t WHERE id = $i",
            ("$a", attempts), ("$r", result), ("$d", retryAt), ("$t", acknowledged ? clock.Microseconds : null), ("$i", webhook.Id));
    }

    private sealed record Due(long Id, string Provider, string Body, bool Forged, long? Stamp, int Attempts);
}
