using CashoutConsole.Cards.Application;
using CashoutConsole.Providers.Contracts;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Cards.UI;

/// <summary>The provider and the provider account that the list is filtered by; null where it is not.</summary>
public sealed record CashOutScope(ProviderKind? Provider, (Guid Id, string Name)? ProviderAccount);

/// <summary>Port to the withdrawals room, which comes later: what it adds to the pages of accounts.</summary>
public interface IAccountActions
{
    /// <summary>The dialog that withdraws from one account, open while it is drawn.</summary>
    /// <param name="closed">The operator closed it, or it leads elsewhere.</param>
    RenderFragment WithdrawDialog(Guid accountId, EventCallback closed);

    /// <summary>The withdrawals of one account, newest first.</summary>
    RenderFragment WithdrawalsOf(Guid accountId);

    /// <summary>Buttons for what can be done with all selected accounts at once.</summary>
    /// <param name="sum">The selection in figures; null = not known yet.</param>
    RenderFragment ForSelection(AccountSelection selection, SelectionSum? sum);

    /// <summary>The menu that cashes out everything, or all of what <paramref name="scope"/> names.</summary>
    RenderFragment CashOutMenu(CashOutScope scope);
}
