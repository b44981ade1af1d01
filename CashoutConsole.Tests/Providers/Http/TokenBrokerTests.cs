using CashoutConsole.Providers.Contracts;
using CashoutConsole.Providers.Http;
using CashoutConsole.Tests.Support;

namespace CashoutConsole.Tests.Providers.Http;

public sealed class TokenBrokerTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public async Task Concurrent_callers_share_one_renewal()
    {
        var fetches = 0;
        var gate = new TaskCompletionSource();
        using var broker = new TokenBroker(_clock, async _ =>
        {
            Interlocked.Increment(ref fetches);
            await gate.Task;
            return new TokenResult(new BearerToken("t", _clock.GetUtcNow().AddHours(1)), null);
        });

        var callers = Enumerable.Range(0, 20).Select(_ => broker.GetAsync(CancellationToken.None)).ToList();
        gate.SetResult();
        await Task.WhenAll(callers);

        Assert.Equal(1, fetches);
    }

    [Fact]
    public async Task Callers_that_waited_for_a_failed_renewal_share_its_fault_and_the_next_one_tries_again()
    {
        var fetches = 0;
        var gate = new TaskCompletionSource();
        using var broker = new TokenBroker(_clock, async _ =>
        {
            Interlocked.Increment(ref fetches);
            await gate.Task;
            return new TokenResult(null, new(ProviderFaultKind.Unreachable));
        });

        var callers = Enumerable.Range(0, 20).Select(_ => broker.GetAsync(CancellationToken.None)).ToList();
        gate.SetResult();
        var results = await Task.WhenAll(callers);
        await broker.GetAsync(CancellationToken.None);

        Assert.All(results, static result => Assert.Equal(ProviderFaultKind.Unreachable, result.Fault!.Kind));
        Assert.Equal(2, fetches);
    }

    [Fact]
    public async Task A_token_is_renewed_at_its_time_and_after_it_was_refused_once_for_everybody()
    {
        var fetches = 0;
        using var broker = new TokenBroker(_clock, _ =>
            Task.FromResult(new TokenResult(new BearerToken($"t{++fetches}", _clock.GetUtcNow().AddMinutes(10)), null)));

        var first = (await broker.GetAsync(CancellationToken.None)).Token!;
        _clock.Advance(TimeSpan.FromMinutes(10));
        var second = (await broker.GetAsync(CancellationToken.None)).Token!;
        broker.Invalidate(first);
        var kept = (await broker.GetAsync(CancellationToken.None)).Token!;
        broker.Invalidate(second);
        broker.Invalidate(second);
        var third = (await broker.GetAsync(CancellationToken.None)).Token!;

        Assert.Equal("t1 t2 t2 t3", $"{first.Value} {second.Value} {kept.Value} {third.Value}");
    }
}
