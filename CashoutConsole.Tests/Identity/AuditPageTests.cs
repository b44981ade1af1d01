using Bunit;
using CashoutConsole.Audit.Application;
using CashoutConsole.Audit.Domain;
using CashoutConsole.Exports;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Application;
using CashoutConsole.Identity.UI;
using CashoutConsole.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace CashoutConsole.Tests.Identity;

public sealed class AuditPageTests : PageTest
{
    [Fact]
    public void Who_may_not_read_the_trail_is_told_so_and_the_try_is_on_record()
    {
        var page = Open(Rig.Treasury, Role.Treasury);
        page.WaitForAssertion(() => Assert.Equal(L["Error_Forbidden"].Value, page.Find(".empty-title").TextContent));
        page.WaitForAssertion(() => Assert.Empty(page.FindAll("table")));
    }

    [Fact]
    public void A_supervisor_reads_but_is_told_who_verifies_and_is_offered_no_file()
    {
        var page = Open(Rig.Supervisor, Role.Supervisor);
        page.WaitForAssertion(() => Assert.Equal(L["Audit_AuditorOnly"].Value, page.Find(".page-actions [role=tooltip]").TextContent));
        Assert.Empty(page.FindAll("a[download]"));
    }

    [Fact]
    public void An_auditor_verifies_the_chain_and_sees_the_result()
    {
        var page = Open(Rig.Auditor, Role.Auditor);
        page.WaitForElement(".page-actions button").Click();
        page.WaitForAssertion(() => Assert.Contains("The chain is whole", page.Find(".callout-success").TextContent, StringComparison.Ordinal), TimeSpan.FromSeconds(5));
    }

    [Fact]
    public void The_address_of_an_entry_opens_its_details()
    {
        var page = Open(Rig.Auditor, Role.Auditor, "/audit?entry=1");
        page.WaitForAssertion(() => Assert.Contains(AuditActions.DatabaseCreated, page.Find("dialog").TextContent, StringComparison.Ordinal));
    }

    [Fact]
    public void The_page_and_its_file_read_the_same_address_alike()
    {
        var filter = new AuditFilter
        {
            From = new DateTimeOffset(2026, 11, 20, 16, 0, 0, TimeSpan.Zero),
            To = new DateTimeOffset(2026, 11, 21, 16, 0, 0, TimeSpan.Zero),
            Actor = "Tina & Tom",
            Action = AuditActions.SignInRefused,
            SubjectType = "withdrawal",
            Subject = "01-ü",
            Result = AuditResult.Refused,
        };
        var address = "http://localhost" + AuditQuery.Write(AuditQuery.Csv, filter);
        var request = new DefaultHttpContext().Request;
        request.QueryString = new QueryString(new Uri(address).Query);
        Assert.Equal(filter, AuditQuery.Read(address));
        Assert.Equal(filter, ExportsSetup.AuditFilterOf(request.Query));
    }

    [Fact]
    public void Every_action_has_a_name() =>
        Assert.DoesNotContain(AuditActions.All, action => L["Audit_" + action.Replace('.', '_').Replace('-', '_')].ResourceNotFound);

    private IRenderedComponent<AuditPage> Open(Actor viewer, Role role, string address = "/audit")
    {
        SignIn(viewer, role);
        Services.GetRequiredService<NavigationManager>().NavigateTo(address);
        return Render<AuditPage>();
    }
}
