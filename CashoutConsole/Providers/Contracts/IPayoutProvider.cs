namespace CashoutConsole.Providers.Contracts;

/// <summary>
/// One provider account: one set of credentials at one provider. Reads may be retried by the adapter; <see cref="SubmitAsync"/> opens
/// at most one money request per call, except the single documented repeat after a token was refused.
/// No method throws for anything a provider or the network can do; cancellation of <see cref="SubmitAsync"/> after the socket opened
/// yields <see cref="SubmissionOutcome.Unknown"/>, not an exception.
/// </summary>
public interface IPayoutProvider
{
    ProviderSheet Sheet { get; }

    /// <summary>Everything the provider's lists show. <paramref name="progress"/> counts accounts read so far.</summary>
    Task<AccountListing> ListAccountsAsync(IProgress<int>? progress, CancellationToken cancellation);

    /// <summary>One account, fresh.</summary>
    Task<Reading<AccountSnapshot>> ReadAccountAsync(string externalAccountId, CancellationToken cancellation);

    /// <summary>The provider account's own balance; a fault of kind Other where <see cref="ProviderSheet.HasOwnBalance"/> is false.</summary>
    Task<Reading<ProviderBalance>> ReadOwnBalanceAsync(CancellationToken cancellation);

    /// <summary>One account, fresh, with the evidence snapshot that is stored before a send.</summary>
    Task<Reading<PreSendReading>> ReadBeforeSendAsync(string externalAccountId, CancellationToken cancellation);

    /// <summary>Pure: the canonical form of the instruction.</summary>
    PreparedSubmission Prepare(PayoutInstruction instruction);

    Task<SubmissionOutcome> SubmitAsync(PreparedSubmission submission, CancellationToken cancellation);

    Task<LookupOutcome> LookUpAsync(LookupQuery query, CancellationToken cancellation);
}
