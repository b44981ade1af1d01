using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Notices.Application;

/// <summary>Sends a notice that says nothing but "this is a test" to one target.</summary>
[UseCase(Permission.Administer)]
public sealed class SendTestNotice(AccessGate gate, UnitOfWork work, NoticeOptions options, IProviderRegistry registry)
{
    public sealed record Command(string Target);

    public async Task<Result<Done>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(SendTestNotice), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (!options.Targets.ContainsKey(command.Target))
        {
            return NoticeErrors.TargetUnknown;
        }
        return await work.RunAsync<Done>(actor, scope =>
        {
            NoticeWriter.Add(scope, new Occasion(NoticeKind.Test, $"test:{Guid.NewGuid()}", command.Target, scope.Now), registry.Mode, [command.Target]);
            return Task.FromResult<Result<Done>>(Done.Value);
        }, cancellation);
    }
}

/// <summary>Lets everything that one target did not get be tried at once, what was given up too.</summary>
[UseCase(Permission.Administer)]
public sealed class RetryNotices(AccessGate gate, UnitOfWork work, NoticeOptions options)
{
    public sealed record Command(string Target);

    /// <returns>How many deliveries are tried again.</returns>
    public async Task<Result<int>> ExecuteAsync(Actor actor, Command command, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.Administer, nameof(RetryNotices), cancellation) is { } refusal)
        {
            return refusal;
        }
        if (!options.Targets.ContainsKey(command.Target))
        {
            return NoticeErrors.TargetUnknown;
        }
        return await work.RunAsync<int>(actor, async scope =>
        {
            var now = scope.Now;
            var count = await scope.Db.NoticeDeliveries
                .Where(d => d.Target == command.Target && d.DeliveredAt == null && d.LastFault != null)
                .ExecuteUpdateAsync(set => set.SetProperty(d => d.NextTryAt, now).SetProperty(d => d.GivenUpAt, (DateTimeOffset?)null), cancellation);
            if (count == 0)
            {
                return NoticeErrors.NothingToRetry;
            }
            scope.Record(new AuditDraft(AuditActions.NoticeRetried, "notice", command.Target) { Details = AuditTrail.ToJson(new { Deliveries = count }) });
            scope.Announce(ChangeKind.Notice);
            return count;
        }, cancellation);
    }
}

/// <summary>How many deliveries to the configured targets were given up, for the warning in the navigation.</summary>
[UseCase(Permission.ConfirmAdministration)]
public sealed class CountLostNotices(AccessGate gate, NoticeOptions options, IDbContextFactory<CashoutDbContext> contexts)
{
    public async Task<Result<int>> ExecuteAsync(Actor actor, CancellationToken cancellation)
    {
        if (await gate.RefusalAsync(actor, Permission.ConfirmAdministration, nameof(CountLostNotices), cancellation) is { } refusal)
        {
            return refusal;
        }
        var names = options.Targets.Keys.ToList();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        return await db.NoticeDeliveries.CountAsync(d => d.GivenUpAt != null && names.Contains(d.Target), cancellation);
    }
}

internal static class NoticeErrors
{
    public static readonly Error TargetUnknown = new("NoticeTargetUnknown");
    public static readonly Error NothingToRetry = new("NothingToRetry");
}
