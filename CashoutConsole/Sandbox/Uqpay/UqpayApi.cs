using System.Globalization;
using System.Text.Json;
using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox.Uqpay;

/// <summary>
/// UQPay's card issuance API v1.6 (providers: UQPay pages): tokens, cards, asynchronous withdrawals under an idempotency key, orders
/// by card_order_id only, issuing balances and their ledger, connected accounts, signed webhooks.
/// </summary>
internal sealed class UqpayApi : ISandboxApi
{
    public const string Name = UqpayGate.Provider;
    private const int LargestPage = 100;
    private const int MaxDecimals = 2;
    private const int LongestWindowDays = 90;

    private readonly SandboxShared _shared;
    private readonly UqpayGate _gate;

    public UqpayApi(SandboxShared shared)
    {
        _shared = shared;
        _gate = new UqpayGate(shared.Clock);
    }

    public string Provider => Name;

    public void Map(SandboxRoutes routes)
    {
        routes.Post("/v1/connect/token", Operations.Token, call => _shared.Store.InTransaction(transaction => _gate.IssueToken(call, transaction)));
        routes.Get("/v1/issuing/cards", Operations.List, call => Enter(call, ListCards));
        routes.Get("/v1/issuing/cards/{id}", Operations.Balance, call => Enter(call, RetrieveCard));
        routes.Get("/v1/issuing/cards/{id}/order", Operations.Lookup, call => Enter(call, RetrieveOrder));
        routes.Post("/v1/issuing/cards/{id}/withdraw", Operations.Withdraw, call => Enter(call, Withdraw));
        routes.Get("/v1/issuing/balances", Operations.Balance, call => Enter(call, ListBalances));
        routes.Post("/v1/issuing/balances", Operations.Balance, call => Enter(call, RetrieveBalance));
        routes.Get("/v1/issuing/balances/transactions", Operations.Lookup, call => Enter(call, ListLedger));
        routes.Get("/v1/issuing/transactions", Operations.Lookup, call => Enter(call, ListCardTransactions));
        routes.Get("/v1/accounts", Operations.List, call => Enter(call, ListAccounts));
    }

    public void Seed(SandboxTransaction transaction, long now) => UqpaySeed.Fill(transaction, now);

    public SandboxReply Refusal(string code, string? message) => UqpayErrors.Reply(code, message);

    private SandboxReply Enter(SandboxCall call, Func<UqpayCall, SandboxReply> work) => _shared.Store.InTransaction(transaction =>
    {
        if (_gate.Refuse(call, transaction) is { } refusal)
        {
            return refusal;
        }
        if (UqpayGate.Owner(call) is not { } owner)
        {
            return UqpayErrors.Reply(UqpayErrors.SubAccountNotFound);
        }
        var views = new UqpayViews(transaction.Setting(SandboxSettings.UqpayAmounts) == "number", Stage);
        var entered = new UqpayCall(call, transaction, owner, views);
        return call.Method == HttpMethods.Post ? _gate.Once(call, transaction, owner, () => work(entered)) : work(entered);
    });

    // Reading

    private static SandboxReply ListCards(UqpayCall call)
    {
        var query = call.Request;
        var cards = call.Store.Accounts(Name, call.Owner, AccountKinds.Card).Where(card =>
            (query.Query("card_status") is not { Length: > 0 } status || card.Status == status)
            && (query.Query("card_number") is not { Length: > 0 } number || card.Detail("number") == number)
            && (query.Query("cardholder_id") is not { Length: > 0 } holder || card.Detail("cardholder_id") == holder));
        return Page(query, cards, call.Views.Card);
    }

    private static SandboxReply RetrieveCard(UqpayCall call) =>
        Card(call) is { } card ? SandboxReply.Json(call.Views.Card(card)) : UqpayErrors.Reply(UqpayErrors.CardNotFound);

