using Microsoft.AspNetCore.Components;

namespace CashoutConsole.Controls;

public enum ColumnAlign
{
    Start,

    /// <summary>For amounts and counts.</summary>
    End,
}

/// <summary>One column of a <see cref="VirtualTable{TItem}"/>; draws nothing itself, but tells the table how to.</summary>
public sealed class TableColumn<TItem> : ComponentBase
{
    [CascadingParameter]
    public required VirtualTable<TItem> Table { get; set; }

    /// <summary>The header; empty for a column of buttons or checkboxes (give it a <see cref="HeaderTemplate"/> or a Label then).</summary>
    [Parameter, EditorRequired]
    public string Title { get; set; } = "";

    [Parameter, EditorRequired]
    public RenderFragment<TItem>? ChildContent { get; set; }

    [Parameter]
    public RenderFragment? HeaderTemplate { get; set; }

    /// <summary>Set = the header sorts by this key.</summary>
    [Parameter]
    public string? SortKey { get; set; }

    /// <summary>The first click sorts downwards: right for amounts and times.</summary>
    [Parameter]
    public bool SortDescendingFirst { get; set; }

    [Parameter]
    public ColumnAlign Align { get; set; }

    /// <summary>In pixels. Without one, the column shares what is left, and is never narrower than 120 (160 for amounts, which are never cut).</summary>
    [Parameter]
    public int? Width { get; set; }

    /// <summary>The cell is a link to the row's address, for opening it in another tab. The table then needs a RowHref.</summary>
    [Parameter]
    public bool IsLink { get; set; }

    /// <summary>The cell has its own buttons or inputs: clicks in it do not open the row.</summary>
    [Parameter]
    public bool IsInteractive { get; set; }

    /// <summary>Stays in place when the table scrolls sideways. For the first column.</summary>
    [Parameter]
    public bool IsPinned { get; set; }

    /// <summary>Left out below 900 px.</summary>
    [Parameter]
    public bool WideOnly { get; set; }

    internal int LeastPixels => Width ?? (Align == ColumnAlign.End ? 160 : 120);

    internal string CssClass => string.Join(' ', Classes());

    // In OnParametersSet, not OnInitialized: the table collects its columns anew each time it draws, so that their order and
    // presence always follow the markup. A column always has a template, so Blazor never skips this call.
    protected override void OnParametersSet() => Table.Collect(this);

    private IEnumerable<string> Classes()
    {
        if (Align == ColumnAlign.End)
        {
            yield return "cell-end";
        }
        if (IsPinned)
        {
            yield return "cell-pinned";
        }
        if (WideOnly)
        {
            yield return "wide-only";
        }
    }
}
