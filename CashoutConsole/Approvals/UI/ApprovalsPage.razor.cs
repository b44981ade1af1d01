using CashoutConsole.Approvals.Application;
using CashoutConsole.Approvals.Domain;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace CashoutConsole.Approvals.UI;

/// <summary>The inbox: what waits for a second person, with the money to decide on. One by one or many at once. Live.</summary>
public sealed partial class ApprovalsPage : IDisposable
{
    private readonly HashSet<Guid> _selected = [];
    private ApprovalQuery _query = new(ApprovalTab.ForMe, ApprovalQuery.PageSize);
    private ListApprovals.Page? _page;
    private Error? _fault;
    private Deciding? _deciding;

    [Inject]
    public required ListApprovals List { get; set; }

    [Inject]
    public required CurrentActor Current { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required ILogger<ApprovalsPage> Log { get; set; }

    /// <summary>Only what the viewer can decide can be ticked.</summary>
    private List<ApprovalRow> Decidable => [.. _page?.Rows.Where(static row => row.WhyNot is null) ?? []];

    private List<ApprovalRow> Selected => Decidable.FindAll(row => _selected.Contains(row.Request.Id));

    private bool AllSelected => Decidable.TrueForAll(row => _selected.Contains(row.Request.Id));

    private string? WhyNotBulk => Selected.Count == 0 ? L["Reason_NothingSelected"].Value : null;

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override Task OnInitializedAsync()
    {
        _query = ApprovalQuery.Read(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
        return LoadAsync();
    }

    private async Task LoadAsync()
    {
        try
        {
            var query = _query;
            var page = await List.ExecuteAsync(await Current.GetAsync(), query.Tab, 0, query.Shown, CancellationToken.None);
            if (query == _query)
            {
                (_page, _fault) = (page.Match<ListApprovals.Page?>(static found => found, static _ => null), page.Error);
            }
        }
        catch (Exception exception)
        {
            Log.LogError(exception, "The requests could not be read");
            _fault = new Error("LoadFailed");
        }
    }

    private void Toggle(ApprovalRow row)
    {
        if (!_selected.Remove(row.Request.Id))
        {
            _selected.Add(row.Request.Id);
        }
    }

    private void ToggleAll()
    {
        var all = !AllSelected;
        _selected.Clear();
        if (all)
        {
            _selected.UnionWith(Decidable.Select(static row => row.Request.Id));
        }
    }

    private void Decide(Verdict verdict, IReadOnlyList<ApprovalRow> rows) => _deciding = new Deciding(verdict, rows);

    private async Task CloseAsync()
    {
        _deciding = null;
        _selected.Clear();
        await LoadAsync();
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args)
    {
        if (new Uri(args.Location).AbsolutePath == ApprovalQuery.List)
        {
            _ = InvokeAsync(async () =>
            {
                var before = _query.Tab;
                _query = ApprovalQuery.Read(args.Location);
                if (before != _query.Tab)
                {
                    _page = null;
                    _selected.Clear();
                }
                StateHasChanged();
                await LoadAsync();
                StateHasChanged();
            });
        }
    }

    /// <summary>The rows as they were when the operator pressed the button: a change behind the dialog does not slip in.</summary>
    private sealed record Deciding(Verdict Verdict, IReadOnlyList<ApprovalRow> Rows);
}
