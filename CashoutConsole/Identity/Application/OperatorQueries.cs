using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Identity.Application;

/// <summary>An operator as those see them who administer and confirm.</summary>
/// <param name="Pending">Requests about them that wait for a second person, the oldest first.</param>
public sealed record OperatorRow(
    string Id,
    string UserName,
    string DisplayName,
    IReadOnlyList<Role> Roles,
    OperatorState State,
    DateTimeOffset? TwoFactorSince,
    DateTimeOffset? LastSignInAt,
    IReadOnlyList<PendingChange> Pending);

/// <summary>A request about an operator that waits for a second person.</summary>
/// <param name="Roles">What they would be, for a request about roles; else null.</param>
public sealed record PendingChange(Guid RequestId, ApprovalKind Kind, string MakerName, DateTimeOffset CreatedAt, DateTimeOffset ExpiresAt, string Reason, IReadOnlyList<Role>? Roles);

/// <summary>Everybody, by name.</summary>
[UseCase(Permission.ConfirmAdministration)]
public sealed class ListOperators(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, TimeProvider clock)
{
    public async Task<Result<IReadOnlyList<OperatorRow>>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ConfirmAdministration, nameof(ListOperators), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return Result<IReadOnlyList<OperatorRow>>.Success(await OperatorReading.RowsAsync(db, null, clock.Now(), cancellation));
    }
}

/// <summary>One operator with what can be done about them.</summary>
[UseCase(Permission.ConfirmAdministration)]
public sealed class ShowOperator(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, SecurityOptions options, TimeProvider clock)
{
    /// <param name="Invite">The link that can still be used; null = none.</param>
    /// <param name="Sessions">How many sessions count now.</param>
    public sealed record View(
        OperatorRow Row, DateTimeOffset CreatedAt, DateTimeOffset? DisabledAt, DateTimeOffset? LockedUntil, int RecoveryCodesLeft, int Sessions, OperatorInvite? Invite, bool HasPassword);

    public async Task<Result<View>> ExecuteAsync(Actor actor, string operatorId, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ConfirmAdministration, nameof(ShowOperator), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var now = clock.Now();
        var person = await db.Users.AsNoTracking().SingleOrDefaultAsync(u => u.Id == operatorId, cancellation);
        if (person is null)
        {
            return OperatorStanding.NotFound;
        }
        var invites = await db.OperatorInvites.AsNoTracking().Where(i => i.OperatorId == operatorId && i.UsedAt == null && i.RevokedAt == null).ToListAsync(cancellation);
        return new View(
            (await OperatorReading.RowsAsync(db, operatorId, now, cancellation))[0],
            person.CreatedAt,
            person.DisabledAt,
            person.LockoutEnd > now ? person.LockoutEnd : null,
            await SecondFactor.RecoveryCodesLeftAsync(db, operatorId, cancellation),
            await Sessions.Living(db, operatorId, now, options).CountAsync(cancellation),
            invites.Find(invite => invite.IsOpenAt(now)),
            person.IsActivated);
    }
}

internal static class OperatorReading
{
    /// <param name="onlyId">Null = everybody.</param>
    public static async Task<IReadOnlyList<OperatorRow>> RowsAsync(CashoutDbContext db, string? onlyId, DateTimeOffset now, CancellationToken cancellation)
    {
        var everybody = await db.Users.AsNoTracking().Include(static u => u.Roles).ToListAsync(cancellation);
        var lastSignIns = await db.OperatorSessions.GroupBy(static s => s.OperatorId)
            .Select(static group => new { Id = group.Key, At = group.Max(static s => s.CreatedAt) })
            .ToDictionaryAsync(static found => found.Id, static found => found.At, StringComparer.Ordinal, cancellation);
        var names = everybody.ToDictionary(static u => u.Id, static u => u.DisplayName, StringComparer.Ordinal);
        var pending = (await PendingAsync(db, names, cancellation)).ToLookup(static found => found.OperatorId, static found => found.Change, StringComparer.Ordinal);
        return [.. everybody
            .Where(person => onlyId is null || person.Id == onlyId)
            .OrderBy(static person => person.DisplayName, StringComparer.OrdinalIgnoreCase)
            .Select(person => new OperatorRow(
                person.Id,
                person.UserName!,
                person.DisplayName,
                OperatorStanding.RolesOf(person),
                person.StateAt(now),
                person.TwoFactorSince,
                lastSignIns.TryGetValue(person.Id, out var at) ? at : null,
                [.. pending[person.Id]]))];
    }

    private static async Task<List<(string OperatorId, PendingChange Change)>> PendingAsync(
        CashoutDbContext db, Dictionary<string, string> names, CancellationToken cancellation)
    {
        var requests = await db.ApprovalRequests.AsNoTracking()
            .Where(static r => r.Status == ApprovalStatus.Pending && ApprovalRequest.AboutOperators.Contains(r.Kind))
            .OrderBy(static r => r.CreatedAt).ToListAsync(cancellation);
        var ids = requests.ConvertAll(static r => r.Id);
        var lines = await db.ApprovalLines.AsNoTracking().Where(line => ids.Contains(line.RequestId)).ToDictionaryAsync(static line => line.RequestId, static line => line.Text, cancellation);
        return requests.ConvertAll(r => (r.SubjectId, new PendingChange(
            r.Id, r.Kind, names.GetValueOrDefault(r.MakerId, r.MakerId), r.CreatedAt, r.ExpiresAt, r.Reason, r.Kind == ApprovalKind.Roles ? OperatorLines.RolesAfter(lines[r.Id]) : null)));
    }
}
