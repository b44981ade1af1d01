using System.Globalization;

namespace CashoutConsole.Sandbox;

/// <summary>Ends open orders when their time has come, and lets their provider tell (webhook, transaction row).</summary>
internal sealed class Settlement(SandboxClock clock, TimeSpan defaultDelay)
{
    private IReadOnlyDictionary<string, ISandboxApi> _apis = new Dictionary<string, ISandboxApi>(StringComparer.Ordinal);

    /// <summary>The providers are built after the settlement that they ask for the delay.</summary>
    public void Attach(IReadOnlyDictionary<string, ISandboxApi> apis) => _apis = apis;

    public TimeSpan Delay(SandboxTransaction transaction) =>
        transaction.Setting(SandboxSettings.SettleDelay) is { Length: > 0 } text
            ? TimeSpan.FromMilliseconds(long.Parse(text, CultureInfo.InvariantCulture))
            : defaultDelay;

    public int SettleDue(SandboxTransaction transaction) => Settle(transaction, transaction.OpenOrders(clock.Microseconds));

    /// <summary>Everything that is open and would end by itself; with <paramref name="stuck"/> the others too.</summary>
    public int SettleAll(SandboxTransaction transaction, bool stuck) =>
        Settle(transaction, transaction.OpenOrders(dueAt: null).FindAll(order => stuck || order.Outcome != OrderStatus.Stuck));

    private int Settle(SandboxTransaction transaction, List<SandboxOrder> orders)
    {
        foreach (var order in orders)
        {
            _apis[order.Provider].OnSettled(transaction, transaction.Settle(order, clock.Microseconds));
        }
        return orders.Count;
    }
}
