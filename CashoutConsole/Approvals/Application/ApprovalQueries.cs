using CashoutConsole.Approvals.Domain;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

public enum ApprovalTab
{
    /// <summary>Pending, made by somebody else, and of a kind that I may decide and have not decided.</summary>
    ForMe,

    /// <summary>Everything pending.</summary>
    Open,

    /// <summary>Made by me.</summary>
    Mine,

    /// <summary>Decided, expired or recalled.</summary>
    Closed,
}

/// <summary>The money of a withdrawal request, as the checker needs it.</summary>
/// <param name="Amount">Exact, or the cap where the provider is asked for "everything".</param>
/// <param name="Balance">As last read; null = unknown.</param>
/// <param name="RecentCount">Withdrawals of this account in the last 30 days that moved or may still move money, this one left out.</param>
/// <param name="OtherOpen">Other withdrawals of this account that are not final.</param>
public sealed record ApprovalMoney(
    Guid WithdrawalId,
    Money Amount,
    WithdrawalMode Mode,
    WithdrawalStatus Status,
    ProviderKind Provider,
    string ProviderDisplayName,
    Guid AccountId,
    string AccountLabel,
    string? Holder,
    decimal? Balance,
    DateTimeOffset? BalanceReadAt,
    int RecentCount,
    decimal RecentSum,
    int OtherOpen);

/// <summary>The money of a batch request in one currency.</summary>
public sealed record ApprovalBatchTotal(string Currency, int Withdrawals, int Accounts, decimal Amount);

/// <summary>What a batch request asks for, in sums; its withdrawals are listed on the batch's page.</summary>
/// <param name="FinishAt">When the last leg is expected to be sent, should it be approved at once.</param>
public sealed record ApprovalBatch(Guid BatchId, string? Title, IReadOnlyList<ApprovalBatchTotal> Totals, IReadOnlyList<ProviderKind> Providers, DateTimeOffset? FinishAt, int LeftOut)
{
    public int Withdrawals => Totals.Sum(static t => t.Withdrawals);

    public int Accounts => Totals.Sum(static t => t.Accounts);
}

/// <summary>What a request about an operator asks for, where its kind does not say it all.</summary>
/// <param name="Before">The roles when it was asked for; empty for a reset.</param>
/// <param name="TakesPassword">A reset of the password too.</param>
public sealed record OperatorTerms(IReadOnlyList<Role> Before, IReadOnlyList<Role> After, bool TakesPassword);

/// <summary>One line of the inbox.</summary>
/// <param name="Title">What it is about where no money is: an operator, a provider account, a policy number.</param>
/// <param name="WhyNot">Why the viewer cannot decide it: OwnRequest, ConcernsYou, Forbidden, AlreadyDecidedByYou, AlreadyClosed, ApprovalExpired; null = can.</param>
public sealed record ApprovalRow(ApprovalRequest Request, string MakerName, int Approvals, ApprovalMoney? Money, string Title, IReadOnlyList<FiredRule> Fired, Error? WhyNot, OperatorTerms? Operator = null, ApprovalBatch? Batch = null);

