using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Withdrawals.Application.Bulk;
using CashoutConsole.Withdrawals.Domain.Bulk;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;

namespace CashoutConsole.Withdrawals.UI.Bulk;

/// <summary>One batch, from the reading of its balances over the preview to the last withdrawal. Live; the address holds what is shown of it.</summary>
public sealed partial class BatchPage : IDisposable
{
    private BatchView? _view;
    private BatchQuery _query = new();
    private Error? _error;

    [Inject]
    public required ShowBatch Show { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Parameter]
    public Guid Id { get; set; }

    public void Dispose() => Navigation.LocationChanged -= OnLocationChanged;

    protected override void OnInitialized() => Navigation.LocationChanged += OnLocationChanged;

    protected override Task OnParametersSetAsync()
    {
        _query = BatchQuery.Read(Navigation.Uri);
        // From one batch to another, such as to the one that takes failures up again.
        _view = _view?.Batch.Id == Id ? _view : null;
        return LoadAsync();
    }

    private bool IsAboutThis(Change change) => change.Kind switch
    {
        ChangeKind.Batch => change.Id is null || change.Id == Id,
        ChangeKind.Withdrawal or ChangeKind.Approval => _view?.Batch.State == BatchState.Submitted,
        // While balances are read, every few of them are told of; afterwards they are the plan's.
        ChangeKind.Account => _view?.Batch.State == BatchState.Reading,
        ChangeKind.Policy => _view?.Batch.State == BatchState.Draft,
        ChangeKind.ProviderAccount or ChangeKind.SendingStop or ChangeKind.Operator or ChangeKind.Notice => false,
    };

    private async Task LoadAsync()
    {
        var asked = Id;
        var result = await Show.ExecuteAsync(await Actor.GetAsync(), asked, CancellationToken.None);
        if (asked == Id)
        {
            (_view, _error) = (result.IsSuccess ? result.Value : null, result.Error);
        }
    }

    private void OnLocationChanged(object? sender, LocationChangedEventArgs args)
    {
        if (new Uri(args.Location).AbsolutePath == BatchWords.AddressOf(Id))
        {
            _ = InvokeAsync(() =>
            {
                _query = BatchQuery.Read(args.Location);
                StateHasChanged();
            });
        }
    }
}
