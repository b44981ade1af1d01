using Bunit;
using CashoutConsole.Controls;

namespace CashoutConsole.Tests.Controls;

public sealed class ConfirmDialogTests : ControlTest
{
    private int _confirmed;
    private bool? _open;

    [Fact]
    public void It_is_not_there_until_it_is_opened()
    {
        var dialog = Open(isOpen: false);
        Assert.Empty(dialog.FindAll("dialog"));
        Dialog.VerifyNotInvoke("show");
    }

    [Fact]
    public void It_opens_as_a_modal_dialog_named_by_its_title()
    {
        var dialog = Open();
        Dialog.VerifyInvoke("show");
        Assert.Equal("Withdraw?", dialog.Find("#" + dialog.Find("dialog").GetAttribute("aria-labelledby")).TextContent);
    }

    [Fact]
    public void It_confirms_only_once_however_often_it_is_clicked()
    {
        var dialog = Open();
        for (var i = 0; i < 5; i++)
        {
            dialog.Find("form").Submit();
        }
        Assert.Equal(1, _confirmed);
        Assert.Equal("true", dialog.Find("button[type=submit]").GetAttribute("aria-disabled"));
    }

    [Fact]
    public void Opening_it_again_allows_one_more()
    {
        var dialog = Open();
        dialog.Find("form").Submit();
        dialog.Render(p => p.Add(c => c.Open, false));
        dialog.Render(p => p.Add(c => c.Open, true));
        dialog.Find("form").Submit();
        Assert.Equal(2, _confirmed);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("1250", 0)]
    [InlineData("1,250.01", 0)]
    [InlineData("1250.00", 1)]
    [InlineData(" 1,250.00 ", 1)]
    public void A_large_amount_must_be_typed_first(string typed, int confirmed)
    {
        var dialog = Open(typedConfirmation: "1,250.00");
        dialog.Find("input").Input(typed);
        dialog.Find("form").Submit();
        Assert.Equal(confirmed, _confirmed);
    }

    [Fact]
    public void A_reason_against_it_is_shown_and_holds_it_back()
    {
        var dialog = Open(reason: "Give a reason.");
        dialog.Find("form").Submit();
        Assert.Equal(0, _confirmed);
        Assert.Equal("Give a reason.", dialog.Find("[role=tooltip]").TextContent);
    }

    [Fact]
    public void Escape_and_cancel_close_it_without_confirming()
    {
        var dialog = Open();
        dialog.Find("dialog").TriggerEvent("oncancel", EventArgs.Empty);
        Assert.False(_open);
        _open = null;
        dialog.Find(".dialog-footer button[type=button]").Click();
        Assert.False(_open);
        Assert.Equal(0, _confirmed);
    }

    private IRenderedComponent<ConfirmDialog> Open(bool isOpen = true, string? typedConfirmation = null, string? reason = null) =>
        Render<ConfirmDialog>(p => p
            .Add(c => c.Open, isOpen)
            .Add(c => c.OpenChanged, value => _open = value)
            .Add(c => c.Title, "Withdraw?")
            .Add(c => c.TypedConfirmation, typedConfirmation)
            .Add(c => c.Reason, reason)
            .Add(c => c.OnConfirm, () => { _confirmed++; })
            .AddChildContent("1,250.00 USD"));
}
