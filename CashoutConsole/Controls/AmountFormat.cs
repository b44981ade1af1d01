using System.Globalization;

namespace CashoutConsole.Controls;

/// <summary>How amounts are written on pages: grouped, at least two decimals, never rounded (up to the six that are stored).</summary>
public static class AmountFormat
{
    public static string Text(decimal amount) => amount.ToString("#,##0.00####", CultureInfo.CurrentCulture);
}
