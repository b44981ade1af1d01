using CashoutConsole.Foundation;

namespace CashoutConsole.Providers.Contracts;

/// <summary>What is asked about an order whose outcome is open.</summary>
/// <param name="ClaimedReferences">Provider transaction ids that other withdrawals of the same provider account already claim: never a match for this one.</param>
public sealed record LookupQuery(
    string ExternalAccountId,
    WithdrawalMode Mode,
    Money Amount,
    string IdempotencyKey,
    string? ProviderReference,
    DateTimeOffset FirstSentAt,
    EvidenceSnapshot? Before,
    IReadOnlySet<string> ClaimedReferences);

/// <summary>
/// What the provider says of the order. <see cref="Note"/> is one English line for the timeline: what was asked and what came back.
/// A closed hierarchy: switch over it exhaustively.
/// </summary>
public abstract record LookupOutcome(string Note, WireRecord Wire)
{
    /// <summary>Proof that the money moved.</summary>
    public sealed record Succeeded(Receipt Receipt, string Note, WireRecord Wire) : LookupOutcome(Note, Wire);

    /// <summary>Proof that it did not and will not.</summary>
    public sealed record Failed(Receipt Receipt, ProviderFault Fault, string Note, WireRecord Wire) : LookupOutcome(Note, Wire);

    /// <summary>The provider knows the order; it is not final.</summary>
    public sealed record Processing(Receipt Receipt, string Note, WireRecord Wire) : LookupOutcome(Note, Wire);

    /// <summary>The provider does not know the order. Never proof of failure by itself.</summary>
    public sealed record NotKnown(string Note, WireRecord Wire) : LookupOutcome(Note, Wire);

    /// <summary>There are signs, but they prove nothing (two candidates, balances only, confounders): wait, then a person.</summary>
    public sealed record Inconclusive(string Note, WireRecord Wire) : LookupOutcome(Note, Wire);

    /// <summary>Strong corroboration that the card was debited while the wallet was not credited (UnCash): a break.</summary>
    public sealed record HalfDone(string Note, WireRecord Wire) : LookupOutcome(Note, Wire);

    /// <summary>The question itself failed: changes nothing but "last checked".</summary>
    public sealed record CouldNotAsk(ProviderFault Fault, string Note, WireRecord Wire) : LookupOutcome(Note, Wire);
}
