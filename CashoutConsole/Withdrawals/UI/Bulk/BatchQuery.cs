using CashoutConsole.Withdrawals.Application.Bulk;
using Microsoft.AspNetCore.WebUtilities;

namespace CashoutConsole.Withdrawals.UI.Bulk;

/// <summary>What of a batch its page shows, as it stands in the address.</summary>
/// <param name="Tab">Null = what comes first: the plan of a draft, the withdrawals of a confirmed batch.</param>
/// <param name="Group">Only withdrawals of this outcome.</param>
public sealed record BatchQuery(BatchItemTab? Tab = null, OutcomeGroup? Group = null)
{
    public static BatchQuery Read(string address)
    {
        var query = QueryHelpers.ParseQuery(new Uri(address).Query);
        return new BatchQuery(Named<BatchItemTab>("tab"), Named<OutcomeGroup>("group"));

        T? Named<T>(string key)
            where T : struct, Enum => query.TryGetValue(key, out var text) && Enum.TryParse<T>(text, ignoreCase: true, out var value) && Enum.IsDefined(value) ? value : null;
    }

    public string AddressOf(Guid batchId)
    {
        var address = BatchWords.AddressOf(batchId);
        address = Tab is { } tab ? QueryHelpers.AddQueryString(address, "tab", tab.ToString()) : address;
        return Group is { } group ? QueryHelpers.AddQueryString(address, "group", group.ToString()) : address;
    }
}
