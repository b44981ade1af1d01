using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Pikabao;

/// <summary>
/// Pikabao cards. A cash-out is accepted and settles later; no documented call tells the state of one. So its final word comes from an
/// order query where the settings name one, else from the transaction list (<see cref="PikabaoEvidence"/>). Balances never settle it.
/// </summary>
public sealed class PikabaoProvider(PikabaoSettings settings, ProviderEnvironment environment) : IPayoutProvider
{
    private const int MaxTransactionPages = 5;

    private readonly PikabaoClient _client = new(settings, environment);
    private readonly CurrencyCode _currency = CurrencyCode.Parse(settings.Currency);

    public ProviderSheet Sheet { get; } = PikabaoSheet.From(settings);

    public async Task<AccountListing> ListAccountsAsync(IProgress<int>? progress, CancellationToken cancellation)
    {
        var answer = await _client.ListCardsAsync(null, [], cancellation);
        if (answer.Value?.Content is not { } cards)
        {
            return new([], Complete: false, answer.Fault);
        }
        var accounts = cards.Select(Snapshot).OfType<AccountSnapshot>().DistinctBy(static account => account.ExternalId, StringComparer.Ordinal).ToList();
        progress?.Report(accounts.Count);
        var complete = accounts.Count == cards.Count;
        return new(accounts, complete, complete ? null : new(ProviderFaultKind.Unreadable, RawText: $"{accounts.Count} of {cards.Count} cards could be read."));
    }

    public async Task<Reading<AccountSnapshot>> ReadAccountAsync(string externalAccountId, CancellationToken cancellation)
    {
        var answer = await _client.ListCardsAsync(externalAccountId, [], cancellation);
        if (answer.Value?.Content is not { } cards)
        {
            return answer.Fault!;
        }
        // Whether the filter works or not, only the card that was asked for counts.
        var card = cards.FirstOrDefault(card => string.Equals(card.Id, externalAccountId, StringComparison.Ordinal));
        return card is null || Snapshot(card) is not { } account
            ? new ProviderFault(ProviderFaultKind.NotFound, RawText: "The card list does not show this card.")
            : account;
    }

    public async Task<Reading<ProviderBalance>> ReadOwnBalanceAsync(CancellationToken cancellation)
    {
        var answer = await _client.GetAccountAsync(cancellation);
        return answer.Value switch
        {
            null => answer.Fault!,
            { Content.Balance: { } balance } => new ProviderBalance([new(balance, _currency)]),
            _ => new ProviderFault(ProviderFaultKind.Unreadable, RawText: "The account answer names no balance."),
        };
    }

    public async Task<Reading<PreSendReading>> ReadBeforeSendAsync(string externalAccountId, CancellationToken cancellation)
    {
        var account = await ReadAccountAsync(externalAccountId, cancellation);
        if (account.Value is not { } card)
        {
            return account.Fault!;
        }
        // The account balance settles nothing, so a withdrawal does not depend on it.
        var own = await ReadOwnBalanceAsync(cancellation);
        PikabaoTransactionPage? newest = null;
        if (!string.IsNullOrEmpty(settings.TransactionsPath))
        {
            var transactions = await _client.ListTransactionsAsync(1, cancellation);
            // A list that is not there (404) leaves a lost answer to people; one that fails right now would leave less than there could be.
            if (transactions.Fault is { } fault && fault.Kind != ProviderFaultKind.NotFound)
            {
                return fault;
            }
            newest = transactions.Value;
        }
        var now = environment.Clock.Now();
        return new PreSendReading(card, new EvidenceSnapshot
        {
            TakenAt = now,
            AccountBalance = card.Balance,
            AccountStatus = card.Status,
            ProviderBalance = own.Value?.Amounts[0].Amount,
            ProviderBalanceTime = own.Value is null ? null : now,
            TransactionIds = [.. newest?.Rows?.Select(static row => row.Key).OfType<string>() ?? []],
            TransactionTotal = newest is null ? null : newest.Total ?? (newest.Rows!.Count < settings.TransactionsPageSize ? newest.Rows.Count : null),
        });
    }

    public PreparedSubmission Prepare(PayoutInstruction instruction)
    {
        var lines = CashOut(instruction).Fields.Select(static field => $"{field.Key}={field.Value}\n");
        return new(instruction, $"POST {PikabaoCashOut.Path}\nappid={settings.AppId}\n{string.Concat(lines)}");
    }

    public async Task<SubmissionOutcome> SubmitAsync(PreparedSubmission submission, CancellationToken cancellation) =>
        Judge(await _client.CashOutAsync(CashOut(submission.Instruction), cancellation));

