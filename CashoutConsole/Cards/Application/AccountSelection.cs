using CashoutConsole.Cards.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Cards.Application;

/// <summary>
/// The accounts that somebody ticked: exactly <see cref="Ids"/>, or, with a filter, everything on it (also what no page has loaded)
/// except <see cref="Ids"/>.
/// </summary>
/// <param name="AllOn">Null = only the ids.</param>
public sealed record AccountSelection(AccountFilter? AllOn, IReadOnlySet<Guid> Ids)
{
    public static AccountSelection None { get; } = new(null, new HashSet<Guid>());

    public static AccountSelection Everything(AccountFilter filter) => new(filter, new HashSet<Guid>());

    public bool IsEmpty => AllOn is null && Ids.Count == 0;

    public bool Contains(Guid id) => Ids.Contains(id) == (AllOn is null);

    public IQueryable<Account> Apply(CashoutDbContext db)
    {
        // One parameter for all of them: with one each, SQLite needs seconds for a range of twenty thousand, and refuses more than 32,766.
        var ids = Ids.ToList();
        return AllOn is null
            ? new AccountFilter().Apply(db).Where(a => EF.Parameter(ids).Contains(a.Id))
            : AllOn.Apply(db).Where(a => !EF.Parameter(ids).Contains(a.Id));
    }
}
