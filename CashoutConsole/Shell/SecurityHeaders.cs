using Microsoft.AspNetCore.StaticAssets;

namespace CashoutConsole.Shell;

/// <summary>What every response tells the browser to refuse. One place, set last, so that no page or component can loosen it.</summary>
internal static class SecurityHeaders
{
    /// <summary>
    /// Scripts come from our own files only: none of ours or of the framework's is inline, so there is neither a nonce nor a hash. Style
    /// sheets too; 'unsafe-inline' holds for style attributes alone, because virtual tables, progress lines and skeletons carry widths
    /// and heights there (the framework's Virtualize cannot do otherwise). 'self' covers the WebSocket to this origin.
    /// </summary>
    public const string ContentSecurityPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'";

    private const string Permissions =
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
        + "clipboard-write=(self)";

    public static Task AddAsync(HttpContext context, RequestDelegate next)
    {
        // When the response starts, not now: an error handler clears what was set before it.
        context.Response.OnStarting(static state => Set((HttpContext)state), context);
        return next(context);
    }

    private static Task Set(HttpContext context)
    {
        var headers = context.Response.Headers;
        headers.ContentSecurityPolicy = ContentSecurityPolicy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        // Where the address itself is a secret, not even the page's own style sheets are asked for with it.
        headers["Referrer-Policy"] = context.Request.Path.StartsWithSegments(ShellPaths.Invite, StringComparison.OrdinalIgnoreCase) ? "no-referrer" : "same-origin";
        headers["Permissions-Policy"] = Permissions;
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Cross-Origin-Resource-Policy"] = "same-origin";
        // Balances and trails must not stay in a browser's or proxy's cache; files of the program may.
        if (context.GetEndpoint()?.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
        {
            headers.CacheControl = "no-store";
        }
        return Task.CompletedTask;
    }
}