    /// <summary>The path id is the card_order_id; a card id finds nothing (providers: UQPay, contradiction about get-order).</summary>
    private static SandboxReply RetrieveOrder(UqpayCall call) =>
        call.Store.Order(Name, call.Request.Route("id")) is { } order && order.Credential == call.Owner
            ? SandboxReply.Json(call.Views.Order(order))
            : UqpayErrors.Reply(UqpayErrors.OrderNotFound);

    private static SandboxReply ListBalances(UqpayCall call) =>
        Page(call.Request, call.Store.Accounts(Name, call.Owner, AccountKinds.Wallet), call.Views.Balance);

    private static SandboxReply RetrieveBalance(UqpayCall call)
    {
        var currency = call.Request.Json?.Text("currency");
        return call.Store.Accounts(Name, call.Owner, AccountKinds.Wallet).Find(wallet => wallet.Currency == currency) is { } wallet
            ? SandboxReply.Json(call.Views.Balance(wallet))
            : UqpayErrors.Reply(UqpayErrors.InvalidParameter, "currency");
    }

    private SandboxReply ListLedger(UqpayCall call)
    {
        if (!TryWindow(call.Request, out var from, out var to))
        {
            return UqpayErrors.Reply(UqpayErrors.InvalidParameter, "start_time, end_time: ISO 8601, at most 90 days apart");
        }
        var query = call.Request;
        var wallets = call.Store.Accounts(Name, call.Owner, AccountKinds.Wallet).ToDictionary(static wallet => wallet.Currency, static wallet => wallet.Id, StringComparer.Ordinal);
        var accountId = call.Owner == UqpayGate.SubOwner ? SandboxCredentials.Uqpay.SubAccount : SandboxCredentials.Uqpay.MasterAccount;
        var rows = call.Store.Transactions(Name, call.Owner).Where(row =>
            row.Type != "purchase" && row.CreatedAt >= from && row.CreatedAt <= to
            && (query.Query("transaction_type") is not { Length: > 0 } type || row.Type == type)
            && (query.Query("currency") is not { Length: > 0 } currency || row.Currency == currency)
            && (query.Query("transaction_id") is not { Length: > 0 } id || row.Id == id));
        return Page(query, rows, row => call.Views.LedgerRow(row, accountId, wallets[row.Currency]));
    }

    private SandboxReply ListCardTransactions(UqpayCall call)
    {
        if (!TryWindow(call.Request, out var from, out var to))
        {
            return UqpayErrors.Reply(UqpayErrors.InvalidParameter, "start_time, end_time: ISO 8601, at most 90 days apart");
        }
        var rows = call.Store.Transactions(Name, call.Owner).Where(row =>
            row.Type == "purchase" && row.CreatedAt >= from && row.CreatedAt <= to
            && (call.Request.Query("card_id") is not { Length: > 0 } id || row.AccountId == id));
        return Page(call.Request, rows, call.Views.CardTransaction);
    }

    private static SandboxReply ListAccounts(UqpayCall call) => Page(call.Request, UqpaySeed.ConnectedAccounts, static account => account);

    // Withdrawing

