using System.Collections.Concurrent;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.KeySecure;

/// <summary>
/// One KeySecure merchant of the credit-extension mode. The account is the cardholder: cards carry no balance and are child rows,
/// known from <see cref="ListAccountsAsync"/> only (a single read leaves them empty). Withdrawal = account/transfer of type Out; its
/// state is read from account/transfer/list by our number.
/// </summary>
public sealed class KeySecureProvider : IPayoutProvider
{
    private const int MaxPages = 1000;
    private static readonly TimeSpan Window = TimeSpan.FromDays(89);
    private static readonly TimeSpan LookupWindow = TimeSpan.FromDays(90);
    private static readonly TimeSpan DefaultHistory = TimeSpan.FromDays(730);
    private static readonly TimeSpan DefaultWait = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ClockWait = TimeSpan.FromSeconds(60);
    private static readonly ProviderFault NoList = new(ProviderFaultKind.Unreadable, RawText: "The answer holds no list.");

    private readonly KeySecureSettings _settings;
    private readonly KeySecureClient _client;
    private readonly TimeProvider _clock;
    private readonly CurrencyCode _currency;

    public KeySecureProvider(KeySecureSettings settings, ProviderEnvironment environment)
    {
        _settings = settings;
        _client = new KeySecureClient(settings, environment);
        _clock = environment.Clock;
        _currency = CurrencyCode.Parse(settings.Currency);
        Sheet = KeySecureSheet.For(settings);
    }

    public ProviderSheet Sheet { get; }

