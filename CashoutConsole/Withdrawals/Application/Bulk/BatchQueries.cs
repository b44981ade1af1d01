using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
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

/// <summary>What becomes of withdrawals, in the groups that people ask for.</summary>
public enum OutcomeGroup
{
    Waiting,
    Processing,
    Paid,
    Unknown,
    Failed,

    /// <summary>Not sent, rejected, expired or cancelled: nothing was asked of the provider.</summary>
    NotSent,
}

public static class OutcomeGroups
{
    public static OutcomeGroup Of(WithdrawalStatus status) => status switch
    {
        WithdrawalStatus.AwaitingApproval or WithdrawalStatus.Scheduled => OutcomeGroup.Waiting,
        WithdrawalStatus.Sending or WithdrawalStatus.Processing => OutcomeGroup.Processing,
        WithdrawalStatus.Succeeded => OutcomeGroup.Paid,
        WithdrawalStatus.OutcomeUnknown => OutcomeGroup.Unknown,
        WithdrawalStatus.Failed => OutcomeGroup.Failed,
        WithdrawalStatus.NotSent or WithdrawalStatus.Rejected or WithdrawalStatus.Expired or WithdrawalStatus.Cancelled => OutcomeGroup.NotSent,
    };

    public static IReadOnlyList<WithdrawalStatus> StatusesOf(OutcomeGroup group) => [.. Enum.GetValues<WithdrawalStatus>().Where(status => Of(status) == group)];
}

/// <summary>Money of a batch in one group and currency. Paid counts what the provider reported.</summary>
public sealed record BatchBucket(OutcomeGroup Group, string Currency, int Count, decimal Amount);

/// <summary>A batch with the sums of its withdrawals; empty before it is confirmed.</summary>
/// <param name="AwaitsApproval">Its request is not decided yet: all of it waits.</param>
public sealed record BatchRow(Batch Batch, string MakerName, int Items, IReadOnlyList<BatchBucket> Buckets, bool AwaitsApproval)
{
    public int Withdrawals => Buckets.Sum(static b => b.Count);

    public int Final => Buckets.Where(static b => b.Group is not (OutcomeGroup.Waiting or OutcomeGroup.Processing or OutcomeGroup.Unknown)).Sum(static b => b.Count);

    /// <summary>Nothing is green before all of it is.</summary>
    public bool AllFinal => Withdrawals > 0 && Final == Withdrawals;

    public int CountOf(OutcomeGroup group) => Buckets.Where(b => b.Group == group).Sum(static b => b.Count);
}

/// <summary>A page of batches, newest first. Drafts are shown to their maker only.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListBatches(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    public const int MaxPage = 200;

    public sealed record Page(IReadOnlyList<BatchRow> Rows, int Total);

    public async Task<Result<Page>> ExecuteAsync(Actor actor, int skip, int take, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListBatches), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var matching = db.Batches.AsNoTracking().Where(b => b.State == BatchState.Submitted || (b.MakerId == actor.Id && b.State != BatchState.Discarded));
        var total = await matching.CountAsync(cancellation);
        var batches = await matching.OrderByDescending(static b => b.CreatedAt).ThenByDescending(static b => b.Id)
            .Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 0, MaxPage)).ToListAsync(cancellation);
        return new Page(await RowsAsync(db, batches, cancellation), total);
    }

    internal static async Task<IReadOnlyList<BatchRow>> RowsAsync(CashoutDbContext db, List<Batch> batches, CancellationToken cancellation)
    {
        var ids = batches.ConvertAll(static b => (Guid?)b.Id);
        var makers = batches.Select(static b => b.MakerId).Distinct(StringComparer.Ordinal).ToList();
        var names = await db.Users.AsNoTracking().Where(u => makers.Contains(u.Id)).ToDictionaryAsync(static u => u.Id, static u => u.DisplayName, StringComparer.Ordinal, cancellation);
        var items = await db.BatchItems.Where(i => ids.Contains(i.BatchId)).GroupBy(static i => i.BatchId).Select(static g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(static g => g.Key, static g => g.Count, cancellation);
        var sums = await db.Withdrawals.Where(w => ids.Contains(w.BatchId))
            .GroupBy(static w => new { w.BatchId, w.Status, w.Currency })
            .Select(static g => new { g.Key, Count = g.Count(), Sum = g.Sum(static w => w.SettledMillionths ?? w.SentMillionths ?? w.AmountMillionths) }).ToListAsync(cancellation);
        return batches.ConvertAll(batch => new BatchRow(
            batch,
            names.GetValueOrDefault(batch.MakerId, batch.MakerId),
            items.GetValueOrDefault(batch.Id),
            [
                .. sums.Where(s => s.Key.BatchId == batch.Id)
                    .GroupBy(static s => (Group: OutcomeGroups.Of(s.Key.Status), s.Key.Currency))
                    .OrderBy(static g => g.Key.Currency, StringComparer.Ordinal).ThenBy(static g => g.Key.Group)
                    .Select(static g => new BatchBucket(g.Key.Group, g.Key.Currency, g.Sum(static s => s.Count), Money.ToDecimal(g.Sum(static s => s.Sum)))),
            ],
            sums.Exists(s => s.Key.BatchId == batch.Id && s.Key.Status == WithdrawalStatus.AwaitingApproval)));
    }
}

