namespace CashoutConsole.Sandbox.UnCash;

/// <summary>18 cards of the wallet "main" and 8 of "apac": one that needs a plan (30,000.50), some below the minimum, a frozen, a closed and a not ready one.</summary>
internal static class UnCashSeed
{
    private static readonly (string Name, decimal Balance, string Status)[] Main =
    [
        ("Ops float", 30_000.50m, "active"), ("Ads – Snap", 1249.00m, "active"), ("Subscriptions", 10.00m, "active"), ("Coffee test", 0.75m, "active"),
        ("Paused vendor", 320.40m, "frozen"), ("Old card", 0.00m, "closed"), ("采购卡", 860.00m, "active"), ("Empty", 0.00m, "active"),
        ("Hosting", 215.99m, "active"), ("Being issued", 150.00m, "active"), ("Influencers", 4400.00m, "active"), ("Trade fair", 10_000.00m, "active"),
        ("Trade fair 2", 10_000.01m, "active"), ("Tiny", 0.99m, "active"), ("Exactly one", 1.00m, "active"), ("市场部", 75.30m, "active"),
        ("Payroll bridge", 22_750.00m, "active"), ("Reserve", 512.25m, "active"),
    ];

    private static readonly (string Name, decimal Balance, string Status)[] Apac =
    [
        ("APAC ads", 2140.15m, "active"), ("APAC travel", 88.00m, "active"), ("東京", 640.00m, "active"), ("Manila", 0.50m, "active"), ("Jakarta", 5.00m, "active"),
        ("Bangkok", 1999.99m, "frozen"), ("Seoul", 12_500.00m, "active"), ("Closed 2025", 0.00m, "closed"),
    ];

    /// <summary>The seeded card whose provider id is still temporary.</summary>
    private const string NotReady = "Being issued";

    public static void Fill(SandboxTransaction transaction, long now)
    {
        FillWallet(transaction, "main", 1500.75m, Main, now);
        FillWallet(transaction, "apac", 240.00m, Apac, now);
    }

    private static void FillWallet(SandboxTransaction transaction, string wallet, decimal balance, (string Name, decimal Balance, string Status)[] cards, long now)
    {
        transaction.Add(new SandboxAccount
        {
            Provider = UnCashApi.Name,
            Credential = wallet,
            Id = UnCashApi.WalletId(wallet),
            Kind = AccountKinds.Wallet,
            Currency = "USD",
            Balance = Seed.Millionths(balance),
            Status = "active",
            Name = wallet,
            CreatedAt = Seed.DaysBefore(now, 300),
            ModifiedAt = Seed.DaysBefore(now, 1),
        });
        for (var i = 0; i < cards.Length; i++)
        {
            transaction.Add(Card(wallet, i, cards[i], Seed.DaysBefore(now, 3 + (i * 6))));
        }
    }

    private static SandboxAccount Card(string wallet, int index, (string Name, decimal Balance, string Status) card, long createdAt) => new()
    {
        Provider = UnCashApi.Name,
        Credential = wallet,
        Id = Seed.Uuid($"uncash card {wallet} {index}"),
        Kind = AccountKinds.Card,
        Currency = "USD",
        Balance = Seed.Millionths(card.Balance),
        Status = card.Status,
        Name = card.Name,
        CreatedAt = createdAt,
        ModifiedAt = createdAt,
        Details = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["number"] = Seed.CardNumber("555550", (wallet.Length * 104_729) + (index * 613)),
            ["category"] = index % 3 == 0 ? "wallet" : "online",
            ["ready"] = card.Name == NotReady ? "false" : "true",
        },
    };
}
