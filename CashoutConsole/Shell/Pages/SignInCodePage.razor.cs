using CashoutConsole.Controls;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Shell.Pages;

/// <summary>The second step of signing in: a code, after the password and within a few minutes of it. Until it is right there is no session.</summary>
public sealed partial class SignInCodePage
{
    public const string FormName = "sign-in-code";

    /// <summary>Where somebody lands who came in with a recovery code: the page says how many are left.</summary>
    private const string RecoveryNotice = ShellPaths.Security + "?recovery=used";

    private PendingSignIn? _pending;
    private DemoCode? _demo;
    private string? _refusal;

    [Inject]
    public required SignIn SignIn { get; set; }

    [Inject]
    public required SignInCookies Cookies { get; set; }

    [Inject]
    public required DemoCodes DemoCodes { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = FormName)]
    public CodeForm? Form { get; set; }

    protected override async Task OnInitializedAsync()
    {
        _pending = Cookies.PendingOf(HttpContext);
        if (_pending is not { Enrols: false })
        {
            Navigation.NavigateTo(ShellPaths.SignInAndReturnTo(LocalPath.OrHome(ReturnUrl)));
            return;
        }
        _demo = await DemoCodes.NextAsync(_pending.OperatorId, HttpContext.RequestAborted);
    }

    private async Task SubmitAsync()
    {
        if (_pending is not { Enrols: false } || (Form?.UseDemo == true && _demo?.Code is null))
        {
            return;
        }
        var code = Form?.UseDemo == true ? _demo!.Code : Form?.Code;
        var result = await SignIn.ConfirmAsync(_pending, code, SignInCookies.DeviceOf(HttpContext), HttpContext.RequestAborted);
        if (!result.IsSuccess)
        {
            _refusal = L.TextOf(result.Error);
            _demo = await DemoCodes.NextAsync(_pending.OperatorId, HttpContext.RequestAborted);
            return;
        }
        var signedIn = result.Value.SignedIn!;
        await Cookies.SignInAsync(HttpContext, signedIn);
        Navigation.NavigateTo(signedIn.RecoveryCodesLeft is null ? LocalPath.OrHome(ReturnUrl) : RecoveryNotice);
    }

    /// <summary>What the form posts.</summary>
    public sealed class CodeForm
    {
        public string? Code { get; set; }

        /// <summary>The demo operator's next code instead of a typed one.</summary>
        public bool UseDemo { get; set; }
    }
}
