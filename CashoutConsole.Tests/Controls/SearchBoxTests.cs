using Bunit;
using CashoutConsole.Controls;
using Microsoft.AspNetCore.Components.Web;

namespace CashoutConsole.Tests.Controls;

public sealed class SearchBoxTests : ControlTest
{
    private readonly List<string> _searches = [];

    [Fact]
    public void It_waits_for_a_pause_in_typing()
    {
        var box = Box();
        box.Find("input").Input("a");
        Clock.Advance(SearchBox.Pause / 2);
        box.Find("input").Input("ab");
        Clock.Advance(SearchBox.Pause / 2);
        Assert.Empty(_searches);
        Clock.Advance(SearchBox.Pause);
        Assert.Equal(["ab"], _searches);
    }

    [Fact]
    public void Enter_searches_at_once_and_only_once()
    {
        var box = Box();
        box.Find("input").Input("wang");
        box.Find("input").KeyDown(new KeyboardEventArgs { Key = "Enter" });
        Clock.Advance(SearchBox.Pause * 2);
        Assert.Equal(["wang"], _searches);
    }

    [Fact]
    public void Escape_clears()
    {
        var box = Box("wang");
        box.Find("input").KeyDown(new KeyboardEventArgs { Key = "Escape" });
        Assert.Equal([""], _searches);
        Assert.Equal("", box.Find("input").GetAttribute("value"));
    }

    [Fact]
    public void A_full_card_number_is_never_searched_for()
    {
        var box = Box();
        box.Find("input").Input("4111 1111 1111 1111");
        Clock.Advance(SearchBox.Pause);
        Assert.Empty(_searches);
        Assert.Equal(L["Error_CardNumber"], box.Find("[role=alert]").TextContent);
    }

    [Fact]
    public void An_account_id_that_only_looks_like_a_card_number_may_be_searched_for()
    {
        var box = Render<SearchBox>(p => p.Add(c => c.Value, "").Add(c => c.ValueChanged, _searches.Add).Add(c => c.IsKnownAccountId, static id => id == "4111111111111111"));
        box.Find("input").Input("4111111111111111");
        Clock.Advance(SearchBox.Pause);
        Assert.Equal(["4111111111111111"], _searches);
    }

    [Fact]
    public void A_change_from_outside_replaces_the_text_but_an_echo_does_not()
    {
        var box = Box();
        box.Find("input").Input("wang");
        Clock.Advance(SearchBox.Pause);
        box.Find("input").Input("wang f");
        box.Render(p => p.Add(c => c.Value, "wang"));
        Assert.Equal("wang f", box.Find("input").GetAttribute("value"));
        box.Render(p => p.Add(c => c.Value, "li"));
        Assert.Equal("li", box.Find("input").GetAttribute("value"));
    }

    private IRenderedComponent<SearchBox> Box(string value = "") =>
        Render<SearchBox>(p => p.Add(c => c.Value, value).Add(c => c.ValueChanged, _searches.Add));
}