    public async Task<LookupOutcome> LookUpAsync(LookupQuery query, CancellationToken cancellation)
    {
        if (query.ProviderReference is { Length: > 0 } orderId)
        {
            if (settings.TaskQueryEnabled && JudgeOrder(query, await _client.QueryTaskAsync(orderId, cancellation)) is { } byTask)
            {
                return byTask;
            }
            if (!string.IsNullOrEmpty(settings.CashOutDetailPath) && JudgeOrder(query, await _client.GetCashOutAsync(orderId, cancellation)) is { } byDetail)
            {
                return byDetail;
            }
        }
        return string.IsNullOrEmpty(settings.TransactionsPath)
            ? new LookupOutcome.Inconclusive("No look-up is configured for Pikabao (TransactionsPath, CashOutDetailPath).", WireRecord.Nothing)
            : await AskTransactionsAsync(query, cancellation);
    }

    /// <summary>The whole table of answers to a cash-out.</summary>
    internal static SubmissionOutcome Judge(WireAnswer answer)
    {
        var wire = answer.ToRecord();
        if (!answer.Connected)
        {
            return new SubmissionOutcome.NotExecuted(PikabaoErrors.FaultOf(answer), wire);
        }
        var status = AnswerJson.Parse(answer, PikabaoJson.Default.PikabaoStatus);
        if (status?.Code == PikabaoErrors.Success && AnswerJson.Parse(answer, PikabaoJson.Default.Order)?.Content is { } order)
        {
            return order.State switch
            {
                1 => new SubmissionOutcome.Accepted(ReceiptOf(order), wire),
                10 => new SubmissionOutcome.Succeeded(ReceiptOf(order), wire),
                -10 => new SubmissionOutcome.Failed(ReceiptOf(order), OrderFailed, wire),
                _ when !string.IsNullOrEmpty(order.Id) => new SubmissionOutcome.Accepted(ReceiptOf(order), wire),
                _ => new SubmissionOutcome.Unknown(PikabaoErrors.FaultOf(answer), wire),
            };
        }
        if (PikabaoErrors.Refuses(status))
        {
            return new SubmissionOutcome.Refused(PikabaoErrors.FaultOf(answer), wire);
        }
        if (answer.Status == 429 && status?.Code != PikabaoErrors.Success)
        {
            var fault = PikabaoErrors.FaultOf(answer) with { Kind = ProviderFaultKind.RateLimited };
            return new SubmissionOutcome.TryLater(fault, answer.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : PikabaoErrors.RateLimitPause, wire);
        }
        return new SubmissionOutcome.Unknown(PikabaoErrors.FaultOf(answer), wire);
    }

    /// <summary>
    /// What an order query says, or null when it says nothing of this cash-out: the ids of other kinds of orders may look alike, so order
    /// and card must both be named and fit.
    /// </summary>
    private static LookupOutcome? JudgeOrder(LookupQuery query, ClientAnswer<PikabaoEnvelope<PikabaoOrder>> answer)
    {
        if (answer.Value?.Content is not { } order
            || !string.Equals(order.Id, query.ProviderReference, StringComparison.Ordinal)
            || !string.Equals(order.CardId, query.ExternalAccountId, StringComparison.Ordinal)
            || (order.Amount is { } amount && Math.Abs(amount) != query.Amount.Amount))
        {
            return null;
        }
        var note = $"Order {order.Id}: state {order.State?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "unknown"}.";
        return order.State switch
        {
            1 => new LookupOutcome.Processing(ReceiptOf(order), note, answer.Wire),
            10 => new LookupOutcome.Succeeded(ReceiptOf(order), note, answer.Wire),
            -10 => new LookupOutcome.Failed(ReceiptOf(order), OrderFailed, note, answer.Wire),
            _ => null,
        };
    }

    private async Task<LookupOutcome> AskTransactionsAsync(LookupQuery query, CancellationToken cancellation)
    {
        if (query.Before is not { TransactionTotal: not null } before)
        {
            return new LookupOutcome.Inconclusive("No transaction list from before the send to compare with.", WireRecord.Nothing);
        }
        var rows = new List<PikabaoTransaction>();
        long? total = null;
        var wire = WireRecord.Nothing;
        for (var page = 1; page <= MaxTransactionPages; page++)
        {
            var answer = await _client.ListTransactionsAsync(page, cancellation);
            wire = answer.Wire;
            if (answer.Value?.Rows is not { } more)
            {
                return new LookupOutcome.CouldNotAsk(answer.Fault!, $"Transaction list: {answer.Fault}", wire);
            }
            rows.AddRange(more);
            total = answer.Value.Total ?? (more.Count < settings.TransactionsPageSize ? rows.Count : null);
            if (more.Count < settings.TransactionsPageSize || PikabaoEvidence.ShowsAllNew(before, rows, total))
            {
                break;
            }
        }
        var found = PikabaoEvidence.Find(query, before, rows, total);
        if (found.Candidates.Count == 0 || !found.Complete)
        {
            return PikabaoEvidence.WithoutCards(query, found, wire);
        }
        var heads = found.Candidates.Select(static row => row.Number?.Head).OfType<string>().Distinct(StringComparer.Ordinal).ToList();
        var cards = await _client.ListCardsAsync(null, heads, cancellation);
        return cards.Value?.Content is { } all
            ? PikabaoEvidence.Weigh(query, found.Candidates, all, wire)
            : new LookupOutcome.CouldNotAsk(cards.Fault!, $"Card list: {cards.Fault}", cards.Wire);
    }

