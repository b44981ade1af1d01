using System.Globalization;
using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox.UnCash;

/// <summary>
/// UnCash (providers: UnCash pages): static tokens, cards, one wallet per token, and a withdrawal that is final at once, has no key,
/// debits the card first and credits the wallet then, at most one per 15 minutes. There is no close call here on purpose.
/// </summary>
internal sealed class UnCashApi(SandboxShared shared) : ISandboxApi
{
    public const string Name = "uncash";
    private const int LargestPage = 100;
    private const string WithdrawalType = "withdrawal";

    public string Provider => Name;

    /// <summary>Tokens are static: an invalidated one is answered like a wrong one.</summary>
    public SandboxReply? CredentialRefusal => UnCashErrors.Unauthorized;

    public static string WalletId(string wallet) => "wallet-" + wallet;

    public void Map(SandboxRoutes routes)
    {
        const string v1 = "/api/v1";
        routes.Get(v1 + "/health", Operations.Other, call => Enter(call, _ => Success("OK", new { status = "ok" })));
        routes.Get(v1 + "/cards", Operations.List, call => Enter(call, ListCards));
        routes.Get(v1 + "/cards/transactions", Operations.Lookup, call => Enter(call, ListTransactions));
        routes.Get(v1 + "/cards/{id}", Operations.Balance, call => Enter(call, CardDetail));
        routes.Get(v1 + "/wallet/balance", Operations.Balance, call => Enter(call, WalletBalance));
        routes.Post(v1 + "/cards/{id}/withdraw", Operations.Withdraw, call => Enter(call, Withdraw));
    }

    public void Seed(SandboxTransaction transaction, long now) => UnCashSeed.Fill(transaction, now);

    /// <summary>The code names a message: cooldown, not_ready, insufficient, withdrawal_failed, wallet_credit_failed; any other text is the message.</summary>
    public SandboxReply Refusal(string code, string? message)
    {
        var text = message ?? code switch
        {
            "cooldown" => UnCashErrors.Cooldown,
            "not_ready" => UnCashErrors.NotReady,
            "insufficient" => "Insufficient card balance. Available: 0.00, Requested: 1.00",
            "wallet_credit_failed" => UnCashErrors.WalletCreditFailed,
            "withdrawal_failed" or "" => UnCashErrors.WithdrawalFailed,
            _ => code,
        };
        return shared.Store.InTransaction(transaction => Failure(transaction, text));
    }

    private SandboxReply Enter(SandboxCall call, Func<UnCashCall, SandboxReply> work)
    {
        var wallet = call.Header("Authorization") switch
        {
            "Bearer " + SandboxCredentials.UnCash.MainToken => "main",
            "Bearer " + SandboxCredentials.UnCash.ApacToken => "apac",
            _ => null,
        };
        return wallet is null ? UnCashErrors.Unauthorized : shared.Store.InTransaction(transaction => work(new UnCashCall(call, transaction, wallet)));
    }

    // Reading

    private SandboxReply ListCards(UnCashCall call)
    {
        var cards = call.Store.Accounts(Name, call.Wallet, AccountKinds.Card);
        return Success("User cards retrieved successfully", new
        {
            total_balance = Amounts.Decimal(cards.Sum(static card => card.Balance)),
            total_cards = cards.Count,
            cards = cards.ConvertAll(static card => new
            {
                id = card.Id,
                name = card.Name,
                status = card.Status,
                balance = Amounts.Decimal(card.Balance),
                category = card.Detail("category"),
                card_plan = 1,
                card_number = "************" + card.Detail("number")[^4..],
                created_at = Clock.FromUnixMicroseconds(card.CreatedAt).ToString("yyyy-MM-dd'T'HH:mm:ss.ffffffzzz", CultureInfo.InvariantCulture),
            }),
        });
    }

