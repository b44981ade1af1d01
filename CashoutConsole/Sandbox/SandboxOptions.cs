namespace CashoutConsole.Sandbox;

/// <summary>How to start the sandbox. All of it is local: the listener binds to the loopback interface only.</summary>
public sealed record SandboxOptions
{
    /// <summary>http URL on a loopback host; port 0 picks a free port (read <see cref="SandboxServer.Url"/>).</summary>
    public string Url { get; init; } = "http://localhost:5081";

    /// <summary>The sandbox's own SQLite file. An existing file is continued: ledger, keys, tokens, cooldowns, faults and clock offset survive.</summary>
    public string File { get; init; } = "data/sandbox.db";

    /// <summary>The console that receives the webhooks, e.g. http://localhost:5080. Null = no webhooks.</summary>
    public string? CallbackBaseUrl { get; init; }

    /// <summary>How long an asynchronous order stays open. Setting <c>settle.delayMs</c> overrides it while running.</summary>
    public TimeSpan SettleDelay { get; init; } = TimeSpan.FromSeconds(2);
}
