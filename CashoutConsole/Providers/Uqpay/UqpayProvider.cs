using System.Globalization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.Uqpay;

/// <summary>
/// UQPay cards. A withdrawal becomes a card order that settles later; the order id answers every later question. Without it (the answer
/// was lost) a repeat with the same key returns it, so the ledger, which names neither card nor order, is only ever a hint.
/// </summary>
public sealed class UqpayProvider(UqpaySettings settings, ProviderEnvironment environment) : IPayoutProvider
{
    private const int MaxCardPages = 10_000;
    private const int MaxLedgerPages = 5;

    /// <summary>How far our clock and the ledger's may be apart.</summary>
    private static readonly TimeSpan ClockAllowance = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LedgerWindow = TimeSpan.FromDays(89);

    private readonly UqpayClient _client = new(settings, environment);

    public ProviderSheet Sheet { get; } = UqpaySheet.From(settings);

    public async Task<AccountListing> ListAccountsAsync(IProgress<int>? progress, CancellationToken cancellation)
    {
        var accounts = new Dictionary<string, AccountSnapshot>(StringComparer.Ordinal);
        long? total = null;
        var unreadable = 0;
        for (var page = 1; page <= MaxCardPages; page++)
        {
            var answer = await _client.ListCardsAsync(page, cancellation);
            var cards = answer.Value?.Data ?? (answer.Value?.TotalItems == 0 ? [] : null);
            if (cards is null)
            {
                return new([.. accounts.Values], Complete: false, answer.Fault ?? new(ProviderFaultKind.Unreadable, RawText: "The card list has no data."));
            }
            foreach (var card in cards)
            {
                if (Snapshot(card) is { } account)
                {
                    accounts[account.ExternalId] = account;
                }
                else
                {
                    unreadable++;
                }
            }
            total = answer.Value?.TotalItems ?? total;
            progress?.Report(accounts.Count);
            if (cards.Count == 0 || page >= answer.Value?.TotalPages || (answer.Value?.TotalPages is null && cards.Count < UqpayClient.PageSize))
            {
                break;
            }
        }
        // Fewer than the provider counts: the list moved between two pages, or rows could not be read. What is missing is not gone.
        var complete = unreadable == 0 && !(total > accounts.Count);
        var text = $"{accounts.Count} of {total ?? accounts.Count + unreadable} cards could be read.";
        return new([.. accounts.Values], complete, complete ? null : new(ProviderFaultKind.Unreadable, RawText: text));
    }

    public async Task<Reading<AccountSnapshot>> ReadAccountAsync(string externalAccountId, CancellationToken cancellation)
    {
        if (!WireText.IsPlainId(externalAccountId))
        {
            return new ProviderFault(ProviderFaultKind.NotFound, RawText: "This is not a card id.");
        }
        var answer = await _client.GetCardAsync(externalAccountId, cancellation);
        if (answer.Value is not { } card)
        {
            return answer.Fault!;
        }
        return Snapshot(card) is { } account && string.Equals(account.ExternalId, externalAccountId, StringComparison.OrdinalIgnoreCase)
            ? account with { ExternalId = externalAccountId }
            : new ProviderFault(ProviderFaultKind.Unreadable, RawText: "The answer does not describe the card that was asked for.");
    }

    public async Task<Reading<ProviderBalance>> ReadOwnBalanceAsync(CancellationToken cancellation)
    {
        var answer = await _client.ListBalancesAsync(cancellation);
        if (answer.Value is not { } page)
        {
            return answer.Fault!;
        }
        if (page.Data is null && page.TotalItems != 0)
        {
            return new ProviderFault(ProviderFaultKind.Unreadable, RawText: "The balance list has no data.");
        }
        var amounts =
            from line in page.Data ?? []
            where line.AvailableBalance is not null && WireText.Currency(line.Currency) is not null
            group line.AvailableBalance.GetValueOrDefault() by WireText.Currency(line.Currency).GetValueOrDefault() into perCurrency
            select new Money(perCurrency.Sum(), perCurrency.Key);
        return new ProviderBalance([.. amounts]);
    }

    public async Task<Reading<PreSendReading>> ReadBeforeSendAsync(string externalAccountId, CancellationToken cancellation)
    {
        var account = await ReadAccountAsync(externalAccountId, cancellation);
        if (account.Value is not { } card)
        {
            return account.Fault!;
        }
        // The issuing balance is a hint for people only (a lost answer is replayed), so a withdrawal does not depend on it.
        var own = await ReadOwnBalanceAsync(cancellation);
        var now = environment.Clock.Now();
        var landing = own.Value?.Amounts.Where(money => money.Currency == card.Currency).Select(static money => (decimal?)money.Amount).FirstOrDefault();
        return new PreSendReading(card, new EvidenceSnapshot
        {
            TakenAt = now,
            AccountBalance = card.Balance,
            AccountStatus = card.Status,
            ProviderBalance = landing,
            ProviderBalanceTime = landing is null ? null : now,
        });
    }

