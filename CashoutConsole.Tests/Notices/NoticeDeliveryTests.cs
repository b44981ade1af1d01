using System.Net;
using System.Net.Sockets;
using CashoutConsole.Foundation;
using CashoutConsole.Notices.Application;
using CashoutConsole.Notices.Domain;
using CashoutConsole.Notices.Infrastructure;
using CashoutConsole.Persistence;
using CashoutConsole.Tests.Sandbox;
using CashoutConsole.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace CashoutConsole.Tests.Notices;

/// <summary>How a notice reaches its target, or visibly does not.</summary>
public sealed class NoticeDeliveryTests
{
    /// <summary>Computed outside this code base, with Python's hmac.</summary>
    [Fact]
    public void The_signature_is_an_hmac_over_id_timestamp_and_body() => Assert.Equal(
        "v1=aeca20fd72f79184d7d050196e5355f7e0cd8b3071ec7c218bf2d359fd470949",
        NoticeSignature.Of("0123456789abcdef", Guid.Parse("0b8f3c1e-5a77-4f0e-9a36-2f1d6a3b9c01"), 1791187200, """{"kind":"Test"}"""));

    [Theory, OnSqlite, OnPostgres]
    public async Task A_target_gets_one_signed_post(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await using var receiver = new WebhookReceiver();
        rig.Tell(receiver);
        await rig.StopAsync();
        await rig.WriteNoticesAsync();

        Assert.Equal(1, await rig.DeliverAsync());
        Assert.Equal(0, await rig.DeliverAsync());

        var hook = Assert.Single(receiver.Received);
        var notice = Assert.Single(await rig.NoticesAsync());
        var seconds = rig.Clock.GetUtcNow().ToUnixTimeSeconds();
        Assert.Equal(notice.Body, hook.Body);
        Assert.Equal(notice.Id.ToString(), hook.Headers["X-Cashout-Id"]);
        Assert.Equal(seconds.ToString(System.Globalization.CultureInfo.InvariantCulture), hook.Headers["X-Cashout-Timestamp"]);
        Assert.Equal(NoticeSignature.Of(NoticeRig.Secret, notice.Id, seconds, hook.Body), hook.Headers["X-Cashout-Signature"]);
        Assert.Equal(("SendingStopped", "Rehearsal", "everything"), (hook.Json.GetProperty("kind").GetString(), hook.Json.GetProperty("mode").GetString(), hook.Json.GetProperty("subjectId").GetString()));
        Assert.Equal((rig.Clock.Now(), null, 1), (notice.Deliveries.Single().DeliveredAt, notice.Deliveries.Single().NextTryAt, notice.Deliveries.Single().Tries));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task Two_processes_deliver_it_once(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await using var receiver = new WebhookReceiver();
        rig.Tell(receiver);
        for (var i = 0; i < 5; i++)
        {
            await rig.ApprovalAsync("Large", (await rig.AccountAsync(9000), 6000));
        }
        await rig.WriteNoticesAsync();
        await using var second = rig.SecondProcess();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => Task.Run(async () =>
        {
            var sender = (i % 2 == 0 ? rig.Services : second).GetRequiredService<NoticeSender>();
            for (var turn = 0; turn < 5; turn++)
            {
                await sender.DeliverDueAsync("desk", CancellationToken.None);
            }
        })));

