using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

/// <summary>One withdrawal as the policy sees it. The amount is its cap where the provider is asked for "everything".</summary>
/// <param name="PlanTotal">The sum of the batch or plan it belongs to; null = it stands alone.</param>
public sealed record Submission(string MakerId, Guid AccountId, Guid ProviderAccountId, ProviderKind Provider, string Currency, decimal Amount, decimal? PlanTotal = null);

/// <summary>A daily ceiling and how much of it is used, without the submission in question.</summary>
public sealed record LimitUse(PolicyMeasure Measure, decimal Most, decimal Used)
{
    public decimal Left => Math.Max(0, Most - Used);
}

/// <summary>What one operator or provider account has used today of one daily limit.</summary>
/// <param name="RuleNumber">The limit, within the active policy.</param>
/// <param name="SubjectId">The operator or provider account.</param>
public sealed record LimitToday(int RuleNumber, string SubjectId, decimal Used);

public sealed record JudgedSubmission(Judgement Judgement, IReadOnlyList<LimitUse> Limits)
{
    /// <summary>The ceiling that the amount would break; null = none.</summary>
    public LimitUse? Broken(decimal amount) => Limits.FirstOrDefault(limit => limit.Used + amount > limit.Most);
}

/// <summary>
/// Judges submissions with their running totals. Totals count what was submitted before (by submission number, which is drawn under the
/// counters' locks), so that judging again right before sending gives the same answer, unless a row was changed behind our back.
/// </summary>
public static class Submissions
{
    private static readonly TimeSpan Rolling = TimeSpan.FromHours(24);

    /// <summary>What ended without moving money counts no more.</summary>
    private static readonly WithdrawalStatus[] NotCounted =
        [WithdrawalStatus.Rejected, WithdrawalStatus.Expired, WithdrawalStatus.Cancelled, WithdrawalStatus.NotSent, WithdrawalStatus.Failed];

    /// <summary>
    /// Locks the totals this submission belongs to until the transaction ends, always in the same order, and draws its number. Two submissions
    /// of one maker, account or provider account queue here; the second counts the first.
    /// </summary>
    public static async Task<long> LockAsync(WorkScope scope, Submission submission, CancellationToken cancellation)
    {
        var db = scope.Db;
        await TouchAsync(db, "maker", submission.MakerId, submission.Currency, cancellation);
        await TouchAsync(db, "account", submission.AccountId.ToString(), submission.Currency, cancellation);
        await TouchAsync(db, "provider-account", submission.ProviderAccountId.ToString(), submission.Currency, cancellation);
        return await DrawAsync(db, 1, cancellation);
    }

    /// <summary>The same for a batch of <paramref name="count"/>: its numbers follow each other from the one returned.</summary>
    public static async Task<long> LockManyAsync(
        WorkScope scope, string makerId, IEnumerable<(Guid ProviderAccountId, string Currency)> totals, int count, CancellationToken cancellation)
    {
        var db = scope.Db;
        var distinct = totals.Distinct().OrderBy(static t => t.Currency, StringComparer.Ordinal).ThenBy(static t => t.ProviderAccountId).ToList();
        foreach (var currency in distinct.Select(static t => t.Currency).Distinct(StringComparer.Ordinal))
        {
            await TouchAsync(db, "maker", makerId, currency, cancellation);
        }
        foreach (var (providerAccountId, currency) in distinct)
        {
            await TouchAsync(db, "provider-account", providerAccountId.ToString(), currency, cancellation);
        }
        // Every submission takes the row of scope "all" last: it stands for the totals of the single accounts too.
        return await DrawAsync(db, count, cancellation) - count + 1;
    }

    private static async Task<long> DrawAsync(CashoutDbContext db, int count, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlAsync(
            $"INSERT INTO policy_counters (scope, scope_id, currency, number) SELECT 'all', '', '', COALESCE(MAX(submission_number), 0) FROM withdrawals WHERE 1 = 1 ON CONFLICT DO NOTHING", cancellation);
        await db.Database.ExecuteSqlAsync($"UPDATE policy_counters SET number = number + {count} WHERE scope = 'all'", cancellation);
        return await db.PolicyCounters.AsNoTracking().Where(static c => c.Scope == "all").Select(static c => c.Number).SingleAsync(cancellation);
    }

