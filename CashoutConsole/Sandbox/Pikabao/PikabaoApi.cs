using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox.Pikabao;

/// <summary>
/// Pikabao's agent API (providers: Pikabao pages): signed calls, cards that show number and CVV, asynchronous cash-outs (1, then 10 or
/// -10), a transaction list, signed webhooks. Paths of the card list, the transaction list and the order look-up are assumed.
/// </summary>
internal sealed class PikabaoApi(SandboxShared shared) : ISandboxApi
{
    public const string Name = "pikabao";
    public const string Wallet = "wallet-USD";
    private const string Credential = SandboxCredentials.Pikabao.AppId;
    private const int LargestPage = 100;
    private const int LongestKey = 64;
    private const int MaxDecimals = 2;
    private const string CashOutType = "CashOut";

    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Zone = TimeSpan.FromHours(8);

    public string Provider => Name;

    /// <summary>There is no token: the credential's own refusal is a bad signature.</summary>
    public SandboxReply? CredentialRefusal => PikabaoErrors.Reply(PikabaoErrors.Signature);

    public void Map(SandboxRoutes routes)
    {
        const string v1 = "/agent/v1";
        routes.Get(v1 + "/account/info", Operations.Balance, call => Signed(call, AccountInfo));
        routes.Get(v1 + "/cards/list", Operations.List, call => Signed(call, ListCards));
        routes.Post(v1 + "/cards/cashout", Operations.Withdraw, call => Signed(call, CashOut));
        routes.Get(v1 + "/cards/cashout/detail", Operations.Lookup, call => Signed(call, OrderDetail));
        routes.Get(v1 + "/cards/transactions", Operations.Lookup, call => Signed(call, ListTransactions));
        routes.Post(v1 + "/tasks/query", Operations.Lookup, call => Signed(call, TaskDetail));
    }

    public void Seed(SandboxTransaction transaction, long now) => PikabaoSeed.Fill(transaction, now);

    public SandboxReply Refusal(string code, string? message) => PikabaoErrors.Reply(
        int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : PikabaoErrors.Internal, message);

    // The signature stands before everything

    private SandboxReply Signed(SandboxCall call, Func<PikabaoCall, SandboxReply> work) => shared.Store.InTransaction(transaction =>
    {
        var answer = Parameters(call) is { } parameters
            ? Refuse(transaction, parameters) ?? work(new PikabaoCall(call, transaction, parameters))
            : PikabaoErrors.Reply(PikabaoErrors.Parameter);
        var refused = SandboxJson.ParseObject(answer.Body)?.Number("code") != 0;
        return refused ? answer with { Status = (int)transaction.Number(SandboxSettings.PikabaoErrorStatus) } : answer;
    });

