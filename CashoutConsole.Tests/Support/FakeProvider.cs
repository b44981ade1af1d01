using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Tests.Support;

/// <summary>What the fake does with one money request.</summary>
public delegate SubmissionOutcome Answer(FakeProvider provider, PreparedSubmission submission);

/// <summary>
/// A provider that a test scripts, with a ledger of its own that is the oracle: which key moved money how often. Scripted answers are
/// used up in order, one per money request; then <see cref="Otherwise"/> answers.
/// </summary>
public sealed class FakeProvider(ProviderSheet sheet, TimeProvider clock) : IPayoutProvider
{
    private static readonly CurrencyCode Usd = CurrencyCode.Parse("USD");

    private readonly Lock _gate = new();
    private readonly Queue<Answer> _answers = new();
    private readonly Queue<Func<LookupQuery, LookupOutcome>> _lookups = new();
    private readonly Dictionary<string, AccountSnapshot> _accounts = new(StringComparer.Ordinal);
    private readonly List<(string Key, decimal Amount)> _effects = [];
    private readonly HashSet<string> _pending = new(StringComparer.Ordinal);
    private readonly HashSet<string> _failed = new(StringComparer.Ordinal);

    public ProviderSheet Sheet { get; set; } = sheet;

    public Answer Otherwise { get; set; } = Pay;

    /// <summary>Null = what the ledger says of the key.</summary>
    public Func<LookupQuery, LookupOutcome>? OtherwiseLookup { get; set; }

    /// <summary>Awaited inside every money request before its effect, outside the lock.</summary>
    public Func<PreparedSubmission, Task> BeforeEffect { get; set; } = static _ => Task.CompletedTask;

    /// <summary>Awaited inside every reading before a send.</summary>
    public Func<Task> BeforeReading { get; set; } = static () => Task.CompletedTask;

    public ProviderFault? ReadingFault { get; set; }

    public AccountListing? Listing { get; set; }

    public Reading<ProviderBalance> OwnBalance { get; set; } = new ProviderBalance([new Money(1000, Usd)]);

    /// <summary>Every money request, in order.</summary>
    public List<(PreparedSubmission Submission, DateTimeOffset At)> Sends { get; } = [];

    public List<LookupQuery> Lookups { get; } = [];

    public IReadOnlyList<(string Key, decimal Amount)> Effects
    {
        get
        {
            lock (_gate)
            {
                return [.. _effects];
            }
        }
    }

    public int EffectsOf(string key) => Effects.Count(effect => effect.Key == key);

    public void Script(params Answer[] answers)
    {
        foreach (var answer in answers)
        {
            _answers.Enqueue(answer);
        }
    }

    public void ScriptLookup(params Func<LookupQuery, LookupOutcome>[] lookups)
    {
        foreach (var lookup in lookups)
        {
            _lookups.Enqueue(lookup);
        }
    }

    public void Put(AccountSnapshot account)
    {
        lock (_gate)
        {
            _accounts[account.ExternalId] = account;
        }
    }

    public AccountSnapshot Account(string externalId)
    {
        lock (_gate)
        {
            return _accounts[externalId];
        }
    }

    public Task<AccountListing> ListAccountsAsync(IProgress<int>? progress, CancellationToken cancellation)
    {
        lock (_gate)
        {
            progress?.Report(_accounts.Count);
            return Task.FromResult(Listing ?? new AccountListing([.. _accounts.Values], Complete: true));
        }
    }

    public Task<Reading<AccountSnapshot>> ReadAccountAsync(string externalAccountId, CancellationToken cancellation)
    {
        lock (_gate)
        {
            return Task.FromResult<Reading<AccountSnapshot>>(
                ReadingFault is not null ? ReadingFault
                : _accounts.TryGetValue(externalAccountId, out var account) ? account
                : new ProviderFault(ProviderFaultKind.NotFound));
        }
    }

    public Task<Reading<ProviderBalance>> ReadOwnBalanceAsync(CancellationToken cancellation) => Task.FromResult(OwnBalance);

    public async Task<Reading<PreSendReading>> ReadBeforeSendAsync(string externalAccountId, CancellationToken cancellation)
    {
        var takenAt = clock.Now();
        await BeforeReading();
        var reading = await ReadAccountAsync(externalAccountId, cancellation);
        return reading.Value is { } account
            ? new PreSendReading(account, new EvidenceSnapshot { TakenAt = takenAt, AccountBalance = account.Balance, AccountStatus = account.Status })
            : reading.Fault!;
    }

    public PreparedSubmission Prepare(PayoutInstruction instruction) =>
        new(instruction, $"{instruction.ExternalAccountId}|{instruction.Mode}|{instruction.Amount}|{instruction.IdempotencyKey}");

