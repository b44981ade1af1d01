using System.Collections.Concurrent;
using CashoutConsole.Providers.Contracts;
using Microsoft.Extensions.Configuration;

namespace CashoutConsole.Providers.Http;

/// <summary>How one provider is configured and built. One implementation per provider room; <see cref="ProviderRegistry"/> lists them.</summary>
public interface IProviderModule
{
    ProviderKind Provider { get; }

    /// <summary>Binds one account's section. Unknown keys are reported by the registry; missing ones by <see cref="ProviderAccountSettings.Faults"/>.</summary>
    ProviderAccountSettings Bind(IConfiguration section);

    IPayoutProvider Create(ProviderAccountSettings settings, ProviderEnvironment environment);
}

/// <summary>What adapters share: the clock, the way to the wire, and per credential one pacer and one token.</summary>
public sealed class ProviderEnvironment(TimeProvider clock, ProviderHttp http)
{
    private readonly ConcurrentDictionary<string, RequestPacer> _pacers = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, TokenBroker> _tokens = new(StringComparer.Ordinal);

    public TimeProvider Clock { get; } = clock;

    public ProviderHttp Http { get; } = http;

    /// <summary>The pacer of a credential; its rate is that of the first caller.</summary>
    /// <param name="credential">Provider, origin and client id, e.g. "Uqpay|https://api.example.com|client-1".</param>
    public RequestPacer Pacer(string credential, double perSecond) =>
        _pacers.GetOrAdd(credential, static (_, state) => new RequestPacer(state.Clock, state.perSecond), (Clock, perSecond));

    public TokenBroker Tokens(string credential, Func<CancellationToken, Task<TokenResult>> fetch) =>
        _tokens.GetOrAdd(credential, static (_, state) => new TokenBroker(state.Clock, state.fetch), (Clock, fetch));
}
