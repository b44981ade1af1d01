using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.Infrastructure;
using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Shell.Pages;

/// <summary>
/// Sets two-factor up: on the way in, for somebody who must have it and has no session before, or for a signed-in operator who stepped
/// up just now. An ordinary form without a circuit: the first of the two ends by setting the cookie.
/// </summary>
public sealed partial class TwoFactorPage
{
    public const string FormName = "two-factor";
    private const int Group = 4;

    private PendingSignIn? _pending;
    private TwoFactorOffer? _offer;
    private IReadOnlyList<string>? _codes;
    private string? _refusal;

    [Inject]
    public required SignIn SignIn { get; set; }

    [Inject]
    public required OfferTwoFactor Offer { get; set; }

    [Inject]
    public required SetUpTwoFactor SetUp { get; set; }

    [Inject]
    public required SignInCookies Cookies { get; set; }

    [Inject]
    public required NavigationManager Navigation { get; set; }

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [SupplyParameterFromQuery]
    public string? ReturnUrl { get; set; }

    [SupplyParameterFromForm(FormName = FormName)]
    public FirstCode? Form { get; set; }

    private string Grouped => string.Join(' ', _offer!.Secret.Chunk(Group).Select(static letters => new string(letters)));

    private Actor Actor => CurrentActor.Of(HttpContext.User, HttpContext.Connection.RemoteIpAddress?.ToString());

    protected override async Task OnInitializedAsync()
    {
        // The answer may carry a secret or recovery codes.
        HttpContext.Response.Headers.CacheControl = "no-store";
        if (HttpContext.User.Identity?.IsAuthenticated == true)
        {
            var offered = await Offer.ExecuteAsync(Actor, Form?.Ticket, HttpContext.RequestAborted);
            _offer = offered.Match<TwoFactorOffer?>(static offer => offer, static _ => null);
        }
        else if (Cookies.PendingOf(HttpContext) is { Enrols: true } pending)
        {
            _pending = pending;
            _offer = SignIn.Offer(pending, Form?.Ticket);
        }
        if (_offer is null)
        {
            Navigation.NavigateTo(HttpContext.User.Identity?.IsAuthenticated == true ? ShellPaths.Security : ShellPaths.SignIn);
        }
    }

    private async Task SubmitAsync()
    {
        if (_offer is null)
        {
            return;
        }
        if (_pending is null)
        {
            var done = await SetUp.ExecuteAsync(Actor, Form?.Ticket, Form?.Code, HttpContext.RequestAborted);
            (_codes, _refusal) = done.Match(static codes => (codes, (string?)null), error => (_codes!, L.TextOf(error)));
            return;
        }
        var enrolled = await SignIn.EnrolAsync(_pending, Form?.Ticket, Form?.Code, SignInCookies.DeviceOf(HttpContext), HttpContext.RequestAborted);
        if (enrolled is { IsSuccess: true, Value.SignedIn: { } signedIn })
        {
            await Cookies.SignInAsync(HttpContext, signedIn);
            _codes = signedIn.NewRecoveryCodes;
        }
        else
        {
            _refusal = L.TextOf(enrolled.Error!);
        }
    }

    /// <summary>What the form posts.</summary>
    public sealed class FirstCode
    {
        public string? Ticket { get; set; }

        public string? Code { get; set; }
    }
}
