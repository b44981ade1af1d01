using System.Globalization;

namespace CashoutConsole.Sandbox.Uqpay;

/// <summary>26 cards of the master account and 8 of the sub-account, in SGD, USD and XUSD, SINGLE and SHARE, in every status, and their issuing balances.</summary>
internal static class UqpaySeed
{
    private static readonly (string Name, decimal Balance, string Currency, string Mode, string Status)[] Cards =
    [
        ("Media buying A", 2000.05m, "USD", "SINGLE", "ACTIVE"), ("Media buying B", 351.20m, "USD", "SINGLE", "ACTIVE"), ("", 88.00m, "SGD", "SINGLE", "ACTIVE"),
        ("Team limit", 5000.00m, "USD", "SHARE", "ACTIVE"), ("采购部", 1499.99m, "SGD", "SINGLE", "ACTIVE"), ("Stable payouts", 25000.00m, "XUSD", "SINGLE", "ACTIVE"),
        ("Frozen by risk", 640.00m, "USD", "SINGLE", "FROZEN"), ("", 0.00m, "USD", "SINGLE", "ACTIVE"), ("Blocked", 120.45m, "USD", "SINGLE", "BLOCKED"),
        ("New card", 0.00m, "SGD", "SINGLE", "PENDING"), ("Retired", 0.00m, "USD", "SINGLE", "CANCELLED"), ("Closing", 310.00m, "USD", "SINGLE", "PRE_CANCEL"),
        ("Lost in taxi", 42.00m, "SGD", "SINGLE", "LOST"), ("Stolen", 17.50m, "USD", "SINGLE", "STOLEN"), ("Failed opening", 0.00m, "USD", "SINGLE", "FAILED"),
        ("Shared SGD limit", 3000.00m, "SGD", "SHARE", "ACTIVE"), ("测试卡", 0.01m, "USD", "SINGLE", "ACTIVE"), ("Affiliate 1", 780.10m, "XUSD", "SINGLE", "ACTIVE"),
        ("Affiliate 2", 64.75m, "XUSD", "SINGLE", "ACTIVE"), ("Cloud", 1120.00m, "USD", "SINGLE", "ACTIVE"), ("Cloud backup", 1120.00m, "USD", "SINGLE", "ACTIVE"),
        ("Travel", 455.30m, "SGD", "SINGLE", "ACTIVE"), ("Office", 209.90m, "SGD", "SINGLE", "ACTIVE"), ("Seasonal", 9800.00m, "USD", "SINGLE", "ACTIVE"),
        ("Legal", 33.00m, "USD", "SINGLE", "ACTIVE"), ("Board", 15000.00m, "USD", "SINGLE", "ACTIVE"),
    ];

    private static readonly (string Name, decimal Balance, string Currency, string Mode, string Status)[] SubCards =
    [
        ("Sub ads 1", 500.00m, "USD", "SINGLE", "ACTIVE"), ("Sub ads 2", 75.25m, "USD", "SINGLE", "ACTIVE"), ("分公司", 2600.00m, "SGD", "SINGLE", "ACTIVE"),
        ("Sub limit", 1000.00m, "USD", "SHARE", "ACTIVE"), ("Sub frozen", 90.00m, "USD", "SINGLE", "FROZEN"), ("Sub XUSD", 4100.40m, "XUSD", "SINGLE", "ACTIVE"),
        ("Sub small", 0.99m, "USD", "SINGLE", "ACTIVE"), ("Sub spare", 0.00m, "USD", "SINGLE", "ACTIVE"),
    ];

    /// <summary>What GET /v1/accounts lists: one usable sub-account and one that may not issue cards.</summary>
    public static readonly IReadOnlyList<object> ConnectedAccounts =
    [
        Connected(SandboxCredentials.Uqpay.SubAccount, "S-10021", ["BANKING", "ISSUING"], "Branch Pte Ltd", "ACTIVE"),
        Connected(Seed.Uuid("uqpay sub banking"), "S-10022", ["BANKING"], "Dormant Pte Ltd", "PROCESSING"),
    ];

    public static void Fill(SandboxTransaction transaction, long now)
    {
        FillOwner(transaction, SandboxCredentials.Uqpay.ClientId, Cards, now);
        FillOwner(transaction, UqpayGate.SubOwner, SubCards, now);
    }

    private static void FillOwner(
        SandboxTransaction transaction, string owner, (string Name, decimal Balance, string Currency, string Mode, string Status)[] cards, long now)
    {
        foreach (var (currency, balance) in new[] { ("USD", 5000.25m), ("SGD", 12_400.00m), ("XUSD", 900.10m) })
        {
            transaction.Add(new SandboxAccount
            {
                Provider = UqpayApi.Name,
                Credential = owner,
                Id = Seed.Uuid($"uqpay balance {owner} {currency}"),
                Kind = AccountKinds.Wallet,
                Currency = currency,
                Balance = Seed.Millionths(balance),
                Status = "ACTIVE",
                Name = currency,
                CreatedAt = Seed.DaysBefore(now, 500),
                ModifiedAt = Seed.DaysBefore(now, 1),
            });
        }
        for (var i = 0; i < cards.Length; i++)
        {
            transaction.Add(Card(owner, i, cards[i], Seed.DaysBefore(now, 4 + (i * 5))));
        }
    }

    private static SandboxAccount Card(
        string owner, int index, (string Name, decimal Balance, string Currency, string Mode, string Status) card, long createdAt) => new()
        {
            Provider = UqpayApi.Name,
            Credential = owner,
            Id = Seed.Uuid($"uqpay card {owner} {index}"),
            Kind = AccountKinds.Card,
            Currency = card.Currency,
            Balance = Seed.Millionths(card.Balance),
            Status = card.Status,
            Name = card.Name,
            CreatedAt = createdAt,
            ModifiedAt = createdAt,
            Details = new Dictionary<string, string>(StringComparer.Ordinal)
            {
                ["mode"] = card.Mode,
                ["scheme"] = index % 4 == 3 ? "MASTERCARD" : "VISA",
                ["number"] = Seed.CardNumber("40963608", (owner.Length * 7919) + (index * 271)),
                ["cardholder_id"] = Seed.Uuid($"uqpay holder {owner} {index / 2}"),
                ["first_name"] = "Holder",
                ["last_name"] = string.Create(CultureInfo.InvariantCulture, $"No{(index / 2) + 1}"),
                ["email"] = string.Create(CultureInfo.InvariantCulture, $"card{index + 1}@example.com"),
            },
        };

    private static object Connected(string id, string reference, string[] business, string name, string status) => new
    {
        account_id = id,
        short_reference_id = reference,
        business_code = business,
        email = "ops@example.com",
        account_name = name,
        status,
        verification_status = status == "ACTIVE" ? "APPROVED" : "PENDING",
        country = "SG",
        entity_type = "COMPANY",
        review_reason = "",
    };
}
