using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Approvals;

/// <summary>A new live endpoint sends nothing before two people have confirmed exactly this endpoint.</summary>
public sealed class EndpointTests
{
    [Theory, OnSqlite, OnPostgres]
    public async Task A_new_live_endpoint_sends_after_two_people_confirmed_it(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, mode: OperatingMode.Live);
        var account = await rig.AccountAsync(1000);
        Assert.Equal("NotWithdrawable", (await rig.TryRequestAsync(account, 10)).Error?.Code);
        var request = await ProposeAsync(rig);
        Assert.Equal("OwnRequest", (await rig.ApproveAsync(rig.Administrator, request)).Error?.Code);
        Assert.Equal("EndpointAlreadyProposed", (await TryProposeAsync(rig, rig.Administrator)).Error?.Code);
        Assert.True((await rig.ApproveAsync(rig.Supervisor, request)).IsSuccess);

        var id = await rig.RequestAsync(account, 10);
        await rig.SendAsync(id);
        Assert.Single(rig.Provider.Effects);
        Assert.Equal(1, await rig.AuditedAsync("provider-account.confirmed", rig.ProviderAccount.Name));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task An_endpoint_that_changed_after_it_was_proposed_is_not_confirmed(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind, mode: OperatingMode.Live);
        var request = await ProposeAsync(rig);
        await rig.ChangeAsync(static async db => (await db.ProviderAccounts.SingleAsync()).EndpointIdentity = new string('e', 64));

        Assert.Equal("ApprovalMismatch", (await rig.ApproveAsync(rig.Supervisor, request)).Error?.Code);
        Assert.Equal(ProviderAccountState.AwaitingConfirmation, await rig.QueryAsync(static db => db.ProviderAccounts.Select(p => p.State).SingleAsync()));
    }

    [Theory, OnSqlite]
    public async Task Only_administrators_propose_and_only_what_waits(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        Assert.Equal("EndpointNotWaiting", (await TryProposeAsync(rig, rig.Administrator)).Error?.Code);
        Assert.Equal("Forbidden", (await TryProposeAsync(rig, rig.Supervisor)).Error?.Code);
    }

    private static async Task<ApprovalRequest> ProposeAsync(ConsoleRig rig)
    {
        var proposed = await TryProposeAsync(rig, rig.Administrator);
        Assert.True(proposed.IsSuccess, proposed.Error?.ToString());
        return await rig.QueryAsync(db => db.ApprovalRequests.AsNoTracking().SingleAsync(r => r.Id == proposed.Value));
    }

    private static async Task<Result<Guid>> TryProposeAsync(ConsoleRig rig, Actor maker)
    {
        await rig.StepUpAsync(maker);
        return await rig.Get<ProposeEndpoint>().ExecuteAsync(maker, new(rig.ProviderAccount.Id, rig.ProviderAccount.EndpointIdentity, "Checked with the provider"), CancellationToken.None);
    }
}
