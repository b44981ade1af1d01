using Bunit;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Notices.Application;
using CashoutConsole.Notices.UI;
using CashoutConsole.Tests.Sandbox;
using CashoutConsole.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Notices;

public sealed class NoticesPageTests : PageTest
{
    [Fact]
    public void Who_may_not_look_is_told_so()
    {
        var page = Open(Rig.Treasury, Role.Treasury);
        page.WaitForAssertion(() => Assert.Equal(L["Error_Forbidden"].Value, page.Find(".empty-title").TextContent));
    }

    [Fact]
    public void Without_a_target_the_page_says_where_to_configure_one()
    {
        var page = Open(Rig.Administrator, Role.Administrator);
        page.WaitForAssertion(() => Assert.Equal(L["Notices_NoTarget"].Value, page.Find(".empty-title").TextContent));
    }

    [Fact]
    public async Task A_failing_target_says_why_and_a_retry_delivers()
    {
        await using var receiver = new WebhookReceiver { Status = 503 };
        Rig.Tell(receiver);
        await Rig.StopAsync();
        await Rig.WriteNoticesAsync();
        await Rig.DeliverAsync();
        var page = Open(Rig.Administrator, Role.Administrator);
        page.WaitForAssertion(() => Assert.Contains("HTTP 503", page.Find(".target .callout-warning").TextContent, StringComparison.Ordinal));
        Assert.Contains(new Uri(receiver.Url).Authority, page.Find(".target").TextContent, StringComparison.Ordinal);
        Assert.DoesNotContain("hidden-token", page.Markup, StringComparison.Ordinal);
        Assert.DoesNotContain(NoticeRig.Secret, page.Markup, StringComparison.Ordinal);

        receiver.Status = 200;
        Button(page, "Notices_RetryNow").Click();
        page.WaitForAssertion(() => Assert.Equal(Rig.Clock.Now(), Rig.DeliveryAsync().GetAwaiter().GetResult().NextTryAt));
        Assert.Equal(1, await Rig.DeliverAsync());
        Clock.Advance(TimeSpan.FromSeconds(5));
        page.WaitForAssertion(() => Assert.Contains(L["DeliveryState_Delivered"].Value, page.Find(".notice .badge-success").TextContent, StringComparison.Ordinal));
        Assert.Empty(page.FindAll(".target .callout-warning"));
    }

    [Fact]
    public async Task A_supervisor_sees_it_and_is_told_who_acts()
    {
        await using var receiver = new WebhookReceiver();
        Rig.Tell(receiver);
        var page = Open(Rig.Supervisor, Role.Supervisor);
        page.WaitForAssertion(() => Assert.Equal(L["Notices_AdministratorOnly"].Value, page.Find(".target [role=tooltip]").TextContent));
        Button(page, "Notices_SendTest").Click();
        Assert.Empty(await Rig.NoticesAsync());
    }

    [Fact]
    public async Task A_test_notice_appears_in_the_list()
    {
        await using var receiver = new WebhookReceiver();
        Rig.Tell(receiver);
        var page = Open(Rig.Administrator, Role.Administrator);
        page.WaitForElement(".target");
        Button(page, "Notices_SendTest").Click();
        page.WaitForAssertion(() => Assert.Contains(L["NoticeKind_Test"].Value, page.Find(".notice").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_was_given_up_is_a_warning_on_the_page_and_in_the_navigation()
    {
        await using var receiver = new WebhookReceiver();
        Rig.Tell(receiver);
        await Rig.StopAsync();
        await Rig.WriteNoticesAsync();
        await Rig.ChangeAsync(async db =>
        {
            var delivery = await db.NoticeDeliveries.SingleAsync();
            (delivery.Tries, delivery.NextTryAt, delivery.GivenUpAt, delivery.LastFault) = (20, null, Rig.Clock.Now(), "Timeout");
        });
        var page = Open(Rig.Supervisor, Role.Supervisor, "/notices?undelivered=true");
        page.WaitForAssertion(() => Assert.Contains(L["Notices_Lost", 1].Value, page.Find(".callout-warning").TextContent, StringComparison.Ordinal));
        Assert.Equal("true", page.Find(".chip-main").GetAttribute("aria-pressed"));
        var badge = Render<LostNotices>();
        badge.WaitForAssertion(() => Assert.Equal("1", badge.Find(".lost [aria-hidden]").TextContent));
    }

    private AngleSharp.Dom.IElement Button(IRenderedComponent<NoticesPage> page, string key) =>
        page.FindAll("button").First(button => button.TextContent.Contains(L[key].Value, StringComparison.Ordinal));

    private IRenderedComponent<NoticesPage> Open(Actor viewer, Role role, string address = "/notices")
    {
        SignIn(viewer, role);
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<NoticesPage>();
    }
}
