using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>Stopping in the browser reaches a receiver outside, once and signed. The receiver checks the signature as docs/notices.md says, with nothing of ours.</summary>
public sealed class NoticeJourneys(BrowserFixture browser) : IClassFixture<BrowserFixture>
{
    private const string Secret = "journeys-only-secret";

    [Fact]
    public async Task A_stop_reaches_the_receiver_once_and_signed()
    {
        await using var receiver = new Receiver();
        await using var rehearsal = await Rehearsal.StartAsync(started =>
        {
            started.Settings["Notices:Targets:desk:Url"] = receiver.Url;
            started.Settings["Notices:Targets:desk:Secret"] = Secret;
        });
        var page = await browser.NewPageAsync();
        await page.SignInAsync(rehearsal.Url, "supervisor");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stop sending" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Reason").FillAsync("Journey of Lena Meier");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Stop sending" }).ClickAsync();
        await page.GotoAsync(rehearsal.Url + "/notices");
        await Assertions.Expect(page.GetByRole(AriaRole.Listitem).GetByText("desk: delivered")).ToBeVisibleAsync(new() { Timeout = 30_000 });

        // The loop looks again every 15 seconds: longer than that, and nothing more comes.
        await page.WaitForTimeoutAsync(17_000);
        var post = Assert.Single(receiver.Posts);
        var signature = HMACSHA256.HashData(Encoding.UTF8.GetBytes(Secret), Encoding.UTF8.GetBytes($"{post.Id}.{post.Timestamp}.{post.Body}"));
        Assert.Equal("v1=" + Convert.ToHexStringLower(signature), post.Signature);
        var body = JsonDocument.Parse(post.Body).RootElement;
        Assert.Equal(("SendingStopped", "everything", post.Id), (body.GetProperty("kind").GetString(), body.GetProperty("subjectId").GetString(), body.GetProperty("id").GetString()));
        Assert.DoesNotContain("Lena", post.Body, StringComparison.Ordinal);
    }

    private sealed record Post(string? Id, string? Timestamp, string? Signature, string Body);

    private sealed class Receiver : IAsyncDisposable
    {
        private readonly HttpListener _listener = new();
        private readonly Task _loop;

        public Receiver()
        {
            Url = $"http://localhost:{ConsoleProcess.FreePort()}/";
            _listener.Prefixes.Add(Url);
            _listener.Start();
            _loop = ListenAsync();
        }

        public string Url { get; }

        public ConcurrentQueue<Post> Posts { get; } = new();

        public async ValueTask DisposeAsync()
        {
            _listener.Stop();
            await _loop;
            _listener.Close();
        }

        private async Task ListenAsync()
        {
            try
            {
                while (true)
                {
                    var context = await _listener.GetContextAsync();
                    using var reader = new StreamReader(context.Request.InputStream, Encoding.UTF8);
                    var headers = context.Request.Headers;
                    Posts.Enqueue(new Post(headers["X-Cashout-Id"], headers["X-Cashout-Timestamp"], headers["X-Cashout-Signature"], await reader.ReadToEndAsync()));
                    context.Response.StatusCode = 204;
                    context.Response.Close();
                }
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                // Stopped.
            }
        }
    }
}