/// <summary>The inbox: requests of one tab. Those still open come with the next to expire first, the others newest first.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListApprovals(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, TimeProvider clock)
{
    public const int MaxPage = 200;

    public sealed record Page(IReadOnlyList<ApprovalRow> Rows, int Total);

    public async Task<Result<Page>> ExecuteAsync(Actor actor, ApprovalTab tab, int skip, int take, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListApprovals), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var matching = await MatchingAsync(db, actor, tab, cancellation);
        var ordered = tab is ApprovalTab.ForMe or ApprovalTab.Open
            ? matching.OrderBy(static r => r.ExpiresAt).ThenBy(static r => r.Id)
            : matching.OrderByDescending(static r => r.CreatedAt).ThenByDescending(static r => r.Id);
        var requests = await ordered.Skip(Math.Max(0, skip)).Take(Math.Clamp(take, 0, MaxPage)).ToListAsync(cancellation);
        return new Page(await RowsAsync(db, actor, requests, clock.Now(), cancellation), await matching.CountAsync(cancellation));
    }

    internal static async Task<IQueryable<ApprovalRequest>> MatchingAsync(CashoutDbContext db, Actor actor, ApprovalTab tab, CancellationToken cancellation)
    {
        var requests = db.ApprovalRequests.AsNoTracking();
        switch (tab)
        {
            case ApprovalTab.Open:
                return requests.Where(static r => r.Status == ApprovalStatus.Pending);
            case ApprovalTab.Mine:
                return requests.Where(r => r.MakerId == actor.Id);
            case ApprovalTab.Closed:
                return requests.Where(static r => r.Status != ApprovalStatus.Pending);
            default:
                var money = await AccessGate.HoldsAsync(db, actor, Permission.Approve, cancellation);
                var changes = await AccessGate.HoldsAsync(db, actor, Permission.ConfirmAdministration, cancellation);
                return requests.Where(r => r.Status == ApprovalStatus.Pending && r.MakerId != actor.Id
                    && !(ApprovalRequest.AboutOperators.Contains(r.Kind) && r.SubjectId == actor.Id)
                    && (ApprovalRequest.AboutMoney.Contains(r.Kind) ? money : changes)
                    && !db.ApprovalDecisions.Any(d => d.RequestId == r.Id && d.CheckerId == actor.Id));
        }
    }

    internal static async Task<IReadOnlyList<ApprovalRow>> RowsAsync(
        CashoutDbContext db, Actor actor, List<ApprovalRequest> requests, DateTimeOffset now, CancellationToken cancellation)
    {
        var ids = requests.ConvertAll(static r => r.Id);
        var makers = requests.Select(static r => r.MakerId).Distinct(StringComparer.Ordinal).ToList();
        var names = await db.Users.AsNoTracking().Where(u => makers.Contains(u.Id)).ToDictionaryAsync(static u => u.Id, static u => u.DisplayName, StringComparer.Ordinal, cancellation);
        var decisions = await db.ApprovalDecisions.AsNoTracking().Where(d => ids.Contains(d.RequestId)).ToListAsync(cancellation);
        var money = await MoneyAsync(db, [.. requests.Where(static r => r.Kind == ApprovalKind.Withdrawal).Select(static r => r.Id)], now, cancellation);
        var batches = await BatchesAsync(db, [.. requests.Where(static r => r.Kind == ApprovalKind.Batch).Select(static r => r.Id)], cancellation);
        var titles = await TitlesAsync(db, requests, cancellation);
        var terms = await OperatorTermsAsync(db, requests, cancellation);
        var mayApprove = await AccessGate.HoldsAsync(db, actor, Permission.Approve, cancellation);
        var mayConfirm = await AccessGate.HoldsAsync(db, actor, Permission.ConfirmAdministration, cancellation);
        return requests.ConvertAll(request => new ApprovalRow(
            request,
            names.GetValueOrDefault(request.MakerId, request.MakerId),
            decisions.Count(d => d.RequestId == request.Id && d.Verdict == Verdict.Approve),
            money.GetValueOrDefault(request.Id),
            titles.GetValueOrDefault(request.Id, request.SubjectId),
            ApprovalDesk.FiredOf(request),
            WhyNot(request),
            terms.GetValueOrDefault(request.Id),
            batches.GetValueOrDefault(request.Id)));

        Error? WhyNot(ApprovalRequest request) => request switch
        {
            { Status: not ApprovalStatus.Pending } => new Error("AlreadyClosed", request.Status),
            _ when request.MakerId == actor.Id => new Error("OwnRequest"),
            _ when request.Concerns(actor.Id) => new Error("ConcernsYou"),
            _ when !(ApprovalRequest.AboutMoney.Contains(request.Kind) ? mayApprove : mayConfirm) => AccessGate.Forbidden,
            _ when decisions.Exists(d => d.RequestId == request.Id && d.CheckerId == actor.Id) => new Error("AlreadyDecidedByYou"),
            _ when request.ExpiresAt <= now => new Error("ApprovalExpired"),
            _ => null,
        };
    }

    /// <summary>By request; requests about something else than money are missing.</summary>
    private static async Task<Dictionary<Guid, ApprovalMoney>> MoneyAsync(CashoutDbContext db, List<Guid> requestIds, DateTimeOffset now, CancellationToken cancellation)
    {
        var withdrawals = await db.Withdrawals.AsNoTracking().Where(w => w.ApprovalId != null && requestIds.Contains(w.ApprovalId.Value)).ToListAsync(cancellation);
        var accountIds = withdrawals.Select(static w => w.AccountId).Distinct().ToList();
        var accounts = await db.Accounts.AsNoTracking().Where(a => accountIds.Contains(a.Id)).ToDictionaryAsync(static a => a.Id, cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, cancellation);
        var since = now.AddDays(-30);
        var recent = await db.Withdrawals.AsNoTracking().Where(w => accountIds.Contains(w.AccountId) && (w.CreatedAt >= since || w.FinalAt == null))
            .Select(static w => new { w.Id, w.AccountId, w.Currency, w.Status, w.CreatedAt, Millionths = w.SettledMillionths ?? w.AmountMillionths })
            .ToListAsync(cancellation);
        return withdrawals.GroupBy(static w => w.ApprovalId!.Value).ToDictionary(static group => group.Key, group =>
        {
            var w = group.First();
            var account = accounts[w.AccountId];
            var provider = providers[w.ProviderAccountId];
            var others = recent.FindAll(r => r.AccountId == w.AccountId && r.Id != w.Id);
            var moved = others.FindAll(r => r.CreatedAt >= since && r.Currency == w.Currency && Moves(r.Status));
            return new ApprovalMoney(
                w.Id, w.Amount, w.Mode, w.Status, provider.Provider, provider.DisplayName, account.Id, account.Label, account.Holder,
                account.Balance?.Amount, account.BalanceReadAt,
                moved.Count, Money.ToDecimal(moved.Sum(static r => r.Millionths)), others.Count(static r => WithdrawalTransitions.Open.Contains(r.Status)));
        });
    }

    private static async Task<Dictionary<Guid, ApprovalBatch>> BatchesAsync(CashoutDbContext db, List<Guid> requestIds, CancellationToken cancellation)
    {
        if (requestIds.Count == 0)
        {
            return [];
        }
        var batches = await db.Batches.AsNoTracking().Where(b => b.ApprovalId != null && requestIds.Contains(b.ApprovalId.Value)).ToListAsync(cancellation);
        var ids = batches.ConvertAll(static b => (Guid?)b.Id);
        var sums = await db.Withdrawals.Where(w => ids.Contains(w.BatchId))
            .GroupBy(static w => new { w.BatchId, w.Currency, w.ProviderAccountId })
            .Select(static g => new { g.Key, Count = g.Count(), Accounts = g.Count(static w => w.Leg == 1), Sum = g.Sum(static w => w.AmountMillionths) }).ToListAsync(cancellation);
        var leftOut = await db.BatchItems.Where(i => ids.Contains(i.BatchId) && i.State == Withdrawals.Domain.Bulk.BatchItemState.LeftOut)
            .GroupBy(static i => i.BatchId).Select(static g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(static g => g.Key, static g => g.Count, cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id, static p => p.Provider, cancellation);
        return batches.ToDictionary(static b => b.ApprovalId!.Value, b => new ApprovalBatch(
            b.Id,
            b.Title,
            [
                .. sums.Where(s => s.Key.BatchId == b.Id).GroupBy(static s => s.Key.Currency, StringComparer.Ordinal).OrderBy(static g => g.Key, StringComparer.Ordinal)
                    .Select(static g => new ApprovalBatchTotal(g.Key, g.Sum(static s => s.Count), g.Sum(static s => s.Accounts), Money.ToDecimal(g.Sum(static s => s.Sum)))),
            ],
            [.. sums.Where(s => s.Key.BatchId == b.Id).Select(s => providers[s.Key.ProviderAccountId]).Distinct().Order()],
            b.FinishAt,
            leftOut.GetValueOrDefault(b.Id)));
    }

    private static bool Moves(WithdrawalStatus status) => status == WithdrawalStatus.Succeeded || WithdrawalTransitions.Live.Contains(status);

    /// <summary>By request, so that nobody confirms roles unseen.</summary>
    private static async Task<Dictionary<Guid, OperatorTerms>> OperatorTermsAsync(CashoutDbContext db, List<ApprovalRequest> requests, CancellationToken cancellation)
    {
        var kinds = requests.Where(static r => r.Kind is ApprovalKind.Roles or ApprovalKind.OperatorReset).ToDictionary(static r => r.Id, static r => r.Kind);
        var lines = await db.ApprovalLines.AsNoTracking().Where(line => kinds.Keys.Contains(line.RequestId)).ToListAsync(cancellation);
        return lines.ToDictionary(static line => line.RequestId, line => kinds[line.RequestId] == ApprovalKind.Roles
            ? new OperatorTerms(OperatorLines.RolesBefore(line.Text), OperatorLines.RolesAfter(line.Text), TakesPassword: false)
            : new OperatorTerms([], [], OperatorLines.TakesPassword(line.Text)));
    }

    private static async Task<Dictionary<Guid, string>> TitlesAsync(CashoutDbContext db, List<ApprovalRequest> requests, CancellationToken cancellation)
    {
        var subjects = requests.Select(static r => r.SubjectId).ToList();
        var people = await db.Users.AsNoTracking().Where(u => subjects.Contains(u.Id)).ToDictionaryAsync(static u => u.Id, static u => u.DisplayName, StringComparer.Ordinal, cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().ToDictionaryAsync(static p => p.Id.ToString(), static p => p.DisplayName, StringComparer.Ordinal, cancellation);
        return requests.ToDictionary(
            static r => r.Id,
            r => people.GetValueOrDefault(r.SubjectId) ?? providers.GetValueOrDefault(r.SubjectId) ?? r.SubjectId);
    }
}

/// <summary>How many requests wait for this operator, for the badge in the navigation.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class CountApprovals(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    public async Task<Result<int>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(CountApprovals), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await (await ListApprovals.MatchingAsync(db, actor, ApprovalTab.ForMe, cancellation)).CountAsync(cancellation);
    }
}

