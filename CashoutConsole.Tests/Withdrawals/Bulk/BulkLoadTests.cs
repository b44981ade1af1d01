using System.Diagnostics;
using System.Globalization;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Approvals;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Infrastructure;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit.Abstractions;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

/// <summary>
/// One large batch over two provider accounts through the real dispatcher. Short by default; CASHOUT_BULK_ITEMS=10000 is the long form. The
/// figures are printed, never asserted.
/// </summary>
public sealed class BulkLoadTests(ITestOutputHelper output)
{
    private static readonly int Items = int.TryParse(Environment.GetEnvironmentVariable("CASHOUT_BULK_ITEMS"), CultureInfo.InvariantCulture, out var items) ? items : 400;

    [Theory, OnSqlite, OnPostgres]
    public async Task A_large_batch_ends_final_with_the_ledgers_equal_while_pages_are_used(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, Sheets.Member with { Concurrency = 16 });
        await rig.PolicyAsync("UTC", (PolicyMeasure.ItemAmount, 1_000_000, 1));
        var other = await OtherProviderAsync(rig);
        await SeedAsync(rig, rig.ProviderAccount.Id, rig.Provider, Items / 2);
        await SeedAsync(rig, other.Id, other.Provider, Items - (Items / 2));

        var clock = Stopwatch.StartNew();
        var id = await rig.DraftAsync(AccountSelection.Everything(new AccountFilter()));
        Report("read and planned", clock);
        Assert.True((await rig.SubmitAsync(id)).IsSuccess);
        Report("confirmed", clock);

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clicks = new List<double>();
        var dispatcher = rig.Services.GetServices<IHostedService>().OfType<Dispatcher>().Single();
        await dispatcher.StartAsync(CancellationToken.None);
        var open = Items;
        while (open > 0)
        {
            var click = Stopwatch.StartNew();
            var view = await rig.ShowAsync(id);
            var page = await rig.Get<ListWithdrawals>().ExecuteAsync(rig.Treasury, new WithdrawalFilter { BatchId = id }, 0, 50, CancellationToken.None);
            clicks.Add(click.Elapsed.TotalMilliseconds);
            Assert.Equal(Items, page.Value.Total);
            open = view.Row.Withdrawals - view.Row.Final;
            // Look-ups become due.
            rig.Clock.Advance(TimeSpan.FromMilliseconds(100));
        }
        await dispatcher.StopAsync(CancellationToken.None);
        Report("all final", clock);
        clicks.Sort();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}: {clicks.Count} clicks meanwhile, median {clicks[clicks.Count / 2]:F0} ms, p95 {clicks[(int)(clicks.Count * 0.95)]:F0} ms; memory {(GC.GetTotalMemory(forceFullCollection: true) - before) / 1024 / 1024:+0;-0} MB"));

        var bucket = Assert.Single((await rig.ShowAsync(id)).Row.Buckets);
        Assert.Equal((OutcomeGroup.Paid, Items), (bucket.Group, bucket.Count));
        Assert.Equal(bucket.Amount, rig.Provider.Effects.Concat(other.Provider.Effects).Sum(static effect => effect.Amount));
        Assert.Equal(Items, rig.Provider.Effects.Concat(other.Provider.Effects).Select(static effect => effect.Key).Distinct(StringComparer.Ordinal).Count());
        Assert.True((await rig.VerifyAsync()).IsWhole);

        void Report(string what, Stopwatch since)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{kind}, {Items} items: {what} after {since.Elapsed.TotalSeconds:F1} s"));
            since.Restart();
        }
    }

    private static async Task<(Guid Id, FakeProvider Provider)> OtherProviderAsync(ConsoleRig rig)
    {
        var provider = rig.NewProvider(Sheets.Windowed with { Concurrency = 16, ListsAccounts = true }, "second");
        Assert.Empty(await rig.Get<CashoutConsole.Providers.Application.ProviderAccountRegistration>().RegisterAsync(CancellationToken.None));
        return (await rig.QueryAsync(db => db.ProviderAccounts.Where(p => p.Id != rig.ProviderAccount.Id).Select(p => p.Id).SingleAsync()), provider);
    }

    private static async Task SeedAsync(ConsoleRig rig, Guid providerAccountId, FakeProvider provider, int count)
    {
        var accounts = Enumerable.Range(1, count).Select(index => new Account
        {
            Id = Guid.NewGuid(),
            ProviderAccountId = providerAccountId,
            ExternalId = $"load{index}",
            Kind = provider.Sheet.WithdrawsFrom,
            Status = AccountStatus.Active,
            RawStatus = "Active",
            Currency = "USD",
            BalanceMillionths = Money.ToMillionths(10 + (index % 90)),
            BalanceReadAt = rig.Clock.Now(),
            Source = "list",
            FirstSeenAt = rig.Clock.Now(),
            LastSeenAt = rig.Clock.Now(),
        }).ToList();
        accounts.ForEach(account => provider.Put(ConsoleRig.SnapshotOf(account.ExternalId, account.Balance!.Value.Amount, provider.Sheet)));
        await rig.ChangeAsync(async db =>
        {
            await using var transaction = await db.Database.BeginTransactionAsync();
            await db.InsertManyAsync(accounts, CancellationToken.None);
            await transaction.CommitAsync();
        });
    }
}
