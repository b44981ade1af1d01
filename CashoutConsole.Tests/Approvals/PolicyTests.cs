using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Approvals;

/// <summary>The rules themselves: how they judge, who may change them, and that they never lock money in.</summary>
public sealed class PolicyTests
{
    private static readonly Guid AccountA = Guid.NewGuid();

    private static readonly PolicyMeasure[] Asking =
        [PolicyMeasure.ItemAmount, PolicyMeasure.PlanTotal, PolicyMeasure.MakerTotal, PolicyMeasure.AccountTotal, PolicyMeasure.ProviderAccountTotal];

    [Fact]
    public void The_strictest_of_all_rules_that_apply_wins()
    {
        var gen = from rules in (from measure in Gen.Elements(Asking)
                                 from amount in Gen.Choose(0, 10_000)
                                 from checkers in Gen.Choose(0, 2)
                                 from scope in Gen.Elements<ProviderKind?>(null, ProviderKind.UnCash, ProviderKind.Pikabao)
                                 select (measure, amount, checkers, scope)).ListOf()
                  from amounts in Gen.Choose(1, 12_000).ArrayOf(5)
                  select (rules, amounts);
        Prop.ForAll(gen.ToArbitrary(), static input =>
        {
            var policy = PolicyOf([.. input.rules.Select(static (r, i) => Rule(i + 1, r.measure, r.amount, r.checkers, r.scope))]);
            var (item, maker, account, provider) = (input.amounts[0], input.amounts[0] + input.amounts[1], input.amounts[0] + input.amounts[2], input.amounts[0] + input.amounts[3]);
            var judged = PolicyJudge.Judge(policy, new JudgedAmounts("USD", ProviderKind.UnCash, AccountA, item, null, maker, account, provider));
            var expected = input.rules.Where(static r => r.scope is null or ProviderKind.UnCash)
                .Where(r => (r.measure switch
                {
                    PolicyMeasure.ItemAmount => item,
                    PolicyMeasure.MakerTotal => maker,
                    PolicyMeasure.AccountTotal => account,
                    PolicyMeasure.ProviderAccountTotal => provider,
                    _ => -1,
                }) >= r.amount)
                .Select(static r => r.checkers).DefaultIfEmpty(0).Max();
            var named = input.rules.Any(static r => r.measure == PolicyMeasure.ItemAmount && r.scope is null or ProviderKind.UnCash && r.measure == PolicyMeasure.ItemAmount);
            return judged.Checkers == (named ? expected : Math.Max(1, expected)) && (judged.Checkers == 0) == (judged.Fired.Count == 0);
        }).QuickCheckThrowOnFailure();
    }

    [Theory]
    [InlineData("EUR", 1)]
    [InlineData("USD", 0)]
    public void A_currency_that_no_rule_names_always_needs_approval(string currency, int checkers) =>
        Assert.Equal(checkers, PolicyJudge.Judge(PolicyOf(Rule(1, PolicyMeasure.ItemAmount, 5000, 1)), new JudgedAmounts(currency, ProviderKind.UnCash, AccountA, 1, null, 1, 1, 1)).Checkers);

    [Fact]
    public void The_call_without_an_amount_is_for_what_nobody_has_to_approve()
    {
        var policy = PolicyOf(Rule(1, PolicyMeasure.ItemAmount, 5000, 1), Rule(2, PolicyMeasure.NativeAll, 0, 0));
        Assert.True(PolicyJudge.Judge(policy, Amounts(4999)).NativeAllAllowed);
        Assert.False(PolicyJudge.Judge(policy, Amounts(5000)).NativeAllAllowed);
        Assert.False(PolicyJudge.Judge(PolicyOf(Rule(1, PolicyMeasure.ItemAmount, 5000, 1)), Amounts(1)).NativeAllAllowed);
    }