    private SandboxReply Withdraw(UqpayCall call)
    {
        if (call.Request.Json?.Number("amount") is not { } number || number <= 0 || !Amounts.TryConvert(number, MaxDecimals, out var amount))
        {
            return UqpayErrors.Reply(UqpayErrors.InvalidParameter, "amount: a number above 0 with at most 2 decimals");
        }
        if (Card(call) is not { } card)
        {
            return UqpayErrors.Reply(UqpayErrors.CardNotFound);
        }
        if (card.Status != "ACTIVE")
        {
            return UqpayErrors.Reply(UqpayErrors.CardStatusInvalid);
        }
        var shared = card.Detail("mode") == "SHARE";
        if (shared && call.Store.Setting(SandboxSettings.UqpayShare) == "refuse")
        {
            return UqpayErrors.Reply(UqpayErrors.CardModeNotSupported);
        }
        var instant = call.Store.Setting(SandboxSettings.UqpaySettle) == "instant";
        var plan = call.Request.Plan(!instant, _shared.Settlement.Delay(call.Store), _shared.Clock);
        var now = _shared.Clock.Microseconds;
        var order = new SandboxOrder
        {
            Id = Guid.NewGuid().ToString("D"),
            Provider = Name,
            Credential = call.Owner,
            AccountId = card.Id,
            Key = call.Request.Header("x-idempotency-key"),
            Kind = "CARD_WITHDRAW",
            Amount = amount,
            Currency = card.Currency,
            Status = plan.InitialStatus,
            Outcome = plan.Outcome,
            // From a SHARE card no money moves, only its limit falls.
            Wallet = shared ? null : call.Store.Accounts(Name, call.Owner, AccountKinds.Wallet).Find(wallet => wallet.Currency == card.Currency)!.Id,
            Before = card.Balance,
            After = card.Balance - amount,
            CreatedAt = now,
            ModifiedAt = now,
            CompletedAt = plan.IsImmediate ? now : null,
            SettleAt = plan.At,
        };
        if (!call.Store.TryOpen(order, LedgerKinds.Withdrawal, shared ? "SHARE card: limit lowered, no money moved" : ""))
        {
            return UqpayErrors.Reply(UqpayErrors.InsufficientBalance);
        }
        if (plan.IsImmediate)
        {
            OnSettled(call.Store, order);
        }
        return SandboxReply.Json(call.Views.Order(order));
    }

    /// <summary>PENDING in the first half of the way, PROCESSING in the second.</summary>
    private string Stage(SandboxOrder order) => order.Status switch
    {
        OrderStatus.Success => "SUCCESS",
        OrderStatus.Failed => "FAILED",
        _ when order.SettleAt is { } end && _shared.Clock.Microseconds >= order.CreatedAt + ((end - order.CreatedAt) / 2) && end > order.CreatedAt => "PROCESSING",
        _ => "PENDING",
    };

    // Webhooks

    public void OnSettled(SandboxTransaction transaction, SandboxOrder order)
    {
        var card = transaction.Account(Name, order.Credential, order.AccountId)!;
        if (order.Status == OrderStatus.Success && order.Wallet is not null)
        {
            transaction.Add(LedgerCredit(order, transaction.Account(Name, order.Credential, order.Wallet)!));
        }
        var done = UqpayViews.TimeWithMilliseconds(order.ModifiedAt);
        _shared.Outbox.Enqueue(transaction, this, new
        {
            event_type = order.Status == OrderStatus.Success ? "card.withdraw.succeeded" : "card.withdraw.failed",
            event_id = Guid.NewGuid().ToString("D"),
            source_id = order.Id,
            data = new
            {
                amount = Amounts.Text(order.Amount),
                card_available_balance = Amounts.Text(card.Balance),
                card_currency = order.Currency,
                card_id = card.Id,
                card_status = card.Status,
                complete_time = done,
                order_status = order.Status == OrderStatus.Success ? "SUCCESS" : "FAILED",
                update_time = done,
            },
        });
    }

    public void OnStatusChanged(SandboxTransaction transaction, SandboxAccount before, SandboxAccount after) => _shared.Outbox.Enqueue(transaction, this, new
    {
        event_type = "card.status.update.succeeded",
        event_id = Guid.NewGuid().ToString("D"),
        source_id = after.Id,
        data = new
        {
            card_id = after.Id,
            card_number = after.Detail("number") is { Length: 16 } number ? $"{number[..8]}****{number[^4..]}" : "",
            card_status = after.Status,
            update_reason = "risk",
            update_time = UqpayViews.TimeWithMilliseconds(_shared.Clock.Microseconds),
        },
    });

    public string? WebhookBody(JsonElement payload, long timestampMs, bool forged)
    {
        if (payload.ValueKind != JsonValueKind.Object || !payload.TryGetProperty("data", out var data))
        {
            return null;
        }
        return SandboxJson.Text(new
        {
            version = "V1.6.0",
            event_name = "ISSUING",
            event_type = payload.Text("event_type") ?? "card.withdraw.succeeded",
            event_id = payload.Text("event_id") ?? Guid.NewGuid().ToString("D"),
            source_id = payload.Text("source_id") ?? "",
            data,
        });
    }

