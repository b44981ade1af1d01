using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

/// <summary>What the policy says to a batch: the strictest word to any of its withdrawals counts for all of them.</summary>
/// <param name="Fired">Each rule once, with the highest amount that fired it.</param>
/// <param name="NativeAll">Per withdrawal, in order: the provider's own call for "everything" may be used.</param>
/// <param name="PlanTotals">Per withdrawal, in order: the sum of the batch in its currency.</param>
/// <param name="Broken">The daily ceiling that the batch would break; null = none.</param>
public sealed record JudgedBatch(
    int Checkers, IReadOnlyList<FiredRule> Fired, bool StepUp, IReadOnlyList<bool> NativeAll, IReadOnlyList<decimal> PlanTotals, LimitUse? Broken, string? BrokenCurrency);

/// <summary>
/// Judges the withdrawals of a batch one after the other, each on the totals of what was submitted before it, with one look at the database.
/// The same word for each as <see cref="Submissions.JudgeAsync"/> gives later, right before the send.
/// </summary>
internal sealed class BatchJudgement(Policy policy, DateTimeOffset at)
{
    private readonly Totals _makers = new();
    private readonly Totals _accounts = new();
    private readonly Totals _providers = new();
    private readonly Totals _makersToday = new();
    private readonly Totals _providersToday = new();

    /// <param name="counted">What counts, submitted before the batch.</param>
    public async Task LoadAsync(IQueryable<Withdrawal> counted, string makerId, DateTimeOffset since, CancellationToken cancellation)
    {
        var recent = counted.Where(w => w.CreatedAt > since);
        foreach (var row in await recent.Where(w => w.MakerId == makerId).GroupBy(static w => w.Currency)
            .Select(static g => new { g.Key, Sum = g.Sum(static w => w.SettledMillionths ?? w.AmountMillionths) }).ToListAsync(cancellation))
        {
            _makers.Add(makerId, row.Key, Money.ToDecimal(row.Sum));
        }
        foreach (var row in await recent.GroupBy(static w => new { w.AccountId, w.Currency })
            .Select(static g => new { g.Key, Sum = g.Sum(static w => w.SettledMillionths ?? w.AmountMillionths) }).ToListAsync(cancellation))
        {
            _accounts.Add(row.Key.AccountId.ToString(), row.Key.Currency, Money.ToDecimal(row.Sum));
        }
        foreach (var row in await recent.GroupBy(static w => new { w.ProviderAccountId, w.Currency })
            .Select(static g => new { g.Key, Sum = g.Sum(static w => w.SettledMillionths ?? w.AmountMillionths) }).ToListAsync(cancellation))
        {
            _providers.Add(row.Key.ProviderAccountId.ToString(), row.Key.Currency, Money.ToDecimal(row.Sum));
        }
        var start = Submissions.DayStart(policy, at);
        var today = counted.Where(w => w.CreatedAt >= start);
        foreach (var row in await today.GroupBy(static w => new { w.MakerId, w.ProviderAccountId, w.Currency })
            .Select(static g => new { g.Key, Sum = g.Sum(static w => w.SettledMillionths ?? w.AmountMillionths) }).ToListAsync(cancellation))
        {
            _makersToday.Add(row.Key.MakerId, row.Key.Currency, Money.ToDecimal(row.Sum));
            _providersToday.Add(row.Key.ProviderAccountId.ToString(), row.Key.Currency, Money.ToDecimal(row.Sum));
        }
    }

    public JudgedBatch Judge(IReadOnlyList<Submission> submissions)
    {
        var judged = submissions.Select(JudgeNext).ToList();
        var broken = judged.FindIndex(static j => j.Broken is not null);
        return new JudgedBatch(
            judged.Count == 0 ? 0 : judged.Max(static j => j.Judgement.Checkers),
            [.. judged.SelectMany(static j => j.Judgement.Fired)
                .GroupBy(static f => (f.Measure, f.Currency, f.Threshold, f.Checkers))
                .Select(static g => g.MaxBy(static f => f.Amount)!)
                .OrderByDescending(static f => f.Checkers).ThenBy(static f => f.Measure)],
            judged.Exists(static j => j.Judgement.StepUp),
            judged.ConvertAll(static j => j.Judgement.NativeAllAllowed),
            [.. submissions.Select(static s => s.PlanTotal ?? s.Amount)],
            broken < 0 ? null : judged[broken].Broken,
            broken < 0 ? null : submissions[broken].Currency);
    }

    private (Judgement Judgement, LimitUse? Broken) JudgeNext(Submission submission)
    {
        var (maker, account, provider) = (submission.MakerId, submission.AccountId.ToString(), submission.ProviderAccountId.ToString());
        var judgement = PolicyJudge.Judge(policy, new JudgedAmounts(
            submission.Currency,
            submission.Provider,
            submission.ProviderAccountId,
            submission.Amount,
            submission.PlanTotal,
            _makers.Add(maker, submission.Currency, submission.Amount),
            _accounts.Add(account, submission.Currency, submission.Amount),
            _providers.Add(provider, submission.Currency, submission.Amount)));
        var byMaker = _makersToday.Add(maker, submission.Currency, submission.Amount) - submission.Amount;
        var byProvider = _providersToday.Add(provider, submission.Currency, submission.Amount) - submission.Amount;
        var limits = Submissions.LimitsOf(policy, submission, byMaker, byProvider);
        return (judgement, new JudgedSubmission(judgement, limits).Broken(submission.Amount));
    }

    /// <summary>Running sums per somebody and currency.</summary>
    private sealed class Totals
    {
        private readonly Dictionary<(string, string), decimal> _sums = [];

        /// <returns>The sum with the amount.</returns>
        public decimal Add(string whose, string currency, decimal amount) => _sums[(whose, currency)] = _sums.GetValueOrDefault((whose, currency)) + amount;
    }
}
