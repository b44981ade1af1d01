using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CashoutConsole.E2E.Fixtures;

/// <summary>The console as a process of its own, as a user starts it, on a free port and a database of its own.</summary>
public sealed class ConsoleProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _output = new();

    private ConsoleProcess(Process process, string url)
    {
        _process = process;
        Url = url;
    }

    public string Url { get; }

    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    /// <summary>Starts it and waits until it is ready.</summary>
    public static async Task<ConsoleProcess> StartAsync(string url, IReadOnlyDictionary<string, string> settings)
    {
        var started = Launch(url, settings);
        using var http = new HttpClient();
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StartLimit && !started._process.HasExited)
        {
            try
            {
                if ((await http.GetAsync(new Uri(url + "/health/ready"))).IsSuccessStatusCode)
                {
                    return started;
                }
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System);
        }
        await started.DisposeAsync();
        throw new InvalidOperationException($"The console did not start:{Environment.NewLine}{started.Output}");
    }

    /// <summary>Starts it in the expectation that it refuses; returns the exit code and what it printed.</summary>
    public static async Task<(int ExitCode, string Output)> StartRefusedAsync(string url, IReadOnlyDictionary<string, string> settings)
    {
        await using var started = Launch(url, settings);
        using var limit = new CancellationTokenSource(StartLimit);
        await started._process.WaitForExitAsync(limit.Token);
        return (started._process.ExitCode, started.Output);
    }

    /// <summary>Runs a verb to its end.</summary>
    public static Task<(int ExitCode, string Output)> RunVerbAsync(IReadOnlyDictionary<string, string> settings, params string[] arguments) =>
        RunVerbAsync(settings, "", arguments);

    /// <summary>Runs a verb to its end with a line on its standard input.</summary>
    public static async Task<(int ExitCode, string Output)> RunVerbAsync(IReadOnlyDictionary<string, string> settings, string input, string[] arguments)
    {
        await using var started = Launch(null, settings, arguments);
        await started._process.StandardInput.WriteLineAsync(input);
        started._process.StandardInput.Close();
        using var limit = new CancellationTokenSource(StartLimit);
        await started._process.WaitForExitAsync(limit.Token);
        return (started._process.ExitCode, started.Output);
    }

    /// <summary>SIGKILL: no shutdown code runs.</summary>
    public async Task KillAsync()
    {
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            await KillAsync();
        }
        _process.Dispose();
    }

    private static ConsoleProcess Launch(string? url, IReadOnlyDictionary<string, string> settings, params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet")
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            WorkingDirectory = Path.GetTempPath(),
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "CashoutConsole.dll"));
        foreach (var argument in url is null ? arguments : [.. arguments, "--urls", url])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        // It lives for a minute or so: compiling warm methods again, and again with a profile, costs more than it saves.
        start.Environment["DOTNET_TieredPGO"] = "0";
        start.Environment["DOTNET_TC_CallCounting"] = "0";
        start.Environment["DOTNET_gcServer"] = "0";
        foreach (var (key, value) in settings)
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }
        var process = new Process { StartInfo = start };
        var result = new ConsoleProcess(process, url ?? "");
        process.OutputDataReceived += result.Collect;
        process.ErrorDataReceived += result.Collect;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return result;
    }

    private void Collect(object sender, DataReceivedEventArgs line)
    {
        lock (_output)
        {
            _output.AppendLine(line.Data);
        }
    }
}
