using CashoutConsole.Foundation;

namespace CashoutConsole.Approvals.Domain;

/// <summary>Somebody who can act: enabled and with a password of their own.</summary>
public sealed record ActingPerson(string Id, string Name, IReadOnlySet<Role> Roles);

/// <summary>A counter-example: what this person makes, too few others could allow.</summary>
/// <param name="MakerName">Null = there is no administrator at all.</param>
/// <param name="Rule">The rule that asks for so many; null = the currencies that no rule names, or an administrative change.</param>
/// <param name="IsAdministrative">It is about a change of policy, operators or endpoints, not about a withdrawal.</param>
public sealed record ApprovalGap(string? MakerName, int Needed, int Available, PolicyRule? Rule, bool IsAdministrative);

/// <summary>
/// Whether everything that may be asked can also be allowed: for each maker, each band of the policy has enough other people. Pure; asked before
/// a policy, a role or an operator's standing changes, so that money is never locked in by a rule that nobody can satisfy.
/// </summary>
public static class Satisfiability
{
    public static ApprovalGap? FirstGap(IEnumerable<PolicyRule> rules, IReadOnlyList<ActingPerson> people) =>
        WithdrawalGap(rules, people) ?? AdministrationGap(people);

    private static ApprovalGap? WithdrawalGap(IEnumerable<PolicyRule> rules, IReadOnlyList<ActingPerson> people)
    {
        // Each number of checkers once, with the lowest rule that asks for it; 1 always, because of currencies that no rule names.
        var bands = rules.Where(static rule => rule.Checkers > 0)
            .GroupBy(static rule => rule.Checkers)
            .ToDictionary(static group => group.Key, static group => (PolicyRule?)group.MinBy(static rule => rule.Millionths));
        bands.TryAdd(1, null);
        foreach (var maker in Holding(people, Permission.RequestWithdrawals))
        {
            var available = Holding(people, Permission.Approve).Count(person => person.Id != maker.Id);
            foreach (var (needed, rule) in bands.OrderBy(static band => band.Key))
            {
                if (available < needed)
                {
                    return new ApprovalGap(maker.Name, needed, available, rule, IsAdministrative: false);
                }
            }
        }
        return null;
    }

    private static ApprovalGap? AdministrationGap(IReadOnlyList<ActingPerson> people)
    {
        var administrators = Holding(people, Permission.Administer).ToList();
        if (administrators.Count == 0)
        {
            return new ApprovalGap(null, 1, 0, null, IsAdministrative: true);
        }
        foreach (var maker in administrators)
        {
            var available = Holding(people, Permission.ConfirmAdministration).Count(person => person.Id != maker.Id);
            if (available < 1)
            {
                return new ApprovalGap(maker.Name, 1, available, null, IsAdministrative: true);
            }
        }
        return null;
    }

    private static IEnumerable<ActingPerson> Holding(IEnumerable<ActingPerson> people, Permission permission) =>
        people.Where(person => RolePermissions.Grants(person.Roles, permission)).OrderBy(static person => person.Name, StringComparer.Ordinal);
}
