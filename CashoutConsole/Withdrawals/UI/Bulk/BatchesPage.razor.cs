using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application.Bulk;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI.Bulk;

/// <summary>All batches, newest first, live: what became of each so far. One's own drafts stand among them.</summary>
public sealed partial class BatchesPage
{
    private VirtualTable<BatchRow>? _table;
    private Error? _fault;
    private bool _mayRequest;

    [Inject]
    public required ListBatches List { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    protected override async Task OnInitializedAsync() => _mayRequest = await Actor.IsOfferedAsync(Permission.RequestWithdrawals);

    private async ValueTask<TablePage<BatchRow>> LoadAsync(TableRequest request, CancellationToken cancellation)
    {
        var page = await List.ExecuteAsync(await Actor.GetAsync(), request.Start, request.Count, cancellation);
        if (_fault != page.Error)
        {
            _fault = page.Error;
            StateHasChanged();
        }
        return page.Match(static found => new TablePage<BatchRow>(found.Rows, found.Total), static _ => new TablePage<BatchRow>([], 0));
    }

    private Task RefreshAsync() => _table?.RefreshAsync() ?? Task.CompletedTask;
}
