using CashoutConsole.Approvals;
using CashoutConsole.Approvals.Application;
using CashoutConsole.Audit;
using CashoutConsole.Audit.Application;
using CashoutConsole.Cards;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Cards.Infrastructure;
using CashoutConsole.Exports;
using CashoutConsole.Foundation;
using CashoutConsole.Identity;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Notices;
using CashoutConsole.Notices.Application;
using CashoutConsole.Persistence;
using CashoutConsole.Providers;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Domain;
using CashoutConsole.Withdrawals;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using CashoutConsole.Withdrawals.Infrastructure;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CashoutConsole.Tests.Support;

/// <summary>
/// The real services of the console on a database of their own, with a clock that stands still and scripted providers. Nothing runs by
/// itself: a test takes each step. <see cref="Restart"/> is a new process on the same database.
/// </summary>
public sealed class ConsoleRig : IAsyncDisposable
{
    private readonly TestDatabase _database;
    private int _processes;
    private int _accounts;
    private HeldLease? _held;

    private ConsoleRig(TestDatabase database, OperatingMode mode)
    {
        _database = database;
        Registry = new FakeRegistry(mode);
        Services = Build();
    }

    public FakeTimeProvider Clock { get; } = new();

    public FakeRegistry Registry { get; private set; }

    public WithdrawalOptions Options { get; } = new() { ApprovalThresholds = { ["USD"] = 5000m } };

    public SecurityOptions Security { get; } = new();

    /// <summary>No targets until a test adds some.</summary>
    public NoticeOptions Notices { get; } = new();

    public ServiceProvider Services { get; private set; }

    public TestDatabase Database => _database;

    public ProviderAccount ProviderAccount { get; private set; } = null!;

    public FakeProvider Provider { get; private set; } = null!;

    public Actor Treasury { get; private set; } = null!;

    public Actor OtherTreasury { get; private set; } = null!;

    public Actor Supervisor { get; private set; } = null!;

    public Actor OtherSupervisor { get; private set; } = null!;

    public Actor Auditor { get; private set; } = null!;

    public Actor Administrator { get; private set; } = null!;

    public static async Task<ConsoleRig> StartAsync(DatabaseKind kind, ProviderSheet? sheet = null, OperatingMode mode = OperatingMode.Rehearsal)
    {
        var rig = new ConsoleRig(await TestDatabase.CreateAsync(kind), mode);
        rig.Provider = rig.NewProvider(sheet ?? Sheets.Member);
        Assert.Empty(await rig.Get<ProviderAccountRegistration>().RegisterAsync(CancellationToken.None));
        Assert.True((await rig.Get<PolicyBook>().EnsureFirstAsync(CancellationToken.None)).IsSuccess);
        rig.ProviderAccount = await rig.QueryAsync(static db => db.ProviderAccounts.AsNoTracking().SingleAsync());
        rig.Treasury = await rig.OperatorAsync("tina", Role.Treasury);
        rig.OtherTreasury = await rig.OperatorAsync("tom", Role.Treasury);
        rig.Supervisor = await rig.OperatorAsync("sam", Role.Supervisor);
        rig.OtherSupervisor = await rig.OperatorAsync("su", Role.Supervisor);
        rig.Auditor = await rig.OperatorAsync("ada", Role.Auditor);
        rig.Administrator = await rig.OperatorAsync("alex", Role.Administrator);
        return rig;
    }

    public T Get<T>()
        where T : notnull => Services.GetRequiredService<T>();

    public FakeProvider NewProvider(ProviderSheet sheet, string key = "main")
    {
        var provider = new FakeProvider(sheet, Clock);
        Registry.Add(provider, key);
        return provider;
    }

    /// <summary>
    /// Another process on the same database: nothing of this one's memory is left. On PostgreSQL it takes over only when the dead one's
    /// lease has run out.
    /// </summary>
    public void Restart()
    {
        Services.Dispose();
        Services = Build();
        _held = null;
        if (_database.Options.Kind == DatabaseKind.Postgres)
        {
            Clock.Advance(SenderLeases.Duration);
        }
    }

    /// <summary>What a sender does when it takes over a provider account.</summary>
    public async Task RecoverAsync()
    {
        await LeaseAsync();
        await Get<SendingRecovery>().RecoverAsync(ProviderAccount.Id, Provider.Sheet, new HashSet<Guid>(), CancellationToken.None);
    }

    /// <summary>A second process beside the first.</summary>
    public ServiceProvider SecondProcess() => Build();

    public async Task<T> QueryAsync<T>(Func<CashoutDbContext, Task<T>> query)
    {
        await using var db = _database.NewContext();
        return await query(db);
    }

    public async Task ChangeAsync(Func<CashoutDbContext, Task> change)
    {
        await using var db = _database.NewContext();
        await change(db);
        await db.SaveChangesAsync();
    }