    public async Task<SubmissionOutcome> SubmitAsync(PreparedSubmission submission, CancellationToken cancellation)
    {
        Answer answer;
        lock (_gate)
        {
            Sends.Add((submission, clock.Now()));
            answer = _answers.TryDequeue(out var scripted) ? scripted : Otherwise;
        }
        await BeforeEffect(submission);
        lock (_gate)
        {
            return answer(this, submission);
        }
    }

    public Task<LookupOutcome> LookUpAsync(LookupQuery query, CancellationToken cancellation)
    {
        lock (_gate)
        {
            Lookups.Add(query);
            return Task.FromResult(_lookups.TryDequeue(out var scripted) ? scripted(query) : OtherwiseLookup?.Invoke(query) ?? FromLedger(query));
        }
    }

    /// <summary>An accepted order settles, with its effect.</summary>
    public void Settle(string key)
    {
        lock (_gate)
        {
            _pending.Remove(key);
            var submission = Sends.First(send => send.Submission.Instruction.IdempotencyKey == key).Submission;
            Move(submission);
        }
    }

    /// <summary>An accepted order fails, without an effect.</summary>
    public void Refuse(string key)
    {
        lock (_gate)
        {
            _pending.Remove(key);
            _failed.Add(key);
        }
    }

    public static readonly Answer Pay = static (provider, submission) =>
    {
        provider.Move(submission);
        return new SubmissionOutcome.Succeeded(ReceiptOf(provider, submission), Wire("{\"ok\":true}"));
    };

    public static readonly Answer Accept = static (provider, submission) =>
    {
        provider._pending.Add(submission.Instruction.IdempotencyKey);
        return new SubmissionOutcome.Accepted(new Receipt { ProviderReference = "order-" + submission.Instruction.IdempotencyKey }, Wire("{\"accepted\":true}"));
    };

    /// <summary>The money moves, and the answer is lost.</summary>
    public static readonly Answer PayAndLoseAnswer = static (provider, submission) =>
    {
        provider.Move(submission);
        return new SubmissionOutcome.Unknown(new ProviderFault(ProviderFaultKind.NoAnswer), WireRecord.Nothing);
    };

    /// <summary>The request is lost on the way, and nobody can tell.</summary>
    public static readonly Answer LoseRequest = static (_, _) => new SubmissionOutcome.Unknown(new ProviderFault(ProviderFaultKind.NoAnswer), WireRecord.Nothing);

    public static readonly Answer NotConnected = static (_, _) => new SubmissionOutcome.NotExecuted(new ProviderFault(ProviderFaultKind.Unreachable), WireRecord.Nothing);

    public static readonly Answer SayDuplicate = static (_, _) => new SubmissionOutcome.Unknown(new ProviderFault(ProviderFaultKind.Duplicate, "3"), Wire("duplicate"));

    public static readonly Answer Throw = static (_, _) => throw new InvalidOperationException("The adapter broke.");

    public static Answer TryLater(ProviderFaultKind kind, TimeSpan wait) =>
        (_, _) => new SubmissionOutcome.TryLater(new ProviderFault(kind), wait, Wire("later"));

    public static Answer RefuseWith(ProviderFaultKind kind) => (_, _) => new SubmissionOutcome.Refused(new ProviderFault(kind, "51", "refused"), Wire("refused"));

    public static WireRecord Wire(string text) => new(200, new string('a', 64), text, null, TimeSpan.FromMilliseconds(20));

    public static Receipt ReceiptOf(FakeProvider provider, PreparedSubmission submission) => new()
    {
        ProviderReference = "order-" + submission.Instruction.IdempotencyKey,
        ExternalAccountId = submission.Instruction.ExternalAccountId,
        IdempotencyKey = submission.Instruction.IdempotencyKey,
        Amount = provider._effects.Last(effect => effect.Key == submission.Instruction.IdempotencyKey).Amount,
        Currency = Usd,
        AccountBalanceAfter = provider._accounts[submission.Instruction.ExternalAccountId].Balance,
    };

    private LookupOutcome FromLedger(LookupQuery query)
    {
        if (_effects.Exists(effect => effect.Key == query.IdempotencyKey))
        {
            var amount = _effects.Find(effect => effect.Key == query.IdempotencyKey).Amount;
            return new LookupOutcome.Succeeded(
                new Receipt { ProviderReference = "order-" + query.IdempotencyKey, IdempotencyKey = query.IdempotencyKey, Amount = amount, Currency = Usd }, "found, paid", Wire("paid"));
        }
        if (_pending.Contains(query.IdempotencyKey))
        {
            return new LookupOutcome.Processing(new Receipt { ProviderReference = "order-" + query.IdempotencyKey }, "found, pending", Wire("pending"));
        }
        return _failed.Contains(query.IdempotencyKey)
            ? new LookupOutcome.Failed(new Receipt(), new ProviderFault(ProviderFaultKind.Other, "F"), "found, failed", Wire("failed"))
            : new LookupOutcome.NotKnown("not found", Wire("[]"));
    }

