using System.Globalization;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;

namespace CashoutConsole.Providers.UnCash;

/// <summary>
/// UnCash cards. A withdrawal is answered when it is done; there is no key, no order and no status call. After a lost answer the card's
/// and the wallet's balance are compared with those before the send (<see cref="UnCashEvidence"/>); it is never sent again.
/// </summary>
public sealed class UnCashProvider(UnCashSettings settings, ProviderEnvironment environment) : IPayoutProvider
{
    private readonly UnCashClient _client = new(settings, environment);
    private readonly CurrencyCode _currency = CurrencyCode.Parse(settings.Currency);

    public ProviderSheet Sheet { get; } = UnCashSheet.From(settings);

    public async Task<AccountListing> ListAccountsAsync(IProgress<int>? progress, CancellationToken cancellation)
    {
        var answer = await _client.ListCardsAsync(cancellation);
        if (answer.Value is not { Cards: { } cards })
        {
            return new([], Complete: false, answer.Fault ?? new(ProviderFaultKind.Unreadable, RawText: "The card list has no cards."));
        }
        var accounts = cards.Select(Snapshot).OfType<AccountSnapshot>().DistinctBy(static account => account.ExternalId, StringComparer.Ordinal).ToList();
        progress?.Report(accounts.Count);
        var expected = Math.Max(answer.Value.Total ?? 0, cards.Count);
        var complete = accounts.Count >= expected;
        return new(accounts, complete, complete ? null : new(ProviderFaultKind.Unreadable, RawText: $"{accounts.Count} of {expected} cards could be read."));
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
        var answer = await _client.GetWalletAsync(cancellation);
        return answer.Value switch
        {
            null => answer.Fault!,
            { Balance: { } balance } wallet => new ProviderBalance([new(balance, _currency)], WireText.Time(wallet.UpdatedAt)),
            _ => new ProviderFault(ProviderFaultKind.Unreadable, RawText: "The wallet answer names no balance."),
        };
    }

    public async Task<Reading<PreSendReading>> ReadBeforeSendAsync(string externalAccountId, CancellationToken cancellation)
    {
        var account = await ReadAccountAsync(externalAccountId, cancellation);
        if (account.Value is not { } card)
        {
            return account.Fault!;
        }
        // Both balances are the only proof that a lost answer leaves; without them nothing is sent.
        var own = await ReadOwnBalanceAsync(cancellation);
        if (own.Value is not { } wallet)
        {
            return own.Fault!;
        }
        var history = await ReadHistoryAsync(externalAccountId, cancellation);
        return new PreSendReading(card, new EvidenceSnapshot
        {
            TakenAt = environment.Clock.Now(),
            AccountBalance = card.Balance,
            AccountStatus = card.Status,
            ProviderBalance = wallet.Amounts[0].Amount,
            ProviderBalanceTime = wallet.ProviderTime,
            TransactionIds = [.. history?.Rows.Select(static row => row.Id).OfType<string>() ?? []],
            TransactionTotal = history?.Total,
        });
    }

    public PreparedSubmission Prepare(PayoutInstruction instruction)
    {
        var withdrawal = Withdrawal(instruction);
        // The key is ours alone: it makes the record of this withdrawal distinct and never goes out.
        return new(instruction, $"POST {withdrawal.Path}\nkey: {instruction.IdempotencyKey}\n\n{withdrawal.Body}");
    }

    public async Task<SubmissionOutcome> SubmitAsync(PreparedSubmission submission, CancellationToken cancellation) =>
        Judge(await _client.WithdrawAsync(Withdrawal(submission.Instruction), cancellation), settings.Pause);

    public async Task<LookupOutcome> LookUpAsync(LookupQuery query, CancellationToken cancellation)
    {
        if (!WireText.IsPlainId(query.ExternalAccountId))
        {
            return new LookupOutcome.Inconclusive("This is not a card id.", WireRecord.Nothing);
        }
        var card = await _client.GetCardAsync(query.ExternalAccountId, cancellation);
        if (card.Value?.Balance is not { } cardBalance)
        {
            var fault = card.Fault ?? new(ProviderFaultKind.Unreadable, RawText: "The card answer names no balance.");
            return new LookupOutcome.CouldNotAsk(fault, $"Card: {fault}", card.Wire);
        }
        var wallet = await _client.GetWalletAsync(cancellation);
        if (wallet.Value?.Balance is not { } walletBalance)
        {
            var fault = wallet.Fault ?? new(ProviderFaultKind.Unreadable, RawText: "The wallet answer names no balance.");
            return new LookupOutcome.CouldNotAsk(fault, $"Wallet: {fault}", wallet.Wire);
        }
        var history = await ReadHistoryAsync(query.ExternalAccountId, cancellation);
        var waited = environment.Clock.Now() - query.FirstSentAt;
        return UnCashEvidence.Weigh(query, new(cardBalance, walletBalance, WireText.Time(wallet.Value.UpdatedAt), history?.Rows), waited >= settings.Evidence, wallet.Wire);
    }

