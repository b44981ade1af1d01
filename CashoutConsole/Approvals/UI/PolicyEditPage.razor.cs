using System.Globalization;
using CashoutConsole.Approvals.Application;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Identity.UI;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace CashoutConsole.Approvals.UI;

/// <summary>Edits the rules that hold now into a proposal, judged while it is typed and compared with them before it is sent.</summary>
public sealed partial class PolicyEditPage
{
    private static readonly string[] CommonZones = ["Etc/UTC", "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Singapore", "Asia/Bangkok", "Asia/Manila", "Europe/London", "America/New_York"];

    private readonly List<RuleEdit> _rules = [];
    private OpenPolicyEditor.View? _view;
    private PolicyTerms? _before;
    private Error? _fault;
    private Error? _refusal;
    private StepUpDialog? _stepUp;
    private string _timeZone = "Etc/UTC";
    private string _hours = "24";
    private string _reason = "";
    private string? _leaveTo;
    private bool _touched;

    [Inject]
    public required OpenPolicyEditor Opening { get; set; }

    [Inject]
    public required ProposePolicy Proposing { get; set; }

    [Inject]
    public required ShowPolicies Policies { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    /// <summary>The policy as edited; null while a row is not a rule yet.</summary>
    private PolicyTerms? Terms => int.TryParse(_hours, NumberStyles.None, CultureInfo.InvariantCulture, out var hours) && _rules.TrueForAll(static rule => rule.Draft.IsSuccess)
        ? new PolicyTerms(_timeZone.Trim(), hours, _rules.ConvertAll(static rule => rule.Draft.Value))
        : null;

    private bool HasChanges => Terms is { } terms && (_before is null || terms.TimeZone != _before.TimeZone || terms.DecideWithinHours != _before.DecideWithinHours
        || PolicyComparison.Of(_before.Rules, terms.Rules).Any(static change => !change.IsSame));

    private PolicyDraft? Draft => Terms is { } terms ? new PolicyDraft(_view?.Active?.Number ?? 0, terms.TimeZone, terms.DecideWithinHours, terms.Rules, _reason) : null;

    private string? WhyNot => this switch
    {
        { _view.IsChangePending: true } => L["Error_PolicyChangePending"].Value,
        _ when _rules.Select(static rule => rule.Draft.Error).FirstOrDefault(static fault => fault is not null) is { } fault => L.TextOf(fault),
        { Terms: null } => L.TextOf(new Error("DecideWithinOutOfRange", ProposePolicy.MaxDecideWithinHours)),
        { HasChanges: false } => L["Policy_NothingChanged"].Value,
        _ => Draft!.FaultOf() is { } fault ? L.TextOf(fault) : null,
    };

    protected override async Task OnInitializedAsync()
    {
        var view = await Opening.ExecuteAsync(await Current.GetAsync(), CancellationToken.None);
        (_view, _fault) = (view.Match<OpenPolicyEditor.View?>(static found => found, static _ => null), view.Error);
        if (_view?.Active is { } active)
        {
            _before = PolicyTerms.Of(active);
            _rules.AddRange(active.Rules.OrderBy(static rule => rule.Number).Select(RuleEdit.Of));
            (_timeZone, _hours) = (active.TimeZone, active.DecideWithinHours.ToString(CultureInfo.InvariantCulture));
        }
    }

    private void Add()
    {
        _rules.Add(new RuleEdit());
        Touch();
    }

    private void Remove(RuleEdit edit)
    {
        _rules.Remove(edit);
        Touch();
    }

    private void Touch() => (_touched, _refusal) = (true, null);

    private string Touched(string? text)
    {
        Touch();
        return text ?? "";
    }

    private async Task ProposeAsync()
    {
        if (WhyNot is not null || Draft is not { } draft)
        {
            return;
        }
        var actor = await Current.GetAsync();
        var proposed = await Proposing.ExecuteAsync(actor, draft, CancellationToken.None);
        if (proposed.Error?.Is("StepUpNeeded") == true && _stepUp is not null && await _stepUp.EnsureAsync())
        {
            proposed = await Proposing.ExecuteAsync(actor, draft, CancellationToken.None);
        }
        _refusal = proposed.Error;
        if (proposed.IsSuccess)
        {
            _touched = false;
            var policies = await Policies.ExecuteAsync(actor, CancellationToken.None);
            var request = policies.Match(static view => view.Pending, static _ => null);
            Navigation.NavigateTo(request is { } id ? $"{ApprovalQuery.List}/{id}" : "/policy");
        }
    }

    /// <summary>What was typed is not lost by a click beside it.</summary>
    private void BeforeLeaving(LocationChangingContext context)
    {
        if (_touched)
        {
            context.PreventNavigation();
            _leaveTo = context.TargetLocation;
        }
    }

    private void Leave()
    {
        var target = _leaveTo!;
        (_touched, _leaveTo) = (false, null);
        Navigation.NavigateTo(target);
    }
}
