using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace CashoutConsole.Identity.Infrastructure;

/// <summary>
/// Stands before the circuits: only signed-in operators get one (pages for others are static), each at most so many, and every one is
/// listed while it is open. A cookie that no longer stands makes its request anonymous, so a reconnection is refused as well.
/// </summary>
public sealed class ConnectionGuard(RequestDelegate next, OpenConnections connections)
{
    private const string Circuits = "/_blazor";

    public async Task InvokeAsync(HttpContext context)
    {
        if (!context.Request.Path.StartsWithSegments(Circuits, StringComparison.OrdinalIgnoreCase))
        {
            await next(context);
            return;
        }
        if (context.User.FindFirstValue(ClaimTypes.NameIdentifier) is not { } operatorId)
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            return;
        }
        // A POST (negotiation, a long-polling page's message, good-bye) is over in a moment; what stays open is a GET or a CONNECT.
        if (HttpMethods.IsPost(context.Request.Method))
        {
            await next(context);
            return;
        }
        using var connection = connections.TryOpen(operatorId, context);
        if (connection is null)
        {
            context.Response.StatusCode = StatusCodes.Status429TooManyRequests;
            return;
        }
        await next(context);
    }
}
