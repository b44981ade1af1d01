using System.Globalization;

namespace CashoutConsole.Sandbox.Pikabao;

/// <summary>28 USD cards in all three states, their transactions, and the account balance that receives cash-outs.</summary>
internal static class PikabaoSeed
{
    private static readonly (string Remark, decimal Balance, string Status)[] Cards =
    [
        ("Ads – Meta 01", 1820.55m, "active"), ("Ads – Meta 02", 75.00m, "active"), ("广告-抖音", 412.30m, "active"), ("SaaS subscriptions", 96.12m, "active"),
        ("Travel KL", 0.00m, "active"), ("测试 卡+1", 50.00m, "active"), ("Ads – Google 01", 6400.00m, "active"), ("Ads – Google 02", 12.01m, "active"),
        ("云服务", 2250.00m, "active"), ("Cloud EU", 318.77m, "active"), ("Office Singapore", 140.00m, "frozen"), ("差旅-上海", 66.60m, "active"),
        ("Ads – TikTok 01", 990.10m, "active"), ("Ads – TikTok 02", 990.10m, "active"), ("Domain renewals", 24.99m, "active"), ("Old campaign", 0.00m, "destroyed"),
        ("物流", 1305.25m, "active"), ("Stock photos", 5.00m, "active"), ("Freelancers", 3780.00m, "active"), ("Freelancers 2", 0.45m, "active"),
        ("Marketing MY", 720.00m, "frozen"), ("Marketing TH", 815.15m, "active"), ("Influencer test", 0.00m, "destroyed"), ("采购", 15000.00m, "active"),
        ("Refunds", 33.33m, "active"), ("Card 26", 200.00m, "active"), ("Card 27", 201.00m, "active"), ("备用", 0.00m, "active"),
    ];

    private static readonly string[] Bins = ["491090", "557271", "409636", "533171"];

    public static void Fill(SandboxTransaction transaction, long now)
    {
        transaction.Add(new SandboxAccount
        {
            Provider = PikabaoApi.Name,
            Credential = SandboxCredentials.Pikabao.AppId,
            Id = PikabaoApi.Wallet,
            Kind = AccountKinds.Wallet,
            Currency = "USD",
            Balance = Seed.Millionths(48_210.55m),
            Status = "active",
            Name = "demo",
            CreatedAt = Seed.DaysBefore(now, 400),
            ModifiedAt = now,
        });
        for (var i = 0; i < Cards.Length; i++)
        {
            var card = Card(i, Seed.DaysBefore(now, 2 + (i * 7)));
            transaction.Add(card);
            transaction.Add(Purchase(card, i));
        }
    }

    private static SandboxAccount Card(int index, long createdAt)
    {
        var bin = Bins[index % Bins.Length];
        return new SandboxAccount
        {
            Provider = PikabaoApi.Name,
            Credential = SandboxCredentials.Pikabao.AppId,
            Id = (111_222_000 + (index * 7)).ToString(CultureInfo.InvariantCulture),
            Kind = AccountKinds.Card,
            Currency = "USD",
            Balance = Seed.Millionths(Cards[index].Balance),
            Status = Cards[index].Status,
            Name = Cards[index].Remark,
            CreatedAt = createdAt,
            ModifiedAt = createdAt,
            Details = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["number"] = Seed.CardNumber(bin, 15_204_000 + (index * 311)),
                ["cvv"] = (101 + (index * 17)).ToString(CultureInfo.InvariantCulture),
                ["expiry"] = string.Create(CultureInfo.InvariantCulture, $"{1 + (index % 12):D2}/{28 + (index % 3)}"),
                ["organization"] = bin[0] == '4' ? "VISA" : "MASTERCARD",
            },
        };
    }

    private static SandboxTransactionRow Purchase(SandboxAccount card, int index) => new()
    {
        Id = (800_000_000 + index).ToString(CultureInfo.InvariantCulture),
        Provider = card.Provider,
        Credential = card.Credential,
        AccountId = card.Id,
        Type = "Consumption",
        Status = OrderStatus.Success,
        Amount = -Seed.Millionths(25.50m + index),
        Currency = card.Currency,
        EndingBalance = card.Balance,
        Merchant = index % 2 == 0 ? "META ADS" : "淘宝",
        CreatedAt = card.CreatedAt + 3_600_000_000L,
        ModifiedAt = card.CreatedAt + 3_600_000_000L,
    };
}
