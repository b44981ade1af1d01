using System.Globalization;
using System.Text;
using System.Text.Json;
using CashoutConsole.Sandbox;

namespace CashoutConsole.Tests.Sandbox;

/// <summary>A sandbox on a free port with its own file and a clock that the test moves; restarting it keeps the file.</summary>
internal sealed class SandboxFixture : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("sandbox-").FullName;
    private readonly string? _callback;
    private SandboxServer? _server;

    private SandboxFixture(string? callback) => _callback = callback;

    public HttpClient Http { get; } = new(new SocketsHttpHandler { UseProxy = false });

    public ManualClock Clock { get; } = new();

    public string Url => _server!.Url;

    public long NowMs => Clock.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<SandboxFixture> StartAsync(string? callback = null)
    {
        var fixture = new SandboxFixture(callback);
        await fixture.RestartAsync();
        return fixture;
    }

    public async Task RestartAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        _server = await SandboxHost.StartAsync(
            new SandboxOptions { Url = "http://localhost:0", File = Path.Combine(_folder, "sandbox.db"), CallbackBaseUrl = _callback }, Clock);
    }

    public async Task<JsonElement> ControlAsync(string path) => await ReadAsync(await Http.GetAsync(Url + "/_control/" + path));

    public async Task<JsonElement> ControlAsync(string path, object body) =>
        await ReadAsync(await Http.PostAsync(Url + "/_control/" + path, new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json")));

    public Task ArmAsync(string provider, string operation, string kind) => ControlAsync("faults", new { provider, operation, kind });

    public Task SetAsync(string name, string value) => ControlAsync("settings", new Dictionary<string, string>(StringComparer.Ordinal) { [name] = value });

    /// <summary>The ledger's entries of one provider, "kind amount key" each.</summary>
    public async Task<List<string>> LedgerAsync(string provider) =>
        (await ControlAsync($"ledger?provider={provider}")).GetProperty("entries").EnumerateArray()
        .Select(static entry => $"{entry.Text("kind")} {entry.Text("amount")} {entry.Text("key")}".TrimEnd()).ToList();

    public async Task<decimal> BalanceAsync(string provider, string id) =>
        decimal.Parse((await AccountAsync(provider, id)).Text("balance")!, CultureInfo.InvariantCulture);

    public async Task<JsonElement> AccountAsync(string provider, string id) =>
        (await ControlAsync($"accounts?provider={provider}")).GetProperty("accounts").EnumerateArray().Single(account => account.Text("id") == id);

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }
        Http.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    public static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        }
    }
}

/// <summary>Stands still until the test moves it. Timers and waits that ran out by then fire at once.</summary>
internal sealed class ManualClock : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 3, 2, 4, 5, 6, TimeSpan.Zero);

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public void Advance(TimeSpan by)
    {
        List<ManualTimer> due;
        lock (_gate)
        {
            _now += by;
            due = _timers.FindAll(timer => timer.Due <= _now);
        }
        due.ForEach(static timer => timer.Fire());
    }

    /// <summary>Whether somebody waits on this clock for something other than the sandbox's own loop.</summary>
    public bool HasWaiter(TimeSpan atLeast)
    {
        lock (_gate)
        {
            return _timers.Exists(timer => timer.Due >= _now + atLeast && timer.Due < DateTimeOffset.MaxValue);
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state), period);
        timer.Change(dueTime, period);
        lock (_gate)
        {
            _timers.Add(timer);
        }
        return timer;
    }

    private sealed class ManualTimer(ManualClock clock, Action fire, TimeSpan period) : ITimer
    {
        private TimeSpan _period = period;

        public DateTimeOffset Due { get; private set; } = DateTimeOffset.MaxValue;

        public void Fire()
        {
            Due = _period > TimeSpan.Zero ? clock.GetUtcNow() + _period : DateTimeOffset.MaxValue;
            fire();
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            _period = period;
            Due = dueTime < TimeSpan.Zero ? DateTimeOffset.MaxValue : clock.GetUtcNow() + dueTime;
            return true;
        }

        public void Dispose()
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
