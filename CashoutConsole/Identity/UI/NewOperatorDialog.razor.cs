using CashoutConsole.Approvals.Application.Operators;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Identity.UI;

/// <summary>Asks for a new operator and then shows their link, this once.</summary>
public sealed partial class NewOperatorDialog
{
    private readonly string _id = Guid.NewGuid().ToString("N")[..8];
    private StepUpDialog _stepUp = null!;
    private string _displayName = "";
    private string _userName = "";
    private string _reason = "";
    private IReadOnlyList<Role> _roles = [];
    private CreateOperator.Created? _created;
    private Error? _error;
    private bool _busy;

    [Inject]
    public required CreateOperator Create { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Parameter, EditorRequired]
    public EventCallback OnClose { get; set; }

    private string? WhyNot => this switch
    {
        { _busy: true } => L["Reason_Busy"].Value,
        _ when string.IsNullOrWhiteSpace(_displayName) => L["Error_DisplayNameInvalid", Domain.Operator.MaxNameLength].Value,
        _ when string.IsNullOrWhiteSpace(_userName) => L["Error_UserNameInvalid"].Value,
        { _roles.Count: 0 } => L["Error_RoleMissing"].Value,
        _ => TextRules.FaultOf(_reason) is { } fault ? L.TextOf(fault) : null,
    };

    private string Field(string name) => $"operator-{name}-{_id}";

    private async Task SubmitAsync()
    {
        if (_created is not null)
        {
            await CloseAsync();
            return;
        }
        if (WhyNot is not null)
        {
            return;
        }
        _busy = true;
        try
        {
            var command = new CreateOperator.Command(_userName.Trim(), _displayName.Trim(), _roles, _reason);
            var actor = await Actor.GetAsync();
            var result = await Create.ExecuteAsync(actor, command, CancellationToken.None);
            if (result.Error == StepUps.Needed && await _stepUp.EnsureAsync())
            {
                result = await Create.ExecuteAsync(actor, command, CancellationToken.None);
            }
            (_created, _error) = result.Match(static created => (created, (Error?)null), static error => ((CreateOperator.Created?)null, error));
        }
        finally
        {
            _busy = false;
        }
    }

    private Task CloseAsync() => OnClose.InvokeAsync();
}
