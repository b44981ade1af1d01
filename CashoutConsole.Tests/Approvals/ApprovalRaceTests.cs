using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Approvals;

/// <summary>
/// People who act at the same moment. Short here; CASHOUT_RACE_ROUNDS=1000 runs the long form:
/// CASHOUT_RACE_ROUNDS=1000 dotnet test CashoutConsole.Tests --filter ApprovalRaceTests
/// </summary>
public sealed class ApprovalRaceTests
{
    private const int ShortRounds = 20;

    private static readonly int Rounds =
        int.TryParse(Environment.GetEnvironmentVariable("CASHOUT_RACE_ROUNDS"), System.Globalization.CultureInfo.InvariantCulture, out var rounds) ? rounds : ShortRounds;

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_two_approvers_at_once_one_decides_and_the_other_is_told(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            var (id, request) = await rig.LargeAsync();
            var results = await Together(() => rig.ApproveAsync(rig.Supervisor, request, stepUp: false), () => rig.ApproveAsync(rig.OtherSupervisor, request, stepUp: false));

            Assert.Single(results, static result => result.IsSuccess);
            Assert.Single(results, static result => result.Error?.Code == "AlreadyDecided");
            Assert.Equal(1, await rig.QueryAsync(db => db.ApprovalDecisions.CountAsync(d => d.RequestId == request.Id)));
            Assert.Equal(WithdrawalStatus.Scheduled, (await rig.ReadAsync(id)).Status);
        }
        Assert.True((await rig.VerifyAsync()).IsWhole);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_an_approval_and_a_rejection_at_once_one_holds(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            var (id, request) = await rig.LargeAsync();
            var results = await Together(
                () => rig.ApproveAsync(rig.Supervisor, request, stepUp: false), () => rig.DecideAsync(rig.OtherSupervisor, request, Verdict.Reject, "No"));

            Assert.Single(results, static result => result.IsSuccess);
            var status = (await rig.ReloadAsync(request)).Status;
            Assert.Equal(status == ApprovalStatus.Approved ? WithdrawalStatus.Scheduled : WithdrawalStatus.Rejected, (await rig.ReadAsync(id)).Status);
            Assert.Equal(status, results.Single(static result => result.IsSuccess).Value);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_needed_approvals_at_once_both_count(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        await rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 1000, 2), (PolicyMeasure.StepUp, 1_000_000, 0));
        for (var round = 0; round < Rounds; round++)
        {
            var (id, request) = await rig.LargeAsync();
            var results = await Together(() => rig.ApproveAsync(rig.Supervisor, request, stepUp: false), () => rig.ApproveAsync(rig.OtherSupervisor, request, stepUp: false));

            Assert.All(results, static result => Assert.True(result.IsSuccess, result.Error?.ToString()));
            Assert.Equal(WithdrawalStatus.Scheduled, (await rig.ReadAsync(id)).Status);
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Of_an_approval_and_a_recall_at_once_one_holds(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        for (var round = 0; round < Rounds; round++)
        {
            var (id, request) = await rig.LargeAsync();
            var approval = rig.ApproveAsync(rig.Supervisor, request, stepUp: false);
            var recall = Task.Run(() => rig.Get<RecallApproval>().ExecuteAsync(rig.Treasury, new(request.Id, "Stop"), CancellationToken.None));
            var (approved, recalled) = ((await approval).IsSuccess, (await recall).IsSuccess);

            Assert.True(approved ^ recalled, $"approved {approved}, recalled {recalled}");
            Assert.Equal(approved ? WithdrawalStatus.Scheduled : WithdrawalStatus.Cancelled, (await rig.ReadAsync(id)).Status);
        }
    }

    /// <summary>Many small ones of one maker, from two sessions and on many accounts at once, never go past the threshold unseen.</summary>
    [Theory, OnSqlite, OnPostgres]
    public async Task A_large_amount_in_small_parts_at_once_is_seen(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        await rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 5000, 1), (PolicyMeasure.MakerTotal, 5000, 1), (PolicyMeasure.StepUp, 1_000_000, 0));
        var second = await rig.OtherSessionAsync(rig.Treasury);
        for (var round = 0; round < Math.Max(1, Rounds / 5); round++)
        {
            var accounts = new List<CashoutConsole.Cards.Domain.Account>();
            for (var i = 0; i < 6; i++)
            {
                accounts.Add(await rig.AccountAsync(100_000));
            }
            var results = await Together([.. accounts.Select((account, i) => (Func<Task<Result<Guid>>>)(() => rig.TryRequestAsync(account, 1500, i % 2 == 0 ? rig.Treasury : second)))]);

            Assert.All(results, static result => Assert.True(result.IsSuccess, result.Error?.ToString()));
            var rows = new List<Withdrawal>();
            foreach (var result in results)
            {
                rows.Add(await rig.ReadAsync(result.Value));
            }
            // Three times 1,500 stay below 5,000; the fourth and all after it wait for somebody else.
            Assert.Equal(3, rows.Count(static w => w.Status == WithdrawalStatus.Scheduled));
            Assert.Equal(6, rows.Select(static w => w.SubmissionNumber).Distinct().Count());
            rig.Clock.Advance(TimeSpan.FromHours(25));
        }
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_daily_limit_holds_against_requests_at_once(DatabaseKind kind)
    {
        await using var rig = await ReadyAsync(kind);
        await rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 5000, 1), (PolicyMeasure.ProviderAccountPerDay, 4000, 0));
        for (var round = 0; round < Math.Max(1, Rounds / 5); round++)
        {
            var (a, b) = (await rig.AccountAsync(100_000), await rig.AccountAsync(100_000));
            var results = await Together(() => rig.TryRequestAsync(a, 2500), () => rig.TryRequestAsync(b, 2500, rig.OtherTreasury));

            Assert.Single(results, static result => result.IsSuccess);
            Assert.Single(results, static result => result.Error?.Code == "LimitReached");
            rig.Clock.Advance(TimeSpan.FromHours(25));
        }
    }

    private static async Task<ConsoleRig> ReadyAsync(DatabaseKind kind)
    {
        var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 5000, 1), (PolicyMeasure.StepUp, 1_000_000, 0));
        await rig.StepUpAsync(rig.Supervisor);
        await rig.StepUpAsync(rig.OtherSupervisor);
        return rig;
    }

    private static async Task<T[]> Together<T>(params Func<Task<T>>[] people)
    {
        using var barrier = new Barrier(people.Length);
        return await Task.WhenAll(people.Select(person => Task.Factory.StartNew(() =>
        {
            barrier.SignalAndWait();
            return person();
        }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).Unwrap()));
    }
}
