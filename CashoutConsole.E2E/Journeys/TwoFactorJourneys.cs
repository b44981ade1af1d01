using System.Text.RegularExpressions;
using CashoutConsole.E2E.Fixtures;
using CashoutConsole.E2E.PageModels;
using CashoutConsole.Foundation;
using CashoutConsole.Identity.Domain;
using CashoutConsole.Persistence;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;

namespace CashoutConsole.E2E.Journeys;

/// <summary>Signing in with a second factor, as people do it. Each journey has a demo operator of its own, so that their codes do not meet.</summary>
[Collection(Consoles.Approvals)]
public sealed partial class TwoFactorJourneys(RehearsalFixture fixture) : SharedConsole(fixture)
{
    private string Url => Rehearsal.Url;

    [Fact]
    public async Task A_code_signs_in_and_the_same_code_again_does_not()
    {
        var page = await Fixture.Browser.NewPageAsync();
        await page.GivePasswordAsync(Url, "treasury");
        await page.GotoAsync(Url + "/accounts");
        await page.WaitForURLAsync("**/sign-in?*");
        await page.GivePasswordAsync(Url, "treasury");
        await Rehearsal.RenewCodesAsync();
        var code = People.CodeOf("treasury");
        await page.GiveCodeAsync(code);
        await page.WaitForURLAsync("**/accounts");

        var again = await Fixture.Browser.NewPageAsync();
        await again.GivePasswordAsync(Url, "treasury");
        await again.GiveCodeAsync(code);
        await Assertions.Expect(again.GetByRole(AriaRole.Alert)).ToContainTextAsync("That code did not work");
        await again.GotoAsync(Url + "/accounts");
        await again.WaitForURLAsync("**/sign-in?*");
    }

    [Fact]
    public async Task A_recovery_code_signs_in_once()
    {
        var page = await Fixture.Browser.NewPageAsync();
        await page.SignInAsync(Url, "supervisor", fresh: true);
        await page.GotoAsync(Url + "/security");
        await page.GetByRole(AriaRole.Button, new() { Name = "New recovery codes" }).ClickAsync();
        await page.StepUpAsync();
        var code = await page.Locator(".codes code").First.TextContentAsync();

        var elsewhere = await Fixture.Browser.NewPageAsync();
        await elsewhere.GivePasswordAsync(Url, "supervisor");
        await elsewhere.GiveCodeAsync(code!);
        await elsewhere.WaitForURLAsync("**/security?*");
        await Assertions.Expect(elsewhere.GetByRole(AriaRole.Alert).Filter(new() { HasText = "9 are left" })).ToBeVisibleAsync();
        var again = await Fixture.Browser.NewPageAsync();
        await again.GivePasswordAsync(Url, "supervisor");
        await again.GiveCodeAsync(code!);
        await Assertions.Expect(again.GetByRole(AriaRole.Alert)).ToContainTextAsync("That code did not work");
    }

    [Fact]
    public async Task Ending_another_session_closes_its_open_page()
    {
        var (here, elsewhere) = (await Fixture.Browser.NewPageAsync(), await Fixture.Browser.NewPageAsync());
        await elsewhere.SignInAsync(Url, "auditor", fresh: true);
        await here.SignInAsync(Url, "auditor", fresh: true);
        await here.GotoAsync(Url + "/security");
        await here.GetByRole(AriaRole.Button, new() { Name = "Sign out everywhere else" }).ClickAsync();

        await elsewhere.WaitForURLAsync("**/sign-in?*");
        await Assertions.Expect(here.Locator(".session")).ToHaveCountAsync(1);
    }

    [Fact]
    public async Task A_new_authenticator_takes_over_after_its_first_code()
    {
        var page = await Fixture.Browser.NewPageAsync();
        await page.SignInAsync(Url, "supervisor2", fresh: true);
        await page.GotoAsync(Url + "/sign-in/two-factor");
        await page.WaitForURLAsync("**/security");
        await page.GetByRole(AriaRole.Button, new() { Name = "Set up anew" }).ClickAsync();
        await page.StepUpAsync();
        var secret = Base32.Decode((await page.Locator(".secret code").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal));
        Assert.Matches(Modules(), await page.Locator(".qr path").GetAttributeAsync("d"));
        await page.GetByLabel("Enter the code that the app shows now").FillAsync(Totp.CodeOf(secret, Totp.StepAt(TimeProvider.System.GetUtcNow())));
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(page.Locator(".codes code")).ToHaveCountAsync(RecoveryCodes.PerSet);

        var again = await Fixture.Browser.NewPageAsync();
        await again.GivePasswordAsync(Url, "supervisor2");
        await again.GiveCodeAsync(Totp.CodeOf(secret, Totp.StepAt(TimeProvider.System.GetUtcNow()) + 1));
        await again.WaitForURLAsync("**/accounts");
    }

    [Fact]
    public async Task On_a_live_database_treasury_sets_two_factor_up_before_anything_else()
    {
        await using var live = await Rehearsal.StartAsync(static rehearsal => rehearsal.Settings["Mode"] = "Live");
        await AddTreasuryAsync(live.DatabaseFile);
        var page = await Fixture.Browser.NewPageAsync();
        await page.GotoAsync(live.Url + "/sign-in");
        await page.GetByLabel("User name").FillAsync("li.wei");
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync("correct horse battery");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.WaitForURLAsync("**/sign-in/two-factor*");
        await page.GotoAsync(live.Url + "/accounts");
        await page.WaitForURLAsync("**/sign-in?*");
        await page.GotoAsync(live.Url + "/sign-in/two-factor");
        var secret = Base32.Decode((await page.Locator(".secret code").TextContentAsync())!.Replace(" ", "", StringComparison.Ordinal));
        await page.GetByLabel("Enter the code that the app shows now").FillAsync("000000");
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Alert)).ToContainTextAsync("That code did not work");
        await page.GetByLabel("Enter the code that the app shows now").FillAsync(Totp.CodeOf(secret, Totp.StepAt(TimeProvider.System.GetUtcNow())));
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await Assertions.Expect(page.Locator(".codes code")).ToHaveCountAsync(RecoveryCodes.PerSet);
        await page.GetByRole(AriaRole.Link, new() { Name = "I have kept them, go on" }).ClickAsync();
        await page.WaitForURLAsync("**/accounts");
    }

    /// <summary>As the command line would have made them; its password comes from a terminal.</summary>
    private static async Task AddTreasuryAsync(string file)
    {
        await using var db = new SqliteCashoutDbContext(new DbContextOptionsBuilder<SqliteCashoutDbContext>().UseSqlite($"Data Source={file}").Options);
        var now = TimeProvider.System.Now();
        var id = Guid.NewGuid().ToString();
        var person = new Operator
        {
            Id = id,
            UserName = "li.wei",
            NormalizedUserName = "LI.WEI",
            DisplayName = "Li Wei",
            CreatedAt = now,
            SecurityStamp = Guid.NewGuid().ToString(),
            Roles = [new OperatorRole { OperatorId = id, Role = Role.Treasury, GrantedAt = now }],
        };
        person.PasswordHash = new PasswordHasher<Operator>().HashPassword(person, "correct horse battery");
        db.Users.Add(person);
        await db.SaveChangesAsync();
    }

    [GeneratedRegex(@"^(M\d+ \d+h1v1h-1z){300,}$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Modules();
}
