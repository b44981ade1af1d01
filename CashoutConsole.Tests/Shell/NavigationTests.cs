using System.Security.Claims;
using CashoutConsole.Controls;
using CashoutConsole.Foundation;
using CashoutConsole.Shell;

namespace CashoutConsole.Tests.Shell;

public sealed class NavigationTests
{
    [Fact]
    public void Nobody_signed_in_sees_no_navigation() => Assert.Empty(NavItems.For([]));

    [Theory]
    [InlineData(Role.Treasury, "/accounts /withdrawals /batches /approvals /members /providers")]
    [InlineData(Role.Supervisor, "/accounts /withdrawals /batches /approvals /members /providers /policy /operators /notices /audit")]
    [InlineData(Role.Auditor, "/accounts /withdrawals /batches /approvals /members /providers /audit")]
    [InlineData(Role.Administrator, "/accounts /withdrawals /batches /approvals /members /providers /policy /operators /notices")]
    public void Each_role_sees_what_it_may_open(Role role, string addresses) =>
        Assert.Equal(addresses.Split(' '), NavItems.For([role]).SelectMany(static group => group.Items).Select(static item => item.Href), StringComparer.Ordinal);

    [Fact]
    public void Every_entry_has_an_icon()
    {
        foreach (var item in NavItems.Groups.SelectMany(static group => group.Items))
        {
            Assert.NotEmpty(IconShapes.Path(item.Icon));
        }
    }

    [Fact]
    public void Role_claims_that_are_no_role_of_ours_are_left_out()
    {
        var identity = new ClaimsIdentity([new(ClaimTypes.Name, "li"), new(ClaimTypes.Role, "Auditor"), new(ClaimTypes.Role, "Owner"), new(ClaimTypes.Role, "17")], "test");
        Assert.Equal([Role.Auditor], SignedInOperator.From(new ClaimsPrincipal(identity))!.Roles);
        Assert.Null(SignedInOperator.From(new ClaimsPrincipal(new ClaimsIdentity())));
    }

    [Theory]
    [InlineData("/withdrawals?status=Failed&q=%E4%B8%AD", true)]
    [InlineData("/", true)]
    [InlineData("//evil.example", false)]
    [InlineData("/\\evil.example", false)]
    [InlineData("/\t/evil.example", false)]
    [InlineData("https://evil.example", false)]
    [InlineData("accounts", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_redirect_never_leaves_the_console(string? path, bool kept) =>
        Assert.Equal(kept ? path : ShellPaths.Home, LocalPath.OrHome(path));
}
