using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Approvals.Application;

/// <summary>Reads who can act and proves, in the caller's transaction, that a change leaves everything approvable.</summary>
public static class ActingPeople
{
    public static async Task<List<ActingPerson>> ReadAsync(CashoutDbContext db, CancellationToken cancellation)
    {
        var people = await db.Users.AsNoTracking().Include(static u => u.Roles)
            .Where(static u => u.DisabledAt == null && u.PasswordHash != null).ToListAsync(cancellation);
        return people.ConvertAll(static u => new ActingPerson(u.Id, u.DisplayName, u.Roles.Select(static r => r.Role).ToHashSet()));
    }

    /// <param name="change">What the people would be after the change.</param>
    /// <param name="policy">The policy that would hold; null = the active one.</param>
    /// <returns>Null = all bands can be approved; else NotSatisfiable with the counter-example.</returns>
    public static async Task<Error?> GapAsync(
        CashoutDbContext db, Func<List<ActingPerson>, List<ActingPerson>>? change, Policy? policy, CancellationToken cancellation)
    {
        var people = await ReadAsync(db, cancellation);
        policy ??= await PolicyBook.ActiveAsync(db, cancellation);
        return Satisfiability.FirstGap(policy?.Rules ?? [], change is null ? people : change(people)) is { } gap ? ErrorOf(gap) : null;
    }

    /// <summary>It is a counter-example of <see cref="GapAsync"/>.</summary>
    public static bool IsGap(Error? error) => error?.Code is "NoAdministratorLeft" or "NobodyConfirmsAdministrator" or "NotSatisfiable" or "NotSatisfiableUnnamed";

    private static Error ErrorOf(ApprovalGap gap) => gap switch
    {
        { MakerName: null } => new Error("NoAdministratorLeft"),
        { IsAdministrative: true } => new Error("NobodyConfirmsAdministrator", gap.MakerName),
        { Rule: { } rule } => new Error("NotSatisfiable", gap.MakerName, rule.Amount, rule.Currency, gap.Needed, gap.Available),
        _ => new Error("NotSatisfiableUnnamed", gap.MakerName, gap.Needed, gap.Available),
    };
}
