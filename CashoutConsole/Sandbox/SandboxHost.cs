using System.Globalization;
using System.Net;
using CashoutConsole.Sandbox.KeySecure;
using CashoutConsole.Sandbox.MemberWallet;
using CashoutConsole.Sandbox.Pikabao;
using CashoutConsole.Sandbox.UnCash;
using CashoutConsole.Sandbox.Uqpay;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace CashoutConsole.Sandbox;

/// <summary>
/// Starts the five provider APIs, simulated, on one loopback listener: /pikabao, /keysecure, /uqpay/api, /uncash, /member-wallet, and
/// /_control to arrange and inspect them. Rehearsal and tests only.
/// </summary>
public static class SandboxHost
{
    /// <summary>Opens or continues the file, fills a new one, and listens.</summary>
    /// <exception cref="ArgumentException">The URL is not http on a loopback host.</exception>
    public static async Task<SandboxServer> StartAsync(SandboxOptions options, TimeProvider clock, CancellationToken cancellationToken = default)
    {
        var app = BuildListener(LoopbackUrl(options.Url));
        var store = SandboxStore.Open(options.File);
        try
        {
            var parts = Build(options, store, clock);
            var pipeline = new SandboxPipeline(store, parts.Clock, parts.Settlement, app.Lifetime.ApplicationStopping);
            foreach (var api in parts.Apis.Values)
            {
                api.Map(new SandboxRoutes(pipeline, app, api, Prefix(api)));
            }
            new ControlEndpoints(parts).Map(app);
            await app.StartAsync(cancellationToken);
            return new SandboxServer(app, parts);
        }
        catch
        {
            await app.DisposeAsync();
            store.Dispose();
            throw;
        }
    }

    private static SandboxParts Build(SandboxOptions options, SandboxStore store, TimeProvider inner)
    {
        var offset = store.InTransaction(transaction => transaction.Stored(SandboxSettings.ClockOffset) ?? "0");
        var clock = new SandboxClock(inner, TimeSpan.FromTicks(long.Parse(offset, CultureInfo.InvariantCulture)));
        var settlement = new Settlement(clock, options.SettleDelay);
        var outbox = new WebhookOutbox(store, clock, options.CallbackBaseUrl is { Length: > 0 } callback ? new Uri(callback) : null);
        var shared = new SandboxShared(store, clock, settlement, outbox);
        ISandboxApi[] apis = [new PikabaoApi(shared), new KeySecureApi(shared), new UqpayApi(shared), new UnCashApi(shared), new MemberWalletApi(shared)];
        var byName = apis.ToDictionary(static api => api.Provider, StringComparer.Ordinal);
        settlement.Attach(byName);
        store.InTransaction(transaction => Seed.Once(transaction, apis, clock));
        return new SandboxParts(store, clock, settlement, outbox, byName);
    }

    private static string Prefix(ISandboxApi api) => api.Provider switch
    {
        UqpayApi.Name => "/uqpay/api",
        MemberWalletApi.Name => "/member-wallet",
        _ => "/" + api.Provider,
    };

    private static WebApplication BuildListener(Uri url)
    {
        // An empty builder: neither the console's configuration nor ASPNETCORE_URLS may move this listener off the loopback interface.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.AddRoutingCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            if (url.Port == 0 || IPAddress.TryParse(url.Host.Trim('[', ']'), out _))
            {
                kestrel.Listen(IPAddress.TryParse(url.Host.Trim('[', ']'), out var address) ? address : IPAddress.Loopback, url.Port, HttpOnly);
            }
            else
            {
                kestrel.ListenLocalhost(url.Port, HttpOnly);
            }
        });
        return builder.Build();

        static void HttpOnly(ListenOptions listen) => listen.Protocols = HttpProtocols.Http1;
    }

    private static Uri LoopbackUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme == Uri.UriSchemeHttp && url.IsLoopback
            ? url
            : throw new ArgumentException($"The sandbox listens on http and a loopback host only, not on '{text}'.", nameof(text));
}

/// <summary>What the provider simulations share.</summary>
internal sealed record SandboxShared(SandboxStore Store, SandboxClock Clock, Settlement Settlement, WebhookOutbox Outbox);

/// <summary>Everything that runs behind one listener.</summary>
internal sealed record SandboxParts(
    SandboxStore Store, SandboxClock Clock, Settlement Settlement, WebhookOutbox Outbox, IReadOnlyDictionary<string, ISandboxApi> Apis)
{
    public async Task TickAsync(CancellationToken cancellation)
    {
        Store.InTransaction(Settlement.SettleDue);
        await Outbox.DeliverDueAsync(Apis, cancellation);
    }
}

/// <summary>A running sandbox. Disposing it stops the listener and closes the file; everything committed stays in it.</summary>
public sealed class SandboxServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly SandboxParts _parts;
    private readonly SandboxWorker _worker;

    internal SandboxServer(WebApplication app, SandboxParts parts)
    {
        _app = app;
        _parts = parts;
        _worker = new SandboxWorker(parts.Clock, parts.TickAsync);
        Url = app.Urls.First();
    }

    /// <summary>Where it listens, with the real port and without a trailing slash.</summary>
    public string Url { get; }

    /// <summary>Returns when the token is cancelled (Ctrl+C of the <c>sandbox</c> verb) or the listener stops.</summary>
    public async Task WaitForShutdown(CancellationToken cancellationToken)
    {
        var stopped = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var cancelled = cancellationToken.Register(() => stopped.TrySetResult());
        await using var stopping = _app.Lifetime.ApplicationStopping.Register(() => stopped.TrySetResult());
        await stopped.Task;
    }

    public async ValueTask DisposeAsync()
    {
        await _worker.DisposeAsync();
        await _app.StopAsync();
        await _app.DisposeAsync();
        _parts.Outbox.Dispose();
        _parts.Store.Dispose();
    }
}
