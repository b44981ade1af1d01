using System.Collections.Concurrent;
using System.Globalization;
using System.Text;

namespace CashoutConsole.Sandbox;

/// <summary>The routes of one provider below its path prefix.</summary>
internal sealed class SandboxRoutes(SandboxPipeline pipeline, IEndpointRouteBuilder endpoints, ISandboxApi api, string prefix)
{
    public void Get(string path, string operation, Func<SandboxCall, SandboxReply> work) => Map(HttpMethods.Get, path, operation, work);

    public void Post(string path, string operation, Func<SandboxCall, SandboxReply> work) => Map(HttpMethods.Post, path, operation, work);

    private void Map(string method, string path, string operation, Func<SandboxCall, SandboxReply> work) =>
        endpoints.MapMethods(prefix + path, [method], http => pipeline.AnswerAsync(http, api, operation, work));
}

/// <summary>
/// The way of every provider request: take the faults that strike it (one transaction, which also settles what is due and notes the
/// request), do the work in the handler's own transaction, which is committed when it returns, then answer, or do not.
/// </summary>
internal sealed class SandboxPipeline(SandboxStore store, SandboxClock clock, Settlement settlement, CancellationToken stopping)
{
    private const int LargestRequest = 1 << 20;
    private const long HugeBody = 64L << 20;
    private const int KeptRequests = 100_000;

    private readonly ConcurrentDictionary<string, byte> _running = new(StringComparer.Ordinal);

    public async Task AnswerAsync(HttpContext http, ISandboxApi api, string operation, Func<SandboxCall, SandboxReply> work)
    {
        var body = await ReadBodyAsync(http.Request);
        if (body is null)
        {
            http.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
            return;
        }
        var (transport, outcome) = store.InTransaction(transaction => Prepare(transaction, http, api, operation));
        var call = new SandboxCall(http, body, outcome);
        // Clients may learn the provider's clock from here, so it must be the sandbox's and not the machine's.
        http.Response.Headers.Date = clock.GetUtcNow().ToString("R", CultureInfo.InvariantCulture);
        try
        {
            await SendAsync(http, transport, await WorkAsync(call, api, transport, work));
        }
        catch (OperationCanceledException)
        {
            // The sandbox stops, or the caller hung up while a long answer was being written.
            http.Abort();
        }
    }

    private (Fault? Transport, Fault? Outcome) Prepare(SandboxTransaction transaction, HttpContext http, ISandboxApi api, string operation)
    {
        settlement.SettleDue(transaction);
        var transport = transaction.TakeFault(api.Provider, operation, FaultKinds.Transport);
        var outcome = operation == Operations.Withdraw ? transaction.TakeFault(api.Provider, operation, FaultKinds.Outcome) : null;
        if (transport?.Kind == FaultKinds.TokenInvalid)
        {
            transaction.Execute("UPDATE tokens SET revoked = 1 WHERE provider = $p", ("$p", api.Provider));
        }
        var seq = transaction.Insert(
            "INSERT INTO requests (provider, operation, method, path, at, fault) VALUES ($p, $o, $m, $path, $t, $f)",
            ("$p", api.Provider), ("$o", operation), ("$m", http.Request.Method), ("$path", http.Request.Path.Value), ("$t", clock.Microseconds),
            ("$f", $"{transport?.Kind} {outcome?.Kind}".Trim()));
        transaction.Execute("DELETE FROM requests WHERE seq <= $s", ("$s", seq - KeptRequests));
        return (transport, outcome);
    }

