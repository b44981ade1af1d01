using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Configuration;

/// <summary>What a start does with the configured endpoints, and when it refuses.</summary>
public sealed class RegistrationTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_database_is_stamped_once_and_refuses_the_other_mode(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var live = new FakeRegistry(OperatingMode.Live);
        live.Add(rig.Provider);

        Assert.Contains("Mode:", Assert.Single(await RegisterAsync(rig, live)), StringComparison.Ordinal);
        Assert.Equal(OperatingMode.Rehearsal, await rig.QueryAsync(static db => db.Installations.Select(static i => i.Mode).SingleAsync()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_rehearsal_database_refuses_another_endpoint(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        rig.Registry.Add(rig.Provider, origin: "http://127.0.0.1:10");

        Assert.Contains("another endpoint", Assert.Single(await RegisterAsync(rig, rig.Registry)), StringComparison.Ordinal);
        Assert.Equal(rig.ProviderAccount.EndpointIdentity, await rig.QueryAsync(static db => db.ProviderAccounts.Select(static p => p.EndpointIdentity).SingleAsync()));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_live_endpoint_that_is_new_or_changed_sends_nothing_until_it_is_confirmed(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, mode: OperatingMode.Live);
        Assert.Equal(ProviderAccountState.AwaitingConfirmation, rig.ProviderAccount.State);
        var account = await rig.AccountAsync(100);
        await rig.ChangeAsync(static async db => (await db.ProviderAccounts.SingleAsync()).State = ProviderAccountState.Active);
        var id = await rig.RequestAsync(account, 10);

        rig.Registry.Add(rig.Provider, origin: "http://127.0.0.1:10");
        Assert.Empty(await RegisterAsync(rig, rig.Registry));
        Assert.Equal(ProviderAccountState.AwaitingConfirmation, await rig.QueryAsync(static db => db.ProviderAccounts.Select(static p => p.State).SingleAsync()));
        await rig.SendAsync(id);
        Assert.Empty(rig.Provider.Sends);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_provider_account_that_left_the_configuration_keeps_its_history_and_sends_nothing(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var id = await rig.RequestAsync(await rig.AccountAsync(100), 10);
        Assert.Empty(await RegisterAsync(rig, new FakeRegistry(OperatingMode.Rehearsal)));
        Assert.False(await rig.SendAsync(id));

        Assert.Empty(rig.Provider.Sends);
        Assert.Equal("ProviderNotConfigured", (await rig.ReadAsync(id)).ReasonCode);
    }

    private static Task<IReadOnlyList<string>> RegisterAsync(ConsoleRig rig, IProviderRegistry registry) =>
        new ProviderAccountRegistration(rig.Get<CashoutConsole.Audit.Application.UnitOfWork>(), registry, rig.Get<IDbContextFactory<CashoutDbContext>>()).RegisterAsync(CancellationToken.None);
}
