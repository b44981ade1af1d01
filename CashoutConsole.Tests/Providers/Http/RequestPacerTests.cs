using CashoutConsole.Providers.Http;
using CashoutConsole.Tests.Support;

namespace CashoutConsole.Tests.Providers.Http;

public sealed class RequestPacerTests
{
    [Fact]
    public void A_second_lets_through_no_more_than_its_share_after_the_first_burst()
    {
        var clock = new FakeTimeProvider();
        var pacer = new RequestPacer(clock, 5);
        clock.Advance(TimeSpan.FromMinutes(1));
        var waits = Enumerable.Range(0, 20).Select(_ => pacer.WaitAsync(CancellationToken.None)).ToList();
        var through = new List<int> { waits.Count(static wait => wait.IsCompleted) };

        for (var second = 0; second < 3; second++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            through.Add(waits.Count(static wait => wait.IsCompleted));
        }

        Assert.Equal([5, 10, 15, 20], through);
    }
}
