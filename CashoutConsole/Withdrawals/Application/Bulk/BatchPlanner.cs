using System.Text.Json;
using CashoutConsole.Audit.Application;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application.Bulk;

/// <summary>
/// Plans a batch from the balances that were just read and writes the plan to its items. Not a use case: what reads balances,
/// drops rows or confirms calls it.
/// </summary>
public sealed class BatchPlanner(IDbContextFactory<CashoutDbContext> contexts, UnitOfWork work, IProviderRegistry registry, OpenWithdrawals commitments, WithdrawalOptions options, TimeProvider clock)
{
    private static readonly Actor Self = Actor.System("batch-planner");

    /// <summary>Makes the plan and, when nothing changed the batch meanwhile, writes it and shows it as a draft.</summary>
    public async Task<Result<Done>> WriteAsync(Guid batchId, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var version = await db.Batches.Where(b => b.Id == batchId).Select(static b => b.Version).SingleAsync(cancellation);
        var now = clock.Now();
        var made = await MakeAsync(db, batchId, now, cancellation);
        return await work.RunAsync<Done>(Self, async scope =>
        {
            var batch = await scope.Db.Batches.SingleAsync(b => b.Id == batchId, cancellation);
            if (batch.Version != version || batch.State is not (BatchState.Reading or BatchState.Draft))
            {
                return UnitOfWork.Conflict;
            }
            var items = await scope.Db.BatchItems.Where(i => i.BatchId == batchId).ToDictionaryAsync(static i => i.Number, cancellation);
            foreach (var (planned, account) in made.Items)
            {
                Take(items[planned.Number], planned, account);
            }
            batch.State = BatchState.Draft;
            batch.PlannedAt = now;
            batch.FinishAt = made.Items.SelectMany(static item => item.Planned.Legs).Select(static leg => (DateTimeOffset?)leg.NotBefore).Max();
            batch.Touch();
            scope.Announce(ChangeKind.Batch, batchId);
            return Done.Value;
        }, cancellation);
    }

    /// <summary>The plan as it would be now.</summary>
    public async Task<BatchPlan> MakeAsync(CashoutDbContext db, Guid batchId, DateTimeOffset now, CancellationToken cancellation)
    {
        var items = await db.BatchItems.AsNoTracking()
            .Where(i => i.BatchId == batchId && i.AccountId != null && i.State != BatchItemState.Dropped && i.State != BatchItemState.Invalid)
            .OrderBy(static i => i.Number).ToListAsync(cancellation);
        var accounts = await db.Accounts.AsNoTracking()
            .Where(a => db.BatchItems.Any(i => i.BatchId == batchId && i.AccountId == a.Id)).ToDictionaryAsync(static a => a.Id, cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, cancellation);
        var sheets = SheetsOf(providers.Values);
        var open = await commitments.OfBatchAsync(db, batchId, cancellation);
        var twins = await BatchTwins.OfAsync(db, batchId, now, cancellation);
        var inputs = items.ConvertAll(item =>
        {
            var account = accounts[item.AccountId!.Value];
            return new PlanInput(
                item.Number,
                account.Id,
                account.ProviderAccountId,
                account.Balance?.Amount,
                item.Kind,
                Money.ToDecimal(item.AskedMillionths),
                WhyNot(item, account, providers[account.ProviderAccountId], sheets.GetValueOrDefault(account.ProviderAccountId), open, twins, now));
        });
        var planned = Planner.Plan(inputs, await ProvidersAsync(db, sheets, cancellation), now);
        return new BatchPlan([.. planned.Zip(inputs, (plan, input) => (plan, accounts[input.AccountId]))]);
    }

    private Dictionary<Guid, ProviderSheet> SheetsOf(IEnumerable<ProviderAccount> providers) => providers
        .Select(p => (p.Id, registry.Definitions.FirstOrDefault(d => d.Name == p.Name && d.EndpointIdentity == p.EndpointIdentity)?.Sheet))
        .Where(static pair => pair.Sheet is not null)
        .ToDictionary(static pair => pair.Id, static pair => pair.Sheet!);

    private string? WhyNot(
        BatchItem item, Account account, ProviderAccount provider, ProviderSheet? sheet,
        IReadOnlyDictionary<Guid, OpenAmounts> open, Dictionary<int, string> twins, DateTimeOffset now)
    {
        if (item.LeftOutCode == LeftOutCodes.ReadingFailed)
        {
            return LeftOutCodes.ReadingFailed;
        }
        var amounts = open.GetValueOrDefault(account.Id, OpenAmounts.None);
        if (Withdrawability.Of(account, sheet, provider.State == ProviderAccountState.Active, 0, amounts.HasLive).Block is { } block)
        {
            return block.ToString();
        }
        return amounts.Count > 0 ? LeftOutCodes.OpenWithdrawal
            : twins.TryGetValue(item.Number, out var twin) ? twin
            : account.BalanceReadAt is not { } readAt || now - readAt > options.PlanReadingAge ? LeftOutCodes.ReadingTooOld
            : null;
    }

