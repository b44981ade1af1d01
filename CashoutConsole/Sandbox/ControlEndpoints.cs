using System.Globalization;
using System.Net;
using System.Text.Json;
using CashoutConsole.Foundation;
using Microsoft.Data.Sqlite;

namespace CashoutConsole.Sandbox;

/// <summary>
/// /_control: the sandbox's own interface for people and tests, JSON, without sign-in, answered to loopback callers only. It reads
/// the money ledger, arms faults, moves the clock, turns switches and plays the card holder who spends money.
/// </summary>
internal sealed class ControlEndpoints(SandboxParts parts)
{
    private const int MostCopies = 100_000;

    public void Map(IEndpointRouteBuilder routes)
    {
        var control = routes.MapGroup("/_control").AddEndpointFilter(static async (context, next) =>
            context.HttpContext.Connection.RemoteIpAddress is { } address && IPAddress.IsLoopback(address) ? await next(context) : Results.NotFound());
        control.MapGet("/state", State);
        control.MapGet("/clock", ClockState);
        control.MapGet("/settings", () => Json(Read(AllSettings)));
        control.MapGet("/ledger", (string? provider, string? account, string? key) => Json(Read(transaction => Ledger(transaction, provider, account, key))));
        control.MapGet("/accounts", (string? provider) => Json(Read(transaction => Accounts(transaction, provider))));
        control.MapGet("/orders", (string? provider) => Json(Read(transaction => transaction.Orders(provider).Select(OrderView).ToList())));
        control.MapGet("/requests", (string? provider, string? operation) => Json(Read(transaction => Requests(transaction, provider, operation))));
        control.MapGet("/webhooks", () => Json(Read(Webhooks)));
        control.MapGet("/faults", () => Json(Read(FaultQueue.ArmedFaults)));
        control.MapPost("/faults", ArmFault);
        control.MapDelete("/faults", () => Change(FaultQueue.DisarmFaults));
        control.MapPost("/clock", SetClock);
        control.MapPost("/settings", SetSettings);
        control.MapPost("/accounts/{provider}/{id}", SetAccount);
        control.MapPost("/accounts/{provider}/{id}/purchase", Purchase);
        control.MapPost("/accounts/{provider}/{id}/copies", Copy);
        control.MapPost("/settle", SettleAsync);
        control.MapPost("/webhooks/send", SendWebhookAsync);
    }

    // Reading

    private IResult State() => Json(Read(transaction => new
    {
        now = parts.Clock.GetUtcNow(),
        offsetSeconds = parts.Clock.Offset.TotalSeconds,
        accounts = transaction.Scalar<long>("SELECT COUNT(*) FROM accounts WHERE kind <> 'wallet'"),
        ledgerEntries = transaction.Scalar<long>("SELECT COUNT(*) FROM ledger"),
        openOrders = transaction.Scalar<long>("SELECT COUNT(*) FROM orders WHERE status = 'processing'"),
        pendingWebhooks = transaction.Scalar<long>("SELECT COUNT(*) FROM webhooks WHERE delivered_at IS NULL"),
        requests = transaction.Scalar<long>("SELECT COUNT(*) FROM requests"),
        faults = transaction.ArmedFaults(),
        settings = AllSettings(transaction),
    }));

    private IResult ClockState() => Json(new { now = parts.Clock.GetUtcNow(), offsetSeconds = parts.Clock.Offset.TotalSeconds });

    private static Dictionary<string, string> AllSettings(SandboxTransaction transaction) =>
        SandboxSettings.Defaults.Keys.Order(StringComparer.Ordinal).ToDictionary(name => name, transaction.Setting, StringComparer.Ordinal);

    private static object Ledger(SandboxTransaction transaction, string? provider, string? account, string? key) => new
    {
        entries = transaction.Ledger(provider, account, key).ConvertAll(static entry => new
        {
            seq = entry.Seq,
            provider = entry.Provider,
            credential = entry.Credential,
            account = entry.AccountId,
            kind = entry.Kind,
            amount = Amounts.Text(entry.Amount),
            currency = entry.Currency,
            key = entry.Key,
            reference = entry.Reference,
            note = entry.Note,
            at = Time(entry.At),
        }),
    };

    private static object Accounts(SandboxTransaction transaction, string? provider) => new
    {
        accounts = transaction.AllAccounts().FindAll(account => provider is null || account.Provider == provider).ConvertAll(AccountView),
    };

    private static object AccountView(SandboxAccount account) => new
    {
        provider = account.Provider,
        credential = account.Credential,
        id = account.Id,
        kind = account.Kind,
        currency = account.Currency,
        balance = Amounts.Text(account.Balance),
        status = account.Status,
        name = account.Name,
        parent = account.Parent,
        lockedUntil = account.LockedUntil == 0 ? null : Time(account.LockedUntil),
        mode = account.Detail("mode"),
    };