    private SandboxReply? Refuse(SandboxTransaction transaction, Dictionary<string, string?> parameters)
    {
        var (appId, stamp, sign) = (parameters.GetValueOrDefault("appid"), parameters.GetValueOrDefault("timestamp"), parameters.GetValueOrDefault("sign"));
        if (string.IsNullOrEmpty(appId) || string.IsNullOrEmpty(stamp) || string.IsNullOrEmpty(sign))
        {
            return PikabaoErrors.Reply(PikabaoErrors.Parameter);
        }
        if (appId != Credential)
        {
            return PikabaoErrors.Reply(PikabaoErrors.Signature);
        }
        if (stamp.Length != 13
            || !long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            || Math.Abs(shared.Clock.Microseconds - (ms * 1000)) > ClockTolerance.TotalMicroseconds)
        {
            return PikabaoErrors.Reply(PikabaoErrors.Parameter, "timestamp");
        }
        var encoder = transaction.Setting(SandboxSettings.PikabaoEncoder) == "java" ? PikabaoEncoder.Java : PikabaoEncoder.Js;
        var expected = PikabaoSignature.Sign(parameters, SandboxCredentials.Pikabao.Secret, keepEmpty: false, encoder);
        return CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(expected), Encoding.UTF8.GetBytes(sign))
            ? null
            : PikabaoErrors.Reply(PikabaoErrors.Signature);
    }

    /// <summary>The query of a GET, the top-level fields of a POST body; null when the body is no JSON object.</summary>
    private static Dictionary<string, string?>? Parameters(SandboxCall call)
    {
        if (call.Method == HttpMethods.Get)
        {
            return call.Http.Request.Query.ToDictionary(static pair => pair.Key, static pair => (string?)pair.Value.ToString(), StringComparer.Ordinal);
        }
        return call.Json?.EnumerateObject().ToDictionary(static field => field.Name, static field => Text(field.Value), StringComparer.Ordinal);
    }

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => value.GetString(),
        _ => value.GetRawText(),
    };

    // Reading

    private SandboxReply AccountInfo(PikabaoCall call)
    {
        var wallet = call.Store.Account(Name, Credential, Wallet)!;
        return Success(new
        {
            id = SandboxCredentials.Pikabao.AccountId,
            enable = true,
            name = wallet.Name,
            balance = Amounts.Text(wallet.Balance),
            notifyUrl = "https://console.example.com/webhooks/pikabao/main",
            createTime = PlainTime(wallet.CreatedAt),
            updateTime = PlainTime(wallet.ModifiedAt),
        });
    }

    private static SandboxReply ListCards(PikabaoCall call)
    {
        var all = call["all"] is { Length: > 0 } text && text is not ("false" or "0");
        var omitBalance = call.Store.IsOn(SandboxSettings.PikabaoOmitBalance);
        var cards = call.Store.Accounts(Name, Credential, AccountKinds.Card).Where(card =>
            (all || card.Status == "active")
            && (call["userBankId"] is not { Length: > 0 } id || card.Id == id)
            && (call["userBankNum"] is not { Length: > 0 } number || card.Detail("number") == number));
        return Success(cards.Select(card => CardRow(card, omitBalance)).ToList());
    }

    private static Dictionary<string, object> CardRow(SandboxAccount card, bool omitBalance)
    {
        var row = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["id"] = card.Id,
            ["organization"] = card.Detail("organization"),
            ["state"] = card.Status switch { "active" => 1, "frozen" => 2, _ => 0 },
            ["number"] = card.Detail("number"),
            ["expiryDate"] = card.Detail("expiry"),
            ["cvv"] = card.Detail("cvv"),
            ["remark"] = card.Name,
            ["createTime"] = PlainTime(card.CreatedAt),
            ["modifyTime"] = PlainTime(card.ModifiedAt),
        };
        if (!omitBalance)
        {
            row["cardBalance"] = Amounts.Text(card.Balance);
        }
        return row;
    }

    private static SandboxReply ListTransactions(PikabaoCall call)
    {
        if (!TryWhole(call["page"], int.MaxValue / LargestPage, out var page) || !TryWhole(call["pageSize"], LargestPage, out var size))
        {
            return PikabaoErrors.Reply(PikabaoErrors.Parameter);
        }
        var numbers = call.Store.Accounts(Name, Credential, AccountKinds.Card).ToDictionary(static card => card.Id, static card => card.Detail("number"), StringComparer.Ordinal);
        var rows = call.Store.Transactions(Name, Credential).FindAll(row => call["number"] is not { Length: > 0 } number || numbers[row.AccountId] == number);
        var masked = call.Store.Setting(SandboxSettings.PikabaoRowCardNumber) == "masked";
        var shown = rows.Skip((page - 1) * size).Take(size)
            .Select(row => Row(row, masked ? Mask(numbers[row.AccountId]) : numbers[row.AccountId], row.Status)).ToList();
        return SandboxReply.Json(new { code = 0, msg = "", total = rows.Count, rows = shown });
    }

    private static Dictionary<string, string> Row(SandboxTransactionRow row, string cardNumber, string status) => new(StringComparer.Ordinal)
    {
        ["id"] = row.Id,
        ["transactionId"] = "TX" + row.Id,
        ["cardNum"] = cardNumber,
        ["clientId"] = SandboxCredentials.Pikabao.AccountId,
        ["type"] = RowType(row),
        ["status"] = RowStatus(status),
        ["amount"] = row.Type == CashOutType ? Amounts.Text(Math.Abs(row.Amount)) : Amounts.Decimal(row.Amount).ToString("0.00####", CultureInfo.InvariantCulture),
        ["merchantName"] = row.Merchant,
        ["remark"] = "",
        ["recordTime"] = IsoTime(row.CreatedAt),
    };

    private SandboxReply OrderDetail(PikabaoCall call) => call.Store.Order(Name, call["id"] ?? "") is { } order
        ? OrderAnswer(call.Store, order)
        : PikabaoErrors.Reply(PikabaoErrors.NotFound);

    private static SandboxReply TaskDetail(PikabaoCall call) => call.Store.Order(Name, call["taskId"] ?? call["orderId"] ?? "") is { } order
        ? Success(new
        {
            id = order.Id,
            clientId = SandboxCredentials.Pikabao.AccountId,
            userBankCardId = order.AccountId,
            state = State(call.Store, order),
            remark = "",
            createTime = PlainTime(order.CreatedAt),
            modifyTime = PlainTime(order.ModifiedAt),
        })
        : PikabaoErrors.Reply(PikabaoErrors.NotFound);

    // Cash-out

    private SandboxReply CashOut(PikabaoCall call)
    {
        if (call["idempotentKey"] is not { Length: > 0 and <= LongestKey } key || !key.All(static c => char.IsAsciiLetterOrDigit(c) || c is '_' or '-'))
        {
            return PikabaoErrors.Reply(PikabaoErrors.Parameter, "idempotentKey");
        }
        if (call.Request.Json!.Value.Text("amount") is not { } text || !Amounts.TryParse(text, 6, out var amount))
        {
            return PikabaoErrors.Reply(PikabaoErrors.Parameter, "amount");
        }
        var (id, number) = (call["bankCardId"], call["bankCardNum"]);
        if (string.IsNullOrEmpty(id) && string.IsNullOrEmpty(number))
        {
            return PikabaoErrors.Reply(PikabaoErrors.Parameter, "bankCardId");
        }
        // Assumed: given both, the id wins.
        var card = call.Store.Accounts(Name, Credential, AccountKinds.Card)
            .Find(known => string.IsNullOrEmpty(id) ? known.Detail("number") == number : known.Id == id);
        if (card is null)
        {
            return PikabaoErrors.Reply(PikabaoErrors.NotFound);
        }
        if (call.Store.OrderByKey(Name, Credential, key) is { } earlier)
        {
            var same = earlier.AccountId == card.Id && earlier.Amount == amount;
            return same && call.Store.Setting(SandboxSettings.PikabaoDuplicate) == "same_result"
                ? OrderAnswer(call.Store, earlier)
                : PikabaoErrors.Reply(PikabaoErrors.Parameter, "idempotentKey");
        }
        return amount == 0 || !Amounts.TryConvert(Amounts.Decimal(amount), MaxDecimals, out _) || card.Status != "active"
            ? PikabaoErrors.Reply(PikabaoErrors.RuleRefused)
            : Open(call, card, key, amount);
    }

    private SandboxReply Open(PikabaoCall call, SandboxAccount card, string key, long amount)
    {
        var plan = call.Request.Plan(asynchronous: true, shared.Settlement.Delay(call.Store), shared.Clock);
        var now = shared.Clock.Microseconds;
        var order = new SandboxOrder
        {
            Id = (700_000_000 + call.Store.NextNumber("pikabao.order")).ToString(CultureInfo.InvariantCulture),
            Provider = Name,
            Credential = Credential,
            AccountId = card.Id,
            Key = key,
            Kind = "cashout",
            Amount = amount,
            Currency = card.Currency,
            Status = plan.InitialStatus,
            Outcome = plan.Outcome,
            Wallet = Wallet,
            Before = card.Balance,
            After = card.Balance - amount,
            CreatedAt = now,
            ModifiedAt = now,
            SettleAt = plan.At,
        };
        if (!call.Store.TryOpen(order, LedgerKinds.Withdrawal))
        {
            return PikabaoErrors.Reply(PikabaoErrors.InsufficientBalance);
        }
        var row = new SandboxTransactionRow
        {
            Id = call.Store.IsOn(SandboxSettings.PikabaoRowIdIsOrderId)
                ? order.Id
                : (810_000_000 + call.Store.NextNumber("pikabao.row")).ToString(CultureInfo.InvariantCulture),
            Provider = Name,
            Credential = Credential,
            AccountId = card.Id,
            OrderId = order.Id,
            Type = CashOutType,
            Status = order.Status,
            Amount = -amount,
            Currency = card.Currency,
            EndingBalance = order.After,
            CreatedAt = now,
            ModifiedAt = now,
        };
        call.Store.Add(row);
        Push(call.Store, row, card, order.Status);
        return OrderAnswer(call.Store, order);
    }

    private static SandboxReply OrderAnswer(SandboxTransaction transaction, SandboxOrder order) => Success(new
    {
        id = order.Id,
        userBankCardId = order.AccountId,
        userBankCardNum = Mask(transaction.Account(Name, Credential, order.AccountId)!.Detail("number")),
        state = State(transaction, order),
        amount = Amounts.Text(order.Amount),
        createTime = PlainTime(order.CreatedAt),
        modifyTime = PlainTime(order.ModifiedAt),
    });

    private static object State(SandboxTransaction transaction, SandboxOrder order)
    {
        var state = order.Status switch
        {
            OrderStatus.Success => 10,
            OrderStatus.Failed => -10,
            _ => 1,
        };
        return transaction.IsOn(SandboxSettings.PikabaoStateAsText) ? state.ToString(CultureInfo.InvariantCulture) : state;
    }

    // Webhooks

    public void OnSettled(SandboxTransaction transaction, SandboxOrder order)
    {
        transaction.SetTransactionStatus(order.Id, order.Status, order.ModifiedAt);
        Push(transaction, transaction.TransactionOf(order.Id)!, transaction.Account(Name, Credential, order.AccountId)!, order.Status);
    }

    public void OnPurchase(SandboxTransaction transaction, SandboxAccount account, SandboxTransactionRow row) =>
        Push(transaction, row, account, row.Status);

    public string? WebhookBody(JsonElement payload, long timestampMs, bool forged)
    {
        if (payload.ValueKind != JsonValueKind.Object)
        {
            return null;
        }
        var stamp = timestampMs.ToString(CultureInfo.InvariantCulture);
        var signed = payload.EnumerateObject().ToDictionary(static field => field.Name, static field => Text(field.Value), StringComparer.Ordinal);
        signed["accountId"] = SandboxCredentials.Pikabao.AccountId;
        signed["timestamp"] = stamp;
        var sign = PikabaoSignature.Sign(signed, forged ? "somebody-else" : SandboxCredentials.Pikabao.Secret, keepEmpty: true);
        return SandboxJson.Text(new { accountId = SandboxCredentials.Pikabao.AccountId, data = payload, timestamp = stamp, sign });
    }

    private void Push(SandboxTransaction transaction, SandboxTransactionRow row, SandboxAccount card, string status)
    {
        var data = Row(row, Mask(card.Detail("number")), status);
        data.Remove("clientId");
        shared.Outbox.Enqueue(transaction, this, data);
    }

    private static string RowType(SandboxTransactionRow row) => row.Type == "purchase" ? "Consumption" : row.Type;

    private static string RowStatus(string status) => status switch
    {
        OrderStatus.Success => "Finish",
        OrderStatus.Failed => "Failed",
        _ => "Pending",
    };

    private static string Mask(string number) => number[..^4] + "****";

    private static bool TryWhole(string? text, int most, out int value) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out value) && value >= 1 && value <= most;

    /// <summary>Assumed: the plain form is UTC+8.</summary>
    private static string PlainTime(long at) => Clock.FromUnixMicroseconds(at).ToOffset(Zone).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    private static string IsoTime(long at) => Clock.FromUnixMicroseconds(at).ToString("yyyy-MM-dd'T'HH:mm:ss.fffzzz", CultureInfo.InvariantCulture);

    private static SandboxReply Success(object content) => SandboxReply.Json(new { code = 0, msg = "", content });
}

/// <summary>One call whose signature was good: its parameters by name, inside its transaction.</summary>
internal sealed record PikabaoCall(SandboxCall Request, SandboxTransaction Store, IReadOnlyDictionary<string, string?> Parameters)
{
    public string? this[string name] => Parameters.TryGetValue(name, out var value) ? value : null;
}
