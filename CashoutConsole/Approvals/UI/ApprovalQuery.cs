using System.Globalization;
using CashoutConsole.Approvals.Application;
using Microsoft.AspNetCore.WebUtilities;

namespace CashoutConsole.Approvals.UI;

/// <summary>The inbox's state as it stands in its address: the tab, and how many rows are shown.</summary>
public sealed record ApprovalQuery(ApprovalTab Tab, int Shown)
{
    public const string List = "/approvals";
    public const int PageSize = 50;

    public static ApprovalQuery Read(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        var tab = query.TryGetValue("tab", out var name) && Enum.TryParse<ApprovalTab>(name, ignoreCase: true, out var found) && Enum.IsDefined(found) ? found : ApprovalTab.ForMe;
        var shown = query.TryGetValue("show", out var count) && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var rows) ? rows : PageSize;
        return new ApprovalQuery(tab, Math.Clamp(shown, PageSize, ListApprovals.MaxPage));
    }

    public string Address
    {
        get
        {
            var address = Tab == ApprovalTab.ForMe ? List : QueryHelpers.AddQueryString(List, "tab", Tab.ToString());
            return Shown == PageSize ? address : QueryHelpers.AddQueryString(address, "show", Shown.ToString(CultureInfo.InvariantCulture));
        }
    }
}
