using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace CashoutConsole.Sandbox.KeySecure;

/// <summary>
/// KeySecure's merchant API, credit-extension mode (providers: KeySecure pages). The money is the cardholder's; cards carry none.
/// Headers are checked in the order Api-Key, Timestamp, Access-Token (assumed); HTTP status is always 200.
/// </summary>
internal sealed class KeySecureApi(SandboxShared shared) : ISandboxApi
{
    public const string Name = "keysecure";
    private const string Credential = SandboxCredentials.KeySecure.ApiKey;
    private const int LongestNumber = 64;
    private const int MaxDecimals = 2;

    /// <summary>Assumed: no page states it; clients trust expired_time.</summary>
    private static readonly TimeSpan TokenLife = TimeSpan.FromHours(24);

    private static readonly TimeSpan OldestTimestamp = TimeSpan.FromSeconds(60);

    public string Provider => Name;

    public void Map(SandboxRoutes routes)
    {
        const string v1 = "/open-api/v1";
        routes.Get(v1 + "/merchant/token", Operations.Token, IssueToken);
        routes.Post(v1 + "/cardholder/list", Operations.List, call => Authorized(call, ListCardholders));
        routes.Get(v1 + "/cardholder/{no}/info", Operations.Balance, call => Authorized(call, CardholderInfo));
        routes.Get(v1 + "/account/{no}/info", Operations.Balance, call => CreditOnly(call, AccountInfo));
        routes.Post(v1 + "/card/list", Operations.List, call => Authorized(call, ListCards));
        routes.Get(v1 + "/card/{no}/detail", Operations.List, call => Authorized(call, CardDetail));
        routes.Post(v1 + "/account/transfer", Operations.Withdraw, call => CreditOnly(call, Transfer));
        routes.Post(v1 + "/account/transfer/list", Operations.Lookup, call => CreditOnly(call, ListTransfers));
        routes.Post(v1 + "/card/consume/list", Operations.Lookup, call => Authorized(call, ListConsumptions));
    }

    public void Seed(SandboxTransaction transaction, long now) => KeySecureSeed.Fill(transaction, now);

    public SandboxReply Refusal(string code, string? message) =>
        KeySecureErrors.Reply(int.TryParse(code, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : KeySecureErrors.SystemError, message);

    // Tokens and headers

    private SandboxReply IssueToken(SandboxCall call) => HeaderRefusal(call) ?? shared.Store.InTransaction(transaction =>
    {
        if (transaction.IsOn(SandboxSettings.KeySecureTokenKillsOlder))
        {
            transaction.Execute("UPDATE tokens SET revoked = 1 WHERE provider = $p", ("$p", Name));
        }
        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(24));
        var expires = shared.Clock.Microseconds + (long)TokenLife.TotalMicroseconds;
        transaction.Execute("INSERT INTO tokens (token, provider, credential, expires_at, revoked) VALUES ($t, $p, $c, $e, 0)",
            ("$t", token), ("$p", Name), ("$c", Credential), ("$e", expires));
        return Success(new { access_token = token, expired_time = expires / 1000 });
    });

