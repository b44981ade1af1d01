using CashoutConsole.Approvals.Domain;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Providers.Application;

/// <summary>
/// At start: stamps a new database with the operating mode and refuses any other mode ever after; brings the configured provider
/// accounts into the database; refuses a rehearsal endpoint that changed, and pauses a live one that is new or changed.
/// </summary>
public sealed class ProviderAccountRegistration(UnitOfWork work, IProviderRegistry registry, IDbContextFactory<CashoutDbContext> contexts)
{
    /// <summary>Every reason not to start, each saying what to do; empty = registered.</summary>
    public async Task<IReadOnlyList<string>> RegisterAsync(CancellationToken cancellation)
    {
        var faults = await FaultsAsync(cancellation);
        if (faults.Count > 0)
        {
            return faults;
        }
        var result = await work.RunAsync<Done>(Actor.System("startup"), async scope =>
        {
            await StampAsync(scope, cancellation);
            var stored = await scope.Db.ProviderAccounts.ToListAsync(cancellation);
            foreach (var definition in registry.Definitions)
            {
                Register(scope, stored.Find(row => row.Name == definition.Name), definition);
            }
            foreach (var removed in stored.Where(row => row.State != ProviderAccountState.Removed && registry.Definitions.All(d => d.Name != row.Name)))
            {
                removed.State = ProviderAccountState.Removed;
                scope.Record(Entry(AuditActions.ProviderAccountPaused, removed, "no longer configured"));
            }
            return Done.Value;
        }, cancellation);
        return result.IsSuccess ? [] : [$"Registering the provider accounts failed: {result.Error}"];
    }

    private async Task<List<string>> FaultsAsync(CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var faults = new List<string>();
        var installation = await db.Installations.AsNoTracking().SingleOrDefaultAsync(cancellation);
        if (installation is null)
        {
            return faults;
        }
        if (installation.Mode != registry.Mode)
        {
            faults.Add($"Mode: the database is stamped {installation.Mode}, the configuration says {registry.Mode}; rehearsal and live never share a database: use another database");
            return faults;
        }
        if (registry.Mode == OperatingMode.Rehearsal)
        {
            var stored = await db.ProviderAccounts.AsNoTracking().ToListAsync(cancellation);
            foreach (var row in stored)
            {
                if (registry.Definitions.FirstOrDefault(d => d.Name == row.Name) is { } definition && definition.EndpointIdentity != row.EndpointIdentity)
                {
                    faults.Add($"Providers:{row.Provider}:Accounts:{definition.Key}: this rehearsal database was made for another endpoint ({row.Origin}, not {definition.Origin}, or other credentials); use a new database or the old endpoint");
                }
            }
        }
        return faults;
    }

    private async Task StampAsync(WorkScope scope, CancellationToken cancellation)
    {
        if (await scope.Db.Installations.AnyAsync(cancellation))
        {
            return;
        }
        var installation = new Installation { Id = Installation.OnlyId, DatabaseId = Guid.NewGuid(), Mode = registry.Mode, CreatedAt = scope.Now };
        scope.Db.Installations.Add(installation);
        scope.Record(new AuditDraft(AuditActions.DatabaseCreated, "database", installation.DatabaseId.ToString())
        {
            After = AuditTrail.ToJson(new { installation.Mode }),
        });
    }

    private void Register(WorkScope scope, ProviderAccount? row, ProviderAccountDefinition definition)
    {
        var trusted = registry.Mode == OperatingMode.Rehearsal ? ProviderAccountState.Active : ProviderAccountState.AwaitingConfirmation;
        if (row is null)
        {
            row = new ProviderAccount
            {
                Id = Guid.CreateVersion7(scope.Now),
                Name = definition.Name,
                Provider = definition.Provider,
                DisplayName = definition.DisplayName,
                Origin = definition.Origin,
                EndpointIdentity = definition.EndpointIdentity,
                State = trusted,
                CreatedAt = scope.Now,
            };
            scope.Db.ProviderAccounts.Add(row);
            scope.Record(Entry(AuditActions.ProviderAccountAdded, row, null));
            return;
        }
        row.DisplayName = definition.DisplayName;
        if (row.EndpointIdentity == definition.EndpointIdentity && row.State != ProviderAccountState.Removed)
        {
            return;
        }
        row.Origin = definition.Origin;
        row.EndpointIdentity = definition.EndpointIdentity;
        row.State = trusted;
        scope.Record(Entry(AuditActions.ProviderAccountPaused, row, "endpoint identity is new or changed"));
    }

