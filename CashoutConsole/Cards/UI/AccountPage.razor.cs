using System.Text.Json;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Cards.Application;
using CashoutConsole.Cards.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Providers.Contracts;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Cards.UI;

/// <summary>One account: what is there, what may be withdrawn or why not, and what happened.</summary>
public sealed partial class AccountPage : IDisposable
{
    private ChangeWatch? _watch;
    private Actor? _actor;
    private ShowAccount.View? _view;
    private IReadOnlyList<(string Name, string Value)> _facts = [];
    private IReadOnlyList<AuditEntry>? _trail;
    private Error? _fault;
    private string? _refreshFault;
    private bool _mayRefresh;
    private bool _mayWithdraw;
    private bool _mayReadAudit;
    private bool _reading;
    private bool _withdrawing;

    [Inject]
    public required ShowAccount Show { get; set; }

    [Inject]
    public required RefreshAccount Refresh { get; set; }

    [Inject]
    public required ShowSubjectTrail Trail { get; set; }

    [Inject]
    public required IAccountActions Actions { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required ChangeFeed Changes { get; set; }

    [Inject]
    public required TimeProvider Clock { get; set; }

    [Inject]
    public required ILogger<AccountPage> Log { get; set; }

    [Parameter]
    public Guid Id { get; set; }

    private AccountRow Row => _view!.Row;

    private Account Account => _view!.Row.Account;

    private CurrencyCode Currency => CurrencyCode.Parse(Account.Currency);

    private string Subtitle => string.Join(" · ", new[] { AccountTerms.SecondLine(Account), Row.ProviderAccount.DisplayName }.Where(static part => part is not null));

    private string SourceText
    {
        get
        {
            var text = L["Source_" + Account.Source];
            return text.ResourceNotFound ? Account.Source : text;
        }
    }

    public void Dispose() => _watch?.Dispose();

    protected override async Task OnInitializedAsync()
    {
        _watch = new ChangeWatch(
            Changes, Clock,
            change => change.Kind switch
            {
                ChangeKind.Account => change.Id is null || change.Id == Id,
                ChangeKind.ProviderAccount or ChangeKind.Withdrawal => true,
                ChangeKind.SendingStop or ChangeKind.Operator or ChangeKind.Approval or ChangeKind.Policy or ChangeKind.Notice or ChangeKind.Batch => false,
            },
            () => _ = InvokeAsync(LoadAsync));
        _mayRefresh = await Current.IsOfferedAsync(Permission.RefreshBalances);
        _mayWithdraw = await Current.IsOfferedAsync(Permission.RequestWithdrawals);
        _mayReadAudit = await Current.IsOfferedAsync(Permission.ReadAudit);
        _actor = await Current.GetAsync();
    }

    protected override async Task OnParametersSetAsync()
    {
        if (_actor is not null && _view?.Row.Account.Id != Id)
        {
            (_view, _trail, _withdrawing, _refreshFault) = (null, null, false, null);
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        try
        {
            var view = await Show.ExecuteAsync(_actor!, Id, CancellationToken.None);
            (_view, _fault) = (view.IsSuccess ? view.Value : null, view.Error);
            _facts = view.IsSuccess ? ReadFacts(Account.Facts) : [];
            if (view.IsSuccess && _mayReadAudit)
            {
                var trail = await Trail.ExecuteAsync(_actor!, Id.ToString(), CancellationToken.None);
                _trail = trail.IsSuccess ? trail.Value : null;
            }
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The account {Account} could not be read", Id);
            _fault = new Error("LoadFailed");
        }
        StateHasChanged();
    }

    private async Task RefreshAsync()
    {
        (_reading, _refreshFault) = (true, null);
        try
        {
            var read = await Refresh.ExecuteAsync(_actor!, Id, CancellationToken.None);
            _refreshFault = read.Match(
                static outcome => outcome.Fault,
                static error => (object?)error) switch
            {
                ProviderFault { RawText: { Length: > 0 } words } fault => $"{L.NameOf(fault.Kind, "Fault")} {L["Fault_ProviderWords"]}: {words}",
                ProviderFault fault => L.NameOf(fault.Kind, "Fault"),
                Error error => L.TextOf(error),
                _ => null,
            };
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The balance of account {Account} could not be read", Id);
            _refreshFault = L["Error_LoadFailed"];
        }
        _reading = false;
        await LoadAsync();
    }

    /// <summary>A JSON array of [name, value]; anything else shows no facts rather than no page.</summary>
    private static IReadOnlyList<(string Name, string Value)> ReadFacts(string json)
    {
        try
        {
            return [.. (JsonSerializer.Deserialize<string[][]>(json) ?? []).Where(static fact => fact.Length == 2).Select(static fact => (fact[0], fact[1]))];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    private string FactText(string name)
    {
        var text = L["Fact_" + name];
        return text.ResourceNotFound ? name : text;
    }
}
