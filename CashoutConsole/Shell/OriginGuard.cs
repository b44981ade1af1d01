using Microsoft.Extensions.Options;

namespace CashoutConsole.Shell;

/// <summary>
/// Lets only this site's own pages talk to the circuits. Browsers do not apply the same-origin rule to WebSockets, so another site's page
/// could open one; it cannot forge its Origin header. Covers the negotiation, long polling and the upgrade alike.
/// </summary>
internal sealed class OriginGuard(RequestDelegate next, IOptions<SiteOptions> options)
{
    private readonly HashSet<string> _allowed = [.. options.Value.AllowedOrigins.Select(SiteOrigin.Parse).OfType<string>()];

    public Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(ShellPaths.Circuits, StringComparison.OrdinalIgnoreCase) || IsOwn(context.Request))
        {
            return next(context);
        }
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        return Task.CompletedTask;
    }

    private bool IsOwn(HttpRequest request)
    {
        var origin = request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return MayLackOrigin(request);
        }
        return SiteOrigin.Parse(origin) is { } parsed && (parsed == SiteOrigin.Parse($"{request.Scheme}://{request.Host}") || _allowed.Contains(parsed));
    }

    /// <summary>Browsers leave it out of an ordinary GET to their own site only, and newer ones say then where the request came from.</summary>
    private static bool MayLackOrigin(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers.Upgrade.Count == 0
        && request.Headers["Sec-Fetch-Site"].ToString() is "" or "same-origin" or "none";
}