    private static object OrderView(SandboxOrder order) => new
    {
        id = order.Id,
        provider = order.Provider,
        credential = order.Credential,
        account = order.AccountId,
        key = order.Key,
        kind = order.Kind,
        amount = Amounts.Text(order.Amount),
        currency = order.Currency,
        status = order.Status,
        outcome = order.Outcome,
        createdAt = Time(order.CreatedAt),
        settleAt = order.SettleAt is { } due ? Time(due) : null,
    };

    private static List<object> Requests(SandboxTransaction transaction, string? provider, string? operation) => transaction.Query<object>(
        """
        SELECT seq, provider, operation, method, path, at, fault FROM requests
        WHERE ($p IS NULL OR provider = $p) AND ($o IS NULL OR operation = $o) ORDER BY seq
        """,
        static row => new
        {
            seq = row.GetInt64(0),
            provider = row.GetString(1),
            operation = row.GetString(2),
            method = row.GetString(3),
            path = row.GetString(4),
            at = Time(row.GetInt64(5)),
            fault = row.GetString(6),
        },
        ("$p", provider), ("$o", operation));

    private static List<object> Webhooks(SandboxTransaction transaction) => transaction.Query(
        "SELECT id, provider, body, forged, attempts, delivered_at, result FROM webhooks ORDER BY id", WebhookView);

    private static object WebhookView(SqliteDataReader row) => new
    {
        id = row.GetInt64(0),
        provider = row.GetString(1),
        body = row.GetString(2),
        forged = row.GetInt64(3) == 1,
        attempts = row.GetInt64(4),
        deliveredAt = row.IsDBNull(5) ? null : Time(row.GetInt64(5)),
        result = row.IsDBNull(6) ? null : row.GetString(6),
    };

    // Changing

    private IResult ArmFault(FaultRequest request)
    {
        var operation = request.Operation ?? Operations.Any;
        if (request.Provider != Operations.Any && !parts.Apis.ContainsKey(request.Provider))
        {
            return Refused($"provider: one of {string.Join(", ", parts.Apis.Keys)}, any");
        }
        if (!FaultKinds.All.Contains(request.Kind, StringComparer.Ordinal) || !Operations.All.Contains(operation, StringComparer.Ordinal))
        {
            return Refused($"kind: one of {string.Join(", ", FaultKinds.All)}; operation: one of {string.Join(", ", Operations.All)}");
        }
        var id = parts.Store.InTransaction(transaction => transaction.Arm(new Fault
        {
            Provider = request.Provider,
            Operation = operation,
            Kind = request.Kind,
            Remaining = request.Count ?? 1,
            Skip = request.Skip ?? 0,
            Ms = request.Ms,
            Code = request.Code?.ToString(),
            Message = request.Message,
            AfterEffect = request.AfterEffect,
            Bytes = request.Bytes,
        }));
        return Json(new { id });
    }

    private IResult SetClock(ClockRequest request)
    {
        parts.Clock.Offset = request switch
        {
            { OffsetSeconds: { } offset } => TimeSpan.FromSeconds(offset),
            { AdvanceSeconds: { } advance } => parts.Clock.Offset + TimeSpan.FromSeconds(advance),
            _ => parts.Clock.Offset,
        };
        parts.Store.InTransaction(transaction =>
        {
            transaction.Store(SandboxSettings.ClockOffset, parts.Clock.Offset.Ticks.ToString(CultureInfo.InvariantCulture));
            parts.Settlement.SettleDue(transaction);
        });
        return ClockState();
    }

    private IResult SetSettings(Dictionary<string, JsonElement> settings)
    {
        if (settings.Keys.FirstOrDefault(static name => !SandboxSettings.Defaults.ContainsKey(name)) is { } unknown)
        {
            return Refused($"unknown setting '{unknown}'; GET /_control/settings lists them");
        }
        return Change(transaction =>
        {
            foreach (var (name, value) in settings)
            {
                transaction.Store(name, value.ValueKind is JsonValueKind.True or JsonValueKind.False ? value.GetRawText() : value.ToString());
            }
        });
    }

    private IResult SetAccount(string provider, string id, AccountRequest request) => OnAccount(provider, id, request.Credential, (transaction, account) =>
    {
        var now = parts.Clock.Microseconds;
        var changed = account with
        {
            Balance = request.Balance is { } balance ? Money.ToMillionths(balance) : account.Balance,
            Status = request.Status ?? account.Status,
            LockedUntil = request.Lock is { } seconds ? now + (long)(seconds * 1_000_000) : account.LockedUntil,
        };
        transaction.Update(changed, now);
        if (changed.Balance != account.Balance)
        {
            var kind = changed.Balance > account.Balance ? LedgerKinds.TopUp : LedgerKinds.Purchase;
            transaction.Append(Entry(account, kind, Math.Abs(changed.Balance - account.Balance), "set by control", now));
        }
        if (changed.Status != account.Status)
        {
            parts.Apis[provider].OnStatusChanged(transaction, account, changed);
        }
        return Json(AccountView(changed));
    });