    /// <param name="at">When it was or would be submitted.</param>
    /// <param name="before">Its submission number; null = it has none yet, so everything counts.</param>
    public static async Task<JudgedSubmission> JudgeAsync(
        CashoutDbContext db, Policy policy, Submission submission, DateTimeOffset at, long? before, CancellationToken cancellation)
    {
        var counted = db.Withdrawals.AsNoTracking().Where(w => w.Currency == submission.Currency && !NotCounted.Contains(w.Status));
        counted = before is { } number ? counted.Where(w => w.SubmissionNumber < number) : counted;
        var since = at - Rolling;
        var recent = counted.Where(w => w.CreatedAt > since);
        var amounts = new JudgedAmounts(
            submission.Currency,
            submission.Provider,
            submission.ProviderAccountId,
            submission.Amount,
            submission.PlanTotal,
            await SumAsync(recent.Where(w => w.MakerId == submission.MakerId), cancellation) + submission.Amount,
            await SumAsync(recent.Where(w => w.AccountId == submission.AccountId), cancellation) + submission.Amount,
            await SumAsync(recent.Where(w => w.ProviderAccountId == submission.ProviderAccountId), cancellation) + submission.Amount);
        return new JudgedSubmission(PolicyJudge.Judge(policy, amounts), await LimitsAsync(policy, submission, counted, at, cancellation));
    }

    /// <summary>Judges the withdrawals of one maker's batch in their order, each on the totals before it.</summary>
    /// <param name="before">The number of the first; null = they have none yet, so everything counts.</param>
    public static async Task<JudgedBatch> JudgeManyAsync(
        CashoutDbContext db, Policy policy, IReadOnlyList<Submission> submissions, DateTimeOffset at, long? before, CancellationToken cancellation)
    {
        var counted = db.Withdrawals.AsNoTracking().Where(w => !NotCounted.Contains(w.Status));
        counted = before is { } number ? counted.Where(w => w.SubmissionNumber < number) : counted;
        var judgement = new BatchJudgement(policy, at);
        if (submissions.Count > 0)
        {
            await judgement.LoadAsync(counted, submissions[0].MakerId, at - Rolling, cancellation);
        }
        return judgement.Judge(submissions);
    }

    /// <summary>The use of every daily limit, the fullest first: of whom a rule names, or of everybody who used any of it.</summary>
    public static async Task<IReadOnlyList<LimitToday>> TodayAsync(CashoutDbContext db, Policy policy, DateTimeOffset at, CancellationToken cancellation)
    {
        var start = DayStart(policy, at);
        var rows = await db.Withdrawals.AsNoTracking().Where(w => w.CreatedAt >= start && !NotCounted.Contains(w.Status))
            .GroupBy(static w => new { w.Currency, w.MakerId, w.ProviderAccountId })
            .Select(static g => new { g.Key.Currency, g.Key.MakerId, g.Key.ProviderAccountId, Millionths = g.Sum(static w => w.SettledMillionths ?? w.AmountMillionths) })
            .ToListAsync(cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, static p => p.Provider, cancellation);
        return [.. policy.Rules.OrderBy(static rule => rule.Number).SelectMany(rule => UseOf(rule).OrderByDescending(static use => use.Used))];

        IEnumerable<LimitToday> UseOf(PolicyRule rule) => rule.Measure switch
        {
            // The same sums as when a submission is judged: all that the operator submitted in the currency counts.
            PolicyMeasure.OperatorPerDay => rows.Where(row => row.Currency == rule.Currency && (rule.OperatorId is null || rule.OperatorId == row.MakerId))
                .GroupBy(static row => row.MakerId, StringComparer.Ordinal)
                .Select(group => new LimitToday(rule.Number, group.Key, Money.ToDecimal(group.Sum(static row => row.Millionths)))),
            PolicyMeasure.ProviderAccountPerDay => rows.Where(row => PolicyJudge.AppliesTo(rule, row.Currency, providers[row.ProviderAccountId], row.ProviderAccountId))
                .GroupBy(static row => row.ProviderAccountId)
                .Select(group => new LimitToday(rule.Number, group.Key.ToString(), Money.ToDecimal(group.Sum(static row => row.Millionths)))),
            _ => [],
        };
    }

