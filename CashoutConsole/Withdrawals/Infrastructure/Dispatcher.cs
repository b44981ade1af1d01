using System.Collections.Concurrent;
using CashoutConsole.Audit.Application;
using CashoutConsole.Cards.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Persistence;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>
/// The only part that sends. One loop per provider account, so that a slow provider delays no other; a loop works only while it
/// holds the provider account's lease. It wakes on every committed change and when the next thing is due.
/// </summary>
public sealed class Dispatcher(
    IDbContextFactory<CashoutDbContext> contexts,
    UnitOfWork work,
    IProviderRegistry registry,
    SenderLeases leases,
    SendingRecovery recovery,
    WithdrawalSender sender,
    OutcomeResolver resolver,
    SendQueue queue,
    ProviderBreaker breaker,
    AccountReader reader,
    ChangeFeed feed,
    TimeProvider clock,
    ILogger<Dispatcher> log) : BackgroundService
{
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan FaultWait = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<(Guid Id, string Name)> accounts;
        await using (var db = await contexts.CreateDbContextAsync(stoppingToken))
        {
            var names = registry.Definitions.Select(static d => d.Name).ToList();
            var rows = await db.ProviderAccounts.Where(p => names.Contains(p.Name)).Select(static p => new { p.Id, p.Name }).ToListAsync(stoppingToken);
            accounts = rows.ConvertAll(static row => (row.Id, row.Name));
        }
        await Task.WhenAll(accounts.Select(async account =>
        {
            using var line = new Line(account.Id, registry.Find(account.Name)!);
            await RunAsync(line, stoppingToken);
        }));
    }

    private async Task RunAsync(Line line, CancellationToken stopping)
    {
        using var changes = feed.Subscribe(change =>
        {
            if (change.Kind is ChangeKind.Withdrawal or ChangeKind.SendingStop or ChangeKind.ProviderAccount)
            {
                line.Wake();
            }
        });
        while (!stopping.IsCancellationRequested)
        {
            var wait = IdleWait;
            try
            {
                await StepAsync(line, stopping);
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception)
            {
                // No database, no money: the loop sends nothing, says so, and looks again.
                log.LogError(exception, "The dispatcher of provider account {ProviderAccount} could not work; it tries again.", line.ProviderAccountId);
                wait = FaultWait;
            }
            await line.SleepAsync(wait, clock, stopping);
        }
        // What is on the wire is finished or parked: its answer is waited for, because only the answer settles it.
        await Task.WhenAll(line.Tasks.ToList());
    }

    /// <summary>One look at one provider account: hold the lease, recover, expire, start what is due.</summary>
    private async Task StepAsync(Line line, CancellationToken cancellation)
    {
        if (line.Lease is null || line.Lease.ExpiresAt - clock.Now() < SenderLeases.DurationFor(line.Provider.Sheet) / 2)
        {
            var held = await leases.HoldAsync(line.ProviderAccountId, line.Lease, line.Provider.Sheet, cancellation);
            if (held is not null && held.Fence != line.Lease?.Fence)
            {
                await recovery.RecoverAsync(line.ProviderAccountId, line.Provider.Sheet, line.InFlight, cancellation);
            }
            line.Lease = held;
        }
        if (line.Lease is not { } lease)
        {
            return;
        }
        if (await line.HasAbandonedAsync(contexts, cancellation))
        {
            await recovery.RecoverAsync(line.ProviderAccountId, line.Provider.Sheet, line.InFlight, cancellation);
        }
        foreach (var id in await DueAsync(line, cancellation))
        {
            line.Start(id, async () =>
            {
                breaker.Note(line.ProviderAccountId, (await sender.SendAsync(id, lease, cancellation)).Sign);
                await ReadAfterwardsAsync(id, cancellation);
            }, clock, log);
        }
        foreach (var id in await ChecksDueAsync(line, cancellation))
        {
            line.Start(id, async () =>
            {
                if (await resolver.ResolveAsync(id, lease, cancellation))
                {
                    await ReadAfterwardsAsync(id, cancellation);
                }
            }, clock, log);
        }
    }

    /// <summary>Scheduled and due, as many as the sheet and the breaker let run at once; those that must wait are told why.</summary>
    private async Task<List<Guid>> DueAsync(Line line, CancellationToken cancellation)
    {
        var sheet = line.Provider.Sheet;
        var free = breaker.Allow(line.ProviderAccountId, sheet.Concurrency - line.Count, line.Count);
        if (free <= 0)
        {
            return [];
        }
        var now = clock.Now();
        if (line.NeedsCandidates(now))
        {
            line.Take(await queue.DueAsync(line.ProviderAccountId, line.NextTurn(), now, cancellation), now);
        }
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var due = new List<Guid>();
        var accounts = new HashSet<Guid>();
        while (due.Count < free && line.NextCandidate(now) is { } withdrawal)
        {
            var verdict = withdrawal.ExpiresAt <= now
                ? new SendVerdict(WithdrawalStatus.Expired, ReasonCodes.TooOld, null, null)
                : await SendChecks.WhyWaitAsync(db, withdrawal, sheet, now, cancellation);
            if (verdict is not null)
            {
                await PutOffAsync(withdrawal, verdict, cancellation);
            }
            else if (accounts.Add(withdrawal.AccountId))
            {
                due.Add(withdrawal.Id);
            }
        }
        return sheet.CooldownScope == CooldownScope.ProviderAccount ? due.Take(1).ToList() : due;
    }

    private Task<Result<Done>> PutOffAsync(Withdrawal seen, SendVerdict verdict, CancellationToken cancellation) =>
        work.RunAsync<Done>(WithdrawalSender.SystemActor(seen.MakerId), async scope =>
        {
            var withdrawal = await scope.Db.Withdrawals.SingleAsync(w => w.Id == seen.Id, cancellation);
            if (withdrawal.Version != seen.Version)
            {
                return UnitOfWork.Conflict;
            }
            await verdict.ApplyAsync(scope, withdrawal, cancellation);
            return Done.Value;
        }, cancellation);

    private async Task<List<Guid>> ChecksDueAsync(Line line, CancellationToken cancellation)
    {
        var now = clock.Now();
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var ids = await db.Withdrawals
            .Where(w => w.ProviderAccountId == line.ProviderAccountId
                && (w.Status == WithdrawalStatus.Processing || w.Status == WithdrawalStatus.OutcomeUnknown)
                && w.NextCheckAt <= now)
            .OrderBy(static w => w.NextCheckAt)
            .Select(static w => w.Id)
            .Take(8)
            .ToListAsync(cancellation);
        return ids.FindAll(id => line.IsFree(id, now));
    }

    /// <summary>After a final word the list shows the provider's own figure, not only ours.</summary>
    private async Task ReadAfterwardsAsync(Guid withdrawalId, CancellationToken cancellation)
    {
        await using var db = await contexts.CreateDbContextAsync(cancellation);
        var row = await db.Withdrawals.AsNoTracking().Where(w => w.Id == withdrawalId).Select(static w => new { w.AccountId, w.Status }).SingleAsync(cancellation);
        if (row.Status is WithdrawalStatus.Succeeded or WithdrawalStatus.Failed or WithdrawalStatus.Processing)
        {
            await reader.ReadAsync(row.AccountId, cancellation);
        }
    }

    /// <summary>The loop of one provider account: its lease, what it has on the wire, and its alarm clock.</summary>
    private sealed class Line(Guid providerAccountId, IPayoutProvider provider) : IDisposable
    {
        private readonly ConcurrentDictionary<Guid, Task> _inFlight = new();
        private readonly ConcurrentDictionary<Guid, DateTimeOffset> _restsUntil = new();
        private readonly SemaphoreSlim _wake = new(0, 1);

        public Guid ProviderAccountId { get; } = providerAccountId;

        public IPayoutProvider Provider { get; } = provider;

        public HeldLease? Lease { get; set; }

        public int Count => _inFlight.Count;

        private Queue<Withdrawal> _candidates = new();
        private DateTimeOffset _lookedAt;
        private int _turn;

        /// <summary>One look serves several steps: with thousands due, looking after each send would cost more than sending.</summary>
        public bool NeedsCandidates(DateTimeOffset now) => _candidates.Count == 0 || now - _lookedAt > IdleWait;

        public void Take(IEnumerable<Withdrawal> candidates, DateTimeOffset now) => (_candidates, _lookedAt) = (new(candidates), now);

        public Withdrawal? NextCandidate(DateTimeOffset now)
        {
            while (_candidates.TryDequeue(out var next))
            {
                if (IsFree(next.Id, now))
                {
                    return next;
                }
            }
            return null;
        }

        public int NextTurn() => _turn = (_turn + 1) & int.MaxValue;

        public IEnumerable<Task> Tasks => _inFlight.Values;

        public HashSet<Guid> InFlight => [.. _inFlight.Keys];

        /// <summary>Not on the wire, and not just worked on: what could not be done now is not tried again and again without a pause.</summary>
        public bool IsFree(Guid id, DateTimeOffset now)
        {
            if (_restsUntil.TryGetValue(id, out var until) && until <= now)
            {
                _restsUntil.TryRemove(id, out _);
            }
            return !_inFlight.ContainsKey(id) && !_restsUntil.ContainsKey(id);
        }

        public void Dispose() => _wake.Dispose();

        public void Wake()
        {
            try
            {
                _wake.Release();
            }
            catch (Exception exception) when (exception is SemaphoreFullException or ObjectDisposedException)
            {
                // Already awake, or already stopped.
            }
        }

        public async Task SleepAsync(TimeSpan longest, TimeProvider clock, CancellationToken cancellation)
        {
            using var alarm = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            using var timer = clock.CreateTimer(_ => Wake(), null, longest, Timeout.InfiniteTimeSpan);
            try
            {
                await _wake.WaitAsync(alarm.Token);
            }
            catch (OperationCanceledException)
            {
                // Stopping.
            }
        }

        public void Start(Guid id, Func<Task> job, TimeProvider clock, ILogger log)
        {
            var gate = new TaskCompletionSource();
            if (!_inFlight.TryAdd(id, gate.Task))
            {
                return;
            }
            _ = Task.Run(async () =>
            {
                try
                {
                    await job();
                }
                catch (OperationCanceledException)
                {
                    // Stopping before anything was sent.
                }
                catch (Exception exception)
                {
                    log.LogError(exception, "Working on withdrawal {Withdrawal} failed.", id);
                }
                finally
                {
                    _restsUntil[id] = clock.Now() + IdleWait;
                    _inFlight.TryRemove(id, out _);
                    gate.SetResult();
                    Wake();
                }
            });
        }

        /// <summary>A send or replay that nobody is sending: its answer could not be written. Treated like a restart.</summary>
        public async Task<bool> HasAbandonedAsync(IDbContextFactory<CashoutDbContext> contexts, CancellationToken cancellation)
        {
            await using var db = await contexts.CreateDbContextAsync(cancellation);
            var sending = await db.Withdrawals
                .Where(w => w.ProviderAccountId == ProviderAccountId
                    && (w.Status == WithdrawalStatus.Sending
                        || (w.Status == WithdrawalStatus.OutcomeUnknown && db.Attempts.Any(a => a.WithdrawalId == w.Id && a.State == AttemptState.Prepared))))
                .Select(static w => w.Id).ToListAsync(cancellation);
            return sending.Exists(id => !_inFlight.ContainsKey(id));
        }
    }
}
