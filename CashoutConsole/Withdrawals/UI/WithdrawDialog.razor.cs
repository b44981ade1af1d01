using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Identity.UI;
using CashoutConsole.Withdrawals.Application;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Withdrawals.UI;

/// <summary>
/// Withdraws from one account in two steps: enter, then confirm what will happen. The command id comes from the opening and is used for
/// every try, so that a double click, a lost answer and a second try make one withdrawal.
/// </summary>
public sealed partial class WithdrawDialog : IDisposable
{
    /// <summary>The confirm button stands where the continue button stood: the second half of a double click must not press it.</summary>
    public static readonly TimeSpan Settle = TimeSpan.FromMilliseconds(600);

    private readonly CancellationTokenSource _closing = new();
    private Actor? _actor;
    private WithdrawEntry? _entry;
    private Error? _openingFault;
    private Error? _refusal;
    private bool _reviewing;
    private bool _sending;
    private bool _judging;
    private bool _stepUpMissing;
    private bool _answerLost;
    private bool _triedToGoOn;
    private ReviewPause? _pause;
    private ElementReference _amountInput;
    private ElementReference _reasonInput;
    private Modal? _modal;
    private WithdrawSummary? _summary;
    private StepUpDialog? _stepUp;
    private Func<ValueTask>? _focusNext;

    [Inject]
    public required OpenDialog Opening { get; set; }

    [Inject]
    public required JudgeEntry Judging { get; set; }

