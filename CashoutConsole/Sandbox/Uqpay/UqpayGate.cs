using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using CashoutConsole.Foundation;

namespace CashoutConsole.Sandbox.Uqpay;

/// <summary>What stands before every UQPay call: the token, the rate limit, the sub-account and the idempotency key.</summary>
internal sealed class UqpayGate(SandboxClock clock)
{
    public const string Provider = "uqpay";
    private const string BearerPrefix = "Bearer ";

    private static readonly TimeSpan TokenLife = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan KeyLife = TimeSpan.FromHours(24);

    public SandboxReply IssueToken(SandboxCall call, SandboxTransaction transaction)
    {
        if (call.Header("x-client-id") != SandboxCredentials.Uqpay.ClientId)
        {
            return SandboxReply.Json(new { code = 400, message = "Invalid client id" }, StatusCodes.Status400BadRequest);
        }
        if (call.Header("x-api-key") != SandboxCredentials.Uqpay.ApiKey)
        {
            return UqpayErrors.Unauthorized("Invalid API key");
        }
        if (IsOverRate(transaction, "token", SandboxSettings.UqpayTokenRate))
        {
            return UqpayErrors.Reply("too_many_requests");
        }
        if (transaction.IsOn(SandboxSettings.UqpayTokenKillsOlder))
        {
            transaction.Execute("UPDATE tokens SET revoked = 1 WHERE provider = $p", ("$p", Provider));
        }
        var expires = clock.GetUtcNow() + TokenLife;
        var token = JsonWebToken.Create(
            new
            {
                entity_id = SandboxCredentials.Uqpay.MasterAccount,
                client_id = SandboxCredentials.Uqpay.ClientId,
                api_version = "V1.6.0",
                exp = expires.ToUnixTimeSeconds(),
                iss = "uqpay",
                jti = Guid.NewGuid().ToString("N"),
            },
            SandboxCredentials.Uqpay.ApiKey);
        transaction.Execute("INSERT INTO tokens (token, provider, credential, expires_at, revoked) VALUES ($t, $p, $c, $e, 0)",
            ("$t", token), ("$p", Provider), ("$c", SandboxCredentials.Uqpay.ClientId), ("$e", Clock.ToUnixMicroseconds(expires)));
        return SandboxReply.Json(new { auth_token = token, expired_at = expires.ToUnixTimeSeconds() });
    }

    /// <summary>The refusal of a bad token or of too many requests, or null.</summary>
    public SandboxReply? Refuse(SandboxCall call, SandboxTransaction transaction)
    {
        var header = call.Header("x-auth-token");
        var bare = header is { Length: > 0 } && !header.StartsWith(BearerPrefix, StringComparison.Ordinal);
        if (string.IsNullOrEmpty(header) || (bare && !transaction.IsOn(SandboxSettings.UqpayLenientToken)))
        {
            return UqpayErrors.Reply("unauthorized_error");
        }
        var token = bare ? header : header[BearerPrefix.Length..];
        var known = transaction.Query("SELECT revoked, expires_at FROM tokens WHERE token = $t AND provider = $p",
            static row => (Revoked: row.GetInt64(0) == 1, ExpiresAt: row.GetInt64(1)), ("$t", token), ("$p", Provider));
        if (known.Count == 0)
        {
            return UqpayErrors.Unauthorized("Invalid authorization header");
        }
        if (known[0].Revoked || known[0].ExpiresAt <= clock.Microseconds)
        {
            return UqpayErrors.Unauthorized("token has expired");
        }
        return IsOverRate(transaction, "other", SandboxSettings.UqpayRate) ? UqpayErrors.Reply("too_many_requests") : null;
    }

    /// <summary>The credential that owns the data: the client, or the client and its sub-account; null = no such sub-account.</summary>
    public static string? Owner(SandboxCall call) => call.Header("x-on-behalf-of") switch
    {
        null => SandboxCredentials.Uqpay.ClientId,
        SandboxCredentials.Uqpay.SubAccount => SubOwner,
        SandboxCredentials.Uqpay.MasterAccount => SandboxCredentials.Uqpay.ClientId,
        // An empty header is an error too: the pages contradict each other, this is the stricter reading.
        _ => null,
    };

    public const string SubOwner = SandboxCredentials.Uqpay.ClientId + "@" + SandboxCredentials.Uqpay.SubAccount;

    /// <summary>
    /// Runs a POST under its idempotency key: the first answer, refusals included, is stored and repeated for 24 h; the same key with
    /// another request is refused; after 24 h the key is new again.
    /// </summary>
    public SandboxReply Once(SandboxCall call, SandboxTransaction transaction, string owner, Func<SandboxReply> work)
    {
        var key = call.Header("x-idempotency-key");
        if (key is null || !Guid.TryParseExact(key, "D", out _))
        {
            return UqpayErrors.Reply(UqpayErrors.InvalidParameter, "x-idempotency-key: a UUID is required");
        }
        var request = $"{call.Method} {call.Path} {Convert.ToHexStringLower(SHA256.HashData(call.Body))}";
        transaction.Execute("DELETE FROM idempotency WHERE provider = $p AND created_at <= $t",
            ("$p", Provider), ("$t", clock.Microseconds - (long)KeyLife.TotalMicroseconds));
        var stored = transaction.Query("SELECT request, status, answer FROM idempotency WHERE provider = $p AND scope = $s AND key = $k",
            static row => (Request: row.GetString(0), Status: row.GetInt32(1), Answer: row.GetString(2)), ("$p", Provider), ("$s", owner), ("$k", key));
        if (stored.Count == 1)
        {
            return stored[0].Request == request
                ? new SandboxReply(stored[0].Status, "application/json; charset=utf-8", Encoding.UTF8.GetBytes(stored[0].Answer))
                : UqpayErrors.Reply(UqpayErrors.KeyConflict);
        }
        var reply = work();
        transaction.Execute("INSERT INTO idempotency (provider, scope, key, request, status, answer, created_at) VALUES ($p, $s, $k, $r, $st, $a, $t)",
            ("$p", Provider), ("$s", owner), ("$k", key), ("$r", request), ("$st", (long)reply.Status), ("$a", reply.Text), ("$t", clock.Microseconds));
        return reply;
    }

    /// <summary>Counts this request in its calendar minute.</summary>
    private bool IsOverRate(SandboxTransaction transaction, string bucket, string setting)
    {
        var minute = clock.Microseconds / 60_000_000;
        transaction.Execute(
            """
            INSERT INTO rates (provider, scope, minute, count) VALUES ($p, $s, $m, 1)
            ON CONFLICT (provider, scope) DO UPDATE SET count = CASE WHEN minute = $m THEN count + 1 ELSE 1 END, minute = $m
            """,
            ("$p", Provider), ("$s", bucket), ("$m", minute));
        return transaction.Scalar<long>("SELECT count FROM rates WHERE provider = $p AND scope = $s", ("$p", Provider), ("$s", bucket))
            > long.Parse(transaction.Setting(setting), NumberStyles.None, CultureInfo.InvariantCulture);
    }
}
