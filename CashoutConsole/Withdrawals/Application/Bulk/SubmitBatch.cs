using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>
/// Confirms a batch: every leg becomes a withdrawal, in one transaction past the change tracker, judged by the policy under the locks of
/// the running totals. The plan is made again inside: when it no longer covers what the maker saw, nothing is written and they are told.
/// </summary>
[UseCase(Permission.RequestWithdrawals)]
public sealed class SubmitBatch(AccessGate gate, UnitOfWork work, BatchPlanner planner, IProviderRegistry registry, WithdrawalOptions options, SecurityOptions security)
{
    private static readonly Error PreviewChanged = new("PreviewChanged");

    /// <param name="Version">The batch's version that the preview showed.</param>
    /// <param name="Count">The number of withdrawals that was confirmed.</param>
    public sealed record Command(Guid BatchId, long Version, int Count, string Reason);

    public async Task<Result<Guid>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.RequestWithdrawals, nameof(SubmitBatch), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (TextRules.FaultOf(command.Reason) is { } fault)
        {
            return fault;
        }
        return await work.RunAsync(actor, scope => WriteAsync(scope, command, cancellation), cancellation);
    }

    private async Task<Result<Guid>> WriteAsync(WorkScope scope, Command command, CancellationToken cancellation)
    {
        var db = scope.Db;
        var batch = await db.Batches.SingleOrDefaultAsync(b => b.Id == command.BatchId, cancellation);
        if (batch is null)
        {
            return new Error("BatchNotFound");
        }
        if (batch.MakerId != scope.Actor.Id || !await AccessGate.HoldsAsync(db, scope.Actor, Permission.RequestWithdrawals, cancellation))
        {
            return AccessGate.Forbidden;
        }
        if (batch.State == BatchState.Submitted)
        {
            // A second click of the same confirmation.
            return batch.Id;
        }
        if (batch.State != BatchState.Draft || batch.Version != command.Version)
        {
            return PreviewChanged;
        }
        if (batch.PlannedAt is not { } plannedAt || scope.Now - plannedAt > options.PlanReadingAge)
        {
            return new Error("PlanTooOld", (int)options.PlanReadingAge.TotalMinutes);
        }
        if (await db.BatchItems.AnyAsync(i => i.BatchId == batch.Id && i.State == BatchItemState.Invalid, cancellation))
        {
            return new Error("RowsWithFaults");
        }
        await SetUp.CloseAsync(scope, "first batch requested", cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, cancellation);
        var drafts = await DraftsAsync(db, batch, cancellation);
        if (drafts.Count == 0)
        {
            return new Error("NothingPlanned");
        }
        if (drafts.Count != command.Count)
        {
            return PreviewChanged;
        }
        // From here on nobody else's submission can come between: what is planned now must be what was seen.
        var numbers = await Submissions.LockManyAsync(scope, scope.Actor.Id, drafts.Select(static d => (d.Account.ProviderAccountId, d.Account.Currency)), drafts.Count, cancellation);
        if (!await StandsAsync(db, batch, scope.Now, cancellation))
        {
            return PreviewChanged;
        }
        if (await PolicyBook.ActiveAsync(db, cancellation) is not { } policy)
        {
            return new Error("PolicyMissing");
        }
        var judged = await Submissions.JudgeManyAsync(db, policy, [.. SubmissionsOf(scope.Actor.Id, drafts, providers)], scope.Now, numbers, cancellation);
        if (judged.Broken is { } limit)
        {
            return new Error("LimitReached", limit.Measure, limit.Left, limit.Most, judged.BrokenCurrency!);
        }
        if (judged.StepUp && await StepUps.MissingAsync(db, scope.Actor, scope.Now, security, cancellation) is { } stepUp)
        {
            return stepUp;
        }
        await CreateAsync(scope, batch, command, drafts, providers, policy, judged, numbers, cancellation);
        return batch.Id;
    }

    private static async Task<List<DraftLeg>> DraftsAsync(CashoutDbContext db, Batch batch, CancellationToken cancellation)
    {
        var items = await db.BatchItems.AsNoTracking().Where(i => i.BatchId == batch.Id && i.State == BatchItemState.Planned).OrderBy(static i => i.Number).ToListAsync(cancellation);
        var accounts = await db.Accounts.AsNoTracking().Where(a => db.BatchItems.Any(i => i.BatchId == batch.Id && i.AccountId == a.Id)).ToDictionaryAsync(static a => a.Id, cancellation);
        return [.. items.SelectMany(item => Legs.Read(item.Legs).Select((leg, index) => new DraftLeg(item, accounts[item.AccountId!.Value], index + 1, leg)))];
    }

    /// <summary>
    /// Planned again under the locks, no account of the plan is left out now, and each still covers its legs by its last reading. More money
    /// than the preview showed changes nothing, because legs never grow.
    /// </summary>
    private async Task<bool> StandsAsync(CashoutDbContext db, Batch batch, DateTimeOffset now, CancellationToken cancellation)
    {
        var again = (await planner.MakeAsync(db, batch.Id, now, cancellation)).Items.ToDictionary(static item => item.Planned.Number);
        var stored = await db.BatchItems.AsNoTracking().Where(i => i.BatchId == batch.Id && i.State == BatchItemState.Planned).ToListAsync(cancellation);
        return stored.TrueForAll(item => again.TryGetValue(item.Number, out var plan)
            && plan.Planned.LeftOutCode is null
            && plan.Account.BalanceMillionths >= item.PlannedMillionths + (item.Kind == BulkAmountKind.Leave ? item.AskedMillionths : 0));
    }

    internal static IEnumerable<Submission> SubmissionsOf(string makerId, IReadOnlyList<DraftLeg> drafts, IReadOnlyDictionary<Guid, ProviderAccount> providers)
    {
        var totals = drafts.GroupBy(static d => d.Account.Currency, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => g.Sum(static d => d.Leg.Amount), StringComparer.Ordinal);
        return drafts.Select(d => new Submission(
            makerId, d.Account.Id, d.Account.ProviderAccountId, providers[d.Account.ProviderAccountId].Provider, d.Account.Currency, d.Leg.Amount, totals[d.Account.Currency]));
    }

    private async Task CreateAsync(
        WorkScope scope, Batch batch, Command command, List<DraftLeg> drafts, Dictionary<Guid, ProviderAccount> providers,
        Policy policy, JudgedBatch judged, long firstNumber, CancellationToken cancellation)
    {
        var waits = judged.Checkers > 0;
        var decideWithin = TimeSpan.FromHours(policy.DecideWithinHours);
        var expires = scope.Now + (waits ? decideWithin : TimeSpan.Zero) + ExecuteWithin(batch, scope.Now, options.Expiry);
        var approvalId = waits ? Guid.CreateVersion7(scope.Now) : (Guid?)null;
        var sheets = registry.Definitions.ToDictionary(static d => d.Name, static d => d.Sheet, StringComparer.Ordinal);
        var status = waits ? WithdrawalStatus.AwaitingApproval : WithdrawalStatus.Scheduled;
        var withdrawals = new List<Withdrawal>(drafts.Count);
        var changes = new List<StatusChange>(drafts.Count);
        for (var index = 0; index < drafts.Count; index++)
        {
            var provider = providers[drafts[index].Account.ProviderAccountId];
            var native = !waits && drafts[index].Item.Kind == BulkAmountKind.All && sheets[provider.Name].NativeAll && judged.NativeAll[index];
            var withdrawal = New(scope, batch, command.Reason, drafts[index], provider, native, judged.PlanTotals[index], firstNumber + index, policy.Number, judged.Checkers, approvalId, expires);
            changes.Add(withdrawal.Start(status, scope.Actor, scope.Now));
            withdrawals.Add(withdrawal);
        }
        batch.State = BatchState.Submitted;
        batch.SubmittedAt = scope.Now;
        batch.Reason = StorableText.Of(command.Reason.Trim());
        batch.PolicyNumber = policy.Number;
        batch.RequiredCheckers = judged.Checkers;
        batch.ApprovalId = approvalId;
        batch.Touch();
        await scope.Db.SaveChangesAsync(cancellation);
        await scope.Db.InsertManyAsync(withdrawals, cancellation);
        await scope.Db.InsertManyAsync(changes, cancellation);
        await BumpAccountsAsync(scope.Db, batch.Id, cancellation);
        Record(scope, batch, withdrawals, providers, judged);
        if (approvalId is { } id)
        {
            await ApprovalDesk.OpenAsync(scope, new ApprovalDraft(id, ApprovalKind.Batch, batch.Reason!, withdrawals.ConvertAll(static w => new CanonicalLine(w.Id.ToString(), WithdrawalLines.Of(w))))
            {
                SubjectId = batch.Id.ToString(),
                RequiredCheckers = judged.Checkers,
                PolicyNumber = policy.Number,
                Fired = judged.Fired,
                DecideWithin = decideWithin,
                ExecuteBy = expires,
            }, cancellation);
        }
    }

    /// <summary>The time the plan takes and a quarter more, at least as long as a single withdrawal may wait, at most seven days.</summary>
    internal static TimeSpan ExecuteWithin(Batch batch, DateTimeOffset now, TimeSpan least)
    {
        var duration = ((batch.FinishAt ?? now) - now) * 1.25;
        var longest = TimeSpan.FromDays(7);
        return duration > longest ? longest : duration > least ? duration : least;
    }

    private Withdrawal New(
        WorkScope scope, Batch batch, string reason, DraftLeg draft, ProviderAccount provider, bool native, decimal planTotal, long number, int policy, int checkers,
        Guid? approvalId, DateTimeOffset expires)
    {
        var ceiling = draft.Item.Kind != BulkAmountKind.Each && !native;
        return new Withdrawal
        {
            Id = Guid.CreateVersion7(scope.Now),
            CommandId = Guid.NewGuid(),
            ProviderAccountId = provider.Id,
            AccountId = draft.Account.Id,
            EndpointIdentity = provider.EndpointIdentity,
            ExternalAccountId = draft.Account.ExternalId,
            Mode = native ? WithdrawalMode.NativeAll : WithdrawalMode.Exact,
            AmountMillionths = Money.ToMillionths(draft.Leg.Amount),
            Currency = draft.Account.Currency,
            IdempotencyKey = Guid.NewGuid().ToString(),
            MakerId = scope.Actor.Id,
            Reason = StorableText.Of(reason.Trim())!,
            CreatedAt = scope.Now,
            ExpiresAt = expires,
            NotBefore = draft.Leg.NotBefore < scope.Now ? scope.Now : draft.Leg.NotBefore,
            ReasonCode = approvalId is null ? ReasonCodes.WaitingForSender : ReasonCodes.WaitingForApproval,
            SubmissionNumber = number,
            PolicyNumber = policy,
            RequiredCheckers = checkers,
            ApprovalId = approvalId,
            BatchId = batch.Id,
            BatchItem = draft.Item.Number,
            Leg = draft.Number,
            Legs = Legs.Read(draft.Item.Legs).Count,
            IsCeiling = ceiling,
            KeepMillionths = draft.Item.Kind == BulkAmountKind.Leave ? draft.Item.AskedMillionths : 0,
            PlanTotalMillionths = Money.ToMillionths(planTotal),
            DriftToleranceMillionths = ceiling ? Money.ToMillionths(options.DriftTolerance(draft.Account.Balance!.Value.Amount)) : 0,
        };
    }

    /// <summary>Dialogs that were open before on these accounts are told.</summary>
    private static Task<int> BumpAccountsAsync(CashoutDbContext db, Guid batchId, CancellationToken cancellation) =>
        db.Accounts.Where(a => db.BatchItems.Any(i => i.BatchId == batchId && i.AccountId == a.Id && i.State == BatchItemState.Planned))
            .ExecuteUpdateAsync(static set => set.SetProperty(static a => a.Version, static a => a.Version + 1), cancellation);

    private static void Record(WorkScope scope, Batch batch, List<Withdrawal> withdrawals, Dictionary<Guid, ProviderAccount> providers, JudgedBatch judged)
    {
        scope.Record(BatchRules.Entry(AuditActions.BatchSubmitted, batch) with
        {
            Reason = batch.Reason,
            After = AuditTrail.ToJson(new
            {
                Withdrawals = withdrawals.Count,
                Totals = withdrawals.GroupBy(static w => w.Currency, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal)
                    .Select(static g => Money.FromMillionths(g.Sum(static w => w.AmountMillionths), g.Key).ToString()),
                batch.PolicyNumber,
                batch.RequiredCheckers,
                judged.Fired,
                batch.ApprovalId,
            }),
        });
        foreach (var withdrawal in withdrawals)
        {
            scope.Record(new AuditDraft(AuditActions.WithdrawalRequested, WithdrawalChanges.Subject, withdrawal.Id.ToString())
            {
                Reason = withdrawal.Reason,
                After = AuditTrail.ToJson(new
                {
                    withdrawal.Status,
                    Amount = withdrawal.Amount.ToString(),
                    withdrawal.Mode,
                    ProviderAccount = providers[withdrawal.ProviderAccountId].Name,
                    Account = withdrawal.ExternalAccountId,
                    withdrawal.IdempotencyKey,
                    withdrawal.EndpointIdentity,
                    withdrawal.BatchId,
                    withdrawal.BatchItem,
                    withdrawal.Leg,
                    withdrawal.Legs,
                    withdrawal.IsCeiling,
                    withdrawal.PolicyNumber,
                    withdrawal.RequiredCheckers,
                    withdrawal.ApprovalId,
                }),
                CorrelationId = withdrawal.Id.ToString(),
            });
        }
        scope.Announce(ChangeKind.Withdrawal);
        scope.Announce(ChangeKind.Account);
        scope.Announce(ChangeKind.Batch, batch.Id);
    }
}

/// <summary>One leg that is about to become a withdrawal.</summary>
public sealed record DraftLeg(BatchItem Item, Account Account, int Number, PlannedLeg Leg);
