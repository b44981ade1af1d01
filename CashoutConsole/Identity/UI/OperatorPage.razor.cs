using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Application.Operators;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Identity.UI;

/// <summary>One operator: what they are, what waits for a second person, and what an administrator can do about them. Live.</summary>
public sealed partial class OperatorPage
{
    private ShowOperator.View? _view;
    private StepUpDialog _stepUp = null!;
    private Error? _error;
    private Error? _refusal;
    private InviteLink? _link;
    private Question? _question;
    private IReadOnlyList<Role> _roles = [];
    private bool _takesPassword;
    private bool _mayAdminister;
    private string? _actorId;

    /// <summary>What the dialog asks about.</summary>
    private enum Question
    {
        Roles,
        Reset,
        SignOut,
        Disable,
        Enable,
    }

    [Inject]
    public required ShowOperator Show { get; set; }

    [Inject]
    public required ProposeRoles ProposeRoles { get; set; }

    [Inject]
    public required ProposeReset ProposeReset { get; set; }

    [Inject]
    public required ProposeEnable ProposeEnable { get; set; }

    [Inject]
    public required DisableOperator Disable { get; set; }

    [Inject]
    public required SignOutEverywhere SignOut { get; set; }

    [Inject]
    public required NewInvite NewInvite { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    [Parameter]
    public required string Id { get; set; }

    private string QuestionTitle => L[_question switch
    {
        Question.Reset => "Operators_Reset",
        Question.SignOut => "Operators_SignOut",
        Question.Disable => "Operators_Disable",
        Question.Enable => "Operators_Enable",
        Question.Roles or null => "Operators_ChangeRoles",
    }];

    private string QuestionDetail => L[_question switch
    {
        Question.Reset => "Operators_ResetAsk",
        Question.SignOut => "Operators_SignOutAsk",
        Question.Disable => "Operators_DisableAsk",
        Question.Enable => "Operators_EnableAsk",
        Question.Roles or null => "Operators_RolesAsk",
    }, _view!.Row.DisplayName];

    protected override async Task OnParametersSetAsync()
    {
        _mayAdminister = await Authentication.MayAsync(Permission.Administer);
        (_link, _refusal) = (null, null);
        await LoadAsync();
    }

    private async Task LoadAsync()
    {
        var actor = await Actor.GetAsync();
        _actorId = actor.Id;
        var view = await Show.ExecuteAsync(actor, Id, CancellationToken.None);
        (_view, _error) = view.Match(static shown => (shown, (Error?)null), static error => ((ShowOperator.View?)null, error));
        _link = _view?.HasPassword == true ? null : _link;
    }

    /// <summary>Why the viewer cannot do something about this operator; null = can.</summary>
    private string? WhyNot(bool blocked = false, string? code = null, ApprovalKind? kind = null) => this switch
    {
        { _mayAdminister: false } => L["Operators_AdministratorOnly"].Value,
        _ when _actorId == Id => L["Error_CannotChangeSelf"].Value,
        _ when blocked => L[$"Error_{code}"].Value,
        _ when _view!.Row.Pending.Any(pending => pending.Kind == kind) => L["Error_OperatorRequestPending"].Value,
        _ => null,
    };

    private void Ask(Question question) => (_question, _takesPassword) = (question, question == Question.Reset && _view!.Row.TwoFactorSince is null);

    private void AskRoles()
    {
        _roles = _view!.Row.Roles;
        Ask(Question.Roles);
    }

    /// <summary>Does what was asked; where a step-up is missing, asks for it and goes on.</summary>
    private async Task<Error?> AnswerAsync(string reason)
    {
        var question = _question!.Value;
        var error = await DoAsync(question, reason);
        if (error == StepUps.Needed && await _stepUp.EnsureAsync())
        {
            error = await DoAsync(question, reason);
        }
        await LoadAsync();
        return question == Question.Disable && ActingPeople.IsGap(error) ? new Error("DisableLeavesGap", L.TextOf(error!)) : error;
    }

    private async Task<Error?> DoAsync(Question question, string reason)
    {
        var actor = await Actor.GetAsync();
        return question switch
        {
            Question.Roles => (await ProposeRoles.ExecuteAsync(actor, new(Id, _roles, reason), CancellationToken.None)).Error,
            Question.Reset => (await ProposeReset.ExecuteAsync(actor, new(Id, _takesPassword, reason), CancellationToken.None)).Error,
            Question.SignOut => (await SignOut.ExecuteAsync(actor, new(Id, reason), CancellationToken.None)).Error,
            Question.Disable => (await Disable.ExecuteAsync(actor, new(Id, reason), CancellationToken.None)).Error,
            Question.Enable => (await ProposeEnable.ExecuteAsync(actor, new(Id, reason), CancellationToken.None)).Error,
        };
    }

    private async Task InviteAsync()
    {
        var actor = await Actor.GetAsync();
        var made = await NewInvite.ExecuteAsync(actor, Id, CancellationToken.None);
        if (made.Error == StepUps.Needed && await _stepUp.EnsureAsync())
        {
            made = await NewInvite.ExecuteAsync(actor, Id, CancellationToken.None);
        }
        (_link, _refusal) = made.Match(static link => (link, (Error?)null), error => (_link!, error));
        await LoadAsync();
    }
}