    /// <summary>The whole table of answers to a withdrawal. <paramref name="pause"/>: cooldown and margin.</summary>
    internal static SubmissionOutcome Judge(WireAnswer answer, TimeSpan pause)
    {
        var wire = answer.ToRecord();
        if (!answer.Connected)
        {
            return new SubmissionOutcome.NotExecuted(UnCashErrors.FaultOf(answer), wire);
        }
        if (answer.IsSuccessStatus && AnswerJson.Parse(answer, UnCashJson.Default.Withdrawn) is { Success: true, Data: { SaysAnything: true } done } envelope)
        {
            return new SubmissionOutcome.Succeeded(ReceiptOf(done, envelope.Timestamp), wire);
        }
        var fault = UnCashErrors.FaultOf(answer);
        return UnCashErrors.VerdictOf(answer) switch
        {
            UnCashVerdict.Refuses => new SubmissionOutcome.Refused(fault, wire),
            UnCashVerdict.TryLater => new SubmissionOutcome.TryLater(fault, Longer(pause, answer.RetryAfter), wire),
            UnCashVerdict.None => new SubmissionOutcome.Unknown(fault, wire),
        };
    }

    private static TimeSpan Longer(TimeSpan pause, TimeSpan? asked) => asked > pause ? asked.Value : pause;

    private UnCashWithdrawal Withdrawal(PayoutInstruction instruction) =>
        new(WireText.PlainId(instruction.ExternalAccountId), WireText.ExactAmount(instruction, Sheet));

    /// <summary>The first and the last page of the card's transactions, because their order is not documented; null when they cannot be read.</summary>
    private async Task<(IReadOnlyList<UnCashTransaction> Rows, long? Total)?> ReadHistoryAsync(string cardId, CancellationToken cancellation)
    {
        var first = await _client.ListTransactionsAsync(cardId, 1, cancellation);
        if (first.Value is not { } page)
        {
            return null;
        }
        var rows = page.Rows ?? [];
        if (page.Pagination?.TotalPages is > 1 and var last)
        {
            var end = await _client.ListTransactionsAsync(cardId, last, cancellation);
            rows = [.. rows, .. end.Value?.Rows ?? []];
        }
        return (rows, page.Pagination?.Total);
    }

    private static Receipt ReceiptOf(UnCashWithdrawn done, string? timestamp) => new()
    {
        ProviderReference = done.TransactionId,
        ExternalAccountId = done.CardId,
        Amount = done.AmountWithdrawn is { } amount ? Math.Abs(amount) : null,
        AccountBalanceAfter = done.NewCardBalance ?? done.OldCardBalance,
        ProviderBalanceAfter = done.WalletBalance,
        ProviderTime = WireText.Time(timestamp),
    };

    private AccountSnapshot? Snapshot(UnCashCard card)
    {
        if (!WireText.IsPlainId(card.Id))
        {
            return null;
        }
        (string Name, string? Value)[] facts = [("Category", card.Category), ("Plan", card.Plan)];
        return new AccountSnapshot
        {
            ExternalId = card.Id!,
            Kind = AccountKind.Card,
            Status = StatusOf(card.Status),
            RawStatus = card.Status ?? "",
            Currency = WireText.Currency(card.CurrencyShortName) ?? WireText.Currency(card.Currency) ?? _currency,
            Balance = card.Balance,
            MaskedNumber = card.ListNumber ?? card.DetailNumber,
            DisplayName = WireText.Label(card.Name),
            Facts = [.. facts.Where(static fact => WireText.Label(fact.Value) is not null).Select(static fact => new AccountFact(fact.Name, WireText.Label(fact.Value)!))],
        };
    }

    /// <summary>Both generations of the pages: active, frozen, closed; Active, Processing.</summary>
    private static AccountStatus StatusOf(string? status) => status?.ToUpperInvariant() switch
    {
        "ACTIVE" => AccountStatus.Active,
        "PROCESSING" => AccountStatus.Pending,
        "FROZEN" => AccountStatus.Frozen,
        "CLOSED" => AccountStatus.Closed,
        _ => AccountStatus.Unknown,
    };
}

