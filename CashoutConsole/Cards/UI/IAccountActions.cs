using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Cards.UI;

/// <summary>Port to the withdrawals room, which comes later: what it adds to the pages of accounts.</summary>
public interface IAccountActions
{
    /// <summary>The dialog that withdraws from one account, open while it is drawn.</summary>
    /// <param name="closed">The operator closed it, or it leads elsewhere.</param>
    RenderFragment WithdrawDialog(Guid accountId, EventCallback closed);

    /// <summary>The withdrawals of one account, newest first.</summary>
    RenderFragment WithdrawalsOf(Guid accountId);
}
