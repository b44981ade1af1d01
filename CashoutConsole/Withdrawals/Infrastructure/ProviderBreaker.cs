using System.Collections.Concurrent;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Application;
using CashoutConsole.Providers.Contracts;

namespace CashoutConsole.Withdrawals.Infrastructure;

/// <summary>How one send, or the reading before it, went as far as the provider's health is concerned.</summary>
public enum ProviderHealthSign
{
    /// <summary>Nothing was asked.</summary>
    None,

    /// <summary>A clear answer came, whatever it said.</summary>
    Answered,

    /// <summary>Unreachable, no answer, unreadable, or its own error.</summary>
    Silent,
}

/// <summary>The breaker of one provider account as the screen shows it.</summary>
/// <param name="OpenUntil">Nothing is sent before this time; then one send tries.</param>
public sealed record BreakerState(Guid ProviderAccountId, int FailuresInARow, DateTimeOffset? OpenUntil);

/// <summary>
/// Stops sending to a provider account that fails again and again, so that a dead provider costs one unknown outcome now and then and not
/// thousands. Held in memory: after a restart it learns anew with the first few sends.
/// </summary>
public sealed class ProviderBreaker(ChangeFeed feed, TimeProvider clock) : IProviderHealth
{
    public const int Threshold = 5;

    private static readonly TimeSpan FirstRest = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<Guid, BreakerState> _states = new();

    public BreakerState StateOf(Guid providerAccountId) => _states.GetValueOrDefault(providerAccountId) ?? new BreakerState(providerAccountId, 0, null);

    public ProviderRest? RestOf(Guid providerAccountId) =>
        StateOf(providerAccountId) is { OpenUntil: { } until, FailuresInARow: var failures } ? new ProviderRest(failures, until) : null;

    /// <summary>How many sends may start now, given how many are wanted: all, none while it rests, one to try afterwards.</summary>
    public int Allow(Guid providerAccountId, int wanted, int inFlight) => StateOf(providerAccountId) switch
    {
        { FailuresInARow: < Threshold } => wanted,
        { OpenUntil: { } until } when until > clock.Now() => 0,
        _ => inFlight == 0 ? Math.Min(wanted, 1) : 0,
    };

    public void Note(Guid providerAccountId, ProviderHealthSign sign)
    {
        if (sign == ProviderHealthSign.None)
        {
            return;
        }
        var before = StateOf(providerAccountId);
        var after = _states.AddOrUpdate(
            providerAccountId,
            _ => Next(new BreakerState(providerAccountId, 0, null), sign),
            (_, state) => Next(state, sign));
        if (before.OpenUntil != after.OpenUntil)
        {
            feed.Publish(new Change(ChangeKind.ProviderAccount, providerAccountId));
        }
    }

    public static ProviderHealthSign SignOf(ProviderFaultKind kind) =>
        kind is ProviderFaultKind.Unreachable or ProviderFaultKind.NoAnswer or ProviderFaultKind.Unreadable or ProviderFaultKind.ProviderError
            ? ProviderHealthSign.Silent
            : ProviderHealthSign.Answered;

    private BreakerState Next(BreakerState state, ProviderHealthSign sign)
    {
        if (sign == ProviderHealthSign.Answered)
        {
            return state with { FailuresInARow = 0, OpenUntil = null };
        }
        var failures = state.FailuresInARow + 1;
        if (failures < Threshold)
        {
            return state with { FailuresInARow = failures };
        }
        var rest = FirstRest * Math.Pow(2, Math.Min(failures - Threshold, 10));
        return state with { FailuresInARow = failures, OpenUntil = clock.Now() + (rest > LongestRest ? LongestRest : rest) };
    }
}
