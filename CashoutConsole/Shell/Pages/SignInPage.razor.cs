using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;
using Microsoft.Extensions.Localization;
using Microsoft.Extensions.Options;

namespace CashoutConsole.Shell.Pages;

/// <summary>
/// Signing in: an ordinary form without a circuit, because only a response can set the cookie. Every refusal reads the same, so that
/// the page tells nobody which names exist. It stands in the frame's room: it is what the frame shows to those who may not see it.
/// </summary>
public sealed partial class SignInPage
{
    public const string FormName = "sign-in";
    private const int MaxLength = 256;

    private string? _refusal;

    [Inject]
    public required SignIn SignIn { get; set; }

    [Inject]
    public required SignInCookies Cookies { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [Inject]
    public required IHostEnvironment Environment { get; set; }

    [Inject]
    public required IOptions<ShellOptions> Options { get; set; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    /// <summary>Somebody has just set their first password.</summary>
    [SupplyParameterFromQuery]
    public bool Welcome { get; set; }

    [SupplyParameterFromForm(FormName = FormName)]
    public Credentials? Form { get; set; }

    private bool ShowsDemo => Environment.IsDevelopment() && Options.Value.IsRehearsal;

    protected override void OnInitialized()
    {
        if (HttpMethods.IsGet(HttpContext.Request.Method) && HttpContext.User.Identity?.IsAuthenticated == true)
        {
            Navigation.NavigateTo(LocalPath.OrHome(ReturnUrl));
        }
    }

    private async Task SubmitAsync()
    {
        var result = await SignIn.ExecuteAsync(Form?.UserName, Form?.Password, SignInCookies.DeviceOf(HttpContext), HttpContext.RequestAborted);
        if (!result.IsSuccess)
        {
            _refusal = L[result.Error.Is(SignIn.TooMany.Code) ? "SignIn_RateLimited" : "SignIn_Failed"];
            return;
        }
        if (result.Value is { Pending: { } pending })
        {
            Cookies.Keep(HttpContext, pending);
            Navigation.NavigateTo(ShellPaths.AndReturnTo(pending.Enrols ? ShellPaths.TwoFactor : ShellPaths.Code, LocalPath.OrHome(ReturnUrl)));
            return;
        }
        await Cookies.SignInAsync(HttpContext, result.Value.SignedIn!);
        Navigation.NavigateTo(LocalPath.OrHome(ReturnUrl));
    }

    /// <summary>What the form posts.</summary>
    public sealed class Credentials
    {
        public string? UserName { get; set; }

        public string? Password { get; set; }
    }
}