        Assert.Equal(5, receiver.Received.Count);
        Assert.Equal(5, receiver.Received.DistinctBy(static hook => hook.Headers["X-Cashout-Id"], StringComparer.Ordinal).Count());
    }

    [Fact]
    public async Task A_chat_tool_gets_one_line_with_amount_id_and_link()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        await using var receiver = new WebhookReceiver();
        rig.Notices.Targets["chat"] = new NoticeTarget { Url = receiver.Url, Format = NoticeFormat.Text };
        rig.Notices.PublicBaseUrl = "https://cashout.example/";
        var id = await rig.UnknownAsync(12.5m);
        rig.Clock.Advance(TimeSpan.FromHours(1));
        await rig.WriteNoticesAsync();
        Assert.Equal(1, await rig.DeliverAsync("chat"));

        var hook = Assert.Single(receiver.Received);
        Assert.Equal("text", Assert.Single(hook.Json.EnumerateObject()).Name);
        Assert.Equal(
            $"[Rehearsal] Outcome unknown since 2026-10-05 08:00 UTC: 12.50 USD, withdrawal {id} https://cashout.example/withdrawals/{id}",
            hook.Json.GetProperty("text").GetString());
        Assert.False(hook.Headers.ContainsKey("X-Cashout-Signature"));
    }

    [Theory, OnSqlite, OnPostgres]
    public async Task A_failing_delivery_is_tried_less_and_less_often_and_then_given_up(DatabaseKind kind)
    {
        await using var rig = await ConsoleRig.StartAsync(kind);
        await using var receiver = new WebhookReceiver { Status = 503 };
        rig.Tell(receiver);
        await rig.StopAsync();
        await rig.WriteNoticesAsync();
        TimeSpan[] expected = [TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(30), .. Enumerable.Repeat(TimeSpan.FromHours(1), 15)];
        foreach (var wait in expected)
        {
            Assert.Equal(0, await rig.DeliverAsync());
            var delivery = await rig.DeliveryAsync();
            Assert.Equal((rig.Clock.Now() + wait, "Status:503"), (delivery.NextTryAt, delivery.LastFault));
            rig.Clock.Advance(wait - TimeSpan.FromSeconds(1));
            await rig.DeliverAsync();
            Assert.Equal(delivery.Tries, (await rig.DeliveryAsync()).Tries);
            rig.Clock.Advance(TimeSpan.FromSeconds(1));
        }
        Assert.Equal(0, await rig.QueryAsync(static db => db.AuditEntries.CountAsync(static e => e.Action == "notice.given-up")));
        await rig.DeliverAsync();
        rig.Clock.Advance(TimeSpan.FromDays(7));
        await rig.DeliverAsync();

        var lost = await rig.DeliveryAsync();
        Assert.Equal((20, 20, null, true), (receiver.Received.Count, lost.Tries, lost.NextTryAt, lost.GivenUpAt is not null));
        Assert.Equal(1, await rig.QueryAsync(static db => db.AuditEntries.CountAsync(static e => e.Action == "notice.given-up")));
        Assert.Equal(1, (await rig.Get<CountLostNotices>().ExecuteAsync(rig.Supervisor, CancellationToken.None)).Value);

        receiver.Status = 204;
        Assert.Equal(1, (await rig.Get<RetryNotices>().ExecuteAsync(rig.Administrator, new RetryNotices.Command("desk"), CancellationToken.None)).Value);
        Assert.Equal(1, await rig.DeliverAsync());
        Assert.Equal(0, (await rig.Get<CountLostNotices>().ExecuteAsync(rig.Supervisor, CancellationToken.None)).Value);
        Assert.Equal("NothingToRetry", (await rig.Get<RetryNotices>().ExecuteAsync(rig.Administrator, new RetryNotices.Command("desk"), CancellationToken.None)).Error?.Code);
        Assert.True((await rig.VerifyAsync()).IsWhole);
    }

    [Theory]
    [InlineData(302, "Redirect:302")]
    [InlineData(400, "Status:400")]
    public async Task Only_a_2xx_counts_and_no_redirect_is_followed(int status, string fault)
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        await using var receiver = new WebhookReceiver { Status = status, Location = "/elsewhere" };
        rig.Tell(receiver);
        await rig.StopAsync();
        await rig.WriteNoticesAsync();
        await rig.DeliverAsync();

        Assert.Equal("/hook", Assert.Single(receiver.Received).Path);
        Assert.Equal(fault, (await rig.DeliveryAsync()).LastFault);
    }

    [Fact]
    public async Task A_target_that_cannot_be_reached_is_named_without_its_address()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        string url;
        await using (var gone = new WebhookReceiver())
        {
            url = gone.Url;
            rig.Tell(gone);
        }
        await rig.StopAsync();
        await rig.WriteNoticesAsync();
        await rig.DeliverAsync();

        Assert.Equal("Unreachable", (await rig.DeliveryAsync()).LastFault);
        var view = (await rig.Get<ListNotices>().ExecuteAsync(rig.Supervisor, false, CancellationToken.None)).Value;
        Assert.Equal(new Uri(url).Authority, Assert.Single(view.Targets).Host);
        Assert.DoesNotContain("hidden-token", view.Targets[0].ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(NoticeRig.Secret, view.Targets[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_target_that_does_not_answer_is_let_go_after_ten_seconds()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        rig.Notices.Targets["silent"] = new NoticeTarget { Url = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/", Secret = NoticeRig.Secret };
        await rig.StopAsync();
        await rig.WriteNoticesAsync();
        var delivering = rig.DeliverAsync("silent");
        using var connection = await silent.AcceptTcpClientAsync();
        Assert.False(delivering.IsCompleted);
        rig.Clock.Advance(NoticeSender.AnswerLimit);
        await delivering;
        Assert.Equal("Timeout", (await rig.DeliveryAsync()).LastFault);
    }

    [Fact]
    public async Task A_silent_target_delays_no_other()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        await using var receiver = new WebhookReceiver();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        rig.Tell(receiver);
        rig.Notices.Targets["a-silent"] = new NoticeTarget { Url = $"http://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/", Secret = NoticeRig.Secret };
        rig.Clock.FireAtOnce = TimeSpan.FromMilliseconds(250);
        var loop = rig.Services.GetServices<IHostedService>().OfType<NoticeLoop>().Single();
        await loop.StartAsync(CancellationToken.None);
        await rig.StopAsync();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20), TimeProvider.System);
        using var connection = await silent.AcceptTcpClientAsync(limit.Token);
        while (receiver.Received.IsEmpty)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, limit.Token);
        }
        await loop.StopAsync(CancellationToken.None);
        Assert.Single(receiver.Received);
    }

    [Fact]
    public async Task A_test_notice_goes_to_its_target_alone()
    {
        await using var rig = await ConsoleRig.StartAsync(DatabaseKind.Sqlite);
        await using var receiver = new WebhookReceiver();
        rig.Tell(receiver, kinds: NoticeKind.BreakOpened);
        rig.Tell(receiver, name: "other");
        Assert.True((await rig.Get<SendTestNotice>().ExecuteAsync(rig.Administrator, new SendTestNotice.Command("desk"), CancellationToken.None)).IsSuccess);
        Assert.Equal("NoticeTargetUnknown", (await rig.Get<SendTestNotice>().ExecuteAsync(rig.Administrator, new SendTestNotice.Command("nobody"), CancellationToken.None)).Error?.Code);

        Assert.Equal((1, 0), (await rig.DeliverAsync(), await rig.DeliverAsync("other")));
        Assert.Equal("Test", Assert.Single(receiver.Received).Json.GetProperty("kind").GetString());
    }
}