    private static AuditDraft Entry(string action, ProviderAccount row, string? reason) => new(action, "provider-account", row.Name)
    {
        Reason = reason,
        After = AuditTrail.ToJson(new { row.Origin, row.EndpointIdentity, row.State }),
    };
}

/// <summary>Provider accounts with their state, for pages.</summary>
[UseCase(Permission.ViewAccounts)]
public sealed class ListProviderAccounts(AccessGate gate, IDbContextFactory<CashoutDbContext> contexts, IProviderRegistry registry, IEnumerable<IProviderHealth> health)
{
    /// <param name="Rest">Set while nothing is sent because it failed again and again.</param>
    /// <param name="Confirmation">The request that waits for a second person to confirm the endpoint; null = there is none.</param>
    public sealed record Row(
        ProviderAccount ProviderAccount,
        ProviderSheet? Sheet,
        SendingStop? Stop,
        DateTimeOffset? CooldownUntil,
        int Accounts,
        int Scheduled,
        int Live,
        int Unknown,
        Guid? Confirmation = null,
        ProviderRest? Rest = null);

    public async Task<Result<IReadOnlyList<Row>>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ViewAccounts, nameof(ListProviderAccounts), cancellation) is { } refusal)
        {
            return refusal;
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var providers = await db.ProviderAccounts.AsNoTracking().Include(static p => p.OwnBalances).OrderBy(static p => p.Name).ToListAsync(cancellation);
        var stops = await db.SendingStops.AsNoTracking().Where(static s => s.Stopped).ToListAsync(cancellation);
        var clocks = await db.CooldownClocks.AsNoTracking().ToDictionaryAsync(static c => c.ScopeId, static c => c.NextAllowedAt, cancellation);
        var accounts = await db.Accounts.GroupBy(static a => a.ProviderAccountId).Select(static g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(static g => g.Key, static g => g.Count, cancellation);
        var open = await OpenCountsAsync(db, cancellation);
        var confirmations = await db.ApprovalRequests.AsNoTracking()
            .Where(static r => r.Kind == ApprovalKind.Endpoint && r.Status == ApprovalStatus.Pending).ToListAsync(cancellation);
        return Result<IReadOnlyList<Row>>.Success(providers.ConvertAll(p => new Row(
            p,
            registry.Definitions.FirstOrDefault(d => d.Name == p.Name)?.Sheet,
            stops.Find(s => s.ScopeId == p.Id) ?? stops.Find(static s => s.ScopeId == SendingStop.EverythingId),
            clocks.TryGetValue(p.Id, out var next) ? next : null,
            accounts.GetValueOrDefault(p.Id),
            open.GetValueOrDefault((p.Id, "Scheduled")),
            open.GetValueOrDefault((p.Id, "Sending")) + open.GetValueOrDefault((p.Id, "Processing")) + open.GetValueOrDefault((p.Id, "OutcomeUnknown")),
            open.GetValueOrDefault((p.Id, "OutcomeUnknown")),
            confirmations.Find(r => r.SubjectId == p.Id.ToString())?.Id,
            health.Select(h => h.RestOf(p.Id)).FirstOrDefault(static rest => rest is not null))));
    }

    /// <summary>By SQL, because the withdrawals room comes after this one.</summary>
    private static async Task<Dictionary<(Guid, string), int>> OpenCountsAsync(CashoutDbContext db, CancellationToken cancellation)
    {
        var rows = await db.Database
            .SqlQuery<OpenCount>($"SELECT provider_account_id AS \"ProviderAccountId\", status AS \"Status\", COUNT(*) AS \"Count\" FROM withdrawals WHERE final_at IS NULL GROUP BY provider_account_id, status")
            .ToListAsync(cancellation);
        return rows.ToDictionary(static row => (row.ProviderAccountId, row.Status), static row => (int)row.Count);
    }

    private sealed record OpenCount(Guid ProviderAccountId, string Status, long Count);
}