    public async Task<Actor> OperatorAsync(string name, params Role[] roles)
    {
        var id = Guid.NewGuid().ToString();
        var session = NewSession(id);
        await ChangeAsync(db =>
        {
            db.Users.Add(new Operator
            {
                Id = id,
                UserName = name,
                NormalizedUserName = name.ToUpperInvariant(),
                DisplayName = name,
                CreatedAt = Clock.Now(),
                SecurityStamp = Guid.NewGuid().ToString(),
                PasswordHash = "set",
                Roles = [.. roles.Select(role => new OperatorRole { OperatorId = id, Role = role, GrantedAt = Clock.Now() })],
            });
            db.OperatorSessions.Add(session);
            return Task.CompletedTask;
        });
        return Actor.Operator(id, name) with { SessionId = session.Id };
    }

    /// <summary>The same operator, signed in a second time.</summary>
    public async Task<Actor> OtherSessionAsync(Actor actor)
    {
        var session = NewSession(actor.Id);
        await ChangeAsync(db =>
        {
            db.OperatorSessions.Add(session);
            return Task.CompletedTask;
        });
        return actor with { SessionId = session.Id };
    }

    /// <summary>The operator proves now, in this session, that it is still them.</summary>
    public Task StepUpAsync(Actor actor) => ChangeAsync(async db => (await db.OperatorSessions.SingleAsync(s => s.Id == actor.SessionId)).StepUpAt = Clock.Now());

    /// <summary>It outlives whatever a test does to the clock, and no step-up was made in it.</summary>
    private OperatorSession NewSession(string operatorId) => new()
    {
        Id = Guid.NewGuid(),
        OperatorId = operatorId,
        CreatedAt = Clock.Now(),
        EndsAt = Clock.Now().AddYears(10),
        LastSeenAt = Clock.Now(),
    };

    public Task DisableAsync(Actor actor) => ChangeAsync(async db => (await db.Users.SingleAsync(u => u.Id == actor.Id)).DisabledAt = Clock.Now());

    /// <summary>An account with a balance, at the provider and in our database.</summary>
    public async Task<Account> AccountAsync(decimal balance, string? externalId = null, Guid? providerAccountId = null, FakeProvider? provider = null, AccountStatus status = AccountStatus.Active)
    {
        provider ??= Provider;
        externalId ??= $"account{++_accounts}";
        provider.Put(SnapshotOf(externalId, balance, provider.Sheet, status));
        var account = new Account
        {
            Id = Guid.NewGuid(),
            ProviderAccountId = providerAccountId ?? ProviderAccount.Id,
            ExternalId = externalId,
            Kind = provider.Sheet.WithdrawsFrom,
            Status = status,
            RawStatus = status.ToString(),
            Currency = "USD",
            BalanceMillionths = Money.ToMillionths(balance),
            BalanceReadAt = Clock.Now(),
            Source = "list",
            FirstSeenAt = Clock.Now(),
            LastSeenAt = Clock.Now(),
        };
        await ChangeAsync(db =>
        {
            db.Accounts.Add(account);
            return Task.CompletedTask;
        });
        return account;
    }

    public static AccountSnapshot SnapshotOf(string externalId, decimal? balance, ProviderSheet sheet, AccountStatus status = AccountStatus.Active) => new()
    {
        ExternalId = externalId,
        Kind = sheet.WithdrawsFrom,
        Status = status,
        RawStatus = status.ToString(),
        Currency = CurrencyCode.Parse("USD"),
        Balance = balance,
    };

    public RequestWithdrawal.Command CommandFor(Account account, decimal amount, bool all = false, string reason = "Bring it home") =>
        new(Guid.NewGuid(), account.Id, account.Version, all, amount, reason);

    /// <summary>Requests with the account's present version.</summary>
    public async Task<Guid> RequestAsync(Account account, decimal amount, bool all = false, Actor? maker = null)
    {
        var version = await QueryAsync(db => db.Accounts.Where(a => a.Id == account.Id).Select(a => a.Version).SingleAsync());
        var result = await Get<RequestWithdrawal>().ExecuteAsync(maker ?? Treasury, CommandFor(account, amount, all) with { AccountVersion = version }, CancellationToken.None);
        Assert.True(result.IsSuccess, result.Error?.ToString());
        return result.Value;
    }

    /// <summary>Takes or renews the lease, as the dispatcher does before each look.</summary>
    public async Task<HeldLease> LeaseAsync(IServiceProvider? process = null)
    {
        var leases = (process ?? Services).GetRequiredService<SenderLeases>();
        var lease = await leases.HoldAsync(ProviderAccount.Id, process is null ? _held : null, Provider.Sheet, CancellationToken.None);
        Assert.NotNull(lease);
        _held = process is null ? lease : _held;
        return lease;
    }

