using System.Collections.Concurrent;
using System.Globalization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.MemberWallet;

/// <summary>
/// One agent of the member wallet. The account is the member, by username; its currency is fixed at the provider and read with the
/// balance. Everything = members/cashout, a stated amount = members/transaction with a negative amount; the state of either is read
/// from members/check/transactions, where the code is the state.
/// </summary>
public sealed class MemberWalletProvider : IPayoutProvider
{
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);

    private readonly MemberWalletSettings _settings;
    private readonly MemberWalletClient _client;
    private readonly TimeProvider _clock;

    public MemberWalletProvider(MemberWalletSettings settings, ProviderEnvironment environment)
    {
        _settings = settings;
        _client = new MemberWalletClient(settings, environment);
        _clock = environment.Clock;
        Sheet = MemberWalletSheet.For(settings);
    }

    public ProviderSheet Sheet { get; }

    /// <summary>The members that are online or were active in the report's period; a member whose balance cannot be read is left out.</summary>
    public async Task<AccountListing> ListAccountsAsync(IProgress<int>? progress, CancellationToken cancellation)
    {
        var sources = new Dictionary<string, string>(StringComparer.Ordinal);
        var fault = await FindUsernamesAsync(sources, cancellation);
        var accounts = new ConcurrentDictionary<string, AccountSnapshot>(StringComparer.Ordinal);
        var stopped = fault is { } early && SpoilsTheRest(early);
        var skipped = false;
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _settings.Concurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(sources.Keys, parallel, async (username, token) =>
        {
            if (Volatile.Read(ref stopped))
            {
                return;
            }
            var reading = await ReadAccountAsync(username, token);
            if (reading.Value is { } account)
            {
                accounts[username] = account;
                progress?.Report(accounts.Count);
            }
            else if (reading.Fault!.Kind is ProviderFaultKind.NotFound or ProviderFaultKind.AccountState)
            {
                // A member that was blocked or has gone says nothing against the provider.
                Volatile.Write(ref skipped, true);
            }
            else
            {
                Interlocked.CompareExchange(ref fault, reading.Fault, null);
                Volatile.Write(ref stopped, Volatile.Read(ref stopped) || SpoilsTheRest(reading.Fault!));
            }
        });
        return new AccountListing([.. accounts.Values.OrderBy(static account => account.ExternalId, StringComparer.Ordinal)], fault is null && !skipped, fault, sources);
    }

    public async Task<Reading<AccountSnapshot>> ReadAccountAsync(string externalAccountId, CancellationToken cancellation)
    {
        var reply = await _client.BalanceAsync(new MemberWalletBalanceRequest(externalAccountId), cancellation);
        if (reply.Data is not { } data)
        {
            return reply.Fault!;
        }
        if (data.Username is { } named && named != externalAccountId)
        {
            return new ProviderFault(ProviderFaultKind.Unreadable, RawText: "The answer names another member.");
        }
        if (!CurrencyCode.TryParse(data.Currency, out var currency))
        {
            return new ProviderFault(ProviderFaultKind.Unreadable, RawText: "The answer names no currency.");
        }
        return new AccountSnapshot
        {
            ExternalId = externalAccountId,
            Kind = AccountKind.Member,
            Status = AccountStatus.Active,
            RawStatus = "",
            Currency = currency,
            Balance = data.Balance,
            DisplayName = externalAccountId,
        };
    }

    public Task<Reading<ProviderBalance>> ReadOwnBalanceAsync(CancellationToken cancellation) =>
        Task.FromResult<Reading<ProviderBalance>>(new ProviderFault(ProviderFaultKind.Other, RawText: "The member wallet has no call for the agent's own balance."));

    public async Task<Reading<PreSendReading>> ReadBeforeSendAsync(string externalAccountId, CancellationToken cancellation)
    {
        var account = await ReadAccountAsync(externalAccountId, cancellation);
        return account.Value is { } fresh
            ? new PreSendReading(fresh, new EvidenceSnapshot { TakenAt = _clock.Now(), AccountBalance = fresh.Balance, AccountStatus = fresh.Status })
            : account.Fault!;
    }

    public PreparedSubmission Prepare(PayoutInstruction instruction) => new(instruction, instruction.Mode switch
    {
        WithdrawalMode.NativeAll => MemberWalletClient.CanonicalBody(new MemberWalletCashout(instruction)),
        WithdrawalMode.Exact => MemberWalletClient.CanonicalBody(new MemberWalletWithdrawal(instruction)),
    });

    public async Task<SubmissionOutcome> SubmitAsync(PreparedSubmission submission, CancellationToken cancellation)
    {
        var instruction = submission.Instruction;
        if (Prepare(instruction).CanonicalBody != submission.CanonicalBody)
        {
            throw new ArgumentException("The canonical body is not that of the instruction.", nameof(submission));
        }
        var reply = await (instruction.Mode switch
        {
            WithdrawalMode.NativeAll => _client.CashoutAsync(new MemberWalletCashout(instruction), cancellation),
            WithdrawalMode.Exact => _client.WithdrawAsync(new MemberWalletWithdrawal(instruction), cancellation),
        });
        if (!reply.Connected)
        {
            return new SubmissionOutcome.NotExecuted(reply.Fault!, reply.Wire);
        }
        if (reply.Data is { } moved)
        {
            // Without the amount, code 0 does not say what moved; the look-up does.
            return moved.Amount is { } amount
                ? new SubmissionOutcome.Succeeded(new Receipt { Amount = Math.Abs(amount), AccountBalanceAfter = moved.Balance }, reply.Wire)
                : new SubmissionOutcome.Unknown(new(ProviderFaultKind.Unreadable, "0", "The answer names no amount."), reply.Wire);
        }
        return Judge(reply);
    }

    public async Task<LookupOutcome> LookUpAsync(LookupQuery query, CancellationToken cancellation)
    {
        var reply = await _client.CheckAsync(new MemberWalletCheckRequest(query.ExternalAccountId, query.IdempotencyKey), cancellation);
        if (reply.Data is { } transaction)
        {
            return Judge(transaction, query, reply.Wire);
        }
        return reply.Code switch
        {
            MemberWalletErrors.Pending => new LookupOutcome.Processing(new Receipt(), "The provider says: pending.", reply.Wire),
            // The request itself may still be under way: too early to say that it never arrived.
            MemberWalletErrors.NoSuchTransaction when _clock.GetUtcNow() - query.FirstSentAt < TimeSpan.FromSeconds(_settings.DuplicateGraceSeconds) =>
                new LookupOutcome.Inconclusive($"No such transaction, asked within {_settings.DuplicateGraceSeconds} s of the first send.", reply.Wire),
            MemberWalletErrors.NoSuchTransaction => new LookupOutcome.NotKnown("The provider says: no such transaction.", reply.Wire),
            0 => new LookupOutcome.Inconclusive("The provider says that the transaction exists, without readable details.", reply.Wire),
            _ => new LookupOutcome.CouldNotAsk(reply.Fault!, "The transaction could not be asked for.", reply.Wire),
        };
    }

    private static SubmissionOutcome Judge(MemberWalletReply<MemberWalletMoved> reply)
    {
        var fault = reply.Fault!;
        if (reply.Code is not { } code)
        {
            return fault.Kind == ProviderFaultKind.RateLimited
                ? new SubmissionOutcome.TryLater(fault, fault.RetryAfter ?? DefaultWait, reply.Wire)
                : new SubmissionOutcome.Unknown(fault, reply.Wire);
        }
        return MemberWalletErrors.Verdict(code) switch
        {
            MemberWalletVerdict.Refused => new SubmissionOutcome.Refused(fault, reply.Wire),
            MemberWalletVerdict.RenewToken when reply.NotRepeated is { } reason => new SubmissionOutcome.TryLater(reason, DefaultWait, reply.Wire),
            MemberWalletVerdict.RenewToken => new SubmissionOutcome.Refused(fault, reply.Wire),
            MemberWalletVerdict.TryLater => new SubmissionOutcome.TryLater(fault, fault.RetryAfter ?? DefaultWait, reply.Wire),
            MemberWalletVerdict.Pending => new SubmissionOutcome.Accepted(new Receipt(), reply.Wire),
            MemberWalletVerdict.Unknown => new SubmissionOutcome.Unknown(fault, reply.Wire),
        };
    }

    /// <summary>Code 0: the transaction exists and succeeded. It settles the withdrawal only when it is, field by field, this withdrawal.</summary>
    private static LookupOutcome Judge(MemberWalletTransaction transaction, LookupQuery query, WireRecord wire)
    {
        var contradiction =
            transaction.Username != query.ExternalAccountId ? "username"
            : transaction.TransId != query.IdempotencyKey ? "transId"
            : transaction.Amount is not < 0 ? "direction"
            : query.Mode == WithdrawalMode.Exact && -transaction.Amount != query.Amount.Amount ? "amount"
            : null;
        if (contradiction is not null)
        {
            return new LookupOutcome.Inconclusive($"Contradiction: the transaction with our transId has another {contradiction}, or none.", wire);
        }
        var receipt = new Receipt
        {
            ExternalAccountId = transaction.Username,
            IdempotencyKey = transaction.TransId,
            Amount = -transaction.Amount,
            ProviderTime = ParseTime(transaction.TransactionTime),
        };
        return new LookupOutcome.Succeeded(receipt, "The provider has the transaction.", wire);
    }

    private static DateTimeOffset? ParseTime(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;

    private async Task<ProviderFault?> FindUsernamesAsync(Dictionary<string, string> sources, CancellationToken cancellation)
    {
        var online = await _client.OnlineAsync(cancellation);
        foreach (var username in online.Data?.UserList ?? [])
        {
            AddSource(sources, username, "online");
        }
        if (_settings.ReportDays == 0 || (online.Fault is { } fault && SpoilsTheRest(fault)))
        {
            return online.Fault;
        }
        var now = _clock.GetUtcNow();
        var report = await _client.ReportAsync(now.AddDays(-_settings.ReportDays), now, cancellation);
        foreach (var row in report.Data ?? [])
        {
            AddSource(sources, row?.Username, "report");
        }
        return online.Fault ?? report.Fault;
    }

    private static void AddSource(Dictionary<string, string> sources, string? username, string source)
    {
        if (!string.IsNullOrEmpty(username))
        {
            sources.TryAdd(username, source);
        }
    }

    /// <summary>Faults that every further call would meet as well.</summary>
    private static bool SpoilsTheRest(ProviderFault fault) =>
        fault.Kind is ProviderFaultKind.Credentials or ProviderFaultKind.ClockRejected or ProviderFaultKind.Unreachable;
}