    public IReadOnlyList<(string Name, string Value)> WebhookHeaders(string body, long timestampMs, bool forged)
    {
        var stamp = timestampMs.ToString(CultureInfo.InvariantCulture);
        var secret = forged ? "somebody-else" : SandboxCredentials.Uqpay.WebhookSecret;
        return [("x-wk-timestamp", stamp), ("x-wk-signature", UqpaySignature.Sign(body, stamp, secret))];
    }

    /// <summary>Only 200 acknowledges.</summary>
    public bool Acknowledges(int status, string answer) => status == StatusCodes.Status200OK;

    private static SandboxTransactionRow LedgerCredit(SandboxOrder order, SandboxAccount wallet) => new()
    {
        // Its own id: no page joins the ledger to an order.
        Id = Guid.NewGuid().ToString("D"),
        Provider = Name,
        Credential = order.Credential,
        AccountId = order.AccountId,
        OrderId = order.Id,
        Type = "CARD_WITHDRAW",
        Status = OrderStatus.Success,
        Amount = order.Amount,
        Currency = order.Currency,
        EndingBalance = wallet.Balance,
        CreatedAt = order.CreatedAt,
        ModifiedAt = order.ModifiedAt,
    };

    private static SandboxAccount? Card(UqpayCall call) =>
        call.Store.Account(Name, call.Owner, call.Request.Route("id")) is { Kind: AccountKinds.Card } card ? card : null;

    private static SandboxReply Page<T>(SandboxCall call, IEnumerable<T> rows, Func<T, object> view)
    {
        if (!TryWhole(call.Query("page_size"), 10, LargestPage, out var size) || !TryWhole(call.Query("page_number"), 1, int.MaxValue / LargestPage, out var number))
        {
            return UqpayErrors.Reply(UqpayErrors.InvalidParameter, "page_size: 1 to 100, page_number: from 1");
        }
        var all = rows.ToList();
        return SandboxReply.Json(new
        {
            total_pages = (all.Count + size - 1) / size,
            total_items = all.Count,
            data = all.Skip((number - 1) * size).Take(size).Select(view).ToList(),
        });
    }

    private static bool TryWhole(string? text, int fallback, int most, out int value)
    {
        value = fallback;
        return text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= most);
    }

    /// <summary>Without bounds the last 90 days.</summary>
    private bool TryWindow(SandboxCall call, out long from, out long to)
    {
        to = _shared.Clock.Microseconds;
        from = to - (LongestWindowDays * 86_400L * 1_000_000L);
        var (start, end) = (call.Query("start_time"), call.Query("end_time"));
        if (end is { Length: > 0 })
        {
            if (!TryTime(end, out to))
            {
                return false;
            }
            from = to - (LongestWindowDays * 86_400L * 1_000_000L);
        }
        if (start is { Length: > 0 } && !TryTime(start, out from))
        {
            return false;
        }
        return to >= from && to - from <= LongestWindowDays * 86_400L * 1_000_000L;
    }

    private static bool TryTime(string text, out long at)
    {
        var valid = DateTimeOffset.TryParseExact(
            text, ["yyyy-MM-dd'T'HH:mm:sszzz", "yyyy-MM-dd'T'HH:mm:ss.fffzzz", "yyyy-MM-dd'T'HH:mm:ss'Z'", "yyyy-MM-dd'T'HH:mm:ss.fff'Z'"],
            CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time);
        at = valid ? Clock.ToUnixMicroseconds(time) : 0;
        return valid;
    }
}

/// <summary>One authorised call: whose data it sees, inside its transaction.</summary>
internal sealed record UqpayCall(SandboxCall Request, SandboxTransaction Store, string Owner, UqpayViews Views);
