namespace CashoutConsole.Sandbox;

/// <summary>The sandbox file. Money is a 64-bit count of millionths, time is Unix microseconds.</summary>
internal static class SandboxSchema
{
    public const string Sql = """
        CREATE TABLE IF NOT EXISTS settings (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;

        CREATE TABLE IF NOT EXISTS accounts (
          provider TEXT NOT NULL, credential TEXT NOT NULL, id TEXT NOT NULL, kind TEXT NOT NULL, currency TEXT NOT NULL,
          balance INTEGER NOT NULL, status TEXT NOT NULL, name TEXT NOT NULL, parent TEXT, locked_until INTEGER NOT NULL DEFAULT 0,
          created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL, details TEXT NOT NULL,
          PRIMARY KEY (provider, credential, id)) STRICT;

        CREATE TABLE IF NOT EXISTS ledger (
          seq INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, credential TEXT NOT NULL, account TEXT NOT NULL,
          kind TEXT NOT NULL CHECK (kind IN ('withdrawal', 'purchase', 'topup', 'release')), amount INTEGER NOT NULL CHECK (amount > 0),
          currency TEXT NOT NULL, key TEXT, reference TEXT NOT NULL, note TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS ledger_by_key ON ledger (provider, key);
        CREATE TRIGGER IF NOT EXISTS ledger_keeps BEFORE UPDATE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;
        CREATE TRIGGER IF NOT EXISTS ledger_stays BEFORE DELETE ON ledger BEGIN SELECT RAISE(ABORT, 'the ledger is append-only'); END;

        CREATE TABLE IF NOT EXISTS orders (
          id TEXT PRIMARY KEY, provider TEXT NOT NULL, credential TEXT NOT NULL, account TEXT NOT NULL, key TEXT, kind TEXT NOT NULL,
          amount INTEGER NOT NULL, currency TEXT NOT NULL, status TEXT NOT NULL, outcome TEXT NOT NULL, wallet TEXT,
          before_balance INTEGER NOT NULL, after_balance INTEGER NOT NULL, created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL,
          completed_at INTEGER, settle_at INTEGER) STRICT;
        CREATE INDEX IF NOT EXISTS orders_open ON orders (settle_at) WHERE status = 'processing';
        CREATE INDEX IF NOT EXISTS orders_by_key ON orders (provider, credential, key);
        -- UQPay forgets a key after 24 h; everybody else remembers it for ever, so a second order under a live key is our own bug.
        CREATE UNIQUE INDEX IF NOT EXISTS orders_one_per_key ON orders (provider, credential, key)
          WHERE provider <> 'uqpay' AND status <> 'failed';

        CREATE TABLE IF NOT EXISTS transactions (
          id TEXT PRIMARY KEY, provider TEXT NOT NULL, credential TEXT NOT NULL, account TEXT NOT NULL, order_id TEXT, type TEXT NOT NULL,
          status TEXT NOT NULL, amount INTEGER NOT NULL, currency TEXT NOT NULL, ending_balance INTEGER NOT NULL, merchant TEXT NOT NULL,
          created_at INTEGER NOT NULL, modified_at INTEGER NOT NULL) STRICT;
        CREATE INDEX IF NOT EXISTS transactions_by_account ON transactions (provider, credential, account);

        CREATE TABLE IF NOT EXISTS idempotency (
          provider TEXT NOT NULL, scope TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, answer TEXT NOT NULL,
          created_at INTEGER NOT NULL, PRIMARY KEY (provider, scope, key)) STRICT;

        CREATE TABLE IF NOT EXISTS tokens (
          token TEXT PRIMARY KEY, provider TEXT NOT NULL, credential TEXT NOT NULL, expires_at INTEGER NOT NULL, revoked INTEGER NOT NULL) STRICT;

        CREATE TABLE IF NOT EXISTS nonces (
          credential TEXT NOT NULL, nonce TEXT NOT NULL, at INTEGER NOT NULL, PRIMARY KEY (credential, nonce)) STRICT;

        CREATE TABLE IF NOT EXISTS cooldowns (scope TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT;

        CREATE TABLE IF NOT EXISTS rates (
          provider TEXT NOT NULL, scope TEXT NOT NULL, minute INTEGER NOT NULL, count INTEGER NOT NULL, PRIMARY KEY (provider, scope)) STRICT;

        CREATE TABLE IF NOT EXISTS faults (
          id INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, operation TEXT NOT NULL, kind TEXT NOT NULL, remaining INTEGER NOT NULL,
          skip INTEGER NOT NULL, ms INTEGER, code TEXT, message TEXT, after_effect INTEGER, bytes INTEGER) STRICT;

        CREATE TABLE IF NOT EXISTS webhooks (
          id INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, body TEXT NOT NULL, forged INTEGER NOT NULL, stamp INTEGER,
          created_at INTEGER NOT NULL, due_at INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, delivered_at INTEGER, result TEXT) STRICT;
        CREATE INDEX IF NOT EXISTS webhooks_due ON webhooks (due_at) WHERE delivered_at IS NULL;

        CREATE TABLE IF NOT EXISTS requests (
          seq INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT NOT NULL, operation TEXT NOT NULL, method TEXT NOT NULL, path TEXT NOT NULL,
          at INTEGER NOT NULL, fault TEXT NOT NULL) STRICT;
        """;
}
