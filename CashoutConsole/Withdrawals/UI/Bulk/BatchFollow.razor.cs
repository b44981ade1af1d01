using CashoutConsole.Approvals.Application;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application.Bulk;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI.Bulk;

public sealed partial class BatchFollow
{
    private readonly Guid _retryId = Guid.NewGuid();
    private ShowApproval.View? _approval;
    private BatchView? _shown;
    private Error? _error;
    private bool _pausing;
    private bool _cancelling;

    [Inject]
    public required PauseBatch Pause { get; set; }

    [Inject]
    public required CancelBatch Cancel { get; set; }

    [Inject]
    public required RetryBatch Retry { get; set; }

    [Inject]
    public required ShowApproval Approval { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Parameter, EditorRequired]
    public BatchView View { get; set; } = null!;

    [Parameter, EditorRequired]
    public BatchQuery Query { get; set; } = null!;

    [Parameter, EditorRequired]
    public EventCallback OnChanged { get; set; }

    private bool IsPaused => View.Batch.PausedAt is not null;

    private int Waiting => View.Row.CountOf(OutcomeGroup.Waiting);

    private BatchItemTab? Current => Query.Tab is BatchItemTab.LeftOut or BatchItemTab.Dropped or BatchItemTab.Invalid ? Query.Tab : null;

    private IEnumerable<(BatchItemTab? Tab, string Name, int Count)> Tabs =>
        new (BatchItemTab? Tab, string Name, int Count)[]
        {
            (null, L["Nav_Withdrawals"], View.Row.Withdrawals),
            (BatchItemTab.LeftOut, L["BatchTab_LeftOut"], View.LeftOut.Sum(static left => left.Accounts)),
            (BatchItemTab.Invalid, L["BatchTab_Invalid"], View.Faulty),
            (BatchItemTab.Dropped, L["BatchTab_Dropped"], View.Dropped),
        }.Where(tab => tab.Tab is null || tab.Count > 0 || tab.Tab == Current);

    private string? WhyNotPause => this switch
    {
        { View.MaySteer: false } => L["Batch_NotYours"].Value,
        { View.Row.AwaitsApproval: true } => L["Batch_PauseAfterApproval"].Value,
        { IsPaused: false, Waiting: 0 } => L["Batch_AllSent"].Value,
        _ => null,
    };

    private string? WhyNotCancel => this switch
    {
        { View.MaySteer: false } => L["Batch_NotYours"].Value,
        { Waiting: 0 } => L["Error_NothingToCancel"].Value,
        _ => null,
    };

    private string? WhyNotRetry => this switch
    {
        { View.MayRequest: false } => L["Reason_NotAllowed"].Value,
        { View.Retryable: 0 } => L["Error_NothingToRetry"].Value,
        _ => null,
    };

    protected override async Task OnParametersSetAsync()
    {
        if (!ReferenceEquals(_shown, View))
        {
            _shown = View;
            _approval = View.Batch.ApprovalId is { } id
                ? (await Approval.ExecuteAsync(await Actor.GetAsync(), id, CancellationToken.None)).Match<ShowApproval.View?>(static found => found, static _ => null)
                : null;
        }
    }

    private async Task<Error?> PauseAsync(string reason)
    {
        var result = await Pause.ExecuteAsync(await Actor.GetAsync(), new PauseBatch.Command(View.Batch.Id, !IsPaused, reason), CancellationToken.None);
        await OnChanged.InvokeAsync();
        return result.Error;
    }

    private async Task<Error?> CancelAsync(string reason)
    {
        var result = await Cancel.ExecuteAsync(await Actor.GetAsync(), new CancelBatch.Command(View.Batch.Id, reason), CancellationToken.None);
        await OnChanged.InvokeAsync();
        return result.Error;
    }

    private async Task RetryAsync()
    {
        var result = await Retry.ExecuteAsync(await Actor.GetAsync(), new RetryBatch.Command(View.Batch.Id, _retryId), CancellationToken.None);
        _error = result.Error;
        if (result.IsSuccess)
        {
            Navigation.NavigateTo(BatchWords.AddressOf(result.Value));
        }
    }
}