    private static async Task<Dictionary<Guid, PlanProvider>> ProvidersAsync(CashoutDbContext db, Dictionary<Guid, ProviderSheet> sheets, CancellationToken cancellation)
    {
        var cooldowns = await db.CooldownClocks.AsNoTracking().ToDictionaryAsync(static c => c.ScopeId, static c => c.NextAllowedAt, cancellation);
        var waiting = new[] { WithdrawalStatus.AwaitingApproval, WithdrawalStatus.Scheduled };
        var plans = new Dictionary<Guid, PlanProvider>();
        foreach (var (id, sheet) in sheets)
        {
            var ahead = sheet.CooldownScope switch
            {
                CooldownScope.None => [],
                CooldownScope.ProviderAccount => new Dictionary<Guid, int> { [id] = await db.Withdrawals.CountAsync(w => w.ProviderAccountId == id && waiting.Contains(w.Status), cancellation) },
                CooldownScope.Account => await db.Withdrawals.Where(w => w.ProviderAccountId == id && waiting.Contains(w.Status))
                    .GroupBy(static w => w.AccountId).ToDictionaryAsync(static g => g.Key, static g => g.Count(), cancellation),
            };
            plans[id] = new PlanProvider(sheet, cooldowns, ahead);
        }
        return plans;
    }

    private static void Take(BatchItem item, PlannedItem planned, Account account)
    {
        item.State = planned.LeftOutCode is null ? BatchItemState.Planned : BatchItemState.LeftOut;
        item.LeftOutCode = planned.LeftOutCode;
        item.Legs = Legs.ToJson(planned.Legs);
        item.PlannedMillionths = Money.ToMillionths(planned.Sum);
        item.StrandedMillionths = Money.ToMillionths(decimal.Round(planned.Stranded, 6, MidpointRounding.ToZero));
        item.ReadingMillionths = account.BalanceMillionths;
        item.ReadingAt = account.BalanceReadAt;
        item.BaselineMillionths = account.BalanceMillionths;
    }
}

/// <param name="Items">Every item that may take part, with its account as it was read, in order.</param>
public sealed record BatchPlan(IReadOnlyList<(PlannedItem Planned, Account Account)> Items);

/// <summary>The legs of an item as they are stored.</summary>
public static class Legs
{
    public static string ToJson(IReadOnlyList<PlannedLeg> legs) => JsonSerializer.Serialize(legs);

    public static IReadOnlyList<PlannedLeg> Read(string json) => JsonSerializer.Deserialize<List<PlannedLeg>>(json) ?? [];
}

/// <summary>Rows of files that were uploaded before: by their fingerprint, and by how that ended.</summary>
internal static class BatchTwins
{
    private static readonly TimeSpan WithoutReference = TimeSpan.FromHours(24);

    /// <returns>Item number → why it is left out. Rows whose twin certainly moved nothing are not in it.</returns>
    public static async Task<Dictionary<int, string>> OfAsync(CashoutDbContext db, Guid batchId, DateTimeOffset now, CancellationToken cancellation)
    {
        var since = now - WithoutReference;
        var rows = await (
            from item in db.BatchItems.AsNoTracking()
            where item.BatchId == batchId && item.Fingerprint != null
            from twin in db.BatchItems
            where twin.Fingerprint == item.Fingerprint && twin.BatchId != batchId
            from batch in db.Batches
            where batch.Id == twin.BatchId && batch.State == BatchState.Submitted && (item.ClientReference != null || batch.SubmittedAt > since)
            from withdrawal in db.Withdrawals
            where withdrawal.BatchId == twin.BatchId && withdrawal.BatchItem == twin.Number
            select new { item.Number, withdrawal.Status }).ToListAsync(cancellation);
        return rows.GroupBy(static row => row.Number)
            .Select(static group => (Number: group.Key, Code: CodeOf([.. group.Select(static row => row.Status)])))
            .Where(static pair => pair.Code is not null)
            .ToDictionary(static pair => pair.Number, static pair => pair.Code!);
    }

    private static string? CodeOf(IReadOnlyList<WithdrawalStatus> statuses) =>
        statuses.Contains(WithdrawalStatus.OutcomeUnknown) ? LeftOutCodes.UnknownBefore
        : statuses.Any(static status => status == WithdrawalStatus.Succeeded || !WithdrawalTransitions.IsFinal(status)) ? LeftOutCodes.PaidBefore
        : null;
}
