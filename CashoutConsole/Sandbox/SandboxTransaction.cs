using System.Text.Json;
using Microsoft.Data.Sqlite;

namespace CashoutConsole.Sandbox;

/// <summary>What can be done inside one transaction of the sandbox's file: accounts, money, orders, transactions and plain SQL for the rest.</summary>
internal sealed class SandboxTransaction(SqliteConnection connection, SqliteTransaction transaction)
{
    private const string AccountColumns =
        "provider, credential, id, kind, currency, balance, status, name, parent, locked_until, created_at, modified_at, details";

    private const string OrderColumns =
        "id, provider, credential, account, key, kind, amount, currency, status, outcome, wallet, before_balance, after_balance, created_at, modified_at, completed_at, settle_at";

    private const string RowColumns =
        "id, provider, credential, account, order_id, type, status, amount, currency, ending_balance, merchant, created_at, modified_at";

    public int Execute(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteNonQuery();
    }

    public long Insert(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        Execute(sql, parameters);
        return Scalar<long>("SELECT last_insert_rowid()");
    }

    public T? Scalar<T>(string sql, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        return command.ExecuteScalar() is T value ? value : default;
    }

    public List<T> Query<T>(string sql, Func<SqliteDataReader, T> map, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = Command(sql, parameters);
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
        {
            rows.Add(map(reader));
        }
        return rows;
    }

    // Accounts

    public SandboxAccount? Account(string provider, string credential, string id) =>
        Query($"SELECT {AccountColumns} FROM accounts WHERE provider = $p AND credential = $c AND id = $i", ReadAccount,
            ("$p", provider), ("$c", credential), ("$i", id)).FirstOrDefault();

    public List<SandboxAccount> Accounts(string provider, string? credential = null, string? kind = null) =>
        Query($"""
            SELECT {AccountColumns} FROM accounts
            WHERE provider = $p AND ($c IS NULL OR credential = $c) AND ($k IS NULL OR kind = $k)
            ORDER BY created_at DESC, id
            """, ReadAccount, ("$p", provider), ("$c", credential), ("$k", kind));

    public List<SandboxAccount> AllAccounts() =>
        Query($"SELECT {AccountColumns} FROM accounts ORDER BY provider, credential, kind, id", ReadAccount);

    public void Add(SandboxAccount account) =>
        Execute($"INSERT INTO accounts ({AccountColumns}) VALUES ($p, $c, $i, $k, $cur, $b, $s, $n, $par, $l, $ca, $ma, $d)",
            ("$p", account.Provider), ("$c", account.Credential), ("$i", account.Id), ("$k", account.Kind), ("$cur", account.Currency),
            ("$b", account.Balance), ("$s", account.Status), ("$n", account.Name), ("$par", account.Parent), ("$l", account.LockedUntil),
            ("$ca", account.CreatedAt), ("$ma", account.ModifiedAt), ("$d", JsonSerializer.Serialize(account.Details)));

    /// <summary>Stores what may change about an account: balance, status, lock and details.</summary>
    public void Update(SandboxAccount account, long now) =>
        Execute("""
            UPDATE accounts SET balance = $b, status = $s, locked_until = $l, details = $d, modified_at = $m
            WHERE provider = $p AND credential = $c AND id = $i
            """,
            ("$b", account.Balance), ("$s", account.Status), ("$l", account.LockedUntil), ("$d", JsonSerializer.Serialize(account.Details)),
            ("$m", now), ("$p", account.Provider), ("$c", account.Credential), ("$i", account.Id));

    /// <summary>Moves an account's balance by a signed count of millionths; false when it would fall below zero.</summary>
    public bool TryMove(string provider, string credential, string id, long change, long now) =>
        Execute("""
            UPDATE accounts SET balance = balance + $a, modified_at = $m
            WHERE provider = $p AND credential = $c AND id = $i AND balance + $a >= 0
            """,
            ("$a", change), ("$m", now), ("$p", provider), ("$c", credential), ("$i", id)) == 1;

    // Money

