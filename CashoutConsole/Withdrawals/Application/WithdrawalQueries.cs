using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Withdrawals.Application;

/// <summary>What the withdrawals list shows. The page keeps it in the URL; totals and exports use the same filter.</summary>
public sealed record WithdrawalFilter
{
    /// <summary>Part of the account id, its masked number, our key, the provider's reference or the reason; or a withdrawal id.</summary>
    public string? Search { get; init; }

    public ProviderKind? Provider { get; init; }

    public Guid? ProviderAccountId { get; init; }

    public Guid? AccountId { get; init; }

    public WithdrawalStatus? Status { get; init; }

    /// <summary>Only those of one batch, in its order.</summary>
    public Guid? BatchId { get; init; }

    /// <summary>Only those in one of these; null = all.</summary>
    public IReadOnlyList<WithdrawalStatus>? Statuses { get; init; }

    /// <summary>Only those that are not final.</summary>
    public bool OpenOnly { get; init; }

    public string? MakerId { get; init; }

    public string? Currency { get; init; }

    /// <summary>Created at or after.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Created before.</summary>
    public DateTimeOffset? To { get; init; }

    /// <summary>Null = fine. A card number in any field is refused before it reaches a query or the record of an export.</summary>
    public Error? FaultOf() => new[] { Search, MakerId, Currency }.Any(static text => CardNumbers.ContainsCardNumber(text)) ? new Error("CardNumberInText") : null;

    public IQueryable<Withdrawal> Apply(CashoutDbContext db)
    {
        var rows = db.Withdrawals.AsNoTracking();
        if (Provider is { } provider)
        {
            rows = rows.Where(w => db.ProviderAccounts.Any(p => p.Id == w.ProviderAccountId && p.Provider == provider));
        }
        rows = ProviderAccountId is { } providerAccount ? rows.Where(w => w.ProviderAccountId == providerAccount) : rows;
        rows = AccountId is { } account ? rows.Where(w => w.AccountId == account) : rows;
        rows = Status is { } status ? rows.Where(w => w.Status == status) : rows;
        rows = BatchId is { } batch ? rows.Where(w => w.BatchId == batch) : rows;
        rows = Statuses is { } statuses ? rows.Where(w => statuses.Contains(w.Status)) : rows;
        rows = OpenOnly ? rows.Where(static w => w.FinalAt == null) : rows;
        rows = MakerId is { Length: > 0 } maker ? rows.Where(w => w.MakerId == maker) : rows;
        rows = From is { } from ? rows.Where(w => w.CreatedAt >= from) : rows;
        rows = To is { } to ? rows.Where(w => w.CreatedAt < to) : rows;
        if (!string.IsNullOrWhiteSpace(Currency))
        {
            var currency = Currency.Trim().ToUpperInvariant();
            rows = rows.Where(w => w.Currency == currency);
        }
        return string.IsNullOrWhiteSpace(Search) ? rows : Searched(db, rows, Search.Trim());
    }

    private static IQueryable<Withdrawal> Searched(CashoutDbContext db, IQueryable<Withdrawal> rows, string search)
    {
        if (Guid.TryParse(search, out var id))
        {
            var key = id.ToString();
            return rows.Where(w => w.Id == id || w.IdempotencyKey == key || w.ExternalAccountId == search || w.ProviderReference == search);
        }
        return rows.Where(w => w.ExternalAccountId.Contains(search)
            || w.Reason.Contains(search)
            || w.ProviderReference!.Contains(search)
            || db.Accounts.Any(a => a.Id == w.AccountId && (a.MaskedNumber!.Contains(search) || a.DisplayName!.Contains(search))));
    }
}

/// <summary>One line of the withdrawals list.</summary>
public sealed record WithdrawalRow(Withdrawal Withdrawal, string ProviderAccountName, ProviderKind Provider, string ProviderDisplayName, string AccountLabel, string MakerName);

/// <summary>Money per currency and status group of everything on the filter.</summary>
public sealed record WithdrawalTotal(string Currency, WithdrawalStatus Status, int Count, decimal Amount);