    private SandboxReply? HeaderRefusal(SandboxCall call)
    {
        var key = call.Header("Api-Key");
        if (string.IsNullOrEmpty(key))
        {
            return KeySecureErrors.Reply(KeySecureErrors.ApiKeyMissing);
        }
        if (!CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(Credential)))
        {
            return KeySecureErrors.Reply(KeySecureErrors.ApiKeyUnknown);
        }
        // One-sided: up to 60 s old, never in the future.
        var stamp = call.Header("Timestamp");
        var valid = stamp is { Length: 13 }
            && long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            && shared.Clock.Microseconds - (ms * 1000) is var age
            && age >= 0
            && age <= OldestTimestamp.TotalMicroseconds;
        return valid ? null : KeySecureErrors.Reply(KeySecureErrors.TimestampInvalid);
    }

    private SandboxReply Authorized(SandboxCall call, Func<SandboxCall, SandboxTransaction, SandboxReply> work)
    {
        if (HeaderRefusal(call) is { } refusal)
        {
            return refusal;
        }
        var token = call.Header("Access-Token");
        if (string.IsNullOrEmpty(token))
        {
            return KeySecureErrors.Reply(KeySecureErrors.TokenMissing);
        }
        return shared.Store.InTransaction(transaction =>
        {
            var live = transaction.Scalar<long>("SELECT COUNT(*) FROM tokens WHERE token = $t AND provider = $p AND revoked = 0 AND expires_at > $n",
                ("$t", token), ("$p", Name), ("$n", shared.Clock.Microseconds));
            return live == 1 ? work(call, transaction) : KeySecureErrors.Reply(KeySecureErrors.TokenInvalid);
        });
    }

    private SandboxReply CreditOnly(SandboxCall call, Func<SandboxCall, SandboxTransaction, SandboxReply> work) =>
        Authorized(call, (_, transaction) => transaction.Setting(SandboxSettings.KeySecureMode) == "CREDIT_EXTENSION"
            ? work(call, transaction)
            : KeySecureErrors.Reply(KeySecureErrors.ModeNotSupported));

    // Reading

    private static SandboxReply ListCardholders(SandboxCall call, SandboxTransaction transaction) => List(call, query => transaction
        .Accounts(Name, Credential, AccountKinds.Holder)
        .Where(holder => query.Covers(holder.CreatedAt) && query.Matches("cardholder_no", holder.Id)
            && query.Matches("cardholder_unique_no", holder.Detail("unique_no")))
        .Select(static holder => new
        {
            cardholder_no = holder.Id,
            cardholder_unique_no = holder.Detail("unique_no"),
            email = holder.Detail("email"),
            fail_reason = holder.Detail("fail_reason"),
            status = holder.Status,
            time = holder.CreatedAt / 1000,
        }));

    private static SandboxReply CardholderInfo(SandboxCall call, SandboxTransaction transaction)
    {
        if (transaction.Account(Name, Credential, call.Route("no")) is not { Kind: AccountKinds.Holder } holder)
        {
            return KeySecureErrors.Reply(KeySecureErrors.CardholderUnknown);
        }
        return Success(new
        {
            cardholder_no = holder.Id,
            cardholder_unique_no = holder.Detail("unique_no"),
            email = holder.Detail("email"),
            status = holder.Status,
            total_balance = Amounts.Text(holder.Balance),
            time = holder.CreatedAt / 1000,
            account_list = BalanceRows(holder),
            card_list = transaction.Accounts(Name, Credential, AccountKinds.Card).Where(card => card.Parent == holder.Id).Select(CardRow).ToList(),
        });
    }

    private static SandboxReply AccountInfo(SandboxCall call, SandboxTransaction transaction) =>
        transaction.Account(Name, Credential, call.Route("no")) is { Kind: AccountKinds.Holder } holder
            ? Success(new { list = BalanceRows(holder) })
            : KeySecureErrors.Reply(KeySecureErrors.CardholderUnknown);

    /// <summary>The holder's account in the transferable symbol, and for some a second symbol that cannot be transferred.</summary>
    private static List<object> BalanceRows(SandboxAccount holder)
    {
        var rows = new List<object> { Row(holder.Currency, "TRX", Amounts.Text(holder.Balance), holder.Detail("bonus")) };
        if (holder.Detail("second_symbol") is { Length: > 0 } symbol)
        {
            rows.Insert(0, Row(symbol, "ETH", holder.Detail("second_balance"), "0.00"));
        }
        return rows;

        object Row(string symbol, string chain, string balance, string bonus) => new
        {
            cardholder_no = holder.Id,
            symbol,
            symbol_chain = chain,
            balance,
            usd_balance = balance,
            bonus_balance = bonus,
            usd_bonus_balance = bonus,
        };
    }

    private static SandboxReply ListCards(SandboxCall call, SandboxTransaction transaction) => List(call, query => transaction
        .Accounts(Name, Credential, AccountKinds.Card)
        .Where(card => query.Covers(card.CreatedAt) && query.Matches("cardholder_no", card.Parent) && query.Matches("card_no", card.Id)
            && query.Matches("card_unique_no", card.Detail("unique_no")))
        .Select(CardRow));

    private static object CardRow(SandboxAccount card) => new
    {
        card_no = card.Id,
        card_unique_no = card.Detail("unique_no"),
        cardholder_no = card.Parent,
        card_type = card.Detail("type"),
        card_last_no = card.Detail("last_no"),
        organization = card.Detail("organization"),
        status = card.Status,
        time = card.CreatedAt / 1000,
    };

    private static SandboxReply CardDetail(SandboxCall call, SandboxTransaction transaction)
    {
        if (transaction.Account(Name, Credential, call.Route("no")) is not { Kind: AccountKinds.Card } card)
        {
            return KeySecureErrors.Reply(KeySecureErrors.CardUnknown);
        }
        return Success(new
        {
            card_no = card.Id,
            card_unique_no = card.Detail("unique_no"),
            cardholder_no = card.Parent,
            card_type = card.Detail("type"),
            card_last_no = card.Detail("last_no"),
            organization = card.Detail("organization"),
            status = card.Status,
            time = card.CreatedAt / 1000,
            card_name = card.Name,
            package_name_en = "Standard",
            package_name_cn = "标准卡",
            fee_detail = new { consume_fee = "0.10", consume_cancle_fee = "0.00", refund_fee = "0.00" },
        });
    }

    private static SandboxReply ListConsumptions(SandboxCall call, SandboxTransaction transaction) => List(call, query => transaction
        .Transactions(Name, Credential)
        .Where(row => query.Covers(row.CreatedAt) && query.Matches("card_no", row.AccountId) && query.Matches("consume_no", row.Id))
        .Select(static row => new
        {
            consume_no = row.Id,
            card_no = row.AccountId,
            type = "Consumption",
            amount = Amounts.Text(Math.Abs(row.Amount)),
            local_currency = "USD",
            status = "Success",
            time = row.CreatedAt / 1000,
        }));

    private static SandboxReply List<T>(SandboxCall call, Func<KeySecureQuery, IEnumerable<T>> rows)
    {
        var (query, refusal) = KeySecureQuery.Parse(call);
        return query is null ? refusal! : Success(new { list = query.PageOf(rows(query)) });
    }

    // Transfers

    private SandboxReply Transfer(SandboxCall call, SandboxTransaction transaction)
    {
        if (call.Json is not { } json)
        {
            return KeySecureErrors.Reply(KeySecureErrors.InvalidParameter);
        }
        if (json.Text("cardholder_no") is not { Length: > 0 } holderNo)
        {
            return KeySecureErrors.Field("cardholder_no");
        }
        if (json.Text("transfer_unique_no") is not { Length: > 0 and <= LongestNumber } number)
        {
            return KeySecureErrors.Field("transfer_unique_no");
        }
        if (TransferType(json.Text("type")) is not { } type)
        {
            return KeySecureErrors.Field("type");
        }
        if (json.Text("balance") is not { } text || !Amounts.TryParse(text, MaxDecimals, out var amount) || amount == 0)
        {
            return KeySecureErrors.Reply(KeySecureErrors.InvalidAmount);
        }
        if (transaction.OrderByKey(Name, Credential, number) is { } earlier)
        {
            var same = earlier.AccountId == holderNo && earlier.Kind == type && earlier.Amount == amount;
            return same && transaction.Setting(SandboxSettings.KeySecureDuplicate) == "same_result"
                ? TransferAnswer(earlier)
                : KeySecureErrors.Reply(KeySecureErrors.NumberUsed);
        }
        return transaction.Account(Name, Credential, holderNo) switch
        {
            { Kind: AccountKinds.Holder, Status: "Approved" } holder => Open(call, transaction, holder, type, number, amount),
            { Kind: AccountKinds.Holder } => KeySecureErrors.Reply(KeySecureErrors.AccountUnknown),
            _ => KeySecureErrors.Reply(KeySecureErrors.CardholderUnknown),
        };
    }

    private SandboxReply Open(SandboxCall call, SandboxTransaction transaction, SandboxAccount holder, string type, string number, long amount)
    {
        var mode = transaction.Setting(SandboxSettings.KeySecureTransfer);
        var plan = type == "In" ? SettlePlan.AtOnce : call.Plan(mode != "Success", shared.Settlement.Delay(transaction), shared.Clock);
        if (type == "Out" && mode == "Fail" && plan.Outcome == OrderStatus.Success)
        {
            plan = plan with { Outcome = OrderStatus.Failed };
        }
        var now = shared.Clock.Microseconds;
        var order = new SandboxOrder
        {
            Id = "T" + transaction.NextNumber("keysecure").ToString("D12", CultureInfo.InvariantCulture),
            Provider = Name,
            Credential = Credential,
            AccountId = holder.Id,
            Key = number,
            Kind = type,
            Amount = amount,
            Currency = holder.Currency,
            Status = plan.InitialStatus,
            Outcome = plan.Outcome,
            Before = holder.Balance,
            After = type == "Out" ? holder.Balance - amount : holder.Balance + amount,
            CreatedAt = now,
            ModifiedAt = now,
            SettleAt = plan.At,
        };
        return transaction.TryOpen(order, type == "Out" ? LedgerKinds.Withdrawal : LedgerKinds.TopUp)
            ? TransferAnswer(order)
            : KeySecureErrors.Reply(KeySecureErrors.InsufficientBalance);
    }

    private static SandboxReply TransferAnswer(SandboxOrder order) => Success(new
    {
        transfer_no = order.Id,
        transfer_unique_no = order.Key,
        before_balance = Amounts.Text(order.Before),
        after_balance = Amounts.Text(order.After),
    });

    private static SandboxReply ListTransfers(SandboxCall call, SandboxTransaction transaction)
    {
        var withStatus = transaction.IsOn(SandboxSettings.KeySecureListStatus);
        return List(call, query => transaction
            .Orders(Name, Credential)
            .Where(order => query.Covers(order.CreatedAt) && query.Matches("cardholder_no", order.AccountId) && query.Matches("transfer_no", order.Id)
                && query.Matches("transfer_unique_no", order.Key))
            .Select(order => TransferRow(order, withStatus)));
    }

    private static Dictionary<string, object?> TransferRow(SandboxOrder order, bool withStatus)
    {
        var row = new Dictionary<string, object?>(StringComparer.Ordinal)
        {
            ["transfer_no"] = order.Id,
            ["transfer_unique_no"] = order.Key,
            ["cardholder_no"] = order.AccountId,
            ["type"] = order.Kind,
            ["symbol"] = order.Currency,
            ["balance"] = Amounts.Text(order.Amount),
            ["before_balance"] = Amounts.Text(order.Before),
            ["after_balance"] = Amounts.Text(order.After),
            ["time"] = order.CreatedAt / 1000,
        };
        if (withStatus)
        {
            row["status"] = order.Status switch
            {
                OrderStatus.Success => "Success",
                OrderStatus.Failed => "Fail",
                _ => "Pending",
            };
        }
        return row;
    }

    private static string? TransferType(string? text) => text?.ToUpperInvariant() switch
    {
        "IN" => "In",
        "OUT" => "Out",
        _ => null,
    };

    // Callbacks

    public void OnStatusChanged(SandboxTransaction transaction, SandboxAccount before, SandboxAccount after)
    {
        if (after.Kind != AccountKinds.Card)
        {
            return;
        }
        shared.Outbox.Enqueue(transaction, this, new
        {
            action = "Card_update",
            data = new { card_no = after.Id, before_status = before.Status, after_status = after.Status, reason = "risk", time = shared.Clock.Microseconds / 1000 },
        });
    }

    public void OnPurchase(SandboxTransaction transaction, SandboxAccount account, SandboxTransactionRow row) =>
        shared.Outbox.Enqueue(transaction, this, new
        {
            action = "Consumption",
            data = new
            {
                consume_no = row.Id,
                card_no = account.Id,
                cardholder_no = account.Parent ?? account.Id,
                type = "Consumption",
                amount = Amounts.Decimal(-row.Amount),
                local_amount = Amounts.Decimal(-row.Amount),
                local_currency = "USD",
                fee = 0.10m,
                remark = "",
                fee_detail = new[] { new { type = "Consume_fee", amount = 0.10m } },
                merchant_info = new { merchant_name = row.Merchant, merchant_mcc = "5812", city = "Singapore", country = "SG" },
                status = "Success",
                time = row.CreatedAt / 1000,
            },
        });

    public string? WebhookBody(JsonElement payload, long timestampMs, bool forged) =>
        payload.ValueKind == JsonValueKind.Object && payload.TryGetProperty("data", out var data)
            ? SandboxJson.Text(new { id = payload.Text("id") ?? Guid.NewGuid().ToString("N"), action = payload.Text("action") ?? "Card_update", data })
            : null;

    public IReadOnlyList<(string Name, string Value)> WebhookHeaders(string body, long timestampMs, bool forged)
    {
        var data = SandboxJson.ParseObject(Encoding.UTF8.GetBytes(body))!.Value.GetProperty("data");
        var stamp = timestampMs.ToString(CultureInfo.InvariantCulture);
        var secret = forged ? "somebody-else" : SandboxCredentials.KeySecure.ApiSecret;
        return
        [
            ("Timestamp", stamp), ("Sign-Version", "V1"), ("Timezone", "UTC+8"),
            ("Signature", KeySecureSignature.Sign(data, SandboxCredentials.KeySecure.ApiKey, stamp, secret)),
        ];
    }

    /// <summary>Acknowledged by code 0 in the answer, not by the HTTP status alone.</summary>
    public bool Acknowledges(int status, string answer) =>
        status is >= 200 and < 300 && SandboxJson.ParseObject(Encoding.UTF8.GetBytes(answer)) is { } json && json.Number("code") == 0;

    private static SandboxReply Success(object data) => SandboxReply.Json(new { code = 0, msg = "Success", data });
}