/// <summary>Card, wallet and history as they are now. <see cref="History"/> null = it could not be read.</summary>
public sealed record UnCashNow(decimal Card, decimal Wallet, DateTimeOffset? WalletTime, IReadOnlyList<UnCashTransaction>? History);

/// <summary>
/// What two balances prove about a withdrawal whose answer was lost. Card down and wallet up by exactly the amount: it happened. Card
/// down alone: half done, once the wallet had its time and no purchase explains the debit. Both unchanged: probably nothing happened,
/// but only a person may say so. Everything else is told in numbers and proves nothing.
/// </summary>
public static class UnCashEvidence
{
    /// <summary>How far our clock and the row times may be apart.</summary>
    private static readonly TimeSpan ClockAllowance = TimeSpan.FromMinutes(5);

    /// <summary>The verdict. <paramref name="walletHadItsTime"/>: the watching time after the first send is over.</summary>
    public static LookupOutcome Weigh(LookupQuery query, UnCashNow now, bool walletHadItsTime, WireRecord wire)
    {
        if (query.Before is not { AccountBalance: { } cardBefore, ProviderBalance: { } walletBefore } before)
        {
            return new LookupOutcome.Inconclusive(
                $"No balances from before the send to compare with; card {WireText.Plain(now.Card)}, wallet {WireText.Plain(now.Wallet)}.", wire);
        }
        var amount = query.Amount.Amount;
        var fresh = NewRows(before, now.History);
        var note = $"Card {WireText.Plain(cardBefore)} → {WireText.Plain(now.Card)}, wallet {WireText.Plain(walletBefore)} → {WireText.Plain(now.Wallet)}, "
            + $"withdrawal {query.Amount}; {Describe(fresh)}.";
        var cardDebited = now.Card == cardBefore - amount;
        if (cardDebited && now.Wallet == walletBefore + amount)
        {
            return new LookupOutcome.Succeeded(ReceiptOf(query, cardBefore, now), note, wire);
        }
        if (cardDebited && now.Wallet == walletBefore)
        {
            return walletHadItsTime && fresh?.Any(row => ExplainsDebit(row, amount)) != true
                ? new LookupOutcome.HalfDone(note + " The card was debited and the wallet not credited.", wire)
                : new LookupOutcome.Inconclusive(note + " The wallet is not credited yet, or the card was used.", wire);
        }
        return now.Card == cardBefore && now.Wallet == walletBefore
            ? new LookupOutcome.NotKnown(note + " Nothing moved.", wire)
            : new LookupOutcome.Inconclusive(note + " Other movements blur the picture.", wire);
    }

    private static List<UnCashTransaction>? NewRows(EvidenceSnapshot before, IReadOnlyList<UnCashTransaction>? history)
    {
        var known = before.TransactionIds.ToHashSet(StringComparer.Ordinal);
        return history?.Where(row => !known.Contains(row.Id ?? "") && !(WireText.Time(row.CreatedAt) < before.TakenAt - ClockAllowance))
            .DistinctBy(static row => row.Id, StringComparer.Ordinal).ToList();
    }

    private static string Describe(List<UnCashTransaction>? rows)
    {
        if (rows is null)
        {
            return "its transactions could not be read";
        }
        var debits = rows.Where(static row => IsSide(row, "Debit")).ToList();
        var credits = rows.Where(static row => IsSide(row, "Credit")).ToList();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"new rows since: {debits.Count} debit ({WireText.Plain(debits.Sum(static row => row.Amount ?? 0))}), {credits.Count} credit ({WireText.Plain(credits.Sum(static row => row.Amount ?? 0))})");
    }

    /// <summary>A purchase (a merchant is named) of the very amount that was not declined.</summary>
    private static bool ExplainsDebit(UnCashTransaction row, decimal amount) =>
        IsSide(row, "Debit") && row.Amount is { } spent && Math.Abs(spent) == amount && !string.IsNullOrWhiteSpace(row.Merchant)
        && !string.Equals(row.Status, "Declined", StringComparison.OrdinalIgnoreCase);

    private static bool IsSide(UnCashTransaction row, string side) => string.Equals(row.Side, side, StringComparison.OrdinalIgnoreCase);

    private static Receipt ReceiptOf(LookupQuery query, decimal cardBefore, UnCashNow now) => new()
    {
        // The transaction id stays unknown: no page says that the rows' ids are those of withdrawals.
        ExternalAccountId = query.ExternalAccountId,
        AccountBalanceBefore = cardBefore,
        AccountBalanceAfter = now.Card,
        ProviderBalanceAfter = now.Wallet,
        ProviderTime = now.WalletTime,
    };
}
