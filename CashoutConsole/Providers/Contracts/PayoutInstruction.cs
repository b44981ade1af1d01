using CashoutConsole.Foundation;

namespace CashoutConsole.Providers.Contracts;

public enum WithdrawalMode
{
    /// <summary>Exactly the stated amount.</summary>
    Exact,

    /// <summary>Everything, by a call that carries no amount (member wallet only). The stated amount is our cap.</summary>
    NativeAll,
}

/// <summary>What to withdraw. Direction is always out: nothing here can express money going in.</summary>
public sealed record PayoutInstruction(string ExternalAccountId, WithdrawalMode Mode, Money Amount, string IdempotencyKey);

/// <summary>
/// The instruction in the exact form that is committed before the socket opens. <see cref="CanonicalBody"/> is the request without
/// its per-send parts (time, nonce, signature, token): equal instructions have equal canonical bodies. It holds no secret.
/// <see cref="BodyHash"/> is its SHA-256 in lower-case hex.
/// </summary>
public sealed record PreparedSubmission(PayoutInstruction Instruction, string CanonicalBody)
{
    public string BodyHash { get; } = Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(CanonicalBody)));
}

/// <summary>What was true just before the send, stored with the attempt, so that an unknown outcome can be judged later.</summary>
public sealed record EvidenceSnapshot
{
    public required DateTimeOffset TakenAt { get; init; }

    public decimal? AccountBalance { get; init; }

    public AccountStatus? AccountStatus { get; init; }

    public decimal? ProviderBalance { get; init; }

    public DateTimeOffset? ProviderBalanceTime { get; init; }

    /// <summary>Ids of the newest transactions of the account that the provider showed before the send.</summary>
    public IReadOnlyList<string> TransactionIds { get; init; } = [];

    /// <summary>The provider's count of the account's transactions, where it gives one.</summary>
    public long? TransactionTotal { get; init; }
}

/// <summary>Fresh state of the account right before a send: what the pre-send checks judge, and the evidence that is stored.</summary>
public sealed record PreSendReading(AccountSnapshot Account, EvidenceSnapshot Evidence);
