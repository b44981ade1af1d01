using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

/// <summary>
/// The runtime runs this in a console that was started with DOTNET_STARTUP_HOOKS, before its own code: the console then reads the
/// sandbox's clock, so that journeys can move the time of both. The product has no such switch.
/// </summary>
#pragma warning disable CA1050, MA0047 // The runtime looks for this name outside of any namespace.
internal static class StartupHook
#pragma warning restore CA1050, MA0047
{
    public const string ClockVariable = "CASHOUT_E2E_CLOCK";

    public static void Initialize()
    {
        if (Environment.GetEnvironmentVariable(ClockVariable) is { } address)
        {
            DiagnosticListener.AllListeners.Subscribe(new HostWatch(new SandboxTime(new Uri(address))));
        }
    }

    /// <summary>Gives the clock to every host when it is being built, after the host's own services.</summary>
    private sealed class HostWatch(TimeProvider clock) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>
    {
        public void OnNext(DiagnosticListener value)
        {
            if (value.Name == "Microsoft.Extensions.Hosting")
            {
                value.Subscribe(this);
            }
        }

        public void OnNext(KeyValuePair<string, object?> value)
        {
            if (value is { Key: "HostBuilding", Value: IHostBuilder host })
            {
                host.ConfigureServices(services => services.AddSingleton(clock));
            }
        }

        public void OnCompleted()
        {
        }

        public void OnError(Exception error)
        {
        }
    }

    /// <summary>The system's time plus what the sandbox was moved by; timers run as always.</summary>
    private sealed class SandboxTime : TimeProvider, IDisposable
    {
        private static readonly TimeSpan Often = TimeSpan.FromMilliseconds(100);

        private readonly HttpClient _http = new(new SocketsHttpHandler { UseProxy = false });
        private readonly ITimer _reading;
        private long _offsetTicks;

        public SandboxTime(Uri address)
        {
            using var first = _http.Send(new HttpRequestMessage(HttpMethod.Get, address));
            using var body = first.Content.ReadAsStream();
            Take(JsonSerializer.Deserialize<ClockView>(body, JsonSerializerOptions.Web));
            _reading = System.CreateTimer(_ => _ = ReadAsync(address), null, Often, Often);
        }

        public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + TimeSpan.FromTicks(Interlocked.Read(ref _offsetTicks));

        public void Dispose()
        {
            _reading.Dispose();
            _http.Dispose();
        }

        private async Task ReadAsync(Uri address)
        {
            try
            {
                Take(await _http.GetFromJsonAsync<ClockView>(address));
            }
            catch (HttpRequestException)
            {
                // The sandbox is going down: the journey is over.
            }
        }

        private void Take(ClockView? view) => Interlocked.Exchange(ref _offsetTicks, TimeSpan.FromSeconds(view!.OffsetSeconds).Ticks);

        private sealed record ClockView(double OffsetSeconds);
    }
}
