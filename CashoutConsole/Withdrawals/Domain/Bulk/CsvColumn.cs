namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>The columns of an upload. <see cref="Row"/> stands for the row as a whole.</summary>
public enum CsvColumn
{
    Row,
    ProviderAccount,
    Account,
    Amount,
    Currency,
    ClientReference,
    Note,
}

/// <summary>The header names of an upload and of its result downloads.</summary>
public static class CsvColumns
{
    /// <summary>Columns of a result download all start so; an upload leaves them out.</summary>
    public const string ResultPrefix = "result_";

    public const string ResultStatus = "result_status";
    public const string ResultReason = "result_reason";
    public const string ResultWithdrawals = "result_withdrawals";
    public const string ResultSettledAmount = "result_settled_amount";
    public const string ResultSettledCurrency = "result_settled_currency";
    public const string ResultFinishedAt = "result_finished_at";

    /// <summary>The columns that people fill in, in the order of the template.</summary>
    public static IReadOnlyList<CsvColumn> All { get; } =
        [CsvColumn.ProviderAccount, CsvColumn.Account, CsvColumn.Amount, CsvColumn.Currency, CsvColumn.ClientReference, CsvColumn.Note];

    public static IReadOnlyList<CsvColumn> Required { get; } = [CsvColumn.ProviderAccount, CsvColumn.Account, CsvColumn.Amount, CsvColumn.Currency];

    public static IReadOnlyList<string> Names { get; } = [.. All.Select(NameOf)];

    public static IReadOnlyList<string> ResultNames { get; } =
        [ResultStatus, ResultReason, ResultWithdrawals, ResultSettledAmount, ResultSettledCurrency, ResultFinishedAt];

    public static string NameOf(CsvColumn column) => column switch
    {
        CsvColumn.Row => "row",
        CsvColumn.ProviderAccount => "provider_account",
        CsvColumn.Account => "account",
        CsvColumn.Amount => "amount",
        CsvColumn.Currency => "currency",
        CsvColumn.ClientReference => "client_reference",
        CsvColumn.Note => "note",
    };
}