    public PreparedSubmission Prepare(PayoutInstruction instruction)
    {
        var withdrawal = Withdrawal(instruction);
        var onBehalfOf = settings.SubAccount is { } account ? $"x-on-behalf-of: {account}\n" : "";
        return new(instruction, $"POST {withdrawal.Path}\nx-idempotency-key: {withdrawal.IdempotencyKey}\n{onBehalfOf}\n{withdrawal.Body}");
    }

    public async Task<SubmissionOutcome> SubmitAsync(PreparedSubmission submission, CancellationToken cancellation) =>
        Judge(await _client.WithdrawAsync(Withdrawal(submission.Instruction), cancellation));

    public async Task<LookupOutcome> LookUpAsync(LookupQuery query, CancellationToken cancellation) =>
        WireText.IsPlainId(query.ProviderReference)
            ? await AskForOrderAsync(query, query.ProviderReference!, cancellation)
            : await AskLedgerAsync(query, cancellation);

    /// <summary>The whole table of answers to a withdrawal.</summary>
    internal static SubmissionOutcome Judge(WireAnswer answer)
    {
        var wire = answer.ToRecord();
        if (!answer.Connected)
        {
            return new SubmissionOutcome.NotExecuted(UqpayErrors.FaultOf(answer), wire);
        }
        if (answer.Status == 429)
        {
            var fault = UqpayErrors.FaultOf(answer) with { Kind = ProviderFaultKind.RateLimited };
            return new SubmissionOutcome.TryLater(fault, answer.RetryAfter is { } asked && asked > TimeSpan.Zero ? asked : UqpayErrors.RateLimitPause, wire);
        }
        if (answer.IsSuccessStatus && AnswerJson.Parse(answer, UqpayJson.Default.UqpayOrder) is { OrderId.Length: > 0 } order)
        {
            return order.Status?.ToUpperInvariant() switch
            {
                "PENDING" or "PROCESSING" => new SubmissionOutcome.Accepted(ReceiptOf(order), wire),
                "SUCCESS" => new SubmissionOutcome.Succeeded(ReceiptOf(order), wire),
                "FAILED" => new SubmissionOutcome.Failed(ReceiptOf(order), OrderFailed(order), wire),
                _ => new SubmissionOutcome.Unknown(UqpayErrors.FaultOf(answer), wire),
            };
        }
        return UqpayErrors.Refuses(answer)
            ? new SubmissionOutcome.Refused(UqpayErrors.FaultOf(answer), wire)
            : new SubmissionOutcome.Unknown(UqpayErrors.FaultOf(answer), wire);
    }

    private UqpayWithdrawal Withdrawal(PayoutInstruction instruction) => new(
        WireText.PlainId(instruction.ExternalAccountId), WireText.ExactAmount(instruction, Sheet), instruction.IdempotencyKey);

    private async Task<LookupOutcome> AskForOrderAsync(LookupQuery query, string orderId, CancellationToken cancellation)
    {
        var answer = await _client.GetOrderAsync(orderId, cancellation);
        if (answer.Value is not { } order)
        {
            return UqpayErrors.SaysNotFound(answer.Fault!)
                ? new LookupOutcome.NotKnown($"Order {orderId}: not found.", answer.Wire)
                : new LookupOutcome.CouldNotAsk(answer.Fault!, $"Order {orderId}: {answer.Fault}", answer.Wire);
        }
        var note = $"Order {orderId}: {order.Status ?? "no status"}, {WireText.Plain(order.Amount)} {order.Currency} from card {order.CardId}.";
        if (!string.Equals(order.OrderId, orderId, StringComparison.OrdinalIgnoreCase))
        {
            return new LookupOutcome.Inconclusive(note + " The answer names another order.", answer.Wire);
        }
        return order.Status?.ToUpperInvariant() switch
        {
            "SUCCESS" => new LookupOutcome.Succeeded(ReceiptOf(order), note, answer.Wire),
            "FAILED" when Contradicts(query, order) => new LookupOutcome.Inconclusive(note + " Card or amount differ from the withdrawal's.", answer.Wire),
            "FAILED" => new LookupOutcome.Failed(ReceiptOf(order), OrderFailed(order), note, answer.Wire),
            "PENDING" or "PROCESSING" => new LookupOutcome.Processing(ReceiptOf(order), note, answer.Wire),
            _ => new LookupOutcome.Inconclusive(note, answer.Wire),
        };
    }

