using System.Globalization;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Routing;

namespace CashoutConsole.Identity.UI;

/// <summary>
/// The audit trail, newest first, each entry with its details; verifies the chain. It stands in this room because reading the trail
/// needs the access gate. The address holds the filter and the open entry.
/// </summary>
public sealed partial class AuditPage : IDisposable
{
    private AuditFilter _filter = new();
    private AuditEntry? _entry;
    private ChainReport? _report;
    private Error? _fault;
    private long? _verified;
    private bool _refused;
    private bool _mayExport;

    [Inject]
    public required ListAuditEntries List { get; set; }

    [Inject]
    public required VerifyAudit Verify { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override async Task OnInitializedAsync()
    {
        _filter = AuditQuery.Read(Navigation.Uri);
        Navigation.LocationChanged += OnLocationChanged;
        _mayExport = await Authentication.MayAsync(Permission.ExportAudit);
        await FindEntryAsync(Navigation.Uri);
    }

    private async ValueTask<TablePage<AuditEntry>> LoadAsync(TableRequest request, CancellationToken cancellation)
    {
        var page = await List.ExecuteAsync(await Actor.GetAsync(), _filter, request.Start, request.Count, cancellation);
        Take(page.Error);
        return page.Match(static found => new TablePage<AuditEntry>(found.Entries, found.Total), static _ => new TablePage<AuditEntry>([], 0));
    }

    private void Take(Error? error)
    {
        if (error != _fault)
        {
            (_fault, _refused) = (error, error == AccessGate.Forbidden);
            StateHasChanged();
        }
    }

    /// <summary>The trail has no gaps, so the whole list's length tells how far from its top an entry stands.</summary>
    private async Task FindEntryAsync(string address)
    {
        if (AuditQuery.OpenEntry(address) is not { } sequence)
        {
            _entry = null;
        }
        else if (_entry?.Sequence != sequence)
        {
            var actor = await Actor.GetAsync();
            var head = await List.ExecuteAsync(actor, new AuditFilter(), 0, 0, CancellationToken.None);
            var found = head.IsSuccess && sequence >= 1 && sequence <= head.Value.Total
                ? await List.ExecuteAsync(actor, new AuditFilter(), (int)(head.Value.Total - sequence), 1, CancellationToken.None)
                : head;
            // Entries appended between the two readings move the place, never the sequence.
            _entry = found.IsSuccess ? found.Value.Entries.FirstOrDefault(entry => entry.Sequence <= sequence) : null;
            Take(found.Error);
        }
    }

    private async Task VerifyAsync()
    {
        (_report, _verified) = (null, 0);
        var progress = new Progress<long>(count =>
        {
            _verified = _verified is null ? null : count;
            StateHasChanged();
        });
        var actor = await Actor.GetAsync();
        // Off the circuit: hashing a long trail must not hold the page's clicks.
        var result = await Task.Run(() => Verify.ExecuteAsync(actor, progress, CancellationToken.None));
        _verified = null;
        Take(result.Error);
        _report = result.IsSuccess ? result.Value : null;
    }

    private string ReportTitle(ChainReport report) => report.FirstBad is { } bad
        ? L["Audit_Broken", bad.ToString("N0", CultureInfo.CurrentCulture)]
        : L["Audit_Whole", report.Checked.ToString("N0", CultureInfo.CurrentCulture)];

    private void Show(AuditFilter filter) => Show(filter, replace: false);

    private void Show(AuditFilter filter, bool replace) => Navigation.NavigateTo(AuditQuery.Write(AuditQuery.List, filter), replace: replace);

    private void Open(long sequence) => Navigation.NavigateTo(AuditQuery.Write(AuditQuery.List, _filter, sequence));

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args)
    {
        if (new Uri(args.Location).AbsolutePath == AuditQuery.List)
        {
            _ = InvokeAsync(async () =>
            {
                _filter = AuditQuery.Read(args.Location);
                await FindEntryAsync(args.Location);
                StateHasChanged();
            });
        }
    }

    private static string? Text(ChangeEventArgs args) => args.Value as string is { Length: > 0 } text ? text : null;
}