    public async Task<AccountListing> ListAccountsAsync(IProgress<int>? progress, CancellationToken cancellation)
    {
        var holders = new Dictionary<string, KeySecureCardholder>(StringComparer.Ordinal);
        var fault = await ReadWindowsAsync(_client.ListCardholdersAsync, row => Add(holders, row.CardholderNo, row), cancellation);
        var cards = new Dictionary<string, KeySecureCard>(StringComparer.Ordinal);
        fault ??= await ReadWindowsAsync(_client.ListCardsAsync, row => Add(cards, row.CardNo, row), cancellation);
        var cardsOf = cards.Values.ToLookup(static card => card.CardholderNo ?? "", StringComparer.Ordinal);

        var accounts = new ConcurrentDictionary<string, AccountSnapshot>(StringComparer.Ordinal);
        var stopped = fault is { } early && SpoilsTheRest(early);
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = _settings.Concurrency, CancellationToken = cancellation };
        await Parallel.ForEachAsync(holders, parallel, async (holder, token) =>
        {
            // A balance that could not be read stays unknown; the row is still shown.
            var balance = Volatile.Read(ref stopped) ? null : await _client.AccountInfoAsync(holder.Key, token);
            if (balance?.Fault is { } missing)
            {
                Interlocked.CompareExchange(ref fault, missing, null);
                Volatile.Write(ref stopped, Volatile.Read(ref stopped) || SpoilsTheRest(missing));
            }
            accounts[holder.Key] = Snapshot(holder.Key, holder.Value, balance?.Data, [.. cardsOf[holder.Key].Select(ChildCardOf)]);
            progress?.Report(accounts.Count);
        });
        return new AccountListing([.. accounts.Values.OrderBy(static account => account.ExternalId, StringComparer.Ordinal)], fault is null, fault);
    }

    public async Task<Reading<AccountSnapshot>> ReadAccountAsync(string externalAccountId, CancellationToken cancellation)
    {
        // A number that is a path of its own would ask another endpoint.
        if (externalAccountId is "" or "." or "..")
        {
            return new ProviderFault(ProviderFaultKind.NotFound);
        }
        var holder = await _client.CardholderInfoAsync(externalAccountId, cancellation);
        if (holder.Data is not { } info)
        {
            return holder.Fault!;
        }
        if (info.CardholderNo is { } named && named != externalAccountId)
        {
            return new ProviderFault(ProviderFaultKind.Unreadable, RawText: "The answer names another cardholder.");
        }
        var balance = await _client.AccountInfoAsync(externalAccountId, cancellation);
        return balance.Data is { } rows ? Snapshot(externalAccountId, info, rows, []) : balance.Fault!;
    }

    public Task<Reading<ProviderBalance>> ReadOwnBalanceAsync(CancellationToken cancellation) =>
        Task.FromResult<Reading<ProviderBalance>>(new ProviderFault(ProviderFaultKind.Other, RawText: "KeySecure has no call for the merchant's own balance."));

    public async Task<Reading<PreSendReading>> ReadBeforeSendAsync(string externalAccountId, CancellationToken cancellation)
    {
        var account = await ReadAccountAsync(externalAccountId, cancellation);
        return account.Value is { } fresh
            ? new PreSendReading(fresh, new EvidenceSnapshot { TakenAt = _clock.Now(), AccountBalance = fresh.Balance, AccountStatus = fresh.Status })
            : account.Fault!;
    }

    public PreparedSubmission Prepare(PayoutInstruction instruction) =>
        instruction.Amount.Currency == _currency
            ? new PreparedSubmission(instruction, KeySecureClient.CanonicalBody(new KeySecureTransferOut(instruction)))
            : throw new ArgumentException($"This merchant's transfers are in {_currency}.", nameof(instruction));

    public async Task<SubmissionOutcome> SubmitAsync(PreparedSubmission submission, CancellationToken cancellation)
    {
        if (Prepare(submission.Instruction).CanonicalBody != submission.CanonicalBody)
        {
            throw new ArgumentException("The canonical body is not that of the instruction.", nameof(submission));
        }
        var instruction = submission.Instruction;
        var reply = await _client.TransferAsync(new KeySecureTransferOut(instruction), cancellation);
        if (!reply.Connected)
        {
            return new SubmissionOutcome.NotExecuted(reply.Fault!, reply.Wire);
        }
        return reply.Data is { } receipt ? Judge(receipt, instruction, reply.Wire) : Judge(reply);
    }

    public async Task<LookupOutcome> LookUpAsync(LookupQuery query, CancellationToken cancellation)
    {
        var start = query.FirstSentAt.AddDays(-1);
        var wanted = _clock.GetUtcNow().AddDays(1);
        var end = wanted - start > LookupWindow ? start + LookupWindow : wanted;
        var found = new List<KeySecureTransfer>();
        var wire = WireRecord.Nothing;
        for (var page = 0; page < MaxPages; page++)
        {
            var reply = await _client.ListTransfersAsync(ListRequest(start, end, page) with { TransferUniqueNo = query.IdempotencyKey }, cancellation);
            wire = reply.Wire;
            if (reply.Data is not { List: { } list } data)
            {
                return new LookupOutcome.CouldNotAsk(reply.Fault ?? NoList, "The transfer list could not be read.", wire);
            }
            // Rows of another number mean that the filter was ignored: then only reading on can tell. Rows without one cannot be told apart.
            found.AddRange(data.Rows.Where(row => string.IsNullOrEmpty(row.TransferUniqueNo) || row.TransferUniqueNo == query.IdempotencyKey));
            if (list.Count < KeySecureWire.PageSize)
            {
                return Judge(found, query, wire);
            }
        }
        return new LookupOutcome.Inconclusive("The transfer list is too long to be read to its end.", wire);
    }

    private static SubmissionOutcome Judge(KeySecureTransferReceipt receipt, PayoutInstruction instruction, WireRecord wire)
    {
        if (receipt.TransferUniqueNo is { Length: > 0 } echoed && echoed != instruction.IdempotencyKey)
        {
            return new SubmissionOutcome.Unknown(new(ProviderFaultKind.Unreadable, "0", "The answer names another transfer_unique_no."), wire);
        }
        return new SubmissionOutcome.Accepted(
            new Receipt
            {
                ProviderReference = NullIfEmpty(receipt.TransferNo),
                IdempotencyKey = NullIfEmpty(receipt.TransferUniqueNo),
                AccountBalanceBefore = receipt.BeforeBalance,
                AccountBalanceAfter = receipt.AfterBalance,
            },
            wire);
    }

    private static SubmissionOutcome Judge(KeySecureReply<KeySecureTransferReceipt> reply)
    {
        var fault = reply.Fault!;
        if (reply.Code is not { } code)
        {
            return fault.Kind == ProviderFaultKind.RateLimited
                ? new SubmissionOutcome.TryLater(fault, fault.RetryAfter ?? DefaultWait, reply.Wire)
                : new SubmissionOutcome.Unknown(fault, reply.Wire);
        }
        return KeySecureErrors.Verdict(code) switch
        {
            KeySecureVerdict.Refused => new SubmissionOutcome.Refused(fault, reply.Wire),
            KeySecureVerdict.RenewToken when reply.NotRepeated is { } reason => new SubmissionOutcome.TryLater(reason, DefaultWait, reply.Wire),
            KeySecureVerdict.RenewToken => new SubmissionOutcome.Refused(fault, reply.Wire),
            KeySecureVerdict.TryLater when fault.Kind == ProviderFaultKind.ClockRejected => new SubmissionOutcome.TryLater(fault, ClockWait, reply.Wire),
            KeySecureVerdict.TryLater => new SubmissionOutcome.TryLater(fault, fault.RetryAfter ?? DefaultWait, reply.Wire),
            KeySecureVerdict.Unknown => new SubmissionOutcome.Unknown(fault, reply.Wire),
        };
    }

    private LookupOutcome Judge(List<KeySecureTransfer> found, LookupQuery query, WireRecord wire)
    {
        if (found.Count == 0)
        {
            return new LookupOutcome.NotKnown("The transfer list has no row with our number.", wire);
        }
        if (found is not [{ TransferUniqueNo: { Length: > 0 } } row])
        {
            return new LookupOutcome.Inconclusive($"The transfer list has {found.Count} rows that could be ours.", wire);
        }
        if (Contradiction(row, query) is { } contradiction)
        {
            return new LookupOutcome.Inconclusive($"Contradiction: the row with our number names another {contradiction}.", wire);
        }
        var receipt = new Receipt
        {
            ProviderReference = NullIfEmpty(row.TransferNo) ?? query.ProviderReference,
            ExternalAccountId = NullIfEmpty(row.CardholderNo),
            IdempotencyKey = row.TransferUniqueNo,
            Amount = row.Balance is { } amount ? Math.Abs(amount) : null,
            Currency = CurrencyCode.TryParse(row.Symbol, out var symbol) ? symbol : null,
            AccountBalanceBefore = row.BeforeBalance,
            AccountBalanceAfter = row.AfterBalance,
            ProviderTime = KeySecureWire.FromUnixMilliseconds(row.Time),
        };
        return NullIfEmpty(row.Status) switch
        {
            "Success" => new LookupOutcome.Succeeded(receipt, "The transfer list says Success.", wire),
            "Fail" => new LookupOutcome.Failed(receipt, new(ProviderFaultKind.Other, "Fail"), "The transfer list says Fail.", wire),
            "Pending" => new LookupOutcome.Processing(receipt, "The transfer list says Pending.", wire),
            // A provider reference is only ours once code 0 was answered.
            null when query.ProviderReference is not null => new LookupOutcome.Succeeded(receipt, "Code 0 was answered, and the transfer list has the row, without a status.", wire),
            null => new LookupOutcome.Inconclusive("The transfer list has our number without a status, and code 0 was never answered.", wire),
            var other => new LookupOutcome.Inconclusive($"The transfer list says '{CardNumbers.Mask(other)}', which the contract does not name.", wire),
        };
    }

    /// <summary>The first field of the row that is there and says something else than the withdrawal. Missing fields contradict nothing.</summary>
    private static string? Contradiction(KeySecureTransfer row, LookupQuery query) =>
        Differs(row.CardholderNo, query.ExternalAccountId, StringComparison.Ordinal) ? "cardholder"
        : Differs(row.Type, "Out", StringComparison.OrdinalIgnoreCase) ? "direction"
        : Differs(row.Symbol, query.Amount.Currency.Value, StringComparison.OrdinalIgnoreCase) ? "currency"
        : row.Balance is { } amount && Math.Abs(amount) != query.Amount.Amount ? "amount"
        : query.ProviderReference is { } reference && Differs(row.TransferNo, reference, StringComparison.Ordinal) ? "transfer_no"
        : row.TransferNo is { Length: > 0 } transferNo && query.ClaimedReferences.Contains(transferNo) ? "withdrawal's transfer_no"
        : null;

    private static bool Differs(string? value, string expected, StringComparison comparison) =>
        !string.IsNullOrEmpty(value) && !string.Equals(value, expected, comparison);

    /// <summary>Reads a list from now back to the first day of business, window by window, page by page. Returns why it is incomplete, or null.</summary>
    private async Task<ProviderFault?> ReadWindowsAsync<TRow>(
        Func<KeySecureListRequest, CancellationToken, Task<KeySecureReply<KeySecureRows<TRow>>>> read, Action<TRow> add, CancellationToken cancellation)
        where TRow : class
    {
        var now = _clock.GetUtcNow();
        var first = _settings.ListFrom is { } day ? new DateTimeOffset(day, TimeOnly.MinValue, _settings.Zone) : now - DefaultHistory;
        // A day ahead, because our idea of the provider's day may be wrong.
        for (var end = now.AddDays(1); end > first; end -= Window)
        {
            var start = end - Window > first ? end - Window : first;
            for (var page = 0; ; page++)
            {
                if (page == MaxPages)
                {
                    return new ProviderFault(ProviderFaultKind.Other, RawText: "A list is too long to be read to its end.");
                }
                var reply = await read(ListRequest(start, end, page), cancellation);
                if (reply.Data is not { List: { } list } data)
                {
                    return reply.Fault ?? NoList;
                }
                foreach (var row in data.Rows)
                {
                    add(row);
                }
                if (list.Count < KeySecureWire.PageSize)
                {
                    break;
                }
            }
        }
        return null;
    }

    private KeySecureListRequest ListRequest(DateTimeOffset start, DateTimeOffset end, int page) => new()
    {
        StartTime = KeySecureWire.Time(start, _settings.Zone),
        EndTime = KeySecureWire.Time(end, _settings.Zone),
        Page = page,
    };

    private AccountSnapshot Snapshot(string cardholderNo, KeySecureCardholder holder, KeySecureRows<KeySecureBalance>? balances, IReadOnlyList<ChildCard> cards) => new()
    {
        ExternalId = cardholderNo,
        Kind = AccountKind.Cardholder,
        Status = holder.Status switch
        {
            "Approved" => AccountStatus.Active,
            "Pending" or "In_progress" => AccountStatus.Pending,
            "Rejected" => AccountStatus.Blocked,
            _ => AccountStatus.Unknown,
        },
        RawStatus = holder.Status ?? "",
        Currency = _currency,
        Balance = BalanceOf(cardholderNo, balances),
        DisplayName = NullIfEmpty(holder.CardholderUniqueNo),
        Cards = cards,
    };

    /// <summary>The configured symbol's balance. Unknown when there is no such row, or several (chains): a transfer cannot say which.</summary>
    private decimal? BalanceOf(string cardholderNo, KeySecureRows<KeySecureBalance>? balances)
    {
        var own = (balances?.Rows ?? [])
            .Where(row => !Differs(row.CardholderNo, cardholderNo, StringComparison.Ordinal))
            .Where(row => string.Equals(row.Symbol, _settings.Currency, StringComparison.OrdinalIgnoreCase))
            .Take(2)
            .ToList();
        return own is [var only] ? only.Balance : null;
    }

    private static ChildCard ChildCardOf(KeySecureCard card) => new(
        card.CardNo!,
        CardNumbers.LastFour(card.CardLastNo),
        card.Status switch
        {
            "Activated" => AccountStatus.Active,
            "Pending" or "ToActivate" => AccountStatus.Pending,
            "Frozen" => AccountStatus.Frozen,
            "Fail" => AccountStatus.Blocked,
            "Delete" => AccountStatus.Closed,
            _ => AccountStatus.Unknown,
        },
        card.Status ?? "",
        NullIfEmpty(card.CardUniqueNo));

    private static void Add<TRow>(Dictionary<string, TRow> rows, string? key, TRow row)
    {
        // Windows share their edges, so a row may come twice; the newer window is read first and wins.
        if (!string.IsNullOrEmpty(key))
        {
            rows.TryAdd(key, row);
        }
    }

    /// <summary>Faults that every further call would meet as well.</summary>
    private static bool SpoilsTheRest(ProviderFault fault) =>
        fault.Kind is ProviderFaultKind.Credentials or ProviderFaultKind.ClockRejected or ProviderFaultKind.Unreachable or ProviderFaultKind.RateLimited;

    private static string? NullIfEmpty(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