    private PikabaoCashOut CashOut(PayoutInstruction instruction) =>
        new(instruction.ExternalAccountId, WireText.ExactAmount(instruction, Sheet), instruction.IdempotencyKey);

    private static ProviderFault OrderFailed { get; } = new(ProviderFaultKind.Other, "-10", "Pikabao reports the cash-out as failed; it names no reason.");

    private static Receipt ReceiptOf(PikabaoOrder order) => new()
    {
        ProviderReference = string.IsNullOrEmpty(order.Id) ? null : order.Id,
        ExternalAccountId = order.CardId,
        Amount = order.Amount is { } amount ? Math.Abs(amount) : null,
    };

    private AccountSnapshot? Snapshot(PikabaoCard card) => !WireText.IsPlainId(card.Id) ? null : new AccountSnapshot
    {
        ExternalId = card.Id!,
        Kind = AccountKind.Card,
        Status = card.State switch
        {
            1 => AccountStatus.Active,
            2 => AccountStatus.Frozen,
            0 => AccountStatus.Closed,
            _ => AccountStatus.Unknown,
        },
        RawStatus = card.State?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "",
        Currency = _currency,
        Balance = card.Balance,
        MaskedNumber = card.MaskedNumber,
        DisplayName = WireText.Label(card.Remark),
        Facts = WireText.Label(card.Organization) is { } scheme ? [new("Scheme", scheme)] : [],
    };
}

/// <summary>The new cash-out rows of the withdrawal's amount that no other withdrawal claims. <see cref="Complete"/> false = old and new rows cannot be told apart for sure.</summary>
public sealed record PikabaoFindings(IReadOnlyList<PikabaoTransaction> Candidates, bool Complete);

/// <summary>
/// Which row of the transaction list is a given cash-out. No field joins the two, so it must be the only possible one: new since the
/// snapshot, of type CashOut, of the same absolute amount, claimed by no other withdrawal, and of this card. The list's order is not
/// documented and the snapshot holds its first page only, so the growth of the total must account for every row taken as new.
/// </summary>
public static class PikabaoEvidence
{
    /// <summary>True when the rows read so far hold as many unknown ones as the list has grown by.</summary>
    public static bool ShowsAllNew(EvidenceSnapshot before, List<PikabaoTransaction> rows, long? total)
    {
        var known = before.TransactionIds.ToHashSet(StringComparer.Ordinal);
        return total is null ? rows.Exists(row => IsKnown(row, known)) : rows.Count(row => !IsKnown(row, known)) >= total - before.TransactionTotal;
    }

    public static PikabaoFindings Find(LookupQuery query, EvidenceSnapshot before, List<PikabaoTransaction> rows, long? total)
    {
        var known = before.TransactionIds.ToHashSet(StringComparer.Ordinal);
        var distinct = rows.DistinctBy(static row => (row.Id, row.TransactionId, row.Status)).ToList();
        var head = distinct.TakeWhile(row => !IsKnown(row, known)).ToList();
        var unknown = distinct.Where(row => !IsKnown(row, known)).ToList();
        var grown = total - before.TransactionTotal;
        // Newest first: the new rows are exactly those above the first known one. Any other order: only if the snapshot held every old row.
        var snapshotHeldAll = before.TransactionIds.Count >= before.TransactionTotal;
        var complete = grown == head.Count || (snapshotHeldAll && grown == unknown.Count);
        var fresh = grown == head.Count ? head : unknown;
        return new([.. fresh.Where(row => IsCandidate(query, row))], complete);
    }

    /// <summary>The outcome when no row is a candidate, or when new rows cannot be told from old ones.</summary>
    public static LookupOutcome WithoutCards(LookupQuery query, PikabaoFindings found, WireRecord wire) => found.Complete
        ? new LookupOutcome.NotKnown($"The transaction list shows no new cash-out of {query.Amount}.", wire)
        : new LookupOutcome.Inconclusive(
            $"New and old rows of the transaction list cannot be told apart; {found.Candidates.Count} cash-out row(s) of {query.Amount} not seen before.", wire);

