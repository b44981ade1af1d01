using CashoutConsole.Controls;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Routing;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.Options;

namespace CashoutConsole.Shell;

/// <summary>
/// The document around everything, always drawn on the server. Pages are interactive without prerendering: what an operator can see
/// can also be clicked, and nothing is read twice. Pages marked <c>[ExcludeFromInteractiveRouting]</c> (sign-in) are static.
/// </summary>
public sealed partial class App
{
    private static readonly string[] Themes = ["light", "dark", "system"];
    private static readonly InteractiveServerRenderMode Interactive = new(prerender: false);

    private string _theme = "system";
    private string? _timeZoneId;

    [CascadingParameter]
    public required HttpContext HttpContext { get; set; }

    [Inject]
    public required DisplayTime Display { get; set; }

    [Inject]
    public required IOptions<ShellOptions> Options { get; set; }

    /// <summary>Who is not signed in gets static pages only (a wrong address, an error): no circuit is opened for strangers.</summary>
    private IComponentRenderMode? Mode => HttpContext.AcceptsInteractiveRouting() && HttpContext.User.Identity?.IsAuthenticated == true ? Interactive : null;

    protected override void OnInitialized()
    {
        var cookies = HttpContext.Request.Cookies;
        _theme = Themes.FirstOrDefault(theme => theme == cookies["theme"]) ?? "system";
        _timeZoneId = cookies["tz"];
        Display.UseZone(_timeZoneId);
    }
}