/// <summary>A page of withdrawals, newest first, for a virtualised list.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListWithdrawals(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    public const int MaxPage = 500;

    public sealed record Page(IReadOnlyList<WithdrawalRow> Rows, int Total);

    public async Task<Result<Page>> ExecuteAsync(Actor actor, WithdrawalFilter filter, int skip, int take, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListWithdrawals), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (filter.FaultOf() is { } fault)
        {
            return fault;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var matching = filter.Apply(db);
        var total = await matching.CountAsync(cancellation);
        var ordered = filter.BatchId is null
            ? matching.OrderByDescending(static w => w.CreatedAt).ThenByDescending(static w => w.Id)
            : matching.OrderBy(static w => w.SubmissionNumber);
        var rows = await ordered
            .Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 0, MaxPage)).ToListAsync(cancellation);
        return new Page(await DescribeAsync(db, rows, cancellation), total);
    }

    internal static async Task<IReadOnlyList<WithdrawalRow>> DescribeAsync(CashoutDbContext db, List<Withdrawal> rows, CancellationToken cancellation)
    {
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, cancellation);
        var accountIds = rows.ConvertAll(static w => w.AccountId);
        var accounts = await db.Accounts.AsNoTracking().Where(a => accountIds.Contains(a.Id)).ToDictionaryAsync(static a => a.Id, cancellation);
        var makerIds = rows.Select(static w => w.MakerId).Distinct(StringComparer.Ordinal).ToList();
        var makers = await db.Users.AsNoTracking().Where(u => makerIds.Contains(u.Id)).ToDictionaryAsync(static u => u.Id, static u => u.DisplayName, StringComparer.Ordinal, cancellation);
        return rows.ConvertAll(w => new WithdrawalRow(
            w, providers[w.ProviderAccountId].Name, providers[w.ProviderAccountId].Provider, providers[w.ProviderAccountId].DisplayName, accounts[w.AccountId].Label, makers.GetValueOrDefault(w.MakerId, w.MakerId)));
    }
}

/// <summary>Counts and money per status and currency of everything on the filter.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class SumWithdrawals(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    public async Task<Result<IReadOnlyList<WithdrawalTotal>>> ExecuteAsync(Actor actor, WithdrawalFilter filter, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(SumWithdrawals), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (filter.FaultOf() is { } fault)
        {
            return fault;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var sums = await filter.Apply(db)
            .GroupBy(static w => new { w.Currency, w.Status })
            .Select(static g => new { g.Key.Currency, g.Key.Status, Count = g.Count(), Sum = g.Sum(static w => w.SettledMillionths ?? w.SentMillionths ?? w.AmountMillionths) })
            .ToListAsync(cancellation);
        return Result<IReadOnlyList<WithdrawalTotal>>.Success(sums.ConvertAll(static s => new WithdrawalTotal(s.Currency, s.Status, s.Count, Money.ToDecimal(s.Sum))));
    }
}

/// <summary>One withdrawal with its whole history.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ShowWithdrawal(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, IProviderRegistry registry)
{
    /// <param name="Batch">The batch it is part of; null = none.</param>
    /// <param name="MayCancel">The caller may cancel it now.</param>
    public sealed record View(
        WithdrawalRow Row,
        Account Account,
        ProviderAccount ProviderAccount,
        ProviderSheet? Sheet,
        IReadOnlyList<StatusChange> History,
        IReadOnlyList<Attempt> Attempts,
        IReadOnlyList<Break> Breaks,
        Batch? Batch,
        bool MayCancel);

    public async Task<Result<View>> ExecuteAsync(Actor actor, Guid withdrawalId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ShowWithdrawal), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var withdrawal = await db.Withdrawals.AsNoTracking().SingleOrDefaultAsync(w => w.Id == withdrawalId, cancellation);
        if (withdrawal is null)
        {
            return new Error("WithdrawalNotFound");
        }
        var account = await db.Accounts.AsNoTracking().SingleAsync(a => a.Id == withdrawal.AccountId, cancellation);
        var provider = await db.ProviderAccounts.AsNoTracking().SingleAsync(p => p.Id == withdrawal.ProviderAccountId, cancellation);
        var cancellable = WithdrawalTransitions.Allows(withdrawal.Status, WithdrawalStatus.Cancelled)
            && (await AccessGate.HoldsAsync(db, actor, Permission.CancelAnyWithdrawal, cancellation)
                || (withdrawal.MakerId == actor.Id && await AccessGate.HoldsAsync(db, actor, Permission.CancelOwnWithdrawal, cancellation)));
        return new View(
            (await ListWithdrawals.DescribeAsync(db, [withdrawal], cancellation))[0],
            account,
            provider,
            registry.Definitions.FirstOrDefault(d => d.Name == provider.Name)?.Sheet,
            await db.StatusChanges.AsNoTracking().Where(s => s.WithdrawalId == withdrawalId).OrderBy(static s => s.Number).ToListAsync(cancellation),
            await db.Attempts.AsNoTracking().Where(a => a.WithdrawalId == withdrawalId).OrderBy(static a => a.Number).ToListAsync(cancellation),
            await db.Breaks.AsNoTracking().Where(b => b.WithdrawalId == withdrawalId).OrderBy(static b => b.OpenedAt).ToListAsync(cancellation),
            withdrawal.BatchId is { } batchId ? await db.Batches.AsNoTracking().SingleAsync(b => b.Id == batchId, cancellation) : null,
            cancellable);
    }
}