    private IResult Purchase(string provider, string id, PurchaseRequest request) => OnAccount(provider, id, request.Credential, (transaction, card) =>
    {
        var now = parts.Clock.Microseconds;
        var account = card.Parent is null ? card : transaction.Account(provider, card.Credential, card.Parent)!;
        var amount = Money.ToMillionths(request.Amount);
        if (amount <= 0 || !transaction.TryMove(provider, account.Credential, account.Id, -amount, now))
        {
            return Refused("amount: above zero and within the balance");
        }
        var row = new SandboxTransactionRow
        {
            Id = $"{provider}-{transaction.NextNumber("transaction")}",
            Provider = provider,
            Credential = card.Credential,
            AccountId = card.Id,
            Type = "purchase",
            Status = "success",
            Amount = -amount,
            Currency = account.Currency,
            EndingBalance = account.Balance - amount,
            Merchant = request.Merchant ?? "COFFEE ROOM",
            CreatedAt = now,
            ModifiedAt = now,
        };
        transaction.Add(row);
        transaction.Append(Entry(account, LedgerKinds.Purchase, amount, row.Id, now));
        parts.Apis[provider].OnPurchase(transaction, card, row);
        return Json(AccountView(account with { Balance = row.EndingBalance }));
    });

    /// <summary>Many accounts like this one, for bulk tests.</summary>
    private IResult Copy(string provider, string id, CopyRequest request) => OnAccount(provider, id, request.Credential, (transaction, account) =>
    {
        if (request.Count is < 1 or > MostCopies)
        {
            return Refused($"count: 1 to {MostCopies}");
        }
        var copies = new List<string>();
        for (var i = 0; i < request.Count; i++)
        {
            var copy = Seed.CopyOf(account, transaction.NextNumber("copy")) with
            {
                Balance = request.Balance is { } balance ? Money.ToMillionths(balance) : account.Balance,
            };
            transaction.Add(copy);
            copies.Add(copy.Id);
        }
        return Json(new { ids = copies });
    });

    private async Task<IResult> SettleAsync(SettleRequest? request, CancellationToken cancellation)
    {
        var settled = parts.Store.InTransaction(transaction => request is { Due: true }
            ? parts.Settlement.SettleDue(transaction)
            : parts.Settlement.SettleAll(transaction, request?.Stuck ?? false));
        return Json(new { settled, webhooks = await parts.Outbox.DeliverDueAsync(parts.Apis, cancellation) });
    }

    private async Task<IResult> SendWebhookAsync(WebhookRequest request, CancellationToken cancellation)
    {
        var stamp = request.Timestamp ?? (parts.Clock.Microseconds / 1000);
        if (!parts.Apis.TryGetValue(request.Provider, out var api) || api.WebhookBody(request.Payload, stamp, request.Forged) is not { } body)
        {
            return Refused("provider: one that sends webhooks; payload: its JSON object");
        }
        var id = parts.Store.InTransaction(transaction =>
            parts.Outbox.Store(transaction, api.Provider, body, request.Forged, request.Timestamp, parts.Clock.Microseconds));
        await parts.Outbox.DeliverDueAsync(parts.Apis, cancellation);
        return Json(Read(transaction => transaction.Query(
            "SELECT id, provider, body, forged, attempts, delivered_at, result FROM webhooks WHERE id = $i", WebhookView, ("$i", id)).Single()));
    }

    private IResult OnAccount(string provider, string id, string? credential, Func<SandboxTransaction, SandboxAccount, IResult> change) =>
        parts.Store.InTransaction(transaction =>
            transaction.Accounts(provider, credential).Find(account => account.Id == id) is { } account ? change(transaction, account) : Results.NotFound());

    private static LedgerEntry Entry(SandboxAccount account, string kind, long amount, string note, long now) =>
        new(0, account.Provider, account.Credential, account.Id, kind, amount, account.Currency, null, note, note, now);

    private T Read<T>(Func<SandboxTransaction, T> query) => parts.Store.InTransaction(query);

    private IResult Change(Action<SandboxTransaction> change)
    {
        parts.Store.InTransaction(change);
        return Json(new { done = true });
    }

    private static IResult Json(object value) => Results.Json(value, SandboxJson.Options);

    private static IResult Refused(string why) => Results.Json(new { error = why }, statusCode: StatusCodes.Status400BadRequest);

    private static DateTimeOffset? Time(long microseconds) => Clock.FromUnixMicroseconds(microseconds);

    private sealed record FaultRequest(
        string Provider, string Kind, string? Operation, int? Count, int? Skip, int? Ms, JsonElement? Code, string? Message, bool? AfterEffect, long? Bytes);

    private sealed record ClockRequest(double? OffsetSeconds, double? AdvanceSeconds);

    private sealed record AccountRequest(decimal? Balance, string? Status, double? Lock, string? Credential);

    private sealed record PurchaseRequest(decimal Amount, string? Merchant, string? Credential);

    private sealed record CopyRequest(int Count, decimal? Balance, string? Credential);

    private sealed record SettleRequest(bool Due, bool Stuck);

    private sealed record WebhookRequest(string Provider, JsonElement Payload, bool Forged, long? Timestamp);
}
