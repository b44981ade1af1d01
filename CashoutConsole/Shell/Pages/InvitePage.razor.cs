using CashoutConsole.Controls;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Domain;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Shell.Pages;

/// <summary>
/// Where a new operator sets the password: an ordinary form without a circuit, for whoever has the link. A link that is wrong, used,
/// expired or withdrawn reads the same.
/// </summary>
public sealed partial class InvitePage
{
    public const string FormName = "invite";

    private Operator? _invitee;
    private string? _refusal;

    [Inject]
    public required AcceptInvite Accept { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [Parameter]
    public required string Token { get; set; }

    [SupplyParameterFromForm(FormName = FormName)]
    public NewPassword? Form { get; set; }

    private string? RemoteAddress => HttpContext.Connection.RemoteIpAddress?.ToString();

    protected override async Task OnInitializedAsync()
    {
        HttpContext.Response.Headers.CacheControl = "no-store";
        var found = await Accept.FindAsync(Token, RemoteAddress, HttpContext.RequestAborted);
        _invitee = found.Match<Operator?>(static person => person, static _ => null);
        _refusal = found.IsSuccess ? null : L.TextOf(found.Error);
    }

    private async Task SubmitAsync()
    {
        if (_invitee is null)
        {
            return;
        }
        if (Form?.Password != Form?.Repeat)
        {
            _refusal = L["Error_PasswordsDiffer"];
            return;
        }
        var result = await Accept.ExecuteAsync(Token, Form?.Password, RemoteAddress, HttpContext.RequestAborted);
        if (!result.IsSuccess)
        {
            _refusal = L.TextOf(result.Error);
            _invitee = result.Error == AcceptInvite.Refused ? null : _invitee;
            return;
        }
        Navigation.NavigateTo(ShellPaths.SignIn + "?Welcome=true");
    }

    /// <summary>What the form posts.</summary>
    public sealed class NewPassword
    {
        public string? Password { get; set; }

        public string? Repeat { get; set; }
    }
}
