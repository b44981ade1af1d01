using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Identity.UI;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Approvals.UI;

/// <summary>
/// Approves or rejects one or many requests, each by itself and on the digest that its row showed: what fails does not hold up the
/// rest, and every item says how it went.
/// </summary>
public sealed partial class DecideDialog
{
    private readonly Dictionary<Guid, Result<ApprovalStatus>> _outcomes = [];
    private string _reason = "";
    private bool _working;
    private bool _done;
    private bool _declined;
    private StepUpDialog? _stepUp;

    [Inject]
    public required DecideWithdrawal Withdrawals { get; set; }

    [Inject]
    public required DecideChange Changes { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required ILogger<DecideDialog> Log { get; set; }

    /// <summary>As they were shown when the operator chose them.</summary>
    [Parameter, EditorRequired]
    public IReadOnlyList<ApprovalRow> Rows { get; set; } = [];

    [Parameter, EditorRequired]
    public Verdict Verdict { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    private string Title => L[Verdict == Verdict.Approve ? "Approval_ApproveTitle" : "Approval_RejectTitle", Rows.Count];

    private string Totals => DecisionTotals.Text(Rows);

    private string? WhyNotDecide => this switch
    {
        { _working: true } => L["Reason_Busy"].Value,
        { Verdict: Verdict.Reject } when TextRules.FaultOf(_reason) is { } fault => L.TextOf(fault),
        _ => null,
    };

    private string SuccessText(ApprovalStatus status) => status == ApprovalStatus.Pending ? L["Approval_OneMoreNeeded"] : L.NameOf(status);

    private async Task SubmitAsync()
    {
        if (_done)
        {
            await CloseAsync();
            return;
        }
        if (WhyNotDecide is not null)
        {
            return;
        }
        _working = true;
        var actor = await Current.GetAsync();
        foreach (var row in Rows)
        {
            var outcome = await DecideAsync(actor, row.Request);
            if (outcome.Error?.Is("StepUpNeeded") == true && _stepUp is not null && !_declined)
            {
                // Asked once for all: who will not prove it for the first is not asked for the second.
                _declined = !await _stepUp.EnsureAsync();
                outcome = _declined ? outcome : await DecideAsync(actor, row.Request);
            }
            _outcomes[row.Request.Id] = outcome;
            StateHasChanged();
        }
        (_working, _done) = (false, true);
    }

    private async Task<Result<ApprovalStatus>> DecideAsync(Actor actor, ApprovalRequest request)
    {
        var command = new DecisionCommand(request.Id, request.Digest, Verdict, Verdict == Verdict.Reject ? _reason : null);
        try
        {
            return ApprovalRequest.AboutMoney.Contains(request.Kind)
                ? await Withdrawals.ExecuteAsync(actor, command, CancellationToken.None)
                : await Changes.ExecuteAsync(actor, command, CancellationToken.None);
        }
        catch (Exception exception)
        {
            // It may have been stored all the same: the page behind reads again and says.
            Log.LogError(exception, "The decision on request {Request} was lost", request.Id);
            return new Error("DecisionLost");
        }
    }

    private Task CloseAsync() => _working ? Task.CompletedTask : OnClose.InvokeAsync();
}