    /// <summary>
    /// Takes the order's amount from (kind withdrawal) or adds it to (topup) its account, writes the order and the ledger entry, and credits
    /// the wallet if the order succeeds at once. False, with nothing written, when the balance does not suffice.
    /// </summary>
    public bool TryOpen(SandboxOrder order, string ledgerKind, string note = "")
    {
        var change = ledgerKind == LedgerKinds.TopUp ? order.Amount : -order.Amount;
        if (!TryMove(order.Provider, order.Credential, order.AccountId, change, order.CreatedAt))
        {
            return false;
        }
        Execute($"INSERT INTO orders ({OrderColumns}) VALUES ($i, $p, $c, $a, $k, $kind, $amt, $cur, $s, $o, $w, $b, $af, $ca, $ma, $co, $se)",
            ("$i", order.Id), ("$p", order.Provider), ("$c", order.Credential), ("$a", order.AccountId), ("$k", order.Key),
            ("$kind", order.Kind), ("$amt", order.Amount), ("$cur", order.Currency), ("$s", order.Status), ("$o", order.Outcome),
            ("$w", order.Wallet), ("$b", order.Before), ("$af", order.After), ("$ca", order.CreatedAt), ("$ma", order.ModifiedAt),
            ("$co", order.CompletedAt), ("$se", order.SettleAt));
        Append(order, ledgerKind, order.CreatedAt, note);
        if (order.Status == OrderStatus.Success)
        {
            CreditWallet(order, order.CreatedAt);
        }
        return true;
    }

    /// <summary>Ends an open withdrawal as its outcome says: success credits the wallet, failure gives the money back to the account.</summary>
    public SandboxOrder Settle(SandboxOrder order, long now)
    {
        var status = order.Outcome == OrderStatus.Failed ? OrderStatus.Failed : OrderStatus.Success;
        Execute("UPDATE orders SET status = $s, modified_at = $n, completed_at = $n, settle_at = NULL WHERE id = $i",
            ("$s", status), ("$n", now), ("$i", order.Id));
        if (status == OrderStatus.Success)
        {
            CreditWallet(order, now);
        }
        else
        {
            TryMove(order.Provider, order.Credential, order.AccountId, order.Amount, now);
            Append(order, LedgerKinds.Release, now, "order failed");
        }
        return order with { Status = status, ModifiedAt = now, CompletedAt = now, SettleAt = null };
    }

    public void Append(SandboxOrder order, string kind, long now, string note) =>
        Append(new LedgerEntry(0, order.Provider, order.Credential, order.AccountId, kind, order.Amount, order.Currency, order.Key, order.Id, note, now));

    public void Append(LedgerEntry entry) =>
        Execute("""
            INSERT INTO ledger (provider, credential, account, kind, amount, currency, key, reference, note, at)
            VALUES ($p, $c, $a, $k, $amt, $cur, $key, $r, $n, $t)
            """,
            ("$p", entry.Provider), ("$c", entry.Credential), ("$a", entry.AccountId), ("$k", entry.Kind), ("$amt", entry.Amount),
            ("$cur", entry.Currency), ("$key", entry.Key), ("$r", entry.Reference), ("$n", entry.Note), ("$t", entry.At));

