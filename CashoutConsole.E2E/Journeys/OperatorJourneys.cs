using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>How somebody joins: made by one person, confirmed by another, and signed in by themselves.</summary>
[Collection(Consoles.Money)]
public sealed class OperatorJourneys(RehearsalFixture fixture) : SharedConsole(fixture)
{
    private const int Refused = 2;
    private const string Password = "four unrelated small words";

    private string Url => Rehearsal.Url;

    [Fact]
    public async Task A_new_operator_signs_in_with_the_role_that_a_second_person_confirmed()
    {
        var admin = await Fixture.Browser.NewPageAsync();
        await admin.SignInAsync(Url, "admin");
        await admin.GotoAsync(Url + "/operators");
        var link = await CreateAsync(admin, "Nina Novak", "nina", "Treasury");

        var nina = await Fixture.Browser.NewPageAsync();
        await SetPasswordAsync(nina, link);
        await nina.GetByText("Your password is set").WaitForAsync();
        var again = await Fixture.Browser.NewPageAsync();
        await again.GotoAsync(link);
        await again.GetByText("This link does not work").WaitForAsync();

        var supervisor = await Fixture.Browser.NewPageAsync();
        await supervisor.SignInAsync(Url, "supervisor");
        await supervisor.GotoAsync(Url + "/approvals");
        var request = supervisor.GetByRole(AriaRole.Article).Filter(new() { HasText = "Roles of Nina Novak: No role → Treasury" });
        await request.GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await supervisor.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Approve" }).ClickAsync();
        await supervisor.StepUpAsync();
        await supervisor.GotoAsync(Url + "/operators");
        await Assertions.Expect(supervisor.GetByRole(AriaRole.Row, new() { Name = "Nina Novak" })).ToContainTextAsync("Active");

        await nina.GetByLabel("User name").FillAsync("nina");
        await nina.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await nina.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await nina.WaitForURLAsync("**/accounts");
        await nina.WaitForCircuitAsync();
        await nina.Locator("button.user-button").ClickAsync();
        await Assertions.Expect(nina.Locator("#user-menu")).ToContainTextAsync("Treasury");
    }

    [Fact]
    public async Task The_link_and_the_password_reach_no_other_request_and_no_cache()
    {
        var admin = await Fixture.Browser.NewPageAsync();
        await admin.SignInAsync(Url, "admin");
        await admin.GotoAsync(Url + "/operators");
        var link = await CreateAsync(admin, "Otto Olsen", "otto", "Auditor");
        var token = link.Split('/')[^1];
        var otto = await Fixture.Browser.NewPageAsync();
        var referrers = new List<string?>();
        otto.Request += (_, request) => referrers.Add(request.Headers.GetValueOrDefault("referer"));
        var response = await otto.GotoAsync(link);
        await SetPasswordAsync(otto, null);
        await otto.GetByText("Your password is set").WaitForAsync();

        Assert.Equal("no-store", (await response!.AllHeadersAsync())["cache-control"]);
        Assert.DoesNotContain(referrers, referrer => referrer?.Contains(token, StringComparison.Ordinal) == true);
        Assert.DoesNotContain(token, Rehearsal.Console!.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_set_up_the_command_line_creates_only_by_recovery_and_every_page_says_so()
    {
        await using var rehearsal = await Rehearsal.StartAsync();
        var early = await RunAsync(rehearsal, "early", "--recover");
        Assert.Equal(Refused, early.ExitCode);
        Assert.Contains("SetUpOpen", early.Output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(rehearsal, "first")).ExitCode);
        var treasury = await Fixture.Browser.NewPageAsync();
        await treasury.SignInAsync(rehearsal.Url, "treasury");
        await WithdrawAsync(rehearsal, treasury);

        var late = await RunAsync(rehearsal, "lena");
        Assert.Equal(Refused, late.ExitCode);
        Assert.Contains("SetUpClosed", late.Output, StringComparison.Ordinal);
        var recovered = await RunAsync(rehearsal, "eve", "--recover");
        Assert.True(recovered.ExitCode == 0, recovered.Output);

        await treasury.GotoAsync(rehearsal.Url + "/accounts");
        await treasury.GetByText("eve (eve) was created on the command line after set-up").WaitForAsync();
        await treasury.GetByText("Recovery: operator eve was created on the command line.").WaitForAsync();
        var supervisor = await Fixture.Browser.NewPageAsync();
        await supervisor.SignInAsync(rehearsal.Url, "supervisor");
        await supervisor.GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await supervisor.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Acknowledge" }).ClickAsync();
        await supervisor.StepUpAsync();
        await treasury.GetByText("Acknowledged by Sam Supervisor; another person is needed.").WaitForAsync();
    }

    private static Task<(int ExitCode, string Output)> RunAsync(Rehearsal rehearsal, string userName, params string[] more) => ConsoleProcess.RunVerbAsync(
        rehearsal.Settings, Password, ["operators", "create", "--user-name", userName, "--name", userName, "--role", "Administrator", .. more]);

    private static async Task WithdrawAsync(Rehearsal rehearsal, IPage page)
    {
        var account = await AccountPicker.PickAsync(rehearsal.Sandbox, "uqpay", "card", "active");
        var accounts = new AccountsScreen(page, rehearsal.Url);
        await accounts.FindAsync(account.Id);
        var dialog = await accounts.OpenDialogAsync();
        await dialog.FillAsync("10.00", "The first one");
        await dialog.ConfirmAsync();
    }

    private static async Task<string> CreateAsync(IPage admin, string name, string userName, string role)
    {
        await admin.GetByRole(AriaRole.Button, new() { Name = "New operator" }).ClickAsync();
        var dialog = admin.GetByRole(AriaRole.Dialog, new() { Name = "New operator" });
        await dialog.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await dialog.GetByLabel("User name").FillAsync(userName);
        await dialog.GetByRole(AriaRole.Checkbox, new() { Name = role }).CheckAsync();
        await dialog.GetByLabel("Reason").FillAsync("Joins the team");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Create operator" }).ClickAsync();
        var stepUp = admin.GetByRole(AriaRole.Dialog, new() { Name = "Confirm that it is you" });
        var copy = admin.Locator("dialog [data-copy]");
        await stepUp.Or(copy).First.WaitForAsync();
        if (await stepUp.IsVisibleAsync())
        {
            await admin.StepUpAsync();
        }
        await copy.WaitForAsync();
        return (await copy.GetAttributeAsync("data-copy"))!;
    }

    private static async Task SetPasswordAsync(IPage page, string? link)
    {
        if (link is not null)
        {
            await page.GotoAsync(link);
        }
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(Password);
        await page.GetByLabel("Password once more").FillAsync(Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Set password" }).ClickAsync();
    }
}