    private async Task<SandboxReply> WorkAsync(SandboxCall call, ISandboxApi api, Fault? fault, Func<SandboxCall, SandboxReply> work)
    {
        var key = call.Header("x-idempotency-key") is { Length: > 0 } header ? $"{api.Provider} {header}" : null;
        if (key is not null && !_running.TryAdd(key, 0))
        {
            // UQPay: the same key while the first request still runs (providers: UQPay, idempotency).
            return api.Refusal("processing", null);
        }
        try
        {
            if (fault?.Kind == FaultKinds.DelayBeforeEffect)
            {
                await WaitAsync(fault);
            }
            if (fault?.Kind == FaultKinds.TokenInvalid && api.CredentialRefusal is { } refusal)
            {
                return refusal;
            }
            var reply = fault is null || fault.RunsEffect ? work(call) : SandboxReply.Dropped;
            if (fault?.Kind is FaultKinds.Delay or FaultKinds.DelayThenDrop)
            {
                await WaitAsync(fault);
            }
            return fault?.Kind == FaultKinds.Refuse ? api.Refusal(fault.Code ?? "", fault.Message) : reply;
        }
        finally
        {
            if (key is not null)
            {
                _running.TryRemove(key, out _);
            }
        }
    }

    private Task WaitAsync(Fault fault) => Task.Delay(TimeSpan.FromMilliseconds(fault.Ms ?? 1000), clock, stopping);

    private async Task SendAsync(HttpContext http, Fault? fault, SandboxReply reply)
    {
        switch (fault?.Kind)
        {
            case FaultKinds.DropBeforeEffect or FaultKinds.DropAfterEffect or FaultKinds.DelayThenDrop:
                http.Abort();
                break;
            case FaultKinds.Http500Html:
                await WriteAsync(http, SandboxReply.Html(StatusCodes.Status500InternalServerError, "Internal Server Error"));
                break;
            case FaultKinds.Http502Html:
                await WriteAsync(http, SandboxReply.Html(StatusCodes.Status502BadGateway, "Bad Gateway"));
                break;
            case FaultKinds.NotJson200:
                await WriteAsync(http, SandboxReply.Html(StatusCodes.Status200OK, "Maintenance"));
                break;
            case FaultKinds.Http429:
                http.Response.Headers.RetryAfter = ((fault.Ms ?? 2000) / 1000).ToString(CultureInfo.InvariantCulture);
                await WriteAsync(http, SandboxReply.Json(new { code = "too_many_requests", message = "Too many requests" }, StatusCodes.Status429TooManyRequests));
                break;
            case FaultKinds.TruncatedJson when reply.Body is not null:
                await WriteAsync(http, reply with { Body = reply.Body[..(reply.Body.Length / 2)] });
                break;
            case FaultKinds.HugeBody when reply.Body is not null:
                await WriteHugeAsync(http, reply, fault.Bytes ?? HugeBody);
                break;
            default:
                await WriteAsync(http, reply);
                break;
        }
    }

    private static async Task WriteAsync(HttpContext http, SandboxReply reply)
    {
        if (reply.Body is null)
        {
            http.Abort();
            return;
        }
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.ContentType;
        http.Response.ContentLength = reply.Body.Length;
        await http.Response.Body.WriteAsync(reply.Body, http.RequestAborted);
    }

    /// <summary>The true answer with an endless extra field: still JSON, only far too much of it.</summary>
    private static async Task WriteHugeAsync(HttpContext http, SandboxReply reply, long bytes)
    {
        http.Response.StatusCode = reply.Status;
        http.Response.ContentType = reply.ContentType;
        await http.Response.Body.WriteAsync(reply.Body.AsMemory(0, reply.Body!.Length - 1), http.RequestAborted);
        await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes(",\"padding\":\""), http.RequestAborted);
        var block = Encoding.ASCII.GetBytes(new string('x', 1 << 16));
        for (var written = 0L; written < bytes; written += block.Length)
        {
            await http.Response.Body.WriteAsync(block, http.RequestAborted);
        }
        await http.Response.Body.WriteAsync(Encoding.ASCII.GetBytes("\"}"), http.RequestAborted);
    }

    private static async Task<byte[]?> ReadBodyAsync(HttpRequest request)
    {
        using var buffer = new MemoryStream();
        var block = new byte[16 * 1024];
        for (int read; (read = await request.Body.ReadAsync(block, request.HttpContext.RequestAborted)) > 0;)
        {
            if (buffer.Length + read > LargestRequest)
            {
                return null;
            }
            buffer.Write(block, 0, read);
        }
        return buffer.ToArray();
    }
}
