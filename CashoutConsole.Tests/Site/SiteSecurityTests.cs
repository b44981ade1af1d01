using System.Net;
using System.Net.WebSockets;
using System.Text.RegularExpressions;
using CashoutConsole.Foundation;
using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Site;

/// <summary>The console as Production runs it.</summary>
public sealed class ProductionSite : IAsyncLifetime
{
    public const string ProxyOrigin = "https://cashout.example.com";

    public ConsoleHost Host { get; private set; } = null!;

    public HttpClient Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Host = await ConsoleHost.StartAsync("Production", ("Site:AllowedOrigins:0", ProxyOrigin), ("Site:MaxConnectionsPerOperator", "2"));
        Client = Host.NewClient(Host.Https);
    }

    public async Task DisposeAsync()
    {
        Client.Dispose();
        await Host.DisposeAsync();
    }
}

public sealed partial class SiteSecurityTests(ProductionSite site) : IClassFixture<ProductionSite>
{
    /// <summary>Endpoints that take more than GET and check no antiforgery token, each with the reason.</summary>
    private static readonly Dictionary<string, string> WithoutToken = new(StringComparer.Ordinal)
    {
        ["/_blazor"] = "circuits: signed-in operators from this site's own origin only",
        ["/_blazor/negotiate"] = "circuits",
        ["/_blazor/initializers"] = "circuits: names the framework's start scripts",
        ["/_blazor/disconnect"] = "circuits: says good-bye for a page by its unguessable id",
        ["/session/seen"] = "changes nothing but when the session was last used, and its cookie stays on this site",
        ["/health/live"] = "changes nothing, answers one word",
        ["/health/ready"] = "changes nothing, answers one word",
    };