    [Inject]
    public required RequestWithdrawal Request { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ILogger<WithdrawDialog> Log { get; set; }

    [Parameter, EditorRequired]
    public Guid AccountId { get; set; }

    /// <summary>Null = a new matter.</summary>
    [Parameter]
    public WithdrawPrefill? Prefill { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    /// <summary>An empty field is not scolded before the operator tried to go on.</summary>
    private Error? ShownAmountFault => _entry?.AmountFault is { } fault && (_triedToGoOn || !fault.Is("AmountMissing")) ? fault : null;

    private Error? ShownReasonFault => _entry?.ReasonFault is { } fault && (_triedToGoOn || !fault.Is("ReasonMissing")) ? fault : null;

    /// <summary>The refusal says that what the dialog shows is over: only opening it again helps.</summary>
    private bool MustReopen => _refusal is not null;

    private bool IsSettling => _reviewing && _pause is not { IsOver: true };

    private string LeaveText => this switch
    {
        { _reviewing: true } => L["Action_Back"],
        { _entry.Opened.Limits.Block: not null } => L["Action_Close"],
        _ => L["Action_Cancel"],
    };

    private string? WhyNotGoOn => this switch
    {
        { _sending: true } => L["Withdraw_Sending"].Value,
        { _judging: true } => L["Withdraw_Judging"].Value,
        { MustReopen: true } => L["Withdraw_ReopenFirst"].Value,
        { IsSettling: true } => L["Withdraw_Settling"].Value,
        { _reviewing: true, _entry.MustTypeAgain: true } => L["Confirm_TypedMismatch", AmountText.Plain(_entry.Amount ?? 0)].Value,
        _ => null,
    };

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }

    protected override Task OnInitializedAsync() => OpenAsync();

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focusNext is { } focus)
        {
            _focusNext = null;
            await focus();
        }
    }

    private async Task OpenAsync()
    {
        (_entry, _openingFault, _refusal, _reviewing, _answerLost, _triedToGoOn, _stepUpMissing) = (null, null, null, false, false, false, false);
        try
        {
            _actor ??= await Current.GetAsync();
            var opened = await Opening.ExecuteAsync(_actor, AccountId, _closing.Token);
            _openingFault = opened.Error;
            _entry = opened.IsSuccess ? new WithdrawEntry(opened.Value) { AmountText = Prefill is null ? "" : AmountText.Plain(Prefill.Amount), Reason = Prefill?.Reason ?? "" } : null;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            // Closed while the balance was being read.
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The withdrawal dialog of account {Account} could not be opened", AccountId);
            _openingFault = new Error("LoadFailed");
        }
    }

    private async Task ReopenAsync()
    {
        var before = _entry;
        await OpenAsync();
        if (_entry is not null && before is not null)
        {
            // What was typed is kept; it is judged against the account as it is now.
            _entry = _entry with { AmountText = before.AmountText, Reason = before.Reason };
        }
    }

    private void TypeAmount(ChangeEventArgs args) => _entry = _entry! with { AmountText = args.Value as string ?? "", All = false, Outlook = null };

    private void TypeAgain(string? text) => _entry = _entry! with { TypedAgain = text ?? "" };

    private void TypeReason(ChangeEventArgs args) => _entry = _entry! with { Reason = args.Value as string ?? "" };

    private async Task ToggleAllAsync()
    {
        var all = !_entry!.All;
        _entry = _entry with { All = all, AmountText = all ? AmountText.Plain(_entry.Most) : "", Outlook = null };
        _focusNext = all ? FocusReason : FocusAmount;
        if (all)
        {
            // How "everything" would be sent depends on the policy.
            await JudgeAsync();
        }
    }

    /// <summary>Asks the policy about the amount as it stands; false = it could not be asked, and the dialog says why.</summary>
    private async Task<bool> JudgeAsync()
    {
        if (_entry is not { Amount: { } amount } asked)
        {
            return false;
        }
        _judging = true;
        try
        {
            var outlook = await Judging.ExecuteAsync(_actor!, AccountId, amount, _closing.Token);
            _refusal = outlook.Error ?? _refusal;
            // The operator may have gone on typing: the answer belongs to the amount that was asked about.
            if (outlook.IsSuccess && _entry?.Amount == amount && _entry.All == asked.All)
            {
                _entry = _entry with { Outlook = outlook.Value, TypedAgain = "" };
            }
            return _entry?.Outlook is not null;
        }
        catch (OperationCanceledException) when (_closing.IsCancellationRequested)
        {
            return false;
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The policy could not be asked about account {Account}", AccountId);
            _refusal = new Error("LoadFailed");
            return false;
        }
        finally
        {
            _judging = false;
        }
    }

    private async Task SubmitAsync()
    {
        if (_reviewing)
        {
            await ConfirmAsync();
        }
        else if (_entry is { Opened.Limits.Block: null } && !MustReopen && !_judging)
        {
            await GoOnAsync();
        }
    }

    private async Task GoOnAsync()
    {
        _triedToGoOn = true;
        if ((_entry!.AmountFault ?? _entry.ReasonFault) is not null)
        {
            _focusNext = _entry.AmountFault is not null ? FocusAmount : FocusReason;
            return;
        }
        // Judged afresh each time: others may have submitted meanwhile, and a limit that the amount would break shows at the amount.
        if (!await JudgeAsync() || _entry.AmountFault is not null)
        {
            _focusNext = FocusAmount;
            return;
        }
        // Going back and on again starts a new wait.
        _pause = new ReviewPause(Settle, Clock, () => InvokeAsync(StateHasChanged), _closing.Token);
        (_reviewing, _focusNext) = (true, _entry!.MustTypeAgain ? FocusAgain : FocusConfirm);
    }

    private Task GoBackAsync()
    {
        (_reviewing, _answerLost, _stepUpMissing, _focusNext) = (false, false, false, FocusAmount);
        return Task.CompletedTask;
    }

    private async Task ConfirmAsync()
    {
        // In the handler, not only in the markup: a second click may already be on its way.
        if (_sending || MustReopen || _entry?.Amount is not { } amount || IsSettling || _entry.MustTypeAgain)
        {
            return;
        }
        (_sending, _answerLost, _stepUpMissing) = (true, false, false);
        try
        {
            var opened = _entry.Opened;
            var command = new RequestWithdrawal.Command(opened.CommandId, opened.Account.Id, opened.Account.Version, _entry.All, amount, _entry.Reason, Prefill?.FollowsId);
            // Not cancelled by closing: a request that is on its way is carried out and stands in the list.
            var result = await Request.ExecuteAsync(_actor!, command, CancellationToken.None);
            if (result.Error?.Is("StepUpNeeded") == true && _stepUp is not null && await _stepUp.EnsureAsync())
            {
                result = await Request.ExecuteAsync(_actor!, command, CancellationToken.None);
            }
            if (result.IsSuccess)
            {
                Navigation.NavigateTo($"/withdrawals/{result.Value}");
                return;
            }
            Refused(result.Error);
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The answer to the withdrawal request of account {Account} was lost", AccountId);
            _answerLost = true;
        }
        _sending = false;
    }

    private void Refused(Error error)
    {
        if (error.Is("StepUpNeeded"))
        {
            // Nothing that the dialog shows is over: the same request is made again afterwards.
            _stepUpMissing = true;
            return;
        }
        if (WithdrawEntry.IsAboutIt(error))
        {
            _reviewing = false;
        }
        _refusal = error;
    }

    // Methods, not element references: the element is drawn only by the next rendering.
    private ValueTask FocusAmount() => _amountInput.FocusAsync();

    private ValueTask FocusReason() => _reasonInput.FocusAsync();

    private ValueTask FocusConfirm() => _modal?.FocusSubmitAsync() ?? ValueTask.CompletedTask;

    private ValueTask FocusAgain() => _summary?.FocusAgainAsync() ?? ValueTask.CompletedTask;

    private Task CloseAsync() => _sending ? Task.CompletedTask : OnClose.InvokeAsync();

    private string TextOf(Error error) => error switch
    {
        { Code: "NotWithdrawable", Arguments: [Cards.Domain.WithdrawalBlock block] } => L["Withdraw_NotPossible", L.NameOf(block, "Blocked")],
        _ => L.TextOf(error),
    };
}