    [Fact]
    public void A_canonical_text_is_read_back_as_it_was_and_no_two_share_one() =>
        Prop.ForAll<string[], string[]>(static (one, other) =>
        {
            var (a, b) = (Fields(one), Fields(other));
            return ApprovalDigest.Read(ApprovalDigest.TextOf(a)).SequenceEqual(a)
                && (a.SequenceEqual(b) == (ApprovalDigest.TextOf(a) == ApprovalDigest.TextOf(b)));

            static List<(string, string)> Fields(string[] values) =>
                [.. values.Where(static v => v is not null && StorableText.Of(v) == v).Select(static (v, i) => ($"f{i}", v))];
        }).QuickCheckThrowOnFailure();

    [Theory, OnSqlite, OnPostgres]
    public async Task A_member_is_emptied_by_the_call_without_an_amount_only_where_the_policy_says_so(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var small = await rig.RequestAsync(await rig.AccountAsync(100), 100, all: true);
        Assert.Equal(WithdrawalMode.NativeAll, (await rig.ReadAsync(small)).Mode);
        await rig.StepUpAsync(rig.Treasury);
        var large = await rig.RequestAsync(await rig.AccountAsync(6000), 6000, all: true);
        Assert.Equal(WithdrawalMode.Exact, (await rig.ReadAsync(large)).Mode);
        await rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 50_000, 1));
        var without = await rig.RequestAsync(await rig.AccountAsync(100), 100, all: true);
        Assert.Equal(WithdrawalMode.Exact, (await rig.ReadAsync(without)).Mode);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task New_rules_hold_after_a_second_person_and_only_for_new_requests(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (_, old) = await rig.LargeAsync();
        var before = await rig.RequestAsync(await rig.AccountAsync(1000), 900);
        var proposed = await ProposeAsync(rig, rig.Administrator, new RuleDraft(PolicyMeasure.ItemAmount, "usd", null, null, null, 500, 1));
        Assert.True(proposed.IsSuccess, proposed.Error?.ToString());
        Assert.Equal(0, await NeededAsync(rig, 600));

        var request = await rig.QueryAsync(db => db.ApprovalRequests.AsNoTracking().SingleAsync(r => r.Kind == ApprovalKind.Policy));
        Assert.Equal("OwnRequest", (await rig.ApproveAsync(rig.Administrator, request)).Error?.Code);
        Assert.Equal("PolicyChangePending", (await ProposeAsync(rig, rig.Administrator)).Error?.Code);
        Assert.True((await rig.ApproveAsync(rig.Supervisor, request)).IsSuccess);

        Assert.Equal(1, await NeededAsync(rig, 600));
        await rig.SendAsync(before);
        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(before)).Status);
        Assert.Equal((1, 1), (old.PolicyNumber, (await rig.ReadAsync(before)).PolicyNumber));
        Assert.Equal(2, await rig.AuditedAsync("policy.proposed", "2") + await rig.AuditedAsync("policy.activated", "2"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Rules_that_nobody_could_satisfy_are_refused_with_the_counter_example(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.DisableAsync(rig.OtherSupervisor);
        var refused = await ProposeAsync(rig, rig.Administrator, new RuleDraft(PolicyMeasure.ItemAmount, "USD", null, null, null, 70_000, 2));
        Assert.Equal("NotSatisfiable", refused.Error?.Code);
        Assert.Equal(["tina", 70_000m, "USD", 2, 1], refused.Error!.Arguments);
        Assert.Equal("Forbidden", (await ProposeAsync(rig, rig.Supervisor)).Error?.Code);
    }

    [Fact]
    public void A_supervisor_who_also_requests_needs_another_supervisor()
    {
        ActingPerson both = new("1", "Bo", new HashSet<Role> { Role.Treasury, Role.Supervisor });
        ActingPerson admin = new("2", "Al", new HashSet<Role> { Role.Administrator });
        Assert.Equal("Bo", Satisfiability.FirstGap([], [both, admin])?.MakerName);
        Assert.Null(Satisfiability.FirstGap([], [both, admin, new("3", "Su", new HashSet<Role> { Role.Supervisor })]));
        Assert.True(Satisfiability.FirstGap([], [new("3", "Su", new HashSet<Role> { Role.Supervisor })])?.IsAdministrative);
        Assert.Equal("Al", Satisfiability.FirstGap([], [admin])?.MakerName);
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Small_ones_of_a_day_add_up_until_they_ended_without_money(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 5000, 1), (PolicyMeasure.ProviderAccountTotal, 5000, 1), (PolicyMeasure.StepUp, 1_000_000, 0));
        var first = await rig.RequestAsync(await rig.AccountAsync(10_000), 3000);
        Assert.Equal(1, await NeededAsync(rig, 2000));
        await rig.Get<CashoutConsole.Withdrawals.Application.CancelWithdrawal>().ExecuteAsync(rig.Treasury, new(first, "Not now"), CancellationToken.None);
        Assert.Equal(0, await NeededAsync(rig, 2000));
        await rig.RequestAsync(await rig.AccountAsync(10_000), 3000, maker: rig.OtherTreasury);
        Assert.Equal(1, await NeededAsync(rig, 2000));
        rig.Clock.Advance(TimeSpan.FromHours(24) + TimeSpan.FromSeconds(1));
        Assert.Equal(0, await NeededAsync(rig, 2000));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task What_was_submitted_later_does_not_hold_back_what_was_judged_before(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync("Etc/UTC", (PolicyMeasure.ItemAmount, 5000, 1), (PolicyMeasure.MakerTotal, 5000, 1), (PolicyMeasure.StepUp, 1_000_000, 0));
        var first = await rig.RequestAsync(await rig.AccountAsync(10_000), 3000);
        var second = await rig.RequestAsync(await rig.AccountAsync(10_000), 3000);
        Assert.Equal(WithdrawalStatus.AwaitingApproval, (await rig.ReadAsync(second)).Status);
        await rig.SendAsync(first);
        Assert.Equal(WithdrawalStatus.Succeeded, (await rig.ReadAsync(first)).Status);
    }

    [Theory]
    [OnSqlite("Asia/Shanghai", "2026-11-21T15:59:00Z", "2026-11-21T16:01:00Z")]
    [OnSqlite("America/New_York", "2026-11-02T04:59:00Z", "2026-11-02T05:01:00Z")]
    [OnPostgres("Etc/UTC", "2026-11-21T23:59:00Z", "2026-11-22T00:01:00Z")]
    public async Task A_daily_limit_begins_anew_at_midnight_of_its_time_zone(DatabaseKind kind, string zone, string before, string after)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await rig.PolicyAsync(zone, (PolicyMeasure.ItemAmount, 5000, 1), (PolicyMeasure.OperatorPerDay, 1000, 0));
        rig.Clock.Advance(DateTimeOffset.Parse(before, System.Globalization.CultureInfo.InvariantCulture) - rig.Clock.Now());
        Assert.True((await rig.TryRequestAsync(await rig.AccountAsync(10_000), 900)).IsSuccess);
        var refused = await rig.TryRequestAsync(await rig.AccountAsync(10_000), 101);
        Assert.Equal("LimitReached", refused.Error?.Code);
        Assert.Equal([PolicyMeasure.OperatorPerDay, 100m, 1000m, "USD"], refused.Error!.Arguments);
        Assert.True((await rig.TryRequestAsync(await rig.AccountAsync(10_000), 900, rig.OtherTreasury)).IsSuccess);
        rig.Clock.Advance(DateTimeOffset.Parse(after, System.Globalization.CultureInfo.InvariantCulture) - rig.Clock.Now());
        Assert.True((await rig.TryRequestAsync(await rig.AccountAsync(10_000), 1000)).IsSuccess);
    }

    [Theory]
    [OnSqlite("UPDATE policy_rules SET checkers = 0"), OnSqlite("DELETE FROM policy_rules"), OnSqlite("UPDATE approval_decisions SET verdict = 'Reject'"), OnSqlite("DELETE FROM approval_decisions"),
     OnSqlite("UPDATE approval_requests SET required_checkers = 1, digest = 'x'"), OnSqlite("DELETE FROM approval_requests"), OnSqlite("UPDATE approval_lines SET text = 'x'"), OnSqlite("UPDATE policies SET time_zone = 'x'")]
    [OnPostgres("UPDATE policy_rules SET checkers = 0"), OnPostgres("DELETE FROM policy_rules"), OnPostgres("UPDATE approval_decisions SET verdict = 'Reject'"), OnPostgres("DELETE FROM approval_decisions"),
     OnPostgres("UPDATE approval_requests SET required_checkers = 1, digest = 'x'"), OnPostgres("DELETE FROM approval_requests"), OnPostgres("UPDATE approval_lines SET text = 'x'"), OnPostgres("UPDATE policies SET time_zone = 'x'")]
    public async Task The_database_keeps_what_was_asked_and_decided(DatabaseKind kind, string sql)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (_, request) = await rig.LargeAsync();
        await rig.ApproveAsync(rig.Supervisor, request);
        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => rig.Database.ExecuteAsync(sql));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task The_database_lets_nothing_past_the_checkers(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        var (_, request) = await rig.LargeAsync();
        string[] forbidden =
        [
            "UPDATE withdrawals SET status = 'Scheduled'",
            "UPDATE approval_requests SET status = 'Approved', closed_at = 1",
            $"INSERT INTO approval_decisions (request_id, checker_id, maker_id, verdict, digest, at, step_up_at) SELECT id, maker_id, maker_id, 'Approve', digest, 1, 1 FROM approval_requests",
            // Another maker than the request's own is no way round it.
            $"INSERT INTO approval_decisions (request_id, checker_id, maker_id, verdict, digest, at, step_up_at) SELECT id, maker_id, '{rig.Supervisor.Id}', 'Approve', digest, 1, 1 FROM approval_requests",
        ];
        foreach (var sql in forbidden)
        {
            await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => rig.Database.ExecuteAsync(sql));
        }
        Assert.Equal(ApprovalStatus.Pending, (await rig.ReloadAsync(request)).Status);
    }

    private static async Task<Result<int>> ProposeAsync(ConsoleRig rig, Actor maker, params RuleDraft[] more)
    {
        await rig.StepUpAsync(maker);
        var based = await rig.QueryAsync(static db => db.Policies.Where(p => p.State == PolicyState.Active).Select(p => p.Number).SingleAsync());
        return await rig.Get<ProposePolicy>().ExecuteAsync(maker, new PolicyDraft(based, "Asia/Shanghai", 12, [new(PolicyMeasure.ItemAmount, "USD", null, null, null, 5000, 1), .. more], "Tighter"), CancellationToken.None);
    }

    /// <summary>How many checkers a new request of this amount would get.</summary>
    private static async Task<int> NeededAsync(ConsoleRig rig, decimal amount) =>
        (await rig.Get<CashoutConsole.Withdrawals.Application.JudgeEntry>().ExecuteAsync(rig.Treasury, (await rig.AccountAsync(10_000)).Id, amount, CancellationToken.None)).Value.Judgement.Checkers;

    private static JudgedAmounts Amounts(decimal item) => new("USD", ProviderKind.MemberWallet, AccountA, item, null, item, item, item);

    private static Policy PolicyOf(params PolicyRule[] rules) => new()
    {
        Number = 1,
        State = PolicyState.Active,
        MakerId = "m",
        Reason = "r",
        CreatedAt = DateTimeOffset.UnixEpoch,
        TimeZone = "Etc/UTC",
        DecideWithinHours = 24,
        Rules = [.. rules],
    };

    private static PolicyRule Rule(int number, PolicyMeasure measure, decimal amount, int checkers, ProviderKind? provider = null) => new()
    {
        PolicyNumber = 1,
        Number = number,
        Measure = measure,
        Currency = "USD",
        Provider = provider,
        Millionths = Money.ToMillionths(amount),
        Checkers = checkers,
    };
}
