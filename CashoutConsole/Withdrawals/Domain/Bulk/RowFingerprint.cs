using System.Text;
using CashoutConsole.Approvals.Domain;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>
/// By what a row is known again, in this file and in later ones. With a client reference: (provider account, account, reference), for ever.
/// Without one: (provider account, account, amount or ALL, currency), for <see cref="HoldsWithoutReference"/>.
/// </summary>
public static class RowFingerprint
{
    public static readonly TimeSpan HoldsWithoutReference = TimeSpan.FromHours(24);

    private const string Format = "1";

    /// <summary>SHA-256 in lower-case hex over length-prefixed fields. Two ways to write one accented letter are one reference.</summary>
    public static string WithReference(Guid providerAccountId, Guid accountId, string reference) =>
        Of(providerAccountId, accountId, ("reference", reference.Trim().Normalize(NormalizationForm.FormC)));

    public static string WithoutReference(Guid providerAccountId, Guid accountId, RowAmount amount, string currency) =>
        Of(providerAccountId, accountId, ("amount", amount.ToString()), ("currency", currency.Trim().ToUpperInvariant()));

    private static string Of(Guid providerAccountId, Guid accountId, params (string Name, string Value)[] further) => ApprovalDigest.OfText(ApprovalDigest.TextOf(
    [
        ("format", Format),
        ("provider-account", providerAccountId.ToString()),
        ("account", accountId.ToString()),
        .. further,
    ]));
}
