using System.Globalization;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

/// <summary>One rule as somebody edits it.</summary>
public sealed record RuleDraft(
    PolicyMeasure Measure, string Currency, ProviderKind? Provider, Guid? ProviderAccountId, string? OperatorId, decimal Amount, int Checkers)
{
    /// <summary>Null = fine; else what is wrong with it and what to do.</summary>
    public Error? FaultOf()
    {
        if (!CurrencyCode.TryParse(Currency, out _))
        {
            return new Error("RuleCurrency");
        }
        if (Amount < 0 || Amount > 1_000_000_000_000m || Money.DecimalsOf(Amount) > 6)
        {
            return new Error("RuleAmount");
        }
        if (OperatorId is not null && Measure != PolicyMeasure.OperatorPerDay)
        {
            return new Error("RuleOperator");
        }
        return AsksForCheckers(Measure) ? Checkers is < 0 or > PolicyJudge.MaxCheckers ? new Error("RuleCheckers") : null
            : Checkers != 0 ? new Error("RuleCheckers") : null;
    }

    public static bool AsksForCheckers(PolicyMeasure measure) =>
        measure is PolicyMeasure.ItemAmount or PolicyMeasure.PlanTotal or PolicyMeasure.MakerTotal or PolicyMeasure.AccountTotal or PolicyMeasure.ProviderAccountTotal;
}

/// <summary>A whole policy as somebody edits it.</summary>
/// <param name="BasedOn">The number of the active policy it was edited from: a change in between is not overwritten.</param>
public sealed record PolicyDraft(int BasedOn, string TimeZone, int DecideWithinHours, IReadOnlyList<RuleDraft> Rules, string Reason)
{
    /// <summary>Null = may be proposed as far as can be told without the database; else what is wrong and what to do.</summary>
    public Error? FaultOf()
    {
        if (TextRules.FaultOf(Reason) is { } reason)
        {
            return reason;
        }
        if (!TimeZoneInfo.TryFindSystemTimeZoneById(TimeZone, out var zone) || !zone.HasIanaId)
        {
            return new Error("TimeZoneUnknown");
        }
        if (DecideWithinHours is < 1 or > ProposePolicy.MaxDecideWithinHours)
        {
            return new Error("DecideWithinOutOfRange", ProposePolicy.MaxDecideWithinHours);
        }
        if (Rules.Count > ProposePolicy.MaxRules)
        {
            return new Error("TooManyRules", ProposePolicy.MaxRules);
        }
        var twins = Rules.GroupBy(static rule => rule with { Checkers = 0, Currency = rule.Currency.Trim().ToUpperInvariant() }).FirstOrDefault(static group => group.Count() > 1);
        return Rules.Select(static rule => rule.FaultOf()).FirstOrDefault(static fault => fault is not null) ?? (twins is null ? null : new Error("RuleTwice", twins.Key.Currency, twins.Key.Amount));
    }
}

/// <summary>Proposes new rules. They hold when a second person confirms them, and for what is requested from then on.</summary>
[UseCase(Permission.Administer)]
public sealed class ProposePolicy(AccessGate gate, UnitOfWork work, SecurityOptions security)
{
    public const int MaxRules = 200;
    public const int MaxDecideWithinHours = 168;

    /// <returns>The number of the proposed policy.</returns>
    public async Task<Result<int>> ExecuteAsync(Actor actor, PolicyDraft draft, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(ProposePolicy), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (draft.FaultOf() is { } fault)
        {
            return fault;
        }
        return await work.RunAsync<int>(actor, async scope =>
        {
            var db = scope.Db;
            if (!await AccessGate.HoldsAsync(db, actor, Permission.Administer, cancellation))
            {
                return AccessGate.Forbidden;
            }
            if (await StepUps.MissingAsync(db, actor, scope.Now, security, cancellation) is { } stepUp)
            {
                return stepUp;
            }
            if (await db.Policies.AnyAsync(static p => p.State == PolicyState.Proposed, cancellation))
            {
                return new Error("PolicyChangePending");
            }
            var active = await PolicyBook.ActiveAsync(db, cancellation);
            if (active?.Number != draft.BasedOn)
            {
                return new Error("PolicyOutdated");
            }
            if (await UnknownNameAsync(db, draft, cancellation) is { } unknown)
            {
                return unknown;
            }
            var policy = NewPolicy(draft, await db.Policies.MaxAsync(static p => p.Number, cancellation) + 1, actor.Id, scope.Now);
            if (await ActingPeople.GapAsync(db, null, policy, cancellation) is { } gap)
            {
                return gap;
            }
            db.Policies.Add(policy);
            var lines = PolicyLines.Of(policy);
            ApprovalDesk.Open(scope, new ApprovalDraft(Guid.CreateVersion7(scope.Now), ApprovalKind.Policy, draft.Reason, lines)
            {
                DecideWithin = TimeSpan.FromHours(active.DecideWithinHours),
            });
            scope.Record(new AuditDraft(AuditActions.PolicyProposed, "policy", policy.Number.ToString(CultureInfo.InvariantCulture))
            {
                Reason = draft.Reason.Trim(),
                Before = AuditTrail.ToJson(PolicyLines.Shown(active)),
                After = AuditTrail.ToJson(PolicyLines.Shown(policy)),
            });
            scope.Announce(ChangeKind.Policy);
            return policy.Number;
        }, cancellation);
    }

