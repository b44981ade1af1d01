using CashoutConsole.Controls;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Application.Bulk;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI.Bulk;

public sealed partial class BatchWithdrawals
{
    private VirtualTable<WithdrawalRow>? _table;
    private BatchView? _shown;

    [Inject]
    public required ListWithdrawals List { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired]
    public BatchView View { get; set; } = null!;

    [Parameter, EditorRequired]
    public BatchQuery Query { get; set; } = null!;

    /// <summary>Rows that the table is made as high as; room for words where there are none.</summary>
    private int Shown => (Query.Group is { } group ? View.Row.CountOf(group) : View.Row.Withdrawals) is > 0 and var rows ? rows : 4;

    protected override async Task OnParametersSetAsync()
    {
        var isNews = _shown is not null && !ReferenceEquals(_shown, View);
        _shown = View;
        if (isNews && _table is not null)
        {
            await _table.RefreshAsync();
        }
    }

    private async ValueTask<TablePage<WithdrawalRow>> LoadAsync(TableRequest request, CancellationToken cancellation)
    {
        var filter = new WithdrawalFilter { BatchId = View.Batch.Id, Statuses = Query.Group is { } group ? OutcomeGroups.StatusesOf(group) : null };
        var page = await List.ExecuteAsync(await Actor.GetAsync(), filter, request.Start, request.Count, cancellation);
        return page.Match(static found => new TablePage<WithdrawalRow>(found.Rows, found.Total), static error => throw new InvalidOperationException(error.Code));
    }

    private void Show(OutcomeGroup? group) => Navigation.NavigateTo((Query with { Tab = null, Group = group }).AddressOf(View.Batch.Id), replace: true);
}