    [Theory]
    [InlineData("/sign-in")]
    [InlineData("/accounts")]
    [InlineData("/no/such/page")]
    [InlineData("/error")]
    [InlineData("/culture?culture=en&returnUrl=/accounts")]
    [InlineData("/exports/withdrawals.csv")]
    [InlineData("/_blazor")]
    [InlineData("/health/live")]
    public async Task Every_answer_forbids_what_no_page_needs_and_is_not_kept(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        using var answer = await site.Client.SendAsync(request);

        var policy = Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
        var scripts = Directive(policy, "script-src");
        Assert.Equal("'self'", scripts);
        Assert.Equal("'none'", Directive(policy, "frame-ancestors"));
        Assert.Equal("'none'", Directive(policy, "object-src"));
        Assert.Equal("'self'", Directive(policy, "base-uri"));
        Assert.Equal("'self'", Directive(policy, "form-action"));
        Assert.Equal("'self'", Directive(policy, "style-src"));
        Assert.DoesNotContain("unsafe-eval", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("DENY", Assert.Single(answer.Headers.GetValues("X-Frame-Options")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
        Assert.Equal("same-origin", Assert.Single(answer.Headers.GetValues("Cross-Origin-Opener-Policy")));
        Assert.Contains("camera=()", Assert.Single(answer.Headers.GetValues("Permissions-Policy")), StringComparison.Ordinal);
        Assert.True(answer.Headers.CacheControl?.NoStore, $"{path}: {answer.Headers.CacheControl}");
    }

    [Fact]
    public async Task A_page_and_a_download_of_a_signed_in_operator_are_not_kept_and_files_of_the_program_may_be()
    {
        var cookie = await site.Host.CookieOfAsync("keeper", Role.Auditor);
        using var page = await GetAsync("/accounts", cookie);
        using var download = await GetAsync("/exports/audit.csv", cookie);
        var style = FingerprintedStyle().Match(await page.Content.ReadAsStringAsync()).Value;
        using var file = await GetAsync("/" + style, null);

        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.True(page.Headers.CacheControl?.NoStore);
        Assert.Equal("text/csv", download.Content.Headers.ContentType?.MediaType);
        Assert.True(download.Headers.CacheControl?.NoStore);
        Assert.Equal(HttpStatusCode.OK, file.StatusCode);
        Assert.NotEqual(true, file.Headers.CacheControl?.NoStore);
        Assert.True(file.Headers.Contains("Content-Security-Policy"));
    }

    [Fact]
    public async Task Plain_http_leads_to_https_or_is_refused_and_health_answers_on_both()
    {
        using var plain = site.Host.NewClient(site.Host.Http);
        using var page = await plain.GetAsync("/sign-in");
        using var health = await plain.GetAsync("/health/live");
        using var secure = new HttpRequestMessage(HttpMethod.Get, "/sign-in");
        // Browsers never remember localhost.
        secure.Headers.Host = "cashout.example.com";
        using var remembered = await site.Client.SendAsync(secure);

        Assert.Equal(HttpStatusCode.TemporaryRedirect, page.StatusCode);
        Assert.StartsWith(site.Host.Https, page.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, health.StatusCode);
        Assert.Contains("max-age=31536000", Assert.Single(remembered.Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Every_cookie_is_bound_to_this_host_over_https()
    {
        using var signIn = await site.Client.GetAsync("/sign-in");
        var form = Assert.Single(signIn.Headers.GetValues("Set-Cookie"));
        Assert.StartsWith("__Host-", form, StringComparison.Ordinal);
        Assert.All(new[] { "secure", "httponly", "samesite=strict", "path=/" }, part => Assert.Contains(part, form, StringComparison.OrdinalIgnoreCase));
        Assert.StartsWith("__Host-", await site.Host.CookieOfAsync("cookie", Role.Auditor), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Forbidden)]
    [InlineData("null", HttpStatusCode.Forbidden)]
    [InlineData("https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("https://localhost.evil.example", HttpStatusCode.Forbidden)]
    [InlineData("https://localhost:1", HttpStatusCode.Forbidden)]
    [InlineData("self", HttpStatusCode.SwitchingProtocols)]
    [InlineData("http-self", HttpStatusCode.Forbidden)]
    [InlineData(ProductionSite.ProxyOrigin, HttpStatusCode.SwitchingProtocols)]
    public async Task A_socket_opens_for_this_sites_own_pages_only(string? origin, HttpStatusCode expected)
    {
        using var socket = await ConnectAsync(await site.Host.CookieOfAsync($"origin-{Guid.NewGuid():N}", Role.Treasury), Named(origin));
        Assert.Equal(expected, socket.HttpStatusCode);
    }

    [Theory]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1", null, null, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1", "https://evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("POST", "/_blazor/negotiate?negotiateVersion=1", "self", null, HttpStatusCode.OK)]
    [InlineData("GET", "/_blazor?id=x", "https://evil.example", null, HttpStatusCode.Forbidden)]
    [InlineData("GET", "/_blazor?id=x", null, "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("GET", "/_blazor?id=x", null, "same-origin", HttpStatusCode.NotFound)]
    public async Task Negotiating_and_long_polling_are_for_this_sites_own_pages_only(string method, string path, string? origin, string? fetchSite, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        request.Headers.Add("Cookie", await site.Host.CookieOfAsync($"poll-{Guid.NewGuid():N}", Role.Treasury));
        if (Named(origin) is { } named)
        {
            request.Headers.Add("Origin", named);
        }
        if (fetchSite is not null)
        {
            request.Headers.Add("Sec-Fetch-Site", fetchSite);
        }
        using var answer = await site.Client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    [Fact]
    public async Task Nobody_gets_a_circuit_without_an_operator_and_static_pages_need_none()
    {
        using var socket = await ConnectAsync(null, site.Host.Https);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/no/such/page");
        request.Headers.TryAddWithoutValidation("Accept", "text/html");
        using var lost = await site.Client.SendAsync(request);
        var html = await lost.Content.ReadAsStringAsync();

        Assert.Equal(HttpStatusCode.Unauthorized, socket.HttpStatusCode);
        Assert.Equal(HttpStatusCode.NotFound, lost.StatusCode);
        Assert.Contains("plain-card", html, StringComparison.Ordinal);
        Assert.DoesNotContain("\"type\":\"server\"", html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_operator_may_hold_so_many_pages_open_and_no_more()
    {
        var cookie = await site.Host.CookieOfAsync("many", Role.Treasury);
        using var first = await ConnectAsync(cookie, site.Host.Https);
        using (var second = await ConnectAsync(cookie, site.Host.Https))
        {
            using var third = await ConnectAsync(cookie, site.Host.Https);
            Assert.Equal(HttpStatusCode.SwitchingProtocols, second.HttpStatusCode);
            Assert.Equal(HttpStatusCode.TooManyRequests, third.HttpStatusCode);
        }
        await WaitForAsync(async () =>
        {
            using var again = await ConnectAsync(cookie, site.Host.Https);
            return again.HttpStatusCode == HttpStatusCode.SwitchingProtocols;
        });
    }

    [Fact]
    public async Task A_disabled_operators_open_socket_is_cut_within_seconds_and_cannot_come_back()
    {
        var cookie = await site.Host.CookieOfAsync("leaver", Role.Treasury);
        var stays = await site.Host.CookieOfAsync("stayer", Role.Treasury);
        using var cut = await ConnectAsync(cookie, site.Host.Https);
        using var kept = await ConnectAsync(stays, site.Host.Https);
        await using (var db = await site.Host.ContextAsync())
        {
            await db.Users.Where(static u => u.UserName == "leaver").ExecuteUpdateAsync(static set => set.SetProperty(static u => u.DisabledAt, TimeProvider.System.GetUtcNow()));
        }

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(8), TimeProvider.System);
        await Assert.ThrowsAnyAsync<WebSocketException>(() => ReadToEndAsync(cut, limit.Token));
        using var again = await ConnectAsync(cookie, site.Host.Https);
        Assert.Equal(HttpStatusCode.Unauthorized, again.HttpStatusCode);
        Assert.Equal(WebSocketState.Open, kept.State);
    }

    [Fact]
    public void Every_endpoint_that_takes_more_than_get_checks_its_token_or_is_listed_here()
    {
        var endpoints = site.Host.App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().ToList();
        var changing = endpoints.Where(static endpoint => endpoint.Metadata.GetMetadata<IHttpMethodMetadata>() is not { HttpMethods.Count: > 0 } methods
            || methods.HttpMethods.Any(static method => method is not ("GET" or "HEAD"))).ToList();
        var untested = changing
            .Where(static endpoint => endpoint.Metadata.GetMetadata<IAntiforgeryMetadata>() is not { RequiresValidation: true })
            .Select(static endpoint => "/" + endpoint.RoutePattern.RawText!.Trim('/'))
            .ToList();

        Assert.Contains(changing, static endpoint => endpoint.RoutePattern.RawText == "/sign-out");
        Assert.Contains(changing, static endpoint => endpoint.RoutePattern.RawText == "/sign-in");
        Assert.Empty(untested.Except(WithoutToken.Keys, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("/sign-out")]
    [InlineData("/sign-in")]
    [InlineData("/accounts")]
    public async Task A_form_without_its_token_is_refused(string path)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new FormUrlEncodedContent([new("_handler", "sign-in"), new("Form.UserName", "x"), new("Form.Password", "x")]),
        };
        request.Headers.Add("Cookie", await site.Host.CookieOfAsync($"form-{Guid.NewGuid():N}", Role.Treasury));
        using var answer = await site.Client.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.False(answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(static c => c.Contains("session", StringComparison.Ordinal)));
    }

    private string? Named(string? origin) => origin switch
    {
        "self" => site.Host.Https,
        "http-self" => site.Host.Https.Replace("https:", "http:", StringComparison.Ordinal),
        _ => origin,
    };

    private static string Directive(string policy, string name) =>
        Assert.Single(policy.Split(';', StringSplitOptions.TrimEntries), part => part.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..];

    private async Task<HttpResponseMessage> GetAsync(string path, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        return await site.Client.SendAsync(request);
    }

    /// <summary>The socket, open or refused; its status says which.</summary>
    private async Task<ClientWebSocket> ConnectAsync(string? cookie, string? origin)
    {
        var socket = new ClientWebSocket();
        socket.Options.CollectHttpResponseDetails = true;
        socket.Options.RemoteCertificateValidationCallback = (_, shown, _, _) => site.Host.Trusts(shown);
        if (cookie is not null)
        {
            socket.Options.SetRequestHeader("Cookie", cookie);
        }
        if (origin is not null)
        {
            socket.Options.SetRequestHeader("Origin", origin);
        }
        try
        {
            await socket.ConnectAsync(new Uri(site.Host.Https.Replace("https:", "wss:", StringComparison.Ordinal) + "/_blazor"), CancellationToken.None);
        }
        catch (WebSocketException)
        {
            // Refused.
        }
        return socket;
    }

    private static async Task ReadToEndAsync(ClientWebSocket socket, CancellationToken cancellation)
    {
        var buffer = new byte[1024];
        while ((await socket.ReceiveAsync(buffer, cancellation)).MessageType != WebSocketMessageType.Close)
        {
            // Whatever the server says before it hangs up.
        }
    }

    private static async Task WaitForAsync(Func<Task<bool>> condition)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(15), TimeProvider.System);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, limit.Token);
        }
    }

    [GeneratedRegex(@"app\.[a-z0-9]{10}\.css", RegexOptions.None, 1000)]
    private static partial Regex FingerprintedStyle();
}
