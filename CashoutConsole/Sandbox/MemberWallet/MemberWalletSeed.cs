using System.Globalization;

namespace CashoutConsole.Sandbox.MemberWallet;

/// <summary>16 THB and 10 PHP members: balances with 2, 3 and 6 decimals, some at zero, one disabled, a third of them online.</summary>
internal static class MemberWalletSeed
{
    private static readonly decimal[] ThbBalances =
    [
        2323.582m, 993.92m, 0m, 15000.5m, 42.123456m, 780m, 0.000001m, 64210.75m, 310.3m, 0m, 1999.999m, 88.08m, 125000m, 7.77m, 512.345678m, 640m,
    ];

    private static readonly decimal[] PhpBalances = [5100.25m, 0m, 873.125m, 29999.99m, 64.5m, 1200m, 0.5m, 410.000123m, 7350.8m, 18m];

    private static readonly string[] Names =
        ["somchai", "malee", "anong", "niran", "kanya", "prasert", "ratana", "suda", "wichai", "arthit", "chai", "dao", "fah", "kamon", "lek", "mongkut"];

    public static void Fill(SandboxTransaction transaction, long now)
    {
        for (var i = 0; i < ThbBalances.Length; i++)
        {
            var username = string.Create(CultureInfo.InvariantCulture, $"{Names[i]}{i + 1:D3}");
            transaction.Add(Member(MemberAgent.All[0], username, Seed.Millionths(ThbBalances[i]), i == 15 ? "disabled" : "active", i % 3 == 0, Seed.DaysBefore(now, i + 3)));
        }
        for (var i = 0; i < PhpBalances.Length; i++)
        {
            var username = string.Create(CultureInfo.InvariantCulture, $"player{i + 1:D3}");
            transaction.Add(Member(MemberAgent.All[1], username, Seed.Millionths(PhpBalances[i]), "active", i % 3 == 1, Seed.DaysBefore(now, i + 5)));
        }
    }

    public static SandboxAccount Member(MemberAgent agent, string username, long balance, string status, bool online, long createdAt) => new()
    {
        Provider = MemberWalletApi.Name,
        Credential = agent.Id,
        Id = username,
        Kind = AccountKinds.Member,
        Currency = agent.Currency,
        Balance = balance,
        Status = status,
        Name = username,
        CreatedAt = createdAt,
        ModifiedAt = createdAt,
        Details = new Dictionary<string, string>(StringComparer.Ordinal) { ["online"] = online ? "true" : "false" },
    };
}
