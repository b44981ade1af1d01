using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>One row as it was typed, white space around the cells taken away. "" = empty.</summary>
/// <param name="Line">The line of the file on which it starts, the header being line 1.</param>
public sealed record CsvRow(int Line, string ProviderAccount, string Account, string Amount, string Currency, string ClientReference, string Note)
{
    /// <summary>
    /// The row has not as many cells as the header, so its texts may stand in the wrong columns. It stays until a person has put the row
    /// in order and it is set to null.
    /// </summary>
    public Error? Fault { get; init; }

    public string this[CsvColumn column] => column switch
    {
        CsvColumn.Row => "",
        CsvColumn.ProviderAccount => ProviderAccount,
        CsvColumn.Account => Account,
        CsvColumn.Amount => Amount,
        CsvColumn.Currency => Currency,
        CsvColumn.ClientReference => ClientReference,
        CsvColumn.Note => Note,
    };

    /// <summary>The row with one cell fixed, read as the same cell of a file would be.</summary>
    public CsvRow With(CsvColumn column, string text)
    {
        var cell = SpreadsheetText.WithoutGuard(text);
        return column switch
        {
            CsvColumn.Row => this,
            CsvColumn.ProviderAccount => this with { ProviderAccount = cell },
            CsvColumn.Account => this with { Account = cell },
            CsvColumn.Amount => this with { Amount = cell },
            CsvColumn.Currency => this with { Currency = cell },
            CsvColumn.ClientReference => this with { ClientReference = cell },
            CsvColumn.Note => this with { Note = cell },
        };
    }

    /// <summary>The row with every cell changed the same way.</summary>
    internal CsvRow Each(Func<string, string> change) => this with
    {
        ProviderAccount = change(ProviderAccount),
        Account = change(Account),
        Amount = change(Amount),
        Currency = change(Currency),
        ClientReference = change(ClientReference),
        Note = change(Note),
    };
}