    /// <summary>Decides among the candidates, with all cards of the account at hand.</summary>
    public static LookupOutcome Weigh(LookupQuery query, IReadOnlyList<PikabaoTransaction> candidates, IReadOnlyList<PikabaoCard> cards, WireRecord wire)
    {
        // Pending and Finish may be two rows of one transaction.
        var perTransaction = candidates.GroupBy(static row => row.Key, StringComparer.Ordinal).Select(rows => (Rows: rows.ToList(), Fit: FitOf(query, rows.First(), cards))).ToList();
        var ours = perTransaction.Where(static group => group.Fit == Fit.Ours).ToList();
        var doubtful = perTransaction.Count(static group => group.Fit == Fit.Doubtful);
        if (ours.Count + doubtful == 0)
        {
            return new LookupOutcome.NotKnown($"The new cash-outs of {query.Amount} in the transaction list belong to other cards.", wire);
        }
        if (ours.Count != 1 || doubtful != 0)
        {
            return new LookupOutcome.Inconclusive(
                $"{ours.Count} new cash-out(s) of {query.Amount} fit this card, and {doubtful} may: which one is this withdrawal cannot be told.", wire);
        }
        return Outcome(query, ours[0].Rows, wire);
    }

    private enum Fit
    {
        Ours,
        Doubtful,
        OtherCard,
    }

    private static LookupOutcome Outcome(LookupQuery query, List<PikabaoTransaction> rows, WireRecord wire)
    {
        var row = rows[0];
        var receipt = new Receipt
        {
            ProviderReference = row.Key,
            ExternalAccountId = query.ExternalAccountId,
            Amount = row.Amount is { } amount ? Math.Abs(amount) : null,
            ProviderTime = rows.Select(static each => WireText.Time(each.RecordTime)).Max(),
        };
        var statuses = rows.Select(static each => each.Status?.ToUpperInvariant() ?? "").Distinct(StringComparer.Ordinal).ToList();
        var note = $"The one new cash-out row of {query.Amount} of this card: {row.Key}, {string.Join(", ", rows.Select(static each => each.Status))}.";
        statuses.RemoveAll(status => status == "PENDING" && statuses.Count > 1);
        return statuses switch
        {
            ["FINISH"] => new LookupOutcome.Succeeded(receipt, note, wire),
            ["FAILED"] => new LookupOutcome.Failed(receipt, new(ProviderFaultKind.Other, row.Status, "Pikabao reports the cash-out as failed; it names no reason."), note, wire),
            ["PENDING"] => new LookupOutcome.Processing(receipt, note, wire),
            _ => new LookupOutcome.Inconclusive(note, wire),
        };
    }

    private static Fit FitOf(LookupQuery query, PikabaoTransaction row, IReadOnlyList<PikabaoCard> cards)
    {
        if (row.Key is null)
        {
            // A row without an id could be claimed twice.
            return Fit.Doubtful;
        }
        if (!string.IsNullOrEmpty(row.CardId))
        {
            return string.Equals(row.CardId, query.ExternalAccountId, StringComparison.Ordinal) ? Fit.Ours : Fit.OtherCard;
        }
        var fitting = cards.Where(card => Shows(row, card)).ToList();
        var includesOurs = fitting.Exists(card => string.Equals(card.Id, query.ExternalAccountId, StringComparison.Ordinal));
        return (includesOurs, fitting.Count) switch
        {
            (true, 1) => Fit.Ours,
            (false, > 0) => Fit.OtherCard,
            // Several cards could be it, or the row's number fits no card that the list shows.
            _ => Fit.Doubtful,
        };
    }

    private static bool Shows(PikabaoTransaction row, PikabaoCard card) => row.Number switch
    {
        { LastFour: { } tail } => card.MaskedNumber is null || string.Equals(card.MaskedNumber, tail, StringComparison.Ordinal),
        { Head: { } head } => card.FittingHeads.Contains(head, StringComparer.Ordinal),
        _ => true,
    };

    private static bool IsKnown(PikabaoTransaction row, HashSet<string> known) =>
        (row.Id is { } id && known.Contains(id)) || (row.TransactionId is { } transaction && known.Contains(transaction));

    private static bool IsCandidate(LookupQuery query, PikabaoTransaction row) =>
        string.Equals(row.Type, "CashOut", StringComparison.OrdinalIgnoreCase)
        && row.Amount is { } amount && Math.Abs(amount) == query.Amount.Amount
        && !(row.Id is { } id && query.ClaimedReferences.Contains(id))
        && !(row.TransactionId is { } transaction && query.ClaimedReferences.Contains(transaction));
}