    /// <summary>The start of the calendar day in the policy's time zone, as an instant.</summary>
    public static DateTimeOffset DayStart(Policy policy, DateTimeOffset at)
    {
        var zone = TimeZoneInfo.FindSystemTimeZoneById(policy.TimeZone);
        var midnight = TimeZoneInfo.ConvertTime(at, zone).Date;
        // Where clocks jump over midnight the day begins at the first minute that exists.
        while (zone.IsInvalidTime(midnight))
        {
            midnight = midnight.AddMinutes(1);
        }
        return new DateTimeOffset(midnight, zone.GetUtcOffset(midnight)).ToUniversalTime();
    }

    private static async Task<IReadOnlyList<LimitUse>> LimitsAsync(
        Policy policy, Submission submission, IQueryable<Withdrawal> counted, DateTimeOffset at, CancellationToken cancellation)
    {
        if (LimitsOf(policy, submission, 0, 0).Count == 0)
        {
            return [];
        }
        var start = DayStart(policy, at);
        var today = counted.Where(w => w.CreatedAt >= start);
        return LimitsOf(
            policy,
            submission,
            await SumAsync(today.Where(w => w.MakerId == submission.MakerId), cancellation),
            await SumAsync(today.Where(w => w.ProviderAccountId == submission.ProviderAccountId), cancellation));
    }

    /// <summary>The daily ceilings that apply to a submission, the smallest of each kind, with what is used of them.</summary>
    internal static IReadOnlyList<LimitUse> LimitsOf(Policy policy, Submission submission, decimal usedByMaker, decimal usedAtProvider)
    {
        var rules = policy.Rules.Where(rule => PolicyJudge.AppliesTo(rule, submission.Currency, submission.Provider, submission.ProviderAccountId)).ToList();
        var perOperator = rules.FindAll(rule => rule.Measure == PolicyMeasure.OperatorPerDay && (rule.OperatorId is null || rule.OperatorId == submission.MakerId));
        var perProvider = rules.FindAll(static rule => rule.Measure == PolicyMeasure.ProviderAccountPerDay);
        var limits = new List<LimitUse>();
        if (perOperator.Count > 0)
        {
            limits.Add(new LimitUse(PolicyMeasure.OperatorPerDay, perOperator.Min(static rule => rule.Amount), usedByMaker));
        }
        if (perProvider.Count > 0)
        {
            limits.Add(new LimitUse(PolicyMeasure.ProviderAccountPerDay, perProvider.Min(static rule => rule.Amount), usedAtProvider));
        }
        return limits;
    }

    /// <summary>What the provider reported as moved, where it did; else what was asked for.</summary>
    private static async Task<decimal> SumAsync(IQueryable<Withdrawal> rows, CancellationToken cancellation) =>
        Money.ToDecimal(await rows.SumAsync(static w => w.SettledMillionths ?? w.AmountMillionths, cancellation));

    private static async Task TouchAsync(CashoutDbContext db, string scope, string id, string currency, CancellationToken cancellation)
    {
        await db.Database.ExecuteSqlAsync($"INSERT INTO policy_counters (scope, scope_id, currency, number) VALUES ({scope}, {id}, {currency}, 0) ON CONFLICT DO NOTHING", cancellation);
        await db.Database.ExecuteSqlAsync($"UPDATE policy_counters SET number = number + 1 WHERE scope = {scope} AND scope_id = {id} AND currency = {currency}", cancellation);
    }
}