    private async Task<LookupOutcome> AskLedgerAsync(LookupQuery query, CancellationToken cancellation)
    {
        var to = environment.Clock.Now() + ClockAllowance;
        var from = query.FirstSentAt - ClockAllowance;
        from = to - from > LedgerWindow ? to - LedgerWindow : from;
        var fitting = 0;
        var wire = WireRecord.Nothing;
        for (var page = 1; page <= MaxLedgerPages; page++)
        {
            var answer = await _client.ListWithdrawalsAsync(new(from, to, page), cancellation);
            wire = answer.Wire;
            if (answer.Value is not { } ledger)
            {
                return new LookupOutcome.CouldNotAsk(answer.Fault!, $"No order id is known; issuing ledger: {answer.Fault}", wire);
            }
            fitting += (ledger.Data ?? []).Count(row => Fits(query, row, from));
            if ((ledger.Data?.Count ?? 0) < UqpayClient.PageSize || page >= ledger.TotalPages)
            {
                break;
            }
        }
        var since = from.ToString("yyyy-MM-dd'T'HH:mm'Z'", CultureInfo.InvariantCulture);
        return fitting == 0
            ? new LookupOutcome.NotKnown($"No order id is known; the issuing ledger shows no card withdrawal of {query.Amount} since {since}.", wire)
            : new LookupOutcome.Inconclusive(
                $"No order id is known; the issuing ledger shows {fitting} card withdrawal(s) of {query.Amount} since {since}, but its rows name no card.", wire);
    }

    private static bool Fits(LookupQuery query, UqpayLedgerRow row, DateTimeOffset from) =>
        (row.Type is null || row.Type.Contains("WITHDRAW", StringComparison.OrdinalIgnoreCase))
        && row.Amount is { } amount && Math.Abs(amount) == query.Amount.Amount
        && (WireText.Currency(row.Currency) is not { } currency || currency == query.Amount.Currency)
        && !(row.TransactionId is { } id && query.ClaimedReferences.Contains(id))
        && !(WireText.Time(row.CreateTime) < from);

    private static bool Contradicts(LookupQuery query, UqpayOrder order) =>
        (order.CardId is { Length: > 0 } card && !string.Equals(card, query.ExternalAccountId, StringComparison.OrdinalIgnoreCase))
        || (order.Amount is { } amount && Math.Abs(amount) != query.Amount.Amount);

    private static ProviderFault OrderFailed(UqpayOrder order) =>
        new(ProviderFaultKind.Other, order.Status, "UQPay reports the order as failed; it names no reason.");

    private static Receipt ReceiptOf(UqpayOrder order) => new()
    {
        ProviderReference = order.OrderId,
        ExternalAccountId = order.CardId,
        Amount = order.Amount is { } amount ? Math.Abs(amount) : null,
        Currency = WireText.Currency(order.Currency),
        ProviderTime = WireText.Time(order.CompleteTime) ?? WireText.Time(order.UpdateTime),
    };

    private static AccountSnapshot? Snapshot(UqpayCard card)
    {
        if (!WireText.IsPlainId(card.CardId) || WireText.Currency(card.Currency) is not { } currency)
        {
            return null;
        }
        var single = string.Equals(card.Mode, "SINGLE", StringComparison.OrdinalIgnoreCase);
        var holder = WireText.Label($"{card.Cardholder?.FirstName} {card.Cardholder?.LastName}");
        (string Name, string? Value)[] facts =
        [
            ("Scheme", card.Scheme), ("Mode", card.Mode), ("FormFactor", card.FormFactor),
            ("CardLimit", single ? null : card.Limit is null ? null : WireText.Plain(card.Limit)),
            ("Consumed", card.Consumed is null ? null : WireText.Plain(card.Consumed)),
        ];
        return new AccountSnapshot
        {
            ExternalId = card.CardId!,
            Kind = AccountKind.Card,
            Status = StatusOf(card.Status),
            RawStatus = card.Status ?? "",
            Currency = currency,
            Balance = card.AvailableBalance,
            // Only SINGLE cards hold money; a SHARE card, or a mode that no page names, shows a limit and cannot be withdrawn from.
            BalanceKind = single ? BalanceKind.Money : BalanceKind.Limit,
            MaskedNumber = card.MaskedNumber,
            Holder = holder,
            Facts = [.. facts.Where(static fact => WireText.Label(fact.Value) is not null).Select(static fact => new AccountFact(fact.Name, WireText.Label(fact.Value)!))],
        };
    }

    private static AccountStatus StatusOf(string? status) => status?.ToUpperInvariant() switch
    {
        "ACTIVE" => AccountStatus.Active,
        "PENDING" => AccountStatus.Pending,
        "FROZEN" => AccountStatus.Frozen,
        "BLOCKED" or "LOST" or "STOLEN" => AccountStatus.Blocked,
        "PRE_CANCEL" or "CANCELLED" or "FAILED" => AccountStatus.Closed,
        _ => AccountStatus.Unknown,
    };
}
