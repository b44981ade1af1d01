using System.Collections.Concurrent;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CashoutConsole.Tests.Withdrawals;

/// <summary>The real loop, on a clock that moves as fast as the work is done.</summary>
public sealed class DispatcherTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task Everything_is_sent_once_with_as_many_at_a_time_as_the_sheet_allows(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var ids = new List<Guid>();
        for (var i = 0; i < 12; i++)
        {
            ids.Add(await rig.RequestAsync(await rig.AccountAsync(100), 10 + i));
        }
        var now = 0;
        var most = 0;
        rig.Provider.BeforeEffect = async _ =>
        {
            most = Math.Max(most, Interlocked.Increment(ref now));
            await Task.Yield();
            Interlocked.Decrement(ref now);
        };
        await RunAsync(rig, () => AllFinalAsync(rig));

        Assert.Equal(12, rig.Provider.Sends.Count);
        Assert.InRange(most, 1, rig.Provider.Sheet.Concurrency);
        Assert.Equal(12, await rig.QueryAsync(static db => db.Withdrawals.CountAsync(static w => w.Status == WithdrawalStatus.Succeeded)));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Whatever_the_provider_does_the_books_agree_in_the_end(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Provider.Script(
            FakeProvider.PayAndLoseAnswer, FakeProvider.NotConnected, FakeProvider.LoseRequest, FakeProvider.TryLater(ProviderFaultKind.RateLimited, TimeSpan.FromSeconds(3)),
            FakeProvider.Throw, FakeProvider.RefuseWith(ProviderFaultKind.AccountState), FakeProvider.Accept, FakeProvider.PayAndLoseAnswer, FakeProvider.LoseRequest);
        var accepted = new ConcurrentQueue<string>();
        rig.Provider.OtherwiseLookup = null;
        for (var i = 0; i < 8; i++)
        {
            await rig.RequestAsync(await rig.AccountAsync(100), 10);
        }
        await RunAsync(rig, async () =>
        {
            foreach (var key in await rig.QueryAsync(static db => db.Withdrawals.Where(static w => w.Status == WithdrawalStatus.Processing).Select(static w => w.IdempotencyKey).ToListAsync()))
            {
                if (!accepted.Contains(key, StringComparer.Ordinal))
                {
                    accepted.Enqueue(key);
                    rig.Provider.Settle(key);
                }
            }
            return await AllFinalAsync(rig);
        });
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task One_withdrawal_at_a_time_with_the_pause_between_them_where_the_sheet_says_so(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.NoKey);
        for (var i = 0; i < 4; i++)
        {
            await rig.RequestAsync(await rig.AccountAsync(100), 10);
        }
        await RunAsync(rig, () => AllFinalAsync(rig), TimeSpan.FromSeconds(30));

        Assert.Equal(4, rig.Provider.Sends.Count);
        Assert.All(rig.Provider.Sends.Zip(rig.Provider.Sends.Skip(1)), static pair => Assert.True(pair.Second.At - pair.First.At >= Sheets.NoKey.Cooldown));
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_processes_on_one_database_send_each_withdrawal_once(DatabaseKind kind)
    {
        if (kind == DatabaseKind.Sqlite)
        {
            // The instance lock allows one process per file.
            return;
        }
        await using var rig = await ConsoleRig.StartAsync(kind);
        for (var i = 0; i < 10; i++)
        {
            await rig.RequestAsync(await rig.AccountAsync(100), 10);
        }
        await using var second = rig.SecondProcess();
        var other = DispatcherOf(second);
        await other.StartAsync(CancellationToken.None);
        await RunAsync(rig, () => AllFinalAsync(rig));
        await other.StopAsync(CancellationToken.None);

        Assert.Equal(10, rig.Provider.Sends.Count);
        await rig.AssertBooksAgreeAsync();
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_start_calls_what_was_being_sent_unknown_before_anything_else(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Undocumented);
        rig.Provider.Script(FakeProvider.Throw);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 40);
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.SendAsync(id));
        rig.Restart();
        await RunAsync(rig, async () => (await rig.ReadAsync(id)).Status == WithdrawalStatus.OutcomeUnknown);

        Assert.Single(rig.Provider.Sends);
        Assert.DoesNotContain(await rig.HistoryAsync(id), static change => change.To is WithdrawalStatus.Failed || (change.From == WithdrawalStatus.Sending && change.To == WithdrawalStatus.Scheduled));
    }

    [Fact]
    public async Task What_cannot_be_done_now_is_not_tried_without_a_pause()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite, Sheets.Undocumented);
        rig.Provider.Script(FakeProvider.LoseRequest);
        var id = await rig.RequestAndSendAsync(await rig.AccountAsync(100), 40);
        var tries = 0;
        rig.Provider.OtherwiseLookup = _ =>
        {
            Interlocked.Increment(ref tries);
            throw new InvalidOperationException("The adapter broke.");
        };
        rig.Clock.Advance(TimeSpan.FromMinutes(1));
        var before = rig.Clock.Now();
        await RunAsync(rig, () => Task.FromResult(Volatile.Read(ref tries) >= 5));

        Assert.True(rig.Clock.Now() - before >= TimeSpan.FromSeconds(2 * 4), $"{tries} tries in {rig.Clock.Now() - before}");
        Assert.Equal(WithdrawalStatus.OutcomeUnknown, (await rig.ReadAsync(id)).Status);
    }

    private static async Task<bool> AllFinalAsync(ConsoleRig rig) => await rig.QueryAsync(static db => db.Withdrawals.AllAsync(static w => w.FinalAt != null));

    private static Task<bool> IsWorkingAsync(ConsoleRig rig) =>
        rig.QueryAsync(static db => db.Withdrawals.AnyAsync(static w => w.Status == WithdrawalStatus.Sending || w.ClaimedBy != null));

    private static Dispatcher DispatcherOf(IServiceProvider services) => services.GetServices<IHostedService>().OfType<Dispatcher>().Single();

    /// <summary>Runs the dispatcher and moves the clock on whenever it waits, until <paramref name="done"/> or a minute of real time is over.</summary>
    private static async Task RunAsync(ConsoleRig rig, Func<Task<bool>> done, TimeSpan? step = null)
    {
        var dispatcher = DispatcherOf(rig.Services);
        await dispatcher.StartAsync(CancellationToken.None);
        var started = System.Diagnostics.Stopwatch.StartNew();
        while (!await done())
        {
            Assert.True(started.Elapsed < TimeSpan.FromMinutes(1), "The dispatcher did not get there.");
            // Only while the loop waits, and never past what is on its way: the clock must not outrun the work.
            if (rig.Clock.Waiting > 0 && (step is null || !await IsWorkingAsync(rig)))
            {
                rig.Clock.Advance(step ?? TimeSpan.FromMilliseconds(250));
            }
        }
        await dispatcher.StopAsync(CancellationToken.None);
    }
}