    private SandboxReply CardDetail(UnCashCall call)
    {
        if (Card(call) is not { } card)
        {
            return Failure(call.Store, UnCashErrors.CardNotFound);
        }
        var category = card.Detail("category");
        return Success("Card retrieved successfully", new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["id"] = card.Id,
            ["created_at"] = Time(card.CreatedAt),
            ["updated_at"] = Time(card.ModifiedAt),
            ["category"] = char.ToUpperInvariant(category[0]) + category[1..],
            ["masked_PAN"] = "**** **** **** " + card.Detail("number")[^4..],
            ["name"] = card.Name,
            ["balance"] = Amounts.Decimal(card.Balance),
            ["deposit"] = Amounts.Decimal(card.Balance) + 100m,
            ["status"] = card.Status,
            ["currency"] = "US Dollar",
            ["currency_short_name"] = card.Currency,
            ["bin_id"] = "3",
            ["3ds"] = true,
        });
    }

    /// <summary>No timestamp in this answer, as on its page.</summary>
    private static SandboxReply WalletBalance(UnCashCall call)
    {
        var wallet = call.Store.Account(Name, call.Wallet, WalletId(call.Wallet))!;
        return SandboxReply.Json(new
        {
            success = true,
            data = new { balance = Amounts.Decimal(wallet.Balance), updated_at = Time(wallet.ModifiedAt) },
            message = "Wallet balance retrieved successfully",
        });
    }

    private SandboxReply ListTransactions(UnCashCall call)
    {
        if (!TryWhole(call.Request.Query("page"), 1, int.MaxValue / LargestPage, out var page) || !TryWhole(call.Request.Query("limit"), 20, LargestPage, out var limit))
        {
            return Invalid(call.Store, new { code = "invalid_type", path = new[] { "page", "limit" }, message = "Expected number" });
        }
        var cards = call.Store.Accounts(Name, call.Wallet, AccountKinds.Card).ToDictionary(static card => card.Id, StringComparer.Ordinal);
        var withWithdrawals = call.Store.IsOn(SandboxSettings.UnCashShowWithdrawals);
        var rows = call.Store.Transactions(Name, call.Wallet).FindAll(row =>
            (withWithdrawals || row.Type != WithdrawalType) && (call.Request.Query("card_id") is not { Length: > 0 } id || row.AccountId == id));
        var pages = (rows.Count + limit - 1) / limit;
        return Success("Transactions retrieved successfully", new
        {
            data = rows.Skip((page - 1) * limit).Take(limit).Select(row => TransactionRow(row, cards[row.AccountId])).ToList(),
            pagination = new { page, limit, total = rows.Count, totalPages = pages, hasNext = page < pages, hasPrev = page > 1 },
        });
    }

    private static object TransactionRow(SandboxTransactionRow row, SandboxAccount card) => new
    {
        id = row.Id,
        card_id = row.AccountId,
        card_name = card.Name,
        status = "Approved",
        side = row.Amount < 0 ? "Debit" : "Credit",
        amount = Amounts.Decimal(Math.Abs(row.Amount)),
        currency = row.Currency,
        type = row.Type,
        masked_pan = "**** **** **** " + card.Detail("number")[^4..],
        merchant_name = row.Merchant,
        transaction_created_at = Time(row.CreatedAt),
        transaction_updated_at = Time(row.ModifiedAt),
    };

    // Withdrawing: validation, card, cooldown, readiness, balance, provider debit, wallet credit

    private SandboxReply Withdraw(UnCashCall call)
    {
        var counts = call.Store.Setting(SandboxSettings.UnCashCooldownCounts);
        var (amount, issue) = UnCashAmount.Parse(call.Request.Json);
        if (issue is not null)
        {
            StartCooldown(call, counts == "all");
            return Invalid(call.Store, issue);
        }
        if (Card(call) is not { } card)
        {
            return Failure(call.Store, UnCashErrors.CardNotFound);
        }
        if (IsCooling(call))
        {
            StartCooldown(call, counts == "all");
            return Failure(call.Store, UnCashErrors.Cooldown);
        }
        StartCooldown(call, counts != "successes");
        if (card.Status != "active" || card.Detail("ready") == "false")
        {
            return Failure(call.Store, UnCashErrors.NotReady);
        }
        if (card.Balance < amount)
        {
            return Failure(call.Store, $"Insufficient card balance. Available: {Amounts.Text(card.Balance)}, Requested: {Amounts.Text(amount)}");
        }
        StartCooldown(call, starts: true);
        return Debit(call, card, amount);
    }

    private SandboxReply Debit(UnCashCall call, SandboxAccount card, long amount)
    {
        var now = shared.Clock.Microseconds;
        var half = call.Request.Outcome is { Kind: FaultKinds.HalfDone } fault ? fault : null;
        var order = new SandboxOrder
        {
            Id = Guid.NewGuid().ToString("D"),
            Provider = Name,
            Credential = call.Wallet,
            AccountId = card.Id,
            Kind = WithdrawalType,
            Amount = amount,
            Currency = card.Currency,
            Status = half is null ? OrderStatus.Success : OrderStatus.Processing,
            Outcome = half is null || half.Ms is not null ? OrderStatus.Success : OrderStatus.Stuck,
            Wallet = WalletId(call.Wallet),
            Before = card.Balance,
            After = card.Balance - amount,
            CreatedAt = now,
            ModifiedAt = now,
            CompletedAt = half is null ? now : null,
            SettleAt = half?.Ms is { } ms ? now + (ms * 1000L) : null,
        };
        call.Store.TryOpen(order, LedgerKinds.Withdrawal, half is null ? "" : "card debited, wallet not credited");
        call.Store.Add(Row(order));
        if (half is not null)
        {
            return half.Code == "error" ? Failure(call.Store, UnCashErrors.WalletCreditFailed) : SandboxReply.Dropped;
        }
        return Success("Card withdrawal successful", new
        {
            card_id = card.Id,
            transaction_id = order.Id,
            invoice_id = 24_900 + call.Store.NextNumber("uncash.invoice"),
            wallet_balance = Amounts.Decimal(call.Store.Account(Name, call.Wallet, WalletId(call.Wallet))!.Balance),
            new_card_balance = Amounts.Decimal(order.After),
            amount_withdrawn = Amounts.Decimal(amount),
        });
    }

    private static SandboxTransactionRow Row(SandboxOrder order) => new()
    {
        Id = Guid.NewGuid().ToString("D"),
        Provider = Name,
        Credential = order.Credential,
        AccountId = order.AccountId,
        OrderId = order.Id,
        Type = WithdrawalType,
        Status = OrderStatus.Success,
        Amount = -order.Amount,
        Currency = order.Currency,
        EndingBalance = order.After,
        CreatedAt = order.CreatedAt,
        ModifiedAt = order.ModifiedAt,
    };

    private bool IsCooling(UnCashCall call)
    {
        var minutes = call.Store.Number(SandboxSettings.UnCashCooldownMinutes);
        return call.Store.Scalar<long>("SELECT COUNT(*) FROM cooldowns WHERE scope = $s AND at > $t",
            ("$s", CooldownScope(call)), ("$t", shared.Clock.Microseconds - (minutes * 60_000_000))) == 1;
    }

    private void StartCooldown(UnCashCall call, bool starts)
    {
        if (starts)
        {
            call.Store.Execute("INSERT INTO cooldowns (scope, at) VALUES ($s, $t) ON CONFLICT (scope) DO UPDATE SET at = $t",
                ("$s", CooldownScope(call)), ("$t", shared.Clock.Microseconds));
        }
    }

    private static string CooldownScope(UnCashCall call) => call.Store.Setting(SandboxSettings.UnCashCooldownScope) == "card"
        ? $"{Name}/{call.Wallet}/{call.Request.Route("id")}"
        : $"{Name}/{call.Wallet}";

    private static SandboxAccount? Card(UnCashCall call) =>
        call.Store.Account(Name, call.Wallet, call.Request.Route("id")) is { Kind: AccountKinds.Card } card ? card : null;

    private static bool TryWhole(string? text, int fallback, int most, out int value)
    {
        value = fallback;
        return text is null || (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= most);
    }

    // Envelopes

    private SandboxReply Success(string message, object data) =>
        SandboxReply.Json(new { success = true, message, data, timestamp = Time(shared.Clock.Microseconds) });

    private SandboxReply Failure(SandboxTransaction transaction, string message) =>
        SandboxReply.Json(new { success = false, message, timestamp = Time(shared.Clock.Microseconds) }, Status(transaction, UnCashErrors.StatusOf(message)));

    private SandboxReply Invalid(SandboxTransaction transaction, object issue) => SandboxReply.Json(
        new { success = false, message = "Invalid input data", error = new[] { issue }, timestamp = Time(shared.Clock.Microseconds) },
        Status(transaction, StatusCodes.Status400BadRequest));

    private static int Status(SandboxTransaction transaction, int mapped) =>
        transaction.Setting(SandboxSettings.UnCashStatus) == "always200" ? StatusCodes.Status200OK : mapped;

    private static string Time(long at) => Clock.FromUnixMicroseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}

/// <summary>One call with a good token: the wallet it belongs to, inside its transaction.</summary>
internal sealed record UnCashCall(SandboxCall Request, SandboxTransaction Store, string Wallet);