    public List<LedgerEntry> Ledger(string? provider, string? account, string? key) =>
        Query("""
            SELECT seq, provider, credential, account, kind, amount, currency, key, reference, note, at FROM ledger
            WHERE ($p IS NULL OR provider = $p) AND ($a IS NULL OR account = $a) AND ($k IS NULL OR key = $k)
            ORDER BY seq
            """,
            static row => new LedgerEntry(row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5),
                row.GetString(6), Nullable(row, 7), row.GetString(8), row.GetString(9), row.GetInt64(10)),
            ("$p", provider), ("$a", account), ("$k", key));

    // Orders

    public SandboxOrder? Order(string provider, string id) =>
        Query($"SELECT {OrderColumns} FROM orders WHERE provider = $p AND id = $i", ReadOrder, ("$p", provider), ("$i", id)).FirstOrDefault();

    /// <summary>The order that uses this key up: a failed one leaves the key free.</summary>
    public SandboxOrder? OrderByKey(string provider, string credential, string key) =>
        Query($"SELECT {OrderColumns} FROM orders WHERE provider = $p AND credential = $c AND key = $k AND status <> 'failed'", ReadOrder,
            ("$p", provider), ("$c", credential), ("$k", key)).FirstOrDefault();

    public List<SandboxOrder> Orders(string? provider = null, string? credential = null) =>
        Query($"""
            SELECT {OrderColumns} FROM orders WHERE ($p IS NULL OR provider = $p) AND ($c IS NULL OR credential = $c)
            ORDER BY created_at DESC, rowid DESC
            """, ReadOrder, ("$p", provider), ("$c", credential));

    public List<SandboxOrder> OpenOrders(long? dueAt) =>
        Query($"SELECT {OrderColumns} FROM orders WHERE status = 'processing' AND ($t IS NULL OR settle_at <= $t) ORDER BY created_at", ReadOrder,
            ("$t", dueAt));

    // Transaction rows

    public void Add(SandboxTransactionRow row) =>
        Execute($"INSERT INTO transactions ({RowColumns}) VALUES ($i, $p, $c, $a, $o, $t, $s, $amt, $cur, $e, $m, $ca, $ma)",
            ("$i", row.Id), ("$p", row.Provider), ("$c", row.Credential), ("$a", row.AccountId), ("$o", row.OrderId), ("$t", row.Type),
            ("$s", row.Status), ("$amt", row.Amount), ("$cur", row.Currency), ("$e", row.EndingBalance), ("$m", row.Merchant),
            ("$ca", row.CreatedAt), ("$ma", row.ModifiedAt));

    public void SetTransactionStatus(string orderId, string status, long now) =>
        Execute("UPDATE transactions SET status = $s, modified_at = $n WHERE order_id = $o", ("$s", status), ("$n", now), ("$o", orderId));

    public List<SandboxTransactionRow> Transactions(string provider, string credential) =>
        Query($"SELECT {RowColumns} FROM transactions WHERE provider = $p AND credential = $c ORDER BY created_at DESC, rowid DESC", ReadRow,
            ("$p", provider), ("$c", credential));

    public SandboxTransactionRow? TransactionOf(string orderId) =>
        Query($"SELECT {RowColumns} FROM transactions WHERE order_id = $o", ReadRow, ("$o", orderId)).FirstOrDefault();

    /// <summary>A number that is never given out twice, also after a restart.</summary>
    public long NextNumber(string sequence)
    {
        Execute("INSERT INTO settings (name, value) VALUES ($n, '1') ON CONFLICT (name) DO UPDATE SET value = CAST(value AS INTEGER) + 1",
            ("$n", "sequence." + sequence));
        return Scalar<long>("SELECT CAST(value AS INTEGER) FROM settings WHERE name = $n", ("$n", "sequence." + sequence));
    }

    private void CreditWallet(SandboxOrder order, long now)
    {
        if (order.Wallet is not null)
        {
            TryMove(order.Provider, order.Credential, order.Wallet, order.Amount, now);
        }
    }

    private SqliteCommand Command(string sql, ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        }
        return command;
    }

    private static SandboxAccount ReadAccount(SqliteDataReader row) => new()
    {
        Provider = row.GetString(0),
        Credential = row.GetString(1),
        Id = row.GetString(2),
        Kind = row.GetString(3),
        Currency = row.GetString(4),
        Balance = row.GetInt64(5),
        Status = row.GetString(6),
        Name = row.GetString(7),
        Parent = Nullable(row, 8),
        LockedUntil = row.GetInt64(9),
        CreatedAt = row.GetInt64(10),
        ModifiedAt = row.GetInt64(11),
        Details = JsonSerializer.Deserialize<Dictionary<string, string>>(row.GetString(12))!,
    };

    private static SandboxOrder ReadOrder(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Provider = row.GetString(1),
        Credential = row.GetString(2),
        AccountId = row.GetString(3),
        Key = Nullable(row, 4),
        Kind = row.GetString(5),
        Amount = row.GetInt64(6),
        Currency = row.GetString(7),
        Status = row.GetString(8),
        Outcome = row.GetString(9),
        Wallet = Nullable(row, 10),
        Before = row.GetInt64(11),
        After = row.GetInt64(12),
        CreatedAt = row.GetInt64(13),
        ModifiedAt = row.GetInt64(14),
        CompletedAt = row.IsDBNull(15) ? null : row.GetInt64(15),
        SettleAt = row.IsDBNull(16) ? null : row.GetInt64(16),
    };

    private static SandboxTransactionRow ReadRow(SqliteDataReader row) => new()
    {
        Id = row.GetString(0),
        Provider = row.GetString(1),
        Credential = row.GetString(2),
        AccountId = row.GetString(3),
        OrderId = Nullable(row, 4),
        Type = row.GetString(5),
        Status = row.GetString(6),
        Amount = row.GetInt64(7),
        Currency = row.GetString(8),
        EndingBalance = row.GetInt64(9),
        Merchant = row.GetString(10),
        CreatedAt = row.GetInt64(11),
        ModifiedAt = row.GetInt64(12),
    };

    private static string? Nullable(SqliteDataReader row, int column) => row.IsDBNull(column) ? null : row.GetString(column);
}