    /// <summary>One step of the sender.</summary>
    public async Task<bool> SendAsync(Guid withdrawalId) =>
        (await Get<WithdrawalSender>().SendAsync(withdrawalId, await LeaseAsync(), CancellationToken.None)).Sent;

    /// <summary>Moves the clock to the next look-up and takes one step of the resolver.</summary>
    public async Task<bool> ResolveAsync(Guid withdrawalId)
    {
        if ((await ReadAsync(withdrawalId)).NextCheckAt is { } next && next > Clock.Now())
        {
            Clock.Advance(next - Clock.Now());
        }
        return await Get<OutcomeResolver>().ResolveAsync(withdrawalId, await LeaseAsync(), CancellationToken.None);
    }

    /// <summary>Requests and sends.</summary>
    public async Task<Guid> RequestAndSendAsync(Account account, decimal amount, bool all = false)
    {
        var id = await RequestAsync(account, amount, all);
        await SendAsync(id);
        return id;
    }

    public Task<Withdrawal> ReadAsync(Guid withdrawalId) => QueryAsync(db => db.Withdrawals.AsNoTracking().SingleAsync(w => w.Id == withdrawalId));

    public Task<Account> ReadAccountAsync(Guid accountId) => QueryAsync(db => db.Accounts.AsNoTracking().Include(a => a.Cards).SingleAsync(a => a.Id == accountId));

    public Task<List<Attempt>> AttemptsAsync(Guid withdrawalId) =>
        QueryAsync(db => db.Attempts.AsNoTracking().Where(a => a.WithdrawalId == withdrawalId).OrderBy(a => a.Number).ToListAsync());

    public Task<List<StatusChange>> HistoryAsync(Guid withdrawalId) =>
        QueryAsync(db => db.StatusChanges.AsNoTracking().Where(s => s.WithdrawalId == withdrawalId).OrderBy(s => s.Number).ToListAsync());

    public Task<List<Break>> BreaksAsync() => QueryAsync(db => db.Breaks.AsNoTracking().ToListAsync());

    public async Task<ChainReport> VerifyAsync() => await Get<ChainVerifier>().VerifyAsync(null, CancellationToken.None);

    /// <summary>
    /// What must hold after everything: no key moved money twice, every success of ours is an effect there and the sums agree, the
    /// history follows the table, and the audit chain is whole.
    /// </summary>
    public async Task AssertBooksAgreeAsync(params FakeProvider[] providers)
    {
        var effects = (providers.Length == 0 ? [Provider] : providers).SelectMany(static provider => provider.Effects).ToList();
        var withdrawals = await QueryAsync(static db => db.Withdrawals.AsNoTracking().ToListAsync());
        Assert.All(effects.GroupBy(static effect => effect.Key, StringComparer.Ordinal), static group => Assert.Single(group));
        var succeeded = withdrawals.FindAll(static w => w.Status == WithdrawalStatus.Succeeded);
        var open = withdrawals.FindAll(static w => !w.IsFinal);
        var settled = effects.FindAll(effect => open.TrueForAll(w => w.IdempotencyKey != effect.Key));
        Assert.Equal(settled.Sum(static effect => effect.Amount), succeeded.Sum(static w => w.Settled!.Value.Amount));
        Assert.Equal(settled.Select(static effect => effect.Key).Order(StringComparer.Ordinal), succeeded.Select(static w => w.IdempotencyKey).Order(StringComparer.Ordinal));
        foreach (var withdrawal in withdrawals)
        {
            var history = await HistoryAsync(withdrawal.Id);
            Assert.Equal(withdrawal.Status, history[^1].To);
            Assert.All(history.Skip(1), change => Assert.True(WithdrawalTransitions.Allows(change.From!.Value, change.To)));
            Assert.All(history.Zip(history.Skip(1)), static pair => Assert.Equal(pair.First.To, pair.Second.From));
        }
        Assert.True((await VerifyAsync()).IsWhole);
    }

    public async ValueTask DisposeAsync()
    {
        await Services.DisposeAsync();
        await _database.DisposeAsync();
    }

    private ServiceProvider Build()
    {
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Clock);
        services.AddSingleton<ChangeFeed>();
        services.AddCashoutDatabase(_database.Options);
        services.AddAudit();
        services.AddOperators(new Microsoft.Extensions.Hosting.Internal.HostingEnvironment { EnvironmentName = Environments.Development }, Path.GetTempPath(), Security);
        services.Configure<PasswordHasherOptions>(static options => options.IterationCount = 100);
        services.AddProviders(Registry);
        services.AddApprovals(new PolicySeed(Options.ApprovalThresholds));
        services.AddCards(new RefreshInterval(TimeSpan.Zero));
        services.AddWithdrawals(Options, new SenderName($"process-{++_processes}", ReplacesPredecessor: _database.Options.Kind == DatabaseKind.Sqlite));
        services.AddNotices(Notices);
        services.AddExports();
        return services.BuildServiceProvider();
    }
}
