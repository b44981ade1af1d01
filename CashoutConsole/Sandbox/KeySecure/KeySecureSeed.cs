using System.Globalization;

namespace CashoutConsole.Sandbox.KeySecure;

/// <summary>20 cardholders over the last 240 days, most with one card, some with several, two without approval.</summary>
internal static class KeySecureSeed
{
    private static readonly (string Name, decimal Balance, string Status, int Cards)[] Holders =
    [
        ("Lim Wei Jie", 1250.00m, "Approved", 3), ("陈思远", 860.40m, "Approved", 2), ("Amelia Novak", 75.00m, "Approved", 1),
        ("Tan Hui Min", 0.00m, "Approved", 1), ("王丽娜", 15300.75m, "Approved", 2), ("Jonas Weber", 42.18m, "Approved", 1),
        ("Priya Nair", 980.00m, "Approved", 1), ("Marco Rossi", 5.50m, "Approved", 1), ("Ng Zhi Hao", 2310.90m, "Approved", 2),
        ("李晓明", 640.00m, "Approved", 1), ("Sofia Lindqvist", 0.35m, "Approved", 1), ("Ahmed Rahman", 118.20m, "Approved", 1),
        ("Grace Okafor", 7420.00m, "Approved", 4), ("Daniel Cho", 333.33m, "Approved", 1), ("赵敏", 90.00m, "Approved", 1),
        ("Elena Petrova", 2750.10m, "Approved", 1), ("Budi Santoso", 510.00m, "Approved", 2), ("Mai Nguyen", 1.00m, "Approved", 1),
        ("Hugo Martin", 0.00m, "In_progress", 0), ("周杰", 0.00m, "Rejected", 0),
    ];

    private static readonly string[] CardStatuses = ["Activated", "Activated", "Activated", "Frozen", "Activated", "ToActivate", "Activated", "Delete"];

    public static void Fill(SandboxTransaction transaction, long now)
    {
        var serial = 0;
        for (var i = 0; i < Holders.Length; i++)
        {
            var (name, balance, status, cards) = Holders[i];
            var holder = Holder(i, name, balance, status, Seed.DaysBefore(now, 1 + (i * 12)));
            transaction.Add(holder);
            for (var c = 0; c < cards; c++)
            {
                transaction.Add(Card(holder, ++serial));
            }
        }
    }

    private static SandboxAccount Holder(int index, string name, decimal balance, string status, long createdAt) => new()
    {
        Provider = KeySecureApi.Name,
        Credential = SandboxCredentials.KeySecure.ApiKey,
        Id = string.Create(CultureInfo.InvariantCulture, $"U2026{index + 1:D8}"),
        Kind = AccountKinds.Holder,
        Currency = "TUSDT",
        Balance = Seed.Millionths(balance),
        Status = status,
        Name = name,
        CreatedAt = createdAt,
        ModifiedAt = createdAt,
        Details = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["unique_no"] = string.Create(CultureInfo.InvariantCulture, $"EMP-{index + 101}"),
            ["email"] = string.Create(CultureInfo.InvariantCulture, $"holder{index + 1}@example.com"),
            ["fail_reason"] = status == "Rejected" ? "document unreadable" : "",
            ["bonus"] = index % 5 == 0 ? "12.50" : "0.00",
            ["second_symbol"] = index % 7 == 4 ? "TUSDC" : "",
            ["second_balance"] = index % 7 == 4 ? "48.20" : "",
        },
    };

    private static SandboxAccount Card(SandboxAccount holder, int serial) => new()
    {
        Provider = KeySecureApi.Name,
        Credential = SandboxCredentials.KeySecure.ApiKey,
        Id = string.Create(CultureInfo.InvariantCulture, $"C2026{serial:D8}"),
        Kind = AccountKinds.Card,
        Currency = holder.Currency,
        Balance = 0,
        Status = CardStatuses[serial % CardStatuses.Length],
        Name = serial % 3 == 0 ? "广告投放" : "Team card",
        Parent = holder.Id,
        CreatedAt = holder.CreatedAt,
        ModifiedAt = holder.CreatedAt,
        Details = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["unique_no"] = string.Create(CultureInfo.InvariantCulture, $"CARD-{serial + 500}"),
            ["type"] = serial % 6 == 0 ? "Physical" : "Virtual",
            ["last_no"] = Seed.CardNumber("49387520", 1000 + (serial * 37))[^4..],
            ["organization"] = serial % 4 == 0 ? "MASTERCARD" : "VISA",
        },
    };
}