/// <summary>One request with everything a checker decides on.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ShowApproval(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, TimeProvider clock)
{
    private const int MostRecent = 20;

    public sealed record Decision(ApprovalDecision Row, string CheckerName);

    /// <summary>A recent or still open withdrawal of the same account.</summary>
    public sealed record Neighbour(Guid WithdrawalId, Guid? ApprovalId, Money Amount, WithdrawalStatus Status, DateTimeOffset CreatedAt, string MakerName);

    /// <param name="Lines">Each canonical line as its fields: exactly what was hashed.</param>
    /// <param name="NextId">The request that took this one up again.</param>
    /// <param name="Before">For a policy change: the policy that held when it was proposed; <paramref name="Proposed"/> is the new one.</param>
    public sealed record View(
        ApprovalRow Row,
        IReadOnlyList<IReadOnlyList<(string Name, string Value)>> Lines,
        IReadOnlyList<Decision> Decisions,
        IReadOnlyList<Neighbour> Recent,
        Guid? NextId,
        Policy? Before,
        Policy? Proposed,
        bool MayRecall);

    public async Task<Result<View>> ExecuteAsync(Actor actor, Guid requestId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ShowApproval), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var request = await db.ApprovalRequests.AsNoTracking().SingleOrDefaultAsync(r => r.Id == requestId, cancellation);
        if (request is null)
        {
            return new Error("ApprovalNotFound");
        }
        var row = (await ListApprovals.RowsAsync(db, actor, [request], clock.Now(), cancellation))[0];
        var lines = await db.ApprovalLines.AsNoTracking().Where(line => line.RequestId == requestId).OrderBy(static line => line.Number).Take(500).ToListAsync(cancellation);
        var proposed = request.Kind == ApprovalKind.Policy
            ? await PolicyBook.FindAsync(db, int.Parse(request.SubjectId, System.Globalization.CultureInfo.InvariantCulture), cancellation)
            : null;
        var mayRecall = request.Status == ApprovalStatus.Pending
            && (request.MakerId == actor.Id || (ApprovalRequest.AboutMoney.Contains(request.Kind) && await AccessGate.HoldsAsync(db, actor, Permission.CancelAnyWithdrawal, cancellation)));
        return new View(
            row,
            lines.ConvertAll(static line => ApprovalDigest.Read(line.Text)),
            await DecisionsAsync(db, requestId, cancellation),
            row.Money is { } money ? await RecentAsync(db, money, clock.Now(), cancellation) : [],
            await db.ApprovalRequests.Where(r => r.PreviousId == requestId).Select(static r => (Guid?)r.Id).SingleOrDefaultAsync(cancellation),
            proposed is null ? null : await HeldAtAsync(db, proposed, cancellation),
            proposed,
            mayRecall);
    }

    /// <summary>Not the active one: after the change is approved that would be the change itself.</summary>
    private static Task<Policy?> HeldAtAsync(CashoutDbContext db, Policy proposed, CancellationToken cancellation) =>
        db.Policies.AsNoTracking().Include(static p => p.Rules)
            .Where(p => p.Number < proposed.Number && p.ActivatedAt != null && p.ActivatedAt <= proposed.CreatedAt)
            .OrderByDescending(static p => p.Number).FirstOrDefaultAsync(cancellation);

    private static async Task<IReadOnlyList<Decision>> DecisionsAsync(CashoutDbContext db, Guid requestId, CancellationToken cancellation)
    {
        var rows = await db.ApprovalDecisions.AsNoTracking().Where(d => d.RequestId == requestId).OrderBy(static d => d.At).ToListAsync(cancellation);
        var names = await NamesAsync(db, rows.ConvertAll(static d => d.CheckerId), cancellation);
        return rows.ConvertAll(d => new Decision(d, names.GetValueOrDefault(d.CheckerId, d.CheckerId)));
    }

    private static async Task<IReadOnlyList<Neighbour>> RecentAsync(CashoutDbContext db, ApprovalMoney money, DateTimeOffset now, CancellationToken cancellation)
    {
        var since = now.AddDays(-30);
        var rows = await db.Withdrawals.AsNoTracking()
            .Where(w => w.AccountId == money.AccountId && w.Id != money.WithdrawalId && (w.CreatedAt >= since || w.FinalAt == null))
            .OrderByDescending(static w => w.CreatedAt).Take(MostRecent).ToListAsync(cancellation);
        var names = await NamesAsync(db, rows.ConvertAll(static w => w.MakerId), cancellation);
        return rows.ConvertAll(w => new Neighbour(w.Id, w.ApprovalId, w.Settled ?? w.Amount, w.Status, w.CreatedAt, names.GetValueOrDefault(w.MakerId, w.MakerId)));
    }

    private static Task<Dictionary<string, string>> NamesAsync(CashoutDbContext db, List<string> ids, CancellationToken cancellation) =>
        db.Users.AsNoTracking().Where(u => ids.Contains(u.Id)).ToDictionaryAsync(static u => u.Id, static u => u.DisplayName, StringComparer.Ordinal, cancellation);
}
