using System.Diagnostics;
using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Data.Sqlite;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>Who is disabled or loses a role is out, wherever a page is still open.</summary>
[Collection(Consoles.Money)]
public sealed class RevocationJourneys(RehearsalFixture fixture) : SharedConsole(fixture)
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    [Theory]
    [InlineData("treasury", "UPDATE identity_users SET disabled_at = 1 WHERE user_name = 'treasury'", "UPDATE identity_users SET disabled_at = NULL WHERE user_name = 'treasury'")]
    [InlineData("treasury", "UPDATE operator_roles SET role = 'Auditor' WHERE operator_id = (SELECT id FROM identity_users WHERE user_name = 'treasury')", "UPDATE operator_roles SET role = 'Treasury' WHERE operator_id = (SELECT id FROM identity_users WHERE user_name = 'treasury')")]
    public async Task A_click_right_after_the_revocation_moves_nothing_and_the_page_ends_at_sign_in(string userName, string revoke, string restore)
    {
        var rehearsal = Rehearsal;
        var account = await AccountPicker.PickAsync(rehearsal.Sandbox, "uqpay", "card", "active");
        var page = await Fixture.Browser.NewPageAsync();
        IWebSocket? opened = null;
        page.WebSocket += (_, socket) => opened = socket;
        await page.SignInAsync(rehearsal.Url, userName);
        var accounts = new AccountsScreen(page, rehearsal.Url);
        await accounts.FindAsync(account.Id);
        var dialog = await accounts.OpenDialogAsync();
        await dialog.FillAsync("10.00", "Too late");
        // The dialog holds the button back for a moment; what is tried here is the click that comes later.
        await Assertions.Expect(dialog.Confirm).ToBeEnabledAsync();

        var socket = opened!;
        await ExecuteAsync(revoke);
        var watch = Stopwatch.StartNew();
        try
        {
            // At once, without waiting for a page to be still that is about to go.
            await dialog.Confirm.EvaluateAsync("button => button.click()");
            await page.WaitForURLAsync("**/sign-in**", new() { Timeout = (float)Limit.TotalMilliseconds });
            Assert.InRange(watch.Elapsed, TimeSpan.Zero, Limit);
            // Its document is gone, so the socket is, whoever hung up first; and no other was let in.
            Assert.Same(socket, opened);
            await page.GetByLabel("User name").WaitForAsync();
        }
        finally
        {
            await ExecuteAsync(restore);
        }
        Assert.DoesNotContain(await rehearsal.Sandbox.LedgerAsync("uqpay", account.Id), static entry => entry.Kind == "withdrawal");
        Assert.Equal(0L, await ScalarAsync("SELECT COUNT(*) FROM withdrawals WHERE external_account_id = $p", account.Id));
    }

    [Fact]
    public async Task A_page_that_only_stands_open_ends_at_sign_in_and_everybody_elses_stays()
    {
        var leaver = await Fixture.Browser.NewPageAsync();
        var stayer = await Fixture.Browser.NewPageAsync();
        await leaver.SignInAsync(Rehearsal.Url, "supervisor2");
        await stayer.SignInAsync(Rehearsal.Url, "supervisor");
        await leaver.GotoAsync(Rehearsal.Url + "/withdrawals?status=Failed");
        await leaver.WaitForCircuitAsync();

        await ExecuteAsync("UPDATE identity_users SET disabled_at = 1 WHERE user_name = 'supervisor2'");
        try
        {
            await leaver.WaitForURLAsync("**/sign-in**", new() { Timeout = (float)Limit.TotalMilliseconds });
            Assert.Contains(Uri.EscapeDataString("/withdrawals?status=Failed"), leaver.Url, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            await ExecuteAsync("UPDATE identity_users SET disabled_at = NULL WHERE user_name = 'supervisor2'");
        }
        await stayer.GetByRole(AriaRole.Link, new() { Name = "Providers" }).ClickAsync();
        await stayer.WaitForURLAsync("**/providers");
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.True(await command.ExecuteNonQueryAsync() > 0, sql);
    }

    private async Task<object?> ScalarAsync(string sql, string parameter)
    {
        await using var connection = await OpenAsync();
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.AddWithValue("$p", parameter);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Past the console, as somebody with the database would.</summary>
    private async Task<SqliteConnection> OpenAsync()
    {
        var connection = new SqliteConnection($"Data Source={Rehearsal.DatabaseFile};Default Timeout=10;Pooling=False");
        await connection.OpenAsync();
        return connection;
    }
}
