using System.Net;
using System.Text.RegularExpressions;
using CashoutConsole.Shell;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace CashoutConsole.Tests.Shell;

/// <summary>The frame on a real server: what leaves it as HTTP.</summary>
public sealed partial class ShellHostTests : IAsyncLifetime, IDisposable
{
    private WebApplication _app = null!;
    private HttpClient _http = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { ApplicationName = "CashoutConsole", ContentRootPath = AppContext.BaseDirectory, EnvironmentName = "Production" });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddShell(static shell => shell.IsRehearsal = true);
        _app = builder.Build();
        _app.MapShell();
        await _app.StartAsync();
        _http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = new Uri(_app.Urls.First()) };
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task The_home_address_leads_to_the_accounts()
    {
        using var answer = await _http.GetAsync("/");
        Assert.Equal(HttpStatusCode.Found, answer.StatusCode);
        Assert.Equal("/accounts", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    public async Task Pages_carry_no_script_or_event_handler_of_their_own()
    {
        foreach (var path in new[] { "/not-found", "/error" })
        {
            var html = await _http.GetStringAsync(path);
            Assert.All(Script().Matches(html), static script => Assert.Matches("""<script[^>]+src="[^"]+"[^>]*></script>""", script.Value));
            Assert.DoesNotMatch(EventHandler(), html);
        }
    }

    [Fact]
    public async Task The_theme_of_the_cookie_is_in_the_first_byte_and_only_known_themes_are_taken()
    {
        Assert.Contains("data-theme=\"dark\"", await PageAsync("theme=dark"), StringComparison.Ordinal);
        Assert.Contains("data-theme=\"system\"", await PageAsync("theme=%22%3E%3Cscript%3E"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("zh-CN,zh;q=0.9", "zh-Hans", "演练模式")]
    [InlineData("de", "en", "Rehearsal")]
    public async Task The_browser_decides_the_language_until_the_operator_does(string accepted, string language, string mark)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/error");
        request.Headers.TryAddWithoutValidation("Accept-Language", accepted);
        using var answer = await _http.SendAsync(request);
        var html = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync());
        Assert.Contains($"<html lang=\"{language}\"", html, StringComparison.Ordinal);
        Assert.Contains(mark, html, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choosing_a_language_remembers_it_and_comes_back()
    {
        using var answer = await _http.GetAsync(ShellPaths.ChangeCulture("zh-Hans", "/withdrawals?status=Failed"));
        Assert.Equal("/withdrawals?status=Failed", answer.Headers.Location?.OriginalString);
        Assert.Contains("zh-Hans", Assert.Single(answer.Headers.GetValues("Set-Cookie")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Choosing_a_language_never_leads_elsewhere_and_takes_only_spoken_ones()
    {
        using var answer = await _http.GetAsync(ShellPaths.ChangeCulture("tlh", "//evil.example"));
        Assert.Equal(ShellPaths.Home, answer.Headers.Location?.OriginalString);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("text/html", true)]
    [InlineData("application/json", false)]
    public async Task A_person_gets_a_page_for_a_wrong_address_and_a_machine_gets_the_bare_code(string accept, bool explains)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/no/such/page");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await _http.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Equal(explains, (await answer.Content.ReadAsStringAsync()).Contains("<html", StringComparison.Ordinal));
    }

    private async Task<string> PageAsync(string cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/error");
        request.Headers.TryAddWithoutValidation("Cookie", cookie);
        using var answer = await _http.SendAsync(request);
        return await answer.Content.ReadAsStringAsync();
    }

    [GeneratedRegex(@"<script.*?</script>", RegexOptions.Singleline, 1000)]
    private static partial Regex Script();

    [GeneratedRegex(@"<[a-z][^>]*\son[a-z]+=", RegexOptions.None, 1000)]
    private static partial Regex EventHandler();
}