    /// <summary>A provider with keys moves money once per key; one without keys each time it is asked.</summary>
    private void Move(PreparedSubmission submission)
    {
        var (account, mode, amount, key) = submission.Instruction;
        if (Sheet.Replay == ReplayRule.Safe && _effects.Exists(effect => effect.Key == key))
        {
            return;
        }
        var before = _accounts[account];
        var moved = mode == WithdrawalMode.NativeAll ? before.Balance!.Value : amount.Amount;
        _accounts[account] = before with { Balance = before.Balance - moved };
        _effects.Add((key, moved));
    }
}

/// <summary>The configured provider accounts of a test.</summary>
public sealed class FakeRegistry(OperatingMode mode) : IProviderRegistry
{
    private readonly Dictionary<string, FakeProvider> _providers = new(StringComparer.Ordinal);

    public OperatingMode Mode { get; } = mode;

    public IReadOnlyList<ProviderAccountDefinition> Definitions { get; set; } = [];

    public ProviderAccountDefinition Add(FakeProvider provider, string key = "main", string origin = "http://127.0.0.1:9")
    {
        var kind = provider.Sheet.Provider;
        var definition = new ProviderAccountDefinition(
            kind, key, $"{kind} {key}", origin, EndpointIdentity.Compute(kind, new Uri(origin), "client-" + key, null, Mode), provider.Sheet);
        _providers[definition.Name] = provider;
        Definitions = [.. Definitions.Where(other => other.Name != definition.Name), definition];
        return definition;
    }

    public IPayoutProvider? Find(string name) => _providers.GetValueOrDefault(name);
}

/// <summary>Sheets in the shapes of the five providers, small and round.</summary>
public static class Sheets
{
    /// <summary>Settles at once, keys replay safely and for ever, can cash out everything (member wallet).</summary>
    public static ProviderSheet Member { get; } = new()
    {
        Provider = ProviderKind.MemberWallet,
        WithdrawsFrom = AccountKind.Member,
        NativeAll = true,
        Decimals = 6,
        Minimum = 0.000001m,
        Replay = ReplayRule.Safe,
        SettlesAtOnce = true,
        ListsAccounts = false,
        HasOwnBalance = false,
        Concurrency = 4,
    };

    /// <summary>Settles later, keys replay safely for 23 hours (UQPay).</summary>
    public static ProviderSheet Windowed { get; } = new()
    {
        Provider = ProviderKind.Uqpay,
        WithdrawsFrom = AccountKind.Card,
        Decimals = 2,
        Minimum = 0.01m,
        Replay = ReplayRule.Safe,
        ReplayWindow = TimeSpan.FromHours(23),
        SettlesAtOnce = false,
        ListsAccounts = true,
        HasOwnBalance = true,
        Concurrency = 4,
    };

    /// <summary>Settles later, a key of undocumented effect (Pikabao, KeySecure).</summary>
    public static ProviderSheet Undocumented { get; } = new()
    {
        Provider = ProviderKind.Pikabao,
        WithdrawsFrom = AccountKind.Card,
        Decimals = 2,
        Minimum = 0.01m,
        Replay = ReplayRule.Undocumented,
        SettlesAtOnce = false,
        ListsAccounts = true,
        HasOwnBalance = true,
        Concurrency = 4,
    };

    /// <summary>No key, a quarter of an hour between withdrawals, unknowns hold the provider account (UnCash).</summary>
    public static ProviderSheet NoKey { get; } = new()
    {
        Provider = ProviderKind.UnCash,
        WithdrawsFrom = AccountKind.Card,
        Decimals = 2,
        Minimum = 1,
        Maximum = 10_000,
        Replay = ReplayRule.NoKey,
        SettlesAtOnce = true,
        ListsAccounts = true,
        HasOwnBalance = true,
        Cooldown = TimeSpan.FromMinutes(15.5),
        CooldownScope = CooldownScope.ProviderAccount,
        UnknownHoldsProviderAccount = true,
        Concurrency = 1,
        EvidenceWindow = TimeSpan.FromMinutes(18),
        PollSchedule = [TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15), TimeSpan.FromSeconds(60)],
    };

    public static IReadOnlyList<ProviderSheet> All { get; } = [Member, Windowed, Undocumented, NoKey];
}
