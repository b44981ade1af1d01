using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Tests.Support;
using CashoutConsole.Tests.Withdrawals.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Approvals;

/// <summary>There is no role and no combination of roles that lets anybody decide on what they made.</summary>
public sealed class RoleCombinationTests
{
    private static readonly Role[][] Combinations =
        [.. Enumerable.Range(0, 16).Select(static bits => Enum.GetValues<Role>().Where(role => (bits & (1 << (int)role)) != 0).ToArray())];

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_decides_what_they_made_in_any_combination_of_roles(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var maker = await rig.OperatorAsync("max", Enum.GetValues<Role>());
        var requests = await OneOfEachKindAsync(rig, maker);
        Assert.Equal(Enum.GetValues<ApprovalKind>(), requests.Select(static r => r.Kind).Order());
        Actor[] sessions = [maker, await rig.OtherSessionAsync(maker)];
        foreach (var roles in Combinations)
        {
            await rig.SetRolesAsync(maker, roles);
            foreach (var (request, session) in requests.SelectMany(request => sessions.Select(session => (request, session))))
            {
                foreach (var decided in new[] { await rig.ApproveAsync(session, request), await rig.RejectAsync(session, request) })
                {
                    Assert.True(decided.Error?.Code is "OwnRequest" or "Forbidden", $"{string.Join('+', roles)} on {request.Kind}: {decided.Error}");
                }
            }
        }
        Assert.Equal(0, await rig.QueryAsync(static db => db.ApprovalDecisions.CountAsync()));
        Assert.Equal(requests.Count, await rig.QueryAsync(static db => db.ApprovalRequests.CountAsync(r => r.Status == ApprovalStatus.Pending)));
        await rig.SetRolesAsync(maker, Enum.GetValues<Role>());
        // Each of them could have been decided all along, by somebody else.
        foreach (var request in requests)
        {
            Assert.Equal(ApprovalStatus.Approved, (await rig.ApproveAsync(rig.Supervisor, request)).Value);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Nobody_decides_about_themselves_in_any_combination_of_roles(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var about = await rig.OperatorAsync("max", Role.Auditor);
        await rig.GiveTwoFactorAsync(about);
        var roles = await rig.FindRequestAsync((await rig.ProposeRolesAsync(rig.Administrator, about, Enum.GetValues<Role>())).Value);
        var reset = await rig.FindRequestAsync((await rig.ProposeResetAsync(rig.Administrator, about)).Value);
        foreach (var combination in Combinations)
        {
            await rig.SetRolesAsync(about, combination);
            foreach (var request in new[] { roles, reset })
            {
                Assert.True((await rig.ApproveAsync(about, request)).Error?.Code is "ConcernsYou" or "Forbidden");
                Assert.True((await rig.RejectAsync(about, request)).Error?.Code is "ConcernsYou" or "Forbidden");
            }
        }
        Assert.Equal(0, await rig.QueryAsync(static db => db.ApprovalDecisions.CountAsync()));
    }

    /// <summary>By the use cases themselves, made by somebody who holds every role.</summary>
    private static async Task<IReadOnlyList<ApprovalRequest>> OneOfEachKindAsync(ConsoleRig rig, Actor maker)
    {
        var disabled = await rig.OperatorAsync("dora", Role.Auditor);
        await rig.DisableAsync(disabled);
        await rig.GiveTwoFactorAsync(rig.Treasury);
        var (_, withdrawal) = await rig.LargeAsync(maker);
        var batchId = await rig.DraftAsync(BatchRig.These(await rig.AccountAsync(6_000)), maker: maker);
        Assert.True((await rig.SubmitAsync(batchId, maker)).IsSuccess);
        var batch = await rig.RequestOfBatchAsync(batchId);
        await rig.ChangeAsync(async db => (await db.ProviderAccounts.SingleAsync()).State = ProviderAccountState.AwaitingConfirmation);
        await rig.StepUpAsync(maker);
        var endpoint = await rig.Get<ProposeEndpoint>().ExecuteAsync(maker, new(rig.ProviderAccount.Id, rig.ProviderAccount.EndpointIdentity, "New"), CancellationToken.None);
        var draft = new PolicyDraft(1, "Etc/UTC", 24, [new RuleDraft(PolicyMeasure.ItemAmount, "USD", null, null, null, 100, 1)], "Stricter");
        Assert.True((await rig.Get<ProposePolicy>().ExecuteAsync(maker, draft, CancellationToken.None)).IsSuccess);
        var policy = await rig.QueryAsync(static db => db.ApprovalRequests.Where(static r => r.Kind == ApprovalKind.Policy).Select(static r => r.Id).SingleAsync());
        Guid[] others =
        [
            endpoint.Value,
            policy,
            (await rig.ProposeRolesAsync(maker, rig.Auditor, Role.Auditor, Role.Treasury)).Value,
            (await rig.ProposeResetAsync(maker, rig.Treasury)).Value,
            (await rig.ProposeEnableAsync(maker, disabled)).Value,
        ];
        var requests = new List<ApprovalRequest> { withdrawal, batch };
        foreach (var id in others)
        {
            requests.Add(await rig.FindRequestAsync(id));
        }
        return requests;
    }
}
