using System.Globalization;
using System.Text;
using CashoutConsole.Foundation;

namespace CashoutConsole.Withdrawals.Domain.Bulk;

/// <summary>The check of one row by itself. At most one fault per cell: the one to fix first.</summary>
internal sealed class RowCheck(CsvRow row, BulkBook book)
{
    /// <summary>What <see cref="CardNumbers.Mask"/> leaves behind: a reference with it is no longer what was typed.</summary>
    private const string MaskMark = "••••";

    private readonly Dictionary<CsvColumn, Error> _faults = [];

    public CheckedRow Run()
    {
        if (row.Fault is { } fault)
        {
            _faults[CsvColumn.Row] = fault;
        }
        var leaking = CsvColumns.All.Where(column => CardNumbers.ContainsCardNumber(row[column], book.IsAccountId)).ToList();
        leaking.ForEach(column => Add(column, new Error("CardNumberInText")));
        var provider = Provider();
        var account = provider is null ? NoAccount() : AccountAt(provider);
        CheckCurrency(account);
        var amount = Amount(provider, account);
        CheckText(CsvColumn.ClientReference, BulkRowRules.MaxReferenceLength, manyLines: false);
        CheckText(CsvColumn.Note, BulkRowRules.MaxNoteLength, manyLines: true);
        return new CheckedRow(
            leaking.Count == 0 ? row : row.Each(cell => CardNumbers.Mask(cell, book.IsAccountId)), provider, account, amount, Fingerprint(provider, account, amount),
            [.. _faults.OrderBy(static entry => entry.Key).Select(static entry => new CellFault(entry.Key, entry.Value))]);
    }

    private BookProvider? Provider()
    {
        var provider = book.Provider(row.ProviderAccount);
        if (row.ProviderAccount.Length == 0)
        {
            Add(CsvColumn.ProviderAccount, new Error("ProviderAccountMissing"));
        }
        else if (provider is null)
        {
            Add(CsvColumn.ProviderAccount, new Error("ProviderAccountUnknown"));
        }
        else if (provider is { IsActive: false } or { Sheet: null })
        {
            Add(CsvColumn.ProviderAccount, new Error("ProviderAccountNotReady", provider.Name));
        }
        return provider;
    }

    private BookAccount? NoAccount()
    {
        if (row.Account.Length == 0)
        {
            Add(CsvColumn.Account, new Error("AccountMissing"));
        }
        return null;
    }

    private BookAccount? AccountAt(BookProvider provider)
    {
        if (row.Account.Length == 0)
        {
            return NoAccount();
        }
        // An account that has its own id and a card with the same id is one account still.
        var found = provider.Accounts.GetValueOrDefault(row.Account)?.OrderBy(static account => account.ByCard).DistinctBy(static account => account.Id).ToList() ?? [];
        if (found.Count == 1)
        {
            return found[0];
        }
        Add(CsvColumn.Account, found.Count == 0 ? new Error("AccountUnknown", provider.Name) : new Error("AccountAmbiguous", found.Count, provider.Name));
        return null;
    }

    private void CheckCurrency(BookAccount? account)
    {
        if (row.Currency.Length == 0)
        {
            Add(CsvColumn.Currency, new Error("CurrencyMissing"));
        }
        else if (account is not null && !row.Currency.Equals(account.Currency, StringComparison.OrdinalIgnoreCase))
        {
            Add(CsvColumn.Currency, new Error("CurrencyDiffers", account.Currency));
        }
    }

    /// <summary>Above the sheet's maximum is fine: it is sent in parts.</summary>
    private RowAmount? Amount(BookProvider? provider, BookAccount? account)
    {
        var sheet = provider?.Sheet;
        var amount = RowAmount.Parse(row.Amount, sheet?.Decimals ?? RowAmount.MostDecimals);
        if (!amount.IsSuccess)
        {
            Add(CsvColumn.Amount, amount.Error);
        }
        else if (sheet is not null && amount.Value.Stated < sheet.Minimum)
        {
            Add(CsvColumn.Amount, new Error("AmountBelowMinimum", sheet.Minimum, account?.Currency ?? ""));
        }
        return _faults.ContainsKey(CsvColumn.Amount) ? null : amount.Value;
    }

    private void CheckText(CsvColumn column, int most, bool manyLines)
    {
        var text = row[column];
        if (column == CsvColumn.ClientReference && text.Contains(MaskMark, StringComparison.Ordinal))
        {
            Add(column, new Error("CardNumberInText"));
        }
        else if (SpreadsheetText.IsFormula(text))
        {
            Add(column, new Error("FormulaInText"));
        }
        else if (StorableText.Of(text) != text || text.EnumerateRunes().Any(rune => IsInvisible(rune, manyLines)))
        {
            Add(column, new Error("ControlCharacters"));
        }
        else if (text.Length > most)
        {
            Add(column, new Error("TooLong", most));
        }
    }

    /// <summary>
    /// Two references that look the same must be the same, so nothing invisible may stand in one. A note may have line breaks, and the
    /// joiners of some scripts, but nothing that turns the direction of the text around it.
    /// </summary>
    private static bool IsInvisible(Rune rune, bool manyLines) => Rune.GetUnicodeCategory(rune) switch
    {
        UnicodeCategory.Control => !manyLines || rune.Value is not ('\r' or '\n' or '\t'),
        UnicodeCategory.Format => !manyLines || rune.Value is (>= 0x202A and <= 0x202E) or (>= 0x2066 and <= 0x2069),
        UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator => !manyLines,
        _ => false,
    };

    private string? Fingerprint(BookProvider? provider, BookAccount? account, RowAmount? amount) => (provider, account, amount) switch
    {
        (null, _, _) or (_, null, _) => null,
        _ when row.ClientReference.Length > 0 =>
            _faults.ContainsKey(CsvColumn.ClientReference) ? null : RowFingerprint.WithReference(provider.Id, account.Id, row.ClientReference),
        (_, _, null) => null,
        _ => RowFingerprint.WithoutReference(provider.Id, account.Id, amount, account.Currency),
    };

    private void Add(CsvColumn column, Error error) => _faults.TryAdd(column, error);
}
