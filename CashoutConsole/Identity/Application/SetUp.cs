using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>Port to the rooms that know what needs approval and what sends.</summary>
public interface ISetUpSurroundings
{
    /// <summary>Whether everything that may be asked could be allowed by the people there are.</summary>
    Task<bool> IsSatisfiableAsync(CashoutDbContext db, CancellationToken cancellation);

    /// <summary>Stops all sending, in the caller's transaction, unless it is stopped already.</summary>
    Task StopSendingAsync(WorkScope scope, string reason, CancellationToken cancellation);
}

/// <summary>
/// The set-up ceremony: operators are made on the command line until two people can allow each other what they ask for (live databases), or
/// until the first withdrawal was requested (any). It closes once and for good; from then on operators are made in the console by two people.
/// </summary>
public sealed class SetUp(UnitOfWork work, ISetUpSurroundings surroundings)
{
    private const int Administrators = 2;
    private const string Subject = "set-up";

    public static async Task<bool> IsClosedAsync(CashoutDbContext db, CancellationToken cancellation) =>
        await db.SetUpClosings.AnyAsync(cancellation) || await db.Withdrawals.AnyAsync(cancellation);

    /// <summary>In the caller's transaction. Of two at once one closes it; both go on.</summary>
    public static async Task CloseAsync(WorkScope scope, string reason, CancellationToken cancellation)
    {
        var closedAt = Clock.ToUnixMicroseconds(scope.Now);
        if (await scope.Db.Database.ExecuteSqlAsync(
            $"INSERT INTO set_up_closings (id, closed_at) VALUES ({SetUpClosing.OnlyId}, {closedAt}) ON CONFLICT DO NOTHING", cancellation) == 1)
        {
            scope.Record(new AuditDraft(AuditActions.SetUpClosed, Subject, Subject) { Reason = reason });
        }
    }

    /// <summary>In the caller's transaction, after a change of operators.</summary>
    public async Task CloseIfCompleteAsync(WorkScope scope, CancellationToken cancellation)
    {
        if (await scope.Db.SetUpClosings.AnyAsync(cancellation))
        {
            return;
        }
        // What was changed must be seen by the questions below.
        await scope.Db.SaveChangesAsync(cancellation);
        if (await scope.Db.Installations.AnyAsync(static i => i.Mode == OperatingMode.Live, cancellation)
            && await AdministratorsAsync(scope.Db, cancellation) >= Administrators
            && await surroundings.IsSatisfiableAsync(scope.Db, cancellation))
        {
            await CloseAsync(scope, "two administrators, and everything can be approved", cancellation);
        }
    }

    /// <summary>At start: a change of the configuration or of the console may have completed it.</summary>
    public Task<Result<Done>> CloseIfCompleteAsync(CancellationToken cancellation) => work.RunAsync<Done>(Actor.System("startup"), async scope =>
    {
        await CloseIfCompleteAsync(scope, cancellation);
        return Done.Value;
    }, cancellation);

    private static Task<int> AdministratorsAsync(CashoutDbContext db, CancellationToken cancellation) => db.Users.CountAsync(
        static u => u.DisabledAt == null && u.PasswordHash != null && u.Roles.Any(static r => r.Role == Role.Administrator), cancellation);
}
