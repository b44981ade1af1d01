using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application.Bulk;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI.Bulk;

public sealed partial class BatchPreview
{
    private Error? _error;

    [Inject]
    public required ReadBatchAgain ReadAgain { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Parameter, EditorRequired]
    public BatchView View { get; set; } = null!;

    [Parameter, EditorRequired]
    public BatchQuery Query { get; set; } = null!;

    [Parameter, EditorRequired]
    public EventCallback OnChanged { get; set; }

    private BatchItemTab Current => Query.Tab ?? BatchItemTab.Planned;

    /// <summary>Rows that cannot be: no row of this kind, no tab; but the one in the address stays, so that it does not vanish under the reader.</summary>
    private IEnumerable<(BatchItemTab? Tab, string Name, int Count)> Tabs =>
        new (BatchItemTab? Tab, string Name, int Count)[]
        {
            (null, L["BatchTab_Planned"], View.Totals.Sum(static total => total.Accounts)),
            (BatchItemTab.Changed, L["BatchTab_Changed"], View.Changed),
            (BatchItemTab.LeftOut, L["BatchTab_LeftOut"], View.LeftOut.Sum(static left => left.Accounts)),
            (BatchItemTab.Invalid, L["BatchTab_Invalid"], View.Faulty),
            (BatchItemTab.Dropped, L["BatchTab_Dropped"], View.Dropped),
        }.Where(tab => tab.Tab is null or BatchItemTab.LeftOut || tab.Count > 0 || tab.Tab == Current);

    private string? WhyNotChange => View.MayRequest ? null : L["Reason_NotAllowed"].Value;

    private async Task ReadAgainAsync()
    {
        var result = await ReadAgain.ExecuteAsync(await Actor.GetAsync(), View.Batch.Id, CancellationToken.None);
        _error = result.Error;
        await OnChanged.InvokeAsync();
    }

    private async Task RefusedAsync(Error error)
    {
        _error = error;
        await OnChanged.InvokeAsync();
    }
}