/// <summary>Planned money per provider and currency.</summary>
/// <param name="Cooldown">What the provider wants between two of these withdrawals; zero = nothing.</param>
public sealed record PlanTotal(ProviderKind Provider, string Currency, int Accounts, int Legs, decimal Amount, DateTimeOffset? FinishAt, TimeSpan Cooldown);

/// <summary>Accounts that are left out, by reason.</summary>
public sealed record LeftOutTotal(string Code, int Accounts);

/// <summary>A batch with everything its page shows above the rows.</summary>
/// <param name="Progress">The balances read so far; null = none is being read by this process.</param>
/// <param name="Totals">Of the plan: before the confirmation what would be sent.</param>
/// <param name="Changed">Planned accounts whose balance is not the one that the list showed.</param>
/// <param name="Outlook">Draft: what the policy would say now; null = nothing planned.</param>
/// <param name="PausedItems">Accounts whose plan waits for a person.</param>
/// <param name="Faulty">Rows of a file that still have faults.</param>
/// <param name="Retryable">Accounts of which something certainly did not happen and nothing is open.</param>
public sealed record BatchView(
    BatchRow Row, ReadingProgress? Progress, IReadOnlyList<PlanTotal> Totals, IReadOnlyList<LeftOutTotal> LeftOut, int Dropped, int Faulty, int Changed, JudgedBatch? Outlook, int? DecideWithinHours,
    IReadOnlyList<BatchItemRow> PausedItems, int Retryable, bool IsMaker, bool MaySteer, bool MayRequest)
{
    public Batch Batch => Row.Batch;

    public int PlannedLegs => Totals.Sum(static t => t.Legs);
}

[UseCase(Permission.ViewAccounts)]
public sealed class ShowBatch(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, BatchProgress progress, IProviderRegistry registry, TimeProvider clock)
{
    private const int PausedShown = 50;

    public async Task<Result<BatchView>> ExecuteAsync(Actor actor, Guid batchId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ShowBatch), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var batch = await db.Batches.AsNoTracking().SingleOrDefaultAsync(b => b.Id == batchId, cancellation);
        if (batch is null || (batch.State != BatchState.Submitted && batch.MakerId != actor.Id))
        {
            return new Error("BatchNotFound");
        }
        var planned = await (
            from item in db.BatchItems.AsNoTracking()
            where item.BatchId == batchId && item.State == BatchItemState.Planned
            join account in db.Accounts on item.AccountId equals account.Id
            join provider in db.ProviderAccounts on account.ProviderAccountId equals provider.Id
            orderby item.Number
            select new PlannedRow(item.Legs, item.PlannedMillionths, item.SeenMillionths, item.ReadingMillionths, account.Id, account.Currency, provider.Id, provider.Name, provider.Provider)).ToListAsync(cancellation);
        var states = await db.BatchItems.Where(i => i.BatchId == batchId).GroupBy(static i => i.State).Select(static g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(static g => g.Key, static g => g.Count, cancellation);
        var leftOut = await db.BatchItems.Where(i => i.BatchId == batchId && i.State == BatchItemState.LeftOut).GroupBy(static i => i.LeftOutCode!)
            .Select(static g => new LeftOutTotal(g.Key, g.Count())).ToListAsync(cancellation);
        var paused = batch.State == BatchState.Submitted
            ? await db.BatchItems.AsNoTracking().Where(i => i.BatchId == batchId && i.PausedAt != null).OrderBy(static i => i.Number).Take(PausedShown).ToListAsync(cancellation)
            : [];
        var (outlook, hours) = batch.State == BatchState.Draft && planned.Count > 0 ? await OutlookAsync(db, batch, planned, cancellation) : (null, null);
        return new BatchView(
            (await ListBatches.RowsAsync(db, [batch], cancellation))[0],
            progress.Of(batchId),
            Totals(planned),
            [.. leftOut.OrderByDescending(static l => l.Accounts).ThenBy(static l => l.Code, StringComparer.Ordinal)],
            states.GetValueOrDefault(BatchItemState.Dropped),
            states.GetValueOrDefault(BatchItemState.Invalid),
            planned.Count(static p => p.Seen is { } seen && seen != p.Reading),
            outlook,
            hours,
            await ListBatchItems.DescribeAsync(db, paused, cancellation),
            batch.State == BatchState.Submitted ? (await BatchFailures.OfAsync(db, batchId, cancellation)).Count : 0,
            batch.MakerId == actor.Id,
            batch.MakerId == actor.Id || await AccessGate.HoldsAsync(db, actor, Permission.CancelAnyWithdrawal, cancellation),
            await AccessGate.HoldsAsync(db, actor, Permission.RequestWithdrawals, cancellation));
    }

