using System.Globalization;
using CashoutConsole.Approvals.Domain;

namespace CashoutConsole.Withdrawals.Domain;

/// <summary>The canonical line of one withdrawal: everything the instruction that is sent is made from. What is not in it cannot reach a provider.</summary>
public static class WithdrawalLines
{
    public static string Of(Withdrawal withdrawal) => ApprovalDigest.TextOf([.. Fields(withdrawal), .. withdrawal.BatchId is { } batch ? BatchFields(withdrawal, batch) : []]);

    private static IEnumerable<(string Name, string Value)> Fields(Withdrawal withdrawal) =>
    [
        ("withdrawal", withdrawal.Id.ToString()),
        ("maker", withdrawal.MakerId),
        ("provider-account", withdrawal.ProviderAccountId.ToString()),
        ("endpoint", withdrawal.EndpointIdentity),
        ("account", withdrawal.AccountId.ToString()),
        ("external-account", withdrawal.ExternalAccountId),
        ("direction", "Out"),
        ("mode", withdrawal.Mode.ToString()),
        ("amount-millionths", Text(withdrawal.AmountMillionths)),
        ("currency", withdrawal.Currency),
        ("legs", Text(withdrawal.Legs)),
        ("drift-tolerance", Text(withdrawal.DriftToleranceMillionths)),
        ("key", withdrawal.IdempotencyKey),
        ("policy", withdrawal.PolicyNumber?.ToString(CultureInfo.InvariantCulture) ?? ""),
        ("checkers", Text(withdrawal.RequiredCheckers)),
    ];

    private static IEnumerable<(string Name, string Value)> BatchFields(Withdrawal withdrawal, Guid batch) =>
    [
        ("batch", batch.ToString()),
        ("item", Text(withdrawal.BatchItem ?? 0)),
        ("leg", Text(withdrawal.Leg)),
        ("ceiling", withdrawal.IsCeiling ? "yes" : "no"),
        ("keep-millionths", Text(withdrawal.KeepMillionths)),
        ("plan-total-millionths", Text(withdrawal.PlanTotalMillionths ?? 0)),
    ];

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
