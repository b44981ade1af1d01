using System.Globalization;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

/// <summary>The policy that holds, the one that waits for a second person, and the older ones.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ShowPolicies(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, TimeProvider clock)
{
    /// <summary>The request that asked for one version, and who confirmed it.</summary>
    public sealed record Confirmation(Guid RequestId, IReadOnlyList<string> CheckerNames);

    /// <param name="Pending">The request that asks for <paramref name="Proposed"/>.</param>
    /// <param name="Gap">Why not everything can be approved as things stand; null = it can.</param>
    /// <param name="Names">Display names of makers, operators and provider accounts in the rules, by id.</param>
    /// <param name="Confirmations">By policy number; the first one was confirmed by nobody.</param>
    /// <param name="Today">What is used of the daily limits of the active policy.</param>
    public sealed record View(
        Policy? Active,
        Policy? Proposed,
        Guid? Pending,
        IReadOnlyList<Policy> History,
        Error? Gap,
        IReadOnlyDictionary<string, string> Names,
        IReadOnlyList<string> Currencies,
        IReadOnlyDictionary<int, Confirmation> Confirmations,
        IReadOnlyList<LimitToday> Today);

    public async Task<Result<View>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ShowPolicies), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var all = await db.Policies.AsNoTracking().Include(static p => p.Rules).OrderByDescending(static p => p.Number).Take(100).ToListAsync(cancellation);
        var active = all.Find(static p => p.State == PolicyState.Active);
        var proposed = all.Find(static p => p.State == PolicyState.Proposed);
        var names = await NamesAsync(db, cancellation);
        var confirmations = await ConfirmationsAsync(db, names, cancellation);
        return new View(
            active,
            proposed,
            proposed is not null && confirmations.TryGetValue(proposed.Number, out var waiting) ? waiting.RequestId : null,
            all,
            await ActingPeople.GapAsync(db, null, null, cancellation),
            names,
            await CurrenciesAsync(db, cancellation),
            confirmations,
            active is null ? [] : await Submissions.TodayAsync(db, active, clock.Now(), cancellation));
    }

    internal static async Task<Dictionary<string, string>> NamesAsync(CashoutDbContext db, CancellationToken cancellation)
    {
        var names = await db.Users.AsNoTracking().ToDictionaryAsync(static u => u.Id, static u => u.DisplayName, StringComparer.Ordinal, cancellation);
        foreach (var provider in await db.ProviderAccounts.AsNoTracking().ToListAsync(cancellation))
        {
            names[provider.Id.ToString()] = provider.DisplayName;
        }
        return names;
    }

    internal static Task<List<string>> CurrenciesAsync(CashoutDbContext db, CancellationToken cancellation) =>
        db.Accounts.Select(static a => a.Currency).Distinct().OrderBy(static c => c).ToListAsync(cancellation);

    private static async Task<Dictionary<int, Confirmation>> ConfirmationsAsync(CashoutDbContext db, Dictionary<string, string> names, CancellationToken cancellation)
    {
        var requests = await db.ApprovalRequests.AsNoTracking().Where(static r => r.Kind == ApprovalKind.Policy)
            .Select(static r => new { r.Id, r.SubjectId }).ToListAsync(cancellation);
        var ids = requests.ConvertAll(static r => r.Id);
        var decisions = await db.ApprovalDecisions.AsNoTracking().Where(d => ids.Contains(d.RequestId)).ToListAsync(cancellation);
        return requests.ToDictionary(
            static r => int.Parse(r.SubjectId, CultureInfo.InvariantCulture),
            r => new Confirmation(r.Id, [.. decisions.Where(d => d.RequestId == r.Id).OrderBy(static d => d.At).Select(d => names.GetValueOrDefault(d.CheckerId, d.CheckerId))]));
    }
}

/// <summary>Opens the editor of the policy: the rules that hold now, and what a rule can name.</summary>
[UseCase(Permission.Administer)]
public sealed class OpenPolicyEditor(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts)
{
    public sealed record ProviderAccountChoice(Guid Id, ProviderKind Provider, string Name);

    public sealed record OperatorChoice(string Id, string Name);

    /// <param name="IsChangePending">Another change waits for a second person: nothing can be proposed.</param>
    /// <param name="Makers">Who requests withdrawals.</param>
    public sealed record View(
        Policy? Active,
        bool IsChangePending,
        IReadOnlyList<ProviderAccountChoice> ProviderAccounts,
        IReadOnlyList<OperatorChoice> Makers,
        IReadOnlyDictionary<string, string> Names,
        IReadOnlyList<string> Currencies);

    public async Task<Result<View>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(OpenPolicyEditor), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var people = await ActingPeople.ReadAsync(db, cancellation);
        return new View(
            await PolicyBook.ActiveAsync(db, cancellation),
            await db.Policies.AnyAsync(static p => p.State == PolicyState.Proposed, cancellation),
            await db.ProviderAccounts.AsNoTracking().OrderBy(static p => p.Provider).ThenBy(static p => p.DisplayName)
                .Select(static p => new ProviderAccountChoice(p.Id, p.Provider, p.DisplayName)).ToListAsync(cancellation),
            [.. people.Where(static person => RolePermissions.Grants(person.Roles, Permission.RequestWithdrawals)).OrderBy(static person => person.Name, StringComparer.Ordinal).Select(static person => new OperatorChoice(person.Id, person.Name))],
            await ShowPolicies.NamesAsync(db, cancellation),
            await ShowPolicies.CurrenciesAsync(db, cancellation));
    }
}
