using CashoutConsole.Cards.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Providers.Contracts;
using Microsoft.Extensions.Localization;

namespace CashoutConsole.Cards.UI;

/// <summary>How accounts are spoken of on pages.</summary>
public static class AccountTerms
{
    /// <summary>What stands below <see cref="Account.Label"/> and tells two alike apart: holder or nickname, else the id; null when the label says it all.</summary>
    public static string? SecondLine(Account account)
    {
        string?[] others = [account.Holder, account.DisplayName, account.ExternalId];
        return others.FirstOrDefault(text => !string.IsNullOrWhiteSpace(text) && text != account.Label);
    }

    public static Tone ToneOf(AccountStatus status) => status switch
    {
        AccountStatus.Active => Tone.Success,
        AccountStatus.Pending => Tone.Pending,
        AccountStatus.Frozen => Tone.Info,
        AccountStatus.Blocked => Tone.Danger,
        AccountStatus.Closed => Tone.Neutral,
        AccountStatus.Unknown => Tone.Warning,
    };

    /// <summary>The provider's own word for the status, for the title of the badge.</summary>
    public static string RawStatus(this IStringLocalizer<Strings> texts, Account account) =>
        account.RawStatus.Length == 0 ? texts["Accounts_NoRawStatus"] : texts["Accounts_RawStatus", account.RawStatus];
}
