using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Application;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Approvals;

/// <summary>What people do with requests, in one line each.</summary>
internal static class ApprovalRig
{
    public static readonly decimal Large = 6000m;

    /// <summary>A large withdrawal that waits for approval, and its request.</summary>
    public static async Task<(Guid WithdrawalId, ApprovalRequest Request)> LargeAsync(this ConsoleRig rig, Actor? maker = null, decimal? amount = null, Account? account = null)
    {
        maker ??= rig.Treasury;
        account ??= await rig.AccountAsync(100_000);
        await rig.StepUpAsync(maker);
        var id = await rig.RequestAsync(account, amount ?? Large, maker: maker);
        return (id, await rig.RequestOfAsync(id));
    }

    public static Task<ApprovalRequest> RequestOfAsync(this ConsoleRig rig, Guid withdrawalId) => rig.QueryAsync(db =>
        db.ApprovalRequests.AsNoTracking().SingleAsync(r => r.Id == db.Withdrawals.Single(w => w.Id == withdrawalId).ApprovalId));

    public static Task<ApprovalRequest> ReloadAsync(this ConsoleRig rig, ApprovalRequest request) =>
        rig.QueryAsync(db => db.ApprovalRequests.AsNoTracking().SingleAsync(r => r.Id == request.Id));

    public static async Task<Result<ApprovalStatus>> ApproveAsync(this ConsoleRig rig, Actor checker, ApprovalRequest request, bool stepUp = true)
    {
        if (stepUp)
        {
            await rig.StepUpAsync(checker);
        }
        return await rig.DecideAsync(checker, request, Verdict.Approve, null);
    }

    public static async Task<Result<ApprovalStatus>> RejectAsync(this ConsoleRig rig, Actor checker, ApprovalRequest request, string reason = "Not this one")
    {
        await rig.StepUpAsync(checker);
        return await rig.DecideAsync(checker, request, Verdict.Reject, reason);
    }

    public static Task<Result<ApprovalStatus>> DecideAsync(this ConsoleRig rig, Actor checker, ApprovalRequest request, Verdict verdict, string? reason)
    {
        var command = new DecisionCommand(request.Id, request.Digest, verdict, reason);
        return ApprovalRequest.AboutMoney.Contains(request.Kind)
            ? rig.Get<DecideWithdrawal>().ExecuteAsync(checker, command, CancellationToken.None)
            : rig.Get<DecideChange>().ExecuteAsync(checker, command, CancellationToken.None);
    }

    public static Task<Result<Guid>> TryRequestAsync(this ConsoleRig rig, Account account, decimal amount, Actor? maker = null, bool all = false, Guid? follows = null) =>
        rig.Get<RequestWithdrawal>().ExecuteAsync(maker ?? rig.Treasury, rig.CommandFor(account, amount, all) with { FollowsId = follows }, CancellationToken.None);

    /// <summary>Puts other rules in force, past the four eyes, as the test's own starting point.</summary>
    public static Task PolicyAsync(this ConsoleRig rig, string timeZone, params (PolicyMeasure Measure, decimal Amount, int Checkers)[] rules) => rig.ChangeAsync(async db =>
    {
        await db.Policies.Where(p => p.State == PolicyState.Active).ExecuteUpdateAsync(set => set.SetProperty(p => p.State, PolicyState.Superseded));
        var number = await db.Policies.MaxAsync(p => p.Number) + 1;
        db.Policies.Add(new Policy
        {
            Number = number,
            State = PolicyState.Active,
            MakerId = "test",
            Reason = "test",
            CreatedAt = rig.Clock.Now(),
            ActivatedAt = rig.Clock.Now(),
            TimeZone = timeZone,
            DecideWithinHours = 24,
            Rules = [.. rules.Select((rule, index) => Rule(number, index + 1, rule.Measure, rule.Amount, rule.Checkers))],
        });
    });

    public static PolicyRule Rule(int policy, int number, PolicyMeasure measure, decimal amount, int checkers, string currency = "USD") => new()
    {
        PolicyNumber = policy,
        Number = number,
        Measure = measure,
        Currency = currency,
        Millionths = Money.ToMillionths(amount),
        Checkers = checkers,
    };

    public static Task<int> AuditedAsync(this ConsoleRig rig, string action, string subject, string? reason = null) => rig.QueryAsync(db =>
        db.AuditEntries.CountAsync(e => e.Action == action && e.SubjectId == subject && (reason == null || e.Reason == reason)));
}
