using System.Globalization;
using CashoutConsole.Approvals.Domain;

namespace CashoutConsole.Withdrawals.Domain;

/// <summary>The canonical line of one withdrawal: everything the instruction that is sent is made from. What is not in it cannot reach a provider.</summary>
public static class WithdrawalLines
{
    public static string Of(Withdrawal withdrawal) => ApprovalDigest.TextOf(
    [
        ("withdrawal", withdrawal.Id.ToString()),
        ("maker", withdrawal.MakerId),
        ("provider-account", withdrawal.ProviderAccountId.ToString()),
        ("endpoint", withdrawal.EndpointIdentity),
        ("account", withdrawal.AccountId.ToString()),
        ("external-account", withdrawal.ExternalAccountId),
        ("direction", "Out"),
        ("mode", withdrawal.Mode.ToString()),
        ("amount-millionths", withdrawal.AmountMillionths.ToString(CultureInfo.InvariantCulture)),
        ("currency", withdrawal.Currency),
        ("legs", "1"),
        ("drift-tolerance", "0"),
        ("key", withdrawal.IdempotencyKey),
        ("policy", withdrawal.PolicyNumber?.ToString(CultureInfo.InvariantCulture) ?? ""),
        ("checkers", withdrawal.RequiredCheckers.ToString(CultureInfo.InvariantCulture)),
    ]);
}