    private List<PlanTotal> Totals(List<PlannedRow> planned) =>
    [
        .. planned.GroupBy(static p => (p.Provider, p.Currency)).OrderBy(static g => g.Key.Currency, StringComparer.Ordinal).ThenBy(static g => g.Key.Provider)
            .Select(g => new PlanTotal(
                g.Key.Provider, g.Key.Currency, g.Count(), g.Sum(static p => p.LegList.Count), Money.ToDecimal(g.Sum(static p => p.Planned)),
                g.SelectMany(static p => p.LegList).Select(static leg => (DateTimeOffset?)leg.NotBefore).Max(), g.Max(CooldownOf))),
    ];

    private TimeSpan CooldownOf(PlannedRow planned) =>
        registry.Definitions.FirstOrDefault(d => d.Name == planned.ProviderAccountName)?.Sheet is { CooldownScope: not CooldownScope.None } sheet ? sheet.Cooldown : TimeSpan.Zero;

    private async Task<(JudgedBatch?, int?)> OutlookAsync(CashoutDbContext db, Batch batch, List<PlannedRow> planned, CancellationToken cancellation)
    {
        if (await PolicyBook.ActiveAsync(db, cancellation) is not { } policy)
        {
            return (null, null);
        }
        var totals = planned.GroupBy(static p => p.Currency, StringComparer.Ordinal).ToDictionary(static g => g.Key, static g => Money.ToDecimal(g.Sum(static p => p.Planned)), StringComparer.Ordinal);
        var submissions = planned.SelectMany(p => p.LegList.Select(leg => new Submission(batch.MakerId, p.AccountId, p.ProviderAccountId, p.Provider, p.Currency, leg.Amount, totals[p.Currency]))).ToList();
        return (await Submissions.JudgeManyAsync(db, policy, submissions, clock.Now(), null, cancellation), policy.DecideWithinHours);
    }

    private sealed record PlannedRow(
        string Legs, long Planned, long? Seen, long? Reading, Guid AccountId, string Currency, Guid ProviderAccountId, string ProviderAccountName, ProviderKind Provider)
    {
        private IReadOnlyList<PlannedLeg>? _list;

        public IReadOnlyList<PlannedLeg> LegList => _list ??= Bulk.Legs.Read(Legs);
    }
}

/// <summary>Which items of a batch are listed.</summary>
public enum BatchItemTab
{
    Planned,

    /// <summary>Planned, and the balance is not the one that the list showed.</summary>
    Changed,
    LeftOut,
    Invalid,
    Dropped,
}

/// <param name="Account">Null while the row's account is not found.</param>
public sealed record BatchItemRow(BatchItem Item, Account? Account, ProviderAccount? ProviderAccount)
{
    public IReadOnlyList<PlannedLeg> LegList => Legs.Read(Item.Legs);
}

/// <summary>A page of a batch's items with their legs, in their order.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListBatchItems(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    public const int MaxPage = 500;

    public sealed record Page(IReadOnlyList<BatchItemRow> Rows, int Total);

    public async Task<Result<Page>> ExecuteAsync(Actor actor, Guid batchId, BatchItemTab tab, int skip, int take, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListBatchItems), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        if (!await db.Batches.AnyAsync(b => b.Id == batchId && (b.State == BatchState.Submitted || b.MakerId == actor.Id), cancellation))
        {
            return new Error("BatchNotFound");
        }
        var state = tab switch
        {
            BatchItemTab.Planned or BatchItemTab.Changed => BatchItemState.Planned,
            BatchItemTab.LeftOut => BatchItemState.LeftOut,
            BatchItemTab.Invalid => BatchItemState.Invalid,
            BatchItemTab.Dropped => BatchItemState.Dropped,
        };
        var matching = db.BatchItems.AsNoTracking().Where(i => i.BatchId == batchId && i.State == state);
        matching = tab == BatchItemTab.Changed ? matching.Where(static i => i.SeenMillionths != null && i.SeenMillionths != i.ReadingMillionths) : matching;
        var rows = await matching.OrderBy(static i => i.Number).Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 0, MaxPage)).ToListAsync(cancellation);
        return new Page(await DescribeAsync(db, rows, cancellation), await matching.CountAsync(cancellation));
    }

    internal static async Task<IReadOnlyList<BatchItemRow>> DescribeAsync(CashoutDbContext db, List<BatchItem> rows, CancellationToken cancellation)
    {
        var ids = rows.ConvertAll(static i => i.AccountId);
        var accounts = await db.Accounts.AsNoTracking().Where(a => ids.Contains(a.Id)).ToDictionaryAsync(static a => a.Id, cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, cancellation);
        return rows.ConvertAll(item =>
        {
            var account = item.AccountId is { } id ? accounts.GetValueOrDefault(id) : null;
            return new BatchItemRow(item, account, account is null ? null : providers[account.ProviderAccountId]);
        });
    }
}