    private static async Task<Error?> UnknownNameAsync(CashoutDbContext db, PolicyDraft draft, CancellationToken cancellation)
    {
        var accounts = draft.Rules.Select(static rule => rule.ProviderAccountId).OfType<Guid>().Distinct().ToList();
        var operators = draft.Rules.Select(static rule => rule.OperatorId).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        return await db.ProviderAccounts.CountAsync(p => accounts.Contains(p.Id), cancellation) == accounts.Count
            && await db.Users.CountAsync(u => operators.Contains(u.Id), cancellation) == operators.Count
            ? null
            : new Error("RuleNamesUnknown");
    }

    private static Policy NewPolicy(PolicyDraft draft, int number, string makerId, DateTimeOffset now) => new()
    {
        Number = number,
        State = PolicyState.Proposed,
        MakerId = makerId,
        Reason = StorableText.Of(draft.Reason.Trim())!,
        CreatedAt = now,
        TimeZone = draft.TimeZone,
        DecideWithinHours = draft.DecideWithinHours,
        Rules =
        [
            .. draft.Rules.Select((rule, index) => new PolicyRule
            {
                PolicyNumber = number,
                Number = index + 1,
                Measure = rule.Measure,
                Currency = CurrencyCode.Parse(rule.Currency).Value,
                Provider = rule.Provider,
                ProviderAccountId = rule.ProviderAccountId,
                OperatorId = rule.OperatorId,
                Millionths = Money.ToMillionths(rule.Amount),
                Checkers = rule.Checkers,
            }),
        ],
    };
}

/// <summary>A second person confirmed: the new version holds, the old one is kept.</summary>
public sealed class PolicyAction : IApprovedAction
{
    public ApprovalKind Kind => ApprovalKind.Policy;

    public Permission MakerPermission => Permission.Administer;

    public async Task<IReadOnlyList<CanonicalLine>> LinesAsync(CashoutDbContext db, ApprovalRequest request, CancellationToken cancellation) =>
        await PolicyBook.FindAsync(db, NumberOf(request), cancellation) is { } policy ? PolicyLines.Of(policy) : [];

    public async Task<Error?> ApproveAsync(WorkScope scope, ApprovalRequest request, CancellationToken cancellation)
    {
        var policy = await scope.Db.Policies.Include(static p => p.Rules).SingleAsync(p => p.Number == NumberOf(request), cancellation);
        var active = await scope.Db.Policies.Include(static p => p.Rules).SingleOrDefaultAsync(static p => p.State == PolicyState.Active, cancellation);
        if (active?.ActivatedAt > policy.CreatedAt)
        {
            return new Error("PolicyOutdated");
        }
        await OperatorStanding.LockAsync(scope.Db, cancellation);
        if (await ActingPeople.GapAsync(scope.Db, null, policy, cancellation) is { } gap)
        {
            return gap;
        }
        if (active is not null)
        {
            active.State = PolicyState.Superseded;
            // The database knows one active policy at a time.
            await scope.Db.SaveChangesAsync(cancellation);
        }
        policy.State = PolicyState.Active;
        policy.ActivatedAt = scope.Now;
        scope.Record(new AuditDraft(AuditActions.PolicyActivated, "policy", request.SubjectId)
        {
            Before = active is null ? null : AuditTrail.ToJson(PolicyLines.Shown(active)),
            After = AuditTrail.ToJson(PolicyLines.Shown(policy)),
            CorrelationId = request.Id.ToString(),
        });
        scope.Announce(ChangeKind.Policy);
        return null;
    }

    public async Task CloseAsync(WorkScope scope, ApprovalRequest request, string? reason, CancellationToken cancellation)
    {
        var policy = await scope.Db.Policies.SingleAsync(p => p.Number == NumberOf(request), cancellation);
        policy.State = PolicyState.Declined;
        scope.Record(new AuditDraft(AuditActions.PolicyDeclined, "policy", request.SubjectId) { Reason = reason, CorrelationId = request.Id.ToString() });
        scope.Announce(ChangeKind.Policy);
    }

    private static int NumberOf(ApprovalRequest request) => int.Parse(request.SubjectId, CultureInfo.InvariantCulture);
}
