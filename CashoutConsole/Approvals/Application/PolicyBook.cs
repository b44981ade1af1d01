using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

/// <summary>What the first policy of a new database is made from: the configured threshold per currency.</summary>
public sealed record PolicySeed(IReadOnlyDictionary<string, decimal> ApprovalThresholds);

/// <summary>Reads policy versions. A database starts with one made from the configuration; from then on only people change it.</summary>
public sealed class PolicyBook(UnitOfWork work, PolicySeed seed)
{
    public const int FirstDecideWithinHours = 24;

    public static Task<Policy?> ActiveAsync(CashoutDbContext db, CancellationToken cancellation) =>
        db.Policies.AsNoTracking().Include(static p => p.Rules).SingleOrDefaultAsync(static p => p.State == PolicyState.Active, cancellation);

    public static Task<Policy?> FindAsync(CashoutDbContext db, int? number, CancellationToken cancellation) =>
        db.Policies.AsNoTracking().Include(static p => p.Rules).SingleOrDefaultAsync(p => p.Number == number, cancellation);

    /// <summary>At start: writes the first policy when there is none. Without thresholds it names no currency, so everything needs approval.</summary>
    public Task<Result<Done>> EnsureFirstAsync(CancellationToken cancellation) => work.RunAsync<Done>(Actor.System("startup"), async scope =>
    {
        if (await scope.Db.Policies.AnyAsync(cancellation))
        {
            return Done.Value;
        }
        var first = new Policy
        {
            Number = 1,
            State = PolicyState.Active,
            MakerId = scope.Actor.Id,
            Reason = "The first policy, from the configuration.",
            CreatedAt = scope.Now,
            ActivatedAt = scope.Now,
            TimeZone = "Etc/UTC",
            DecideWithinHours = FirstDecideWithinHours,
        };
        foreach (var (currency, threshold) in seed.ApprovalThresholds.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            Add(first, PolicyMeasure.ItemAmount, currency, threshold, 1);
            // Many small ones are one large one.
            Add(first, PolicyMeasure.MakerTotal, currency, threshold * 4, 1);
            Add(first, PolicyMeasure.AccountTotal, currency, threshold, 1);
            Add(first, PolicyMeasure.StepUp, currency, threshold, 0);
            Add(first, PolicyMeasure.NativeAll, currency, 0, 0);
        }
        scope.Db.Policies.Add(first);
        scope.Record(new AuditDraft(AuditActions.PolicyActivated, "policy", "1") { After = AuditTrail.ToJson(PolicyLines.Shown(first)) });
        scope.Announce(ChangeKind.Policy);
        return Done.Value;
    }, cancellation);

    private static void Add(Policy policy, PolicyMeasure measure, string currency, decimal amount, int checkers) => policy.Rules.Add(new PolicyRule
    {
        PolicyNumber = policy.Number,
        Number = policy.Rules.Count + 1,
        Measure = measure,
        Currency = CurrencyCode.Parse(currency).Value,
        Millionths = Money.ToMillionths(amount),
        Checkers = checkers,
    });
}
