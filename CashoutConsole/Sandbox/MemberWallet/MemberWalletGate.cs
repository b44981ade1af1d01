using System.Globalization;
using System.Text.Json;

namespace CashoutConsole.Sandbox.MemberWallet;

/// <summary>One set of credentials at the member wallet.</summary>
internal sealed record MemberAgent(string Id, string ApiKey, string Secret, string Currency)
{
    public static readonly IReadOnlyList<MemberAgent> All =
    [
        new(SandboxCredentials.MemberWallet.ThbAgent, SandboxCredentials.MemberWallet.ThbApiKey, SandboxCredentials.MemberWallet.ThbSecret, "THB"),
        new(SandboxCredentials.MemberWallet.PhpAgent, SandboxCredentials.MemberWallet.PhpApiKey, SandboxCredentials.MemberWallet.PhpSecret, "PHP"),
    ];
}

/// <summary>
/// What stands before every call, in this order (assumed): body and headers 11, agent 10, timestamp, nonce and signature 83, Bearer 12,
/// decryption 84, plain JSON 11.
/// </summary>
internal sealed class MemberWalletGate(SandboxClock clock)
{
    private const int NonceLength = 32;
    private const string BearerPrefix = "Bearer ";

    /// <summary>Agent and decrypted parameters, or the refusal. A nonce that gets past the signature is used up, whatever follows.</summary>
    public (MemberAgent? Agent, JsonElement Parameters, SandboxReply? Refusal) Open(SandboxCall call, SandboxTransaction transaction, bool needsToken)
    {
        var (cipherText, id) = (call.Json?.Text("cipherText"), call.Header("x-agentid"));
        var (stamp, nonce, signature) = (call.Header("x-timestamp"), call.Header("x-nonce"), call.Header("x-signature"));
        if (cipherText is null || string.IsNullOrEmpty(id) || string.IsNullOrEmpty(stamp) || string.IsNullOrEmpty(nonce) || string.IsNullOrEmpty(signature))
        {
            return Refuse(MemberWalletErrors.Parameters);
        }
        if (MemberAgent.All.FirstOrDefault(known => known.Id == id) is not { } agent)
        {
            return Refuse(MemberWalletErrors.AgentUnknown);
        }
        if (nonce.Length != NonceLength || signature != MemberWalletCipher.Sign(id, stamp, nonce, cipherText) || !IsFresh(transaction, id, stamp, nonce))
        {
            return Refuse(MemberWalletErrors.Signature);
        }
        if (needsToken && !HoldsToken(transaction, agent, call.Header("Authorization")))
        {
            return Refuse(MemberWalletErrors.Authorization);
        }
        if (MemberWalletCipher.Decrypt(cipherText, agent.ApiKey) is not { } plain)
        {
            return Refuse(MemberWalletErrors.Decryption);
        }
        return SandboxJson.ParseObject(plain) is { } parameters ? (agent, parameters, null) : Refuse(MemberWalletErrors.Parameters);

        static (MemberAgent? Agent, JsonElement Parameters, SandboxReply? Refusal) Refuse(int code) => (null, default, MemberWalletErrors.Reply(code));
    }

    private bool IsFresh(SandboxTransaction transaction, string agent, string stamp, string nonce)
    {
        var window = transaction.Number(SandboxSettings.MemberClockSeconds) * 1_000_000;
        var now = clock.Microseconds;
        if (!long.TryParse(stamp, NumberStyles.None, CultureInfo.InvariantCulture, out var ms) || Math.Abs(now - (ms * 1000)) > window)
        {
            return false;
        }
        // A nonce older than both edges of the window cannot pass the timestamp rule again.
        transaction.Execute("DELETE FROM nonces WHERE at < $t", ("$t", now - (2 * window)));
        return transaction.Execute("INSERT OR IGNORE INTO nonces (credential, nonce, at) VALUES ($c, $n, $t)", ("$c", agent), ("$n", nonce), ("$t", now)) == 1;
    }

    private bool HoldsToken(SandboxTransaction transaction, MemberAgent agent, string? authorization) =>
        authorization is not null
        && authorization.StartsWith(BearerPrefix, StringComparison.Ordinal)
        && transaction.Scalar<long>(
            "SELECT COUNT(*) FROM tokens WHERE token = $t AND provider = $p AND credential = $c AND revoked = 0 AND expires_at > $n",
            ("$t", authorization[BearerPrefix.Length..]), ("$p", MemberWalletApi.Name), ("$c", agent.Id), ("$n", clock.Microseconds)) == 1;
}
