namespace CashoutConsole.Providers.Http;

/// <summary>A bearer token and when it stops being used (its expiry less the renewal margin).</summary>
public sealed record BearerToken(string Value, DateTimeOffset RenewAt);

/// <summary>What a token call gave: the token, or the fault as the wire showed it.</summary>
public sealed record TokenResult(BearerToken? Token, Contracts.ProviderFault? Fault);

/// <summary>
/// Holds the one live token of a credential. Concurrent callers share a single renewal, because some providers end the old token
/// when they issue a new one. Keyed by credential, not by provider account.
/// </summary>
public sealed class TokenBroker(TimeProvider clock, Func<CancellationToken, Task<TokenResult>> fetch) : IDisposable
{
    private readonly SemaphoreSlim _renewal = new(1, 1);
    private volatile BearerToken? _current;
    private volatile TokenResult? _lastFailure;

    public DateTimeOffset? RenewAt => _current?.RenewAt;

    public async Task<TokenResult> GetAsync(CancellationToken cancellation)
    {
        if (Usable(_current) is { } ready)
        {
            return new(ready, null);
        }
        var knownFailure = _lastFailure;
        await _renewal.WaitAsync(cancellation);
        try
        {
            if (Usable(_current) is { } renewed)
            {
                return new(renewed, null);
            }
            // Failed while this caller waited: the answer is his too, else callers would try one after the other against a dead end.
            if (_lastFailure is { } failure && !ReferenceEquals(failure, knownFailure))
            {
                return failure;
            }
            var result = await fetch(cancellation);
            _current = result.Token ?? _current;
            _lastFailure = result.Token is null ? result : null;
            return result;
        }
        finally
        {
            _renewal.Release();
        }
    }

    /// <summary>Forgets <paramref name="refused"/> if it is still the current token, so that the next call renews it once for everybody.</summary>
    public void Invalidate(BearerToken refused) => Interlocked.CompareExchange(ref _current, null, refused);

    public void Dispose() => _renewal.Dispose();

    private BearerToken? Usable(BearerToken? token) => token is not null && clock.GetUtcNow() < token.RenewAt ? token : null;
}
