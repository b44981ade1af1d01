using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Web;

namespace CashoutConsole.Shell;

/// <summary>
/// The frame of every interactive page: navigation by role, top bar, content. A page that fails is replaced by an explanation; the
/// frame, the control that stops sending included, stays usable.
/// </summary>
public sealed partial class MainLayout
{
    private ErrorBoundary? _boundary;
    private SignedInOperator? _operator;

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    protected override async Task OnParametersSetAsync()
    {
        // A new page (the layout gets a new Body) starts without the failure of the last one.
        Recover();
        _operator = Authentication is null ? null : SignedInOperator.From((await Authentication).User);
    }

    private void Recover() => _boundary?.Recover();
}
