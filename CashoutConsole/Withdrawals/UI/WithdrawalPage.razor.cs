using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application;
using CashoutConsole.Withdrawals.Domain;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI;

/// <summary>One withdrawal: the money, what is happening to it, who did what, and every attempt with its evidence. Live.</summary>
public sealed partial class WithdrawalPage
{
    private ShowWithdrawal.View? _view;
    private Error? _error;
    private bool _cancelling;
    private bool _again;
    private bool _mayRequest;
    private ShowApproval.View? _approval;
    private string? _actorId;

    [Inject]
    public required ShowWithdrawal Show { get; set; }

    [Inject]
    public required ShowApproval Approval { get; set; }

    [Inject]
    public required CancelWithdrawal Cancel { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Parameter]
    public Guid Id { get; set; }

    private bool IsMine => _view!.Row.Withdrawal.MakerId == _actorId;

    /// <summary>One's own request that ended without approval and that nobody took up again yet; the use case asks the same.</summary>
    private bool MayRequestAgain => _mayRequest && IsMine
        && _approval is { NextId: null, Row.Request.Status: ApprovalStatus.Rejected or ApprovalStatus.Recalled or ApprovalStatus.Expired };

    protected override async Task OnInitializedAsync() => _mayRequest = await Actor.IsOfferedAsync(Permission.RequestWithdrawals);

    protected override Task OnParametersSetAsync()
    {
        // The dialog led here from the withdrawal that this one takes up again.
        _again = false;
        return LoadAsync();
    }

    private bool IsAboutThis(Change change) => change.Kind switch
    {
        ChangeKind.Withdrawal => change.Id is null || change.Id == Id,
        ChangeKind.Approval => true,
        ChangeKind.Account or ChangeKind.ProviderAccount or ChangeKind.SendingStop or ChangeKind.Operator or ChangeKind.Policy or ChangeKind.Notice or ChangeKind.Batch => false,
    };

    private string CancelText(Withdrawal withdrawal) => L[withdrawal.Status == WithdrawalStatus.AwaitingApproval ? "Approval_Recall" : "Withdrawal_Cancel"];

    private async Task LoadAsync()
    {
        var actor = await Actor.GetAsync();
        var result = await Show.ExecuteAsync(actor, Id, CancellationToken.None);
        _actorId = actor.Id;
        _view = result.IsSuccess ? result.Value : null;
        _error = result.Error;
        var approval = _view?.Row.Withdrawal.ApprovalId is { } id ? (await Approval.ExecuteAsync(actor, id, CancellationToken.None)).Match<ShowApproval.View?>(static view => view, static _ => null) : null;
        _approval = approval;
    }

    private string? WhyNotCancel(ShowWithdrawal.View view)
    {
        if (view.MayCancel)
        {
            return null;
        }
        var withdrawal = view.Row.Withdrawal;
        return WithdrawalTransitions.Allows(withdrawal.Status, WithdrawalStatus.Cancelled) ? L["Withdrawal_CancelNotYours"] : L["Withdrawal_TooLateToCancel"];
    }

    private async Task<Error?> CancelAsync(string reason)
    {
        var result = await Cancel.ExecuteAsync(await Actor.GetAsync(), new CancelWithdrawal.Command(Id, reason), CancellationToken.None);
        await LoadAsync();
        return result.Error;
    }
}
