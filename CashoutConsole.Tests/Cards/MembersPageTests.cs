using Bunit;
using CashoutConsole.Cards.UI;
using CashoutConsole.Foundation;
using CashoutConsole.Tests.Support;
using Microsoft.AspNetCore.Components.Forms;
using Microsoft.EntityFrameworkCore;

namespace CashoutConsole.Tests.Cards;

public sealed class MembersPageTests : AccountPageTest
{
    [Fact]
    public async Task Each_username_gets_its_own_result_and_the_wrong_ones_stay_to_be_corrected()
    {
        await Rig.AccountAsync(10, "known1");
        Rig.Provider.Put(ConsoleRig.SnapshotOf("fresh1", 25, Rig.Provider.Sheet));
        var page = Open();
        page.Find("#members-usernames").Change("known1\nfresh1\nghost1\nnot-a-name");
        await page.Find(".add-members form").SubmitAsync();
        page.WaitForElement(".results");
        Assert.Contains("1 added · 1 already known · 2 not added", page.Find(".results").TextContent, StringComparison.Ordinal);
        Assert.Equal("not-a-name,ghost1".Split(',').Order(StringComparer.Ordinal), page.Find("#members-usernames").GetAttribute("value")!.Split('\n').Order(StringComparer.Ordinal), StringComparer.Ordinal);
        Assert.Equal(2, await Rig.QueryAsync(static db => db.Accounts.CountAsync()));
    }

    [Fact]
    public void A_card_number_is_refused_and_asked_of_nobody()
    {
        var page = Open();
        page.Find("#members-usernames").Change("4111111111111111");
        page.Find(".add-members form").Submit();
        page.WaitForAssertion(() => Assert.Equal(L["Error_CardNumberInText"], page.Find("#members-error").TextContent));
    }

    [Fact]
    public void A_file_gives_its_first_column_without_the_heading()
    {
        var page = Open();
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("Username,Name\r\n\"lucky7\",Li\r\nplayer8;x\r\n\r\n", "members.csv"));
        page.WaitForAssertion(() => Assert.Equal("lucky7\nplayer8", page.Find("#members-usernames").GetAttribute("value")));
    }

    [Fact]
    public void A_file_that_is_no_text_or_too_large_is_refused()
    {
        var page = Open();
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText("PK\0\0", "members.csv"));
        page.WaitForElement(".add-members .row .field-error");
        page.FindComponent<InputFile>().UploadFiles(InputFileContent.CreateFromText(new string('a', UsernameFile.MaxBytes + 1), "members.txt"));
        page.WaitForElement(".add-members .row .field-error");
        Assert.Equal("", page.Find("#members-usernames").GetAttribute("value") ?? "");
    }

    [Fact]
    public void Who_may_only_look_is_not_offered_to_add()
    {
        SignIn(Rig.Auditor, Role.Auditor);
        var page = Open();
        Assert.Empty(page.FindAll(".add-members"));
        Assert.Contains(L["Members_Complete"], page.Markup, StringComparison.Ordinal);
    }

    private IRenderedComponent<MembersPage> Open()
    {
        Navigation.NavigateTo("/members");
        var page = Render<MembersPage>();
        page.WaitForElement("#members-wallet");
        return page;
    }
}
