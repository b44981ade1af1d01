using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.UI;
using CashoutConsole.Withdrawals.UI.Bulk;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI;

/// <summary>What this room adds to the pages of accounts.</summary>
public sealed class AccountActions : IAccountActions
{
    public RenderFragment WithdrawDialog(Guid accountId, EventCallback closed) => builder =>
    {
        builder.OpenComponent<WithdrawDialog>(0);
        builder.SetKey(accountId);
        builder.AddComponentParameter(1, nameof(UI.WithdrawDialog.AccountId), accountId);
        builder.AddComponentParameter(2, nameof(UI.WithdrawDialog.OnClose), closed);
        builder.CloseComponent();
    };

    public RenderFragment WithdrawalsOf(Guid accountId) => builder =>
    {
        builder.OpenComponent<AccountWithdrawals>(0);
        builder.AddComponentParameter(1, nameof(AccountWithdrawals.AccountId), accountId);
        builder.CloseComponent();
    };

    public RenderFragment ForSelection(AccountSelection selection, SelectionSum? sum) => builder =>
    {
        builder.OpenComponent<BulkActions>(0);
        builder.AddComponentParameter(1, nameof(BulkActions.Selection), selection);
        builder.AddComponentParameter(2, nameof(BulkActions.Sum), sum);
        builder.CloseComponent();
    };

    public RenderFragment CashOutMenu(CashOutScope scope) => builder =>
    {
        builder.OpenComponent<CashOutMenu>(0);
        builder.AddComponentParameter(1, nameof(Bulk.CashOutMenu.Scope), scope);
        builder.CloseComponent();
    };
}
