using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Approvals.UI;

/// <summary>One request in full: what exactly is asked for, as it was hashed, why it needs others, and who said what. Live.</summary>
public sealed partial class ApprovalPage
{
    private ShowApproval.View? _view;
    private IReadOnlyDictionary<string, string>? _names;
    private Error? _fault;
    private string? _actorId;
    private Verdict? _verdict;
    private bool _recalling;

    [Inject]
    public required ShowApproval Show { get; set; }

    [Inject]
    public required ShowPolicies Policies { get; set; }

    [Inject]
    public required RecallApproval Recall { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Parameter]
    public Guid Id { get; set; }

    private ApprovalRequest Request => _view!.Row.Request;

    private bool IsOwn => Request.MakerId == _actorId;

    private string Subtitle => $"{L.NameOf(Request.Kind)} · {_view!.Row.MakerName}";

    private string? WhyNot => _view!.Row.WhyNot is { } why ? L.WhyNot(why) : null;

    protected override Task OnParametersSetAsync() => LoadAsync();

    private async Task LoadAsync()
    {
        // Under an open dialog the row stays as it was chosen; the decision is judged on what is stored anyway.
        if (_verdict is not null && _view is not null)
        {
            return;
        }
        var actor = await Current.GetAsync();
        _actorId = actor.Id;
        var view = await Show.ExecuteAsync(actor, Id, CancellationToken.None);
        (_view, _fault) = (view.Match<ShowApproval.View?>(static found => found, static _ => null), view.Error);
        if (_view is { Proposed: not null })
        {
            var policies = await Policies.ExecuteAsync(actor, CancellationToken.None);
            _names = policies.Match(static found => found.Names, _ => _names);
        }
    }

    private async Task<Error?> RecallAsync(string reason)
    {
        var result = await Recall.ExecuteAsync(await Current.GetAsync(), new RecallApproval.Command(Id, reason), CancellationToken.None);
        await LoadAsync();
        return result.Error;
    }

    private Task CloseAsync()
    {
        _verdict = null;
        return LoadAsync();
    }
}
