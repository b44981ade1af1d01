using CashoutConsole.E2E.Fixtures;
using Microsoft.Data.Sqlite;

namespace CashoutConsole.E2E.Journeys;

/// <summary>What the console refuses to run on, tried with the real process.</summary>
public sealed class StartUpTests
{
    private const int Refused = 2;

    [Fact]
    public async Task Bad_configuration_is_refused_with_every_faulty_key_at_once()
    {
        await using var rehearsal = await Rehearsal.StartAsync(startConsole: false);
        rehearsal.Settings["Mode"] = "Sometimes";
        rehearsal.Settings["Providers:Pikabao:Accounts:main:SecretKey"] = "";
        rehearsal.Settings["Providers:MemberWallet:Accounts:thb:ApiKey"] = "too-short";
        rehearsal.Settings["Providers:UnCash:Accounts:main:BaseUrl"] = "not a url";
        rehearsal.Settings["Providers:KeySecure:Accounts:main:Concurency"] = "4";
        rehearsal.Settings["Accounts:RefreshMinutes"] = "often";

        var (exitCode, output) = await ConsoleProcess.StartRefusedAsync(rehearsal.Url, rehearsal.Settings);

        Assert.Equal(Refused, exitCode);
        Assert.All(
            new[] { "Mode", "Pikabao:Accounts:main:SecretKey", "MemberWallet:Accounts:thb:ApiKey", "UnCash:Accounts:main:BaseUrl", "Concurency", "Accounts:RefreshMinutes" },
            key => Assert.Contains(key, output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rehearsal_database_is_refused_another_endpoint_and_live_mode()
    {
        await using var rehearsal = await Rehearsal.StartAsync();
        await rehearsal.KillConsoleAsync();
        var sandbox = rehearsal.Sandbox.Url;

        rehearsal.PointProvidersAt("http://127.0.0.1:9");
        var elsewhere = await ConsoleProcess.StartRefusedAsync(rehearsal.Url, rehearsal.Settings);
        rehearsal.PointProvidersAt(sandbox);
        rehearsal.Settings["Mode"] = "Live";
        var live = await ConsoleProcess.StartRefusedAsync(rehearsal.Url, rehearsal.Settings);

        Assert.Equal(Refused, elsewhere.ExitCode);
        Assert.Contains("another endpoint", elsewhere.Output, StringComparison.Ordinal);
        Assert.Equal(Refused, live.ExitCode);
        Assert.Contains("stamped Rehearsal", live.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_second_console_on_the_same_file_is_refused_and_a_tampered_audit_row_is_named()
    {
        await using var rehearsal = await Rehearsal.StartAsync();

        var second = await ConsoleProcess.StartRefusedAsync($"http://localhost:{ConsoleProcess.FreePort()}", rehearsal.Settings);
        var whole = await ConsoleProcess.RunVerbAsync(rehearsal.Settings, "audit", "verify");
        Tamper(rehearsal.DatabaseFile, 3);
        var broken = await ConsoleProcess.RunVerbAsync(rehearsal.Settings, "audit", "verify");

        Assert.Equal(Refused, second.ExitCode);
        Assert.Contains("another CashoutConsole is running", second.Output, StringComparison.Ordinal);
        Assert.True(whole.ExitCode == 0, whole.Output);
        Assert.Equal(1, broken.ExitCode);
        Assert.Contains("entry 3 (changed)", broken.Output, StringComparison.Ordinal);
    }

    /// <summary>As somebody with the file would: without the trigger, one word of one row.</summary>
    private static void Tamper(string file, long sequence)
    {
        using var connection = new SqliteConnection($"Data Source={file}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = "DROP TRIGGER audit_entries_no_update; UPDATE audit_entries SET actor_name = 'somebody else' WHERE sequence = $sequence";
        command.Parameters.AddWithValue("$sequence", sequence);
        command.ExecuteNonQuery();
    }
}
