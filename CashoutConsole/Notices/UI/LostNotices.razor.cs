using CashoutConsole.Foundation;
using CashoutConsole.Identity.Infrastructure;
using CashoutConsole.Notices.Application;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;

namespace CashoutConsole.Notices.UI;

/// <summary>Warns in the navigation of notices that reached nobody.</summary>
public sealed partial class LostNotices
{
    private int _count;
    private bool _mayLook;

    [Inject]
    public required CountLostNotices Count { get; set; }

    [Inject]
    public required CurrentActor Actor { get; set; }

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _mayLook = await Authentication.MayAsync(Permission.ConfirmAdministration);
        if (_mayLook)
        {
            await LoadAsync();
        }
    }

    private async Task LoadAsync()
    {
        var count = await Count.ExecuteAsync(await Actor.GetAsync(), CancellationToken.None);
        _count = count.Match(static found => found, _ => _count);
    }
}
