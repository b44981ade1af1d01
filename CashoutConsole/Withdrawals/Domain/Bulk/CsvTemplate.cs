using System.Text;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>The empty upload to start from: the header alone, since an example row would be an account that nobody has.</summary>
public static class CsvTemplate
{
    public const string FileName = "withdrawals-template.csv";

    /// <summary>UTF-8 with the byte order mark that spreadsheets recognise it by.</summary>
    public static byte[] Content() => [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(string.Join(',', CsvColumns.Names) + "\r\n")];
}
