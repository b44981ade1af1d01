using System.Data.Common;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Audit.Application;

/// <summary>What a use case works with inside its transaction.</summary>
public sealed class WorkScope(CashoutDbContext db, Actor actor, DateTimeOffset now)
{
    private readonly List<AuditDraft> _drafts = [];
    private readonly List<Change> _changes = [];

    public CashoutDbContext Db { get; } = db;

    public Actor Actor { get; } = actor;

    public DateTimeOffset Now { get; } = now;

    internal IReadOnlyList<AuditDraft> Drafts => _drafts;

    internal IReadOnlyList<Change> Changes => _changes;

    /// <summary>Puts on record, in this transaction, what is being changed.</summary>
    public void Record(AuditDraft draft) => _drafts.Add(draft);

    /// <summary>Tells open pages and loops after the commit.</summary>
    public void Announce(ChangeKind kind, Guid? id = null) => _changes.Add(new Change(kind, id));
}

/// <summary>
/// The one way to write: a transaction in which the change and its audit entries commit together. The chain lock is taken last, so
/// that it is held for the shortest time. A result that is an error rolls everything back. A lost compare-and-set or a unique index
/// becomes the error "Conflict"; the loser is told.
/// </summary>
public sealed class UnitOfWork(IDbContextFactory<CashoutDbContext> contexts, AuditTrail trail, ChangeFeed feed, TimeProvider clock)
{
    public static readonly Error Conflict = new("Conflict");

    public async Task<Result<T>> RunAsync<T>(Actor actor, Func<WorkScope, Task<Result<T>>> work, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellation);
        var scope = new WorkScope(db, actor, clock.Now());
        Result<T> result;
        try
        {
            result = await work(scope);
            if (!result.IsSuccess)
            {
                return result;
            }
            await db.SaveChangesAsync(cancellation);
            await trail.AppendAsync(scope, cancellation);
        }
        catch (DbUpdateConcurrencyException)
        {
            return Conflict;
        }
        catch (DbUpdateException exception) when (IsUniqueViolation(exception))
        {
            return Conflict;
        }
        // From here on the outcome is the database's: a cancellation must not leave it open.
        await transaction.CommitAsync(CancellationToken.None);
        foreach (var change in scope.Changes)
        {
            feed.Publish(change);
        }
        return result;
    }

    /// <summary>Puts something on record that changes nothing else: a refusal, a sign-in, an export.</summary>
    public Task<Result<Done>> RecordAsync(Actor actor, AuditDraft draft, CancellationToken cancellation) =>
        RunAsync<Done>(actor, scope =>
        {
            scope.Record(draft);
            return Task.FromResult<Result<Done>>(Done.Value);
        }, cancellation);

    /// <summary>SQLite says 19 (constraint; extended 2067 unique, 1555 primary key), PostgreSQL 23505.</summary>
    private static bool IsUniqueViolation(DbUpdateException exception) => exception.InnerException switch
    {
        Microsoft.Data.Sqlite.SqliteException sqlite => sqlite.SqliteExtendedErrorCode is 2067 or 1555,
        DbException { SqlState: "23505" } => true,
        _ => false,
    };
}
