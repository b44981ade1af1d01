using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;
using System.Xml.Linq;
using CashoutConsole.Foundation;
using CashoutConsole.Tests.Support;
using CashoutConsole.Withdrawals.Domain.Bulk;

namespace CashoutConsole.Tests.Withdrawals.Bulk;

public sealed partial class BulkRowRulesTests
{
    private const string CardNumber = "4111111111111111";

    /// <summary>An account id that happens to pass for a card number.</summary>
    private const string CardLikeId = "5555555555554444";

    private static readonly BookAccount Card = Account("c-1", "USD");
    private static readonly BookAccount Other = Account("c-2", "USD");
    private static readonly BookAccount CardLike = Account(CardLikeId, "USD");
    private static readonly BookAccount Holder = new(Guid.NewGuid(), "h-1", "Ann", "TUSDT", ByCard: false);
    private static readonly BookAccount HolderByCard = Holder with { ByCard = true };
    private static readonly BookAccount Member = Account("ann", "CNY");

    private static readonly BulkBook Book = new(new Dictionary<string, BookProvider>(StringComparer.Ordinal)
    {
        ["Uqpay:main"] = Provider("Uqpay:main", Sheets.Windowed, ("c-1", [Card]), ("c-2", [Other]), (CardLikeId, [CardLike])),
        ["KeySecure:main"] = Provider("KeySecure:main", Sheets.Windowed, ("h-1", [HolderByCard, Holder]), ("k-1", [HolderByCard]), ("k-2", [HolderByCard]),
            ("shared", [HolderByCard, Account("h-2", "TUSDT")])),
        ["MemberWallet:main"] = Provider("MemberWallet:main", Sheets.Member, ("ann", [Member])),
        ["UnCash:main"] = Provider("UnCash:main", Sheets.NoKey, ("c-1", [Account("c-1", "USD")])),
        ["UnCash:old"] = Provider("UnCash:old", null, ("c-9", [Account("c-9", "USD")])),
        ["UnCash:new"] = Provider("UnCash:new", Sheets.NoKey, ("c-8", [Account("c-8", "USD")])) with { IsActive = false },
    });

    private static readonly CsvRow Good = new(2, "Uqpay:main", "c-1", "10.00", "USD", "INV-1", "rent");

    [Fact]
    public void A_row_without_faults_says_what_it_withdraws()
    {
        var row = One(Good);
        Assert.True(row.IsValid);
        Assert.Equal((Card.Id, 10m, Good), (row.AccountId, row.Amount!.Stated, row.Row));
        Assert.True(row.FingerprintHoldsForever);
        Assert.Matches("^[0-9a-f]{64}$", row.Fingerprint!);
    }

    [Fact]
    public void A_reference_a_note_and_the_case_of_names_are_free()
    {
        var row = One(Good with { ProviderAccount = "UQPAY:Main", Amount = "all", Currency = "usd", ClientReference = "", Note = "two\r\nlines 👩\u200D💻" });
        Assert.Empty(row.Faults);
        Assert.True(row.Amount!.IsAll);
        Assert.False(row.FingerprintHoldsForever);
        Assert.NotNull(row.Fingerprint);
    }

    [Theory]
    [InlineData(CsvColumn.ProviderAccount, "", "ProviderAccountMissing")]
    [InlineData(CsvColumn.ProviderAccount, "Uqpay:mian", "ProviderAccountUnknown")]
    [InlineData(CsvColumn.Account, "", "AccountMissing")]
    [InlineData(CsvColumn.Account, "c-3", "AccountUnknown")]
    [InlineData(CsvColumn.Account, "C-1", "AccountUnknown")]
    [InlineData(CsvColumn.Account, CardNumber, "CardNumberInText")]
    [InlineData(CsvColumn.Currency, "", "CurrencyMissing")]
    [InlineData(CsvColumn.Currency, "EUR", "CurrencyDiffers")]
    [InlineData(CsvColumn.Amount, "", "AmountMissing")]
    [InlineData(CsvColumn.Amount, "-10", "AmountNegative")]
    [InlineData(CsvColumn.Amount, "0", "AmountZero")]
    [InlineData(CsvColumn.Amount, "10.001", "AmountTooManyDecimals")]
    [InlineData(CsvColumn.Amount, "1,000.00", "AmountSeparators")]
    [InlineData(CsvColumn.Amount, "1.000,00", "AmountSeparators")]
    [InlineData(CsvColumn.Amount, "=1+1", "AmountNotANumber")]
    [InlineData(CsvColumn.Amount, CardNumber, "CardNumberInText")]
    [InlineData(CsvColumn.ClientReference, CardNumber, "CardNumberInText")]
    [InlineData(CsvColumn.ClientReference, "•••• 1111 paid", "CardNumberInText")]
    [InlineData(CsvColumn.ClientReference, "=1+1", "FormulaInText")]
    [InlineData(CsvColumn.ClientReference, "INV\u200B-1", "ControlCharacters")]
    [InlineData(CsvColumn.ClientReference, "INV\n1", "ControlCharacters")]
    [InlineData(CsvColumn.Note, "card 4111 1111-1111 1111", "CardNumberInText")]
    [InlineData(CsvColumn.Note, "@SUM(A1)", "FormulaInText")]
    [InlineData(CsvColumn.Note, "+1", "FormulaInText")]
    [InlineData(CsvColumn.Note, "-1", "FormulaInText")]
    [InlineData(CsvColumn.Note, "\u00A0＝1", "FormulaInText")]
    [InlineData(CsvColumn.Note, "fine\n =1", "FormulaInText")]
    [InlineData(CsvColumn.Note, "bell\a", "ControlCharacters")]
    [InlineData(CsvColumn.Note, "turned \u202E round", "ControlCharacters")]
    public void Each_bad_cell_has_its_own_fault(CsvColumn column, string text, string code)
    {
        var row = One(Good.With(column, text));
        Assert.Equal([(column, code)], row.Faults.Select(static fault => (fault.Column, fault.Error.Code)));
        Assert.Equal(column is CsvColumn.Currency or CsvColumn.Amount or CsvColumn.Note, row.Fingerprint is not null);
        Assert.DoesNotContain(CardNumber, row.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Half_a_character_is_refused_where_a_cell_is_fixed_in_place() =>
        Assert.Equal("ControlCharacters", Assert.Single(One(Good.With(CsvColumn.ClientReference, "INV\uD800")).Faults).Error.Code);

    [Fact]
    public void All_faults_of_a_row_come_at_once_in_the_order_of_the_columns()
    {
        var row = One(Good with { ProviderAccount = "x", Account = "", Amount = "-1", Currency = "", ClientReference = "=1", Note = new string('n', 501), Fault = new Error("CsvCellCount", 7, 6) });
        Assert.Equal(
            ["CsvCellCount", "ProviderAccountUnknown", "AccountMissing", "AmountNegative", "CurrencyMissing", "FormulaInText", "TooLong"],
            row.Faults.Select(static fault => fault.Error.Code), StringComparer.Ordinal);
        Assert.Equal([.. Enum.GetValues<CsvColumn>()], row.Faults.Select(static fault => fault.Column));
        Assert.Null(row.Fingerprint);
    }

    [Fact]
    public void Lengths_end_at_100_and_500()
    {
        Assert.True(One(Good with { ClientReference = new string('r', 100), Note = new string('n', 500) }).IsValid);
        Assert.Equal(
            ["TooLong (100)", "TooLong (500)"],
            One(Good with { ClientReference = new string('r', 101), Note = new string('n', 501) }).Faults.Select(static fault => fault.Error.ToString()), StringComparer.Ordinal);
    }

    [Theory]
    [InlineData("UnCash:main", "c-1", "0.99", "AmountBelowMinimum (1, USD)")]
    [InlineData("UnCash:main", "c-1", "30000.50", null)]
    [InlineData("MemberWallet:main", "ann", "0.000001", null)]
    [InlineData("MemberWallet:main", "ann", "0.0000001", "AmountTooManyDecimals (6)")]
    public void The_sheet_says_what_fits_and_too_much_is_sent_in_parts(string provider, string account, string amount, string? fault)
    {
        var row = One(Good with { ProviderAccount = provider, Account = account, Amount = amount, Currency = account == "ann" ? "CNY" : "USD" });
        Assert.Equal(fault, row.Faults.SingleOrDefault()?.Error.ToString());
        Assert.Equal(fault is null, row.Amount is not null);
    }

    [Theory]
    [InlineData("UnCash:old", "c-9")]
    [InlineData("UnCash:new", "c-8")]
    public void A_provider_account_that_cannot_send_is_named(string provider, string account) =>
        Assert.Equal($"ProviderAccountNotReady ({provider})", Assert.Single(One(Good with { ProviderAccount = provider, Account = account }).Faults).Error.ToString());

    [Fact]
    public void A_card_finds_its_cardholder_and_a_card_of_two_finds_none()
    {
        var row = Good with { ProviderAccount = "KeySecure:main", Currency = "TUSDT" };
        Assert.Equal((Holder.Id, true), (One(row with { Account = "k-1" }).AccountId, One(row with { Account = "k-1" }).Account!.ByCard));
        Assert.Equal(Holder, One(row with { Account = "h-1" }).Account);
        Assert.Equal("AccountAmbiguous (2, KeySecure:main)", Assert.Single(One(row with { Account = "shared" }).Faults).Error.ToString());
        Assert.Null(One(row with { Account = "shared" }).AccountId);
    }

    [Fact]
    public void Two_cards_of_one_cardholder_are_refused_by_name()
    {
        var row = Good with { ProviderAccount = "KeySecure:main", Currency = "TUSDT", Account = "k-1" };
        var rows = BulkRowRules.Check([row, row with { Line = 3, Account = "k-2", ClientReference = "INV-2" }, row with { Line = 4, Account = "h-1", ClientReference = "", Amount = "ALL" }], Book);
        Assert.True(rows[0].IsValid);
        Assert.Equal([(CsvColumn.Account, "AccountTwice (2, Ann)")], rows[1].Faults.Select(static fault => (fault.Column, fault.Error.ToString())));
        Assert.Equal("AccountTwice (2, Ann)", Assert.Single(rows[2].Faults).Error.ToString());
    }

    [Fact]
    public void The_same_row_twice_is_refused_with_the_line_of_the_first_also_beside_other_faults()
    {
        var rows = BulkRowRules.Check([Good, Good with { Line = 3, Account = "c-2" }, Good with { Line = 9, Amount = "20", Note = "=1" }], Book);
        Assert.Equal([0, 0, 2], rows.Select(static row => row.Faults.Count));
        Assert.Equal([(CsvColumn.Account, "DuplicateRow (2)"), (CsvColumn.Note, "FormulaInText")], rows[2].Faults.Select(static fault => (fault.Column, fault.Error.ToString())));
    }

    [Fact]
    public void A_known_account_id_is_no_card_number_and_stays_as_it_is()
    {
        var row = One(Good with { Account = CardLikeId, Note = "from " + CardLikeId });
        Assert.Empty(row.Faults);
        Assert.Equal((CardLikeId, "from " + CardLikeId), (row.Row.Account, row.Row.Note));

        var elsewhere = new BulkBook(new Dictionary<string, BookProvider>(StringComparer.Ordinal), new HashSet<string>(StringComparer.Ordinal) { CardLikeId });
        Assert.Equal(CardLikeId, BulkRowRules.Check([Good with { Note = CardLikeId }], elsewhere)[0].Row.Note);
    }

    [Fact]
    public void A_full_card_number_is_kept_nowhere()
    {
        var row = One(new CsvRow(2, CardNumber, CardNumber, CardNumber, CardNumber, CardNumber, "pay " + CardNumber));
        Assert.Equal(new CsvRow(2, "••••1111", "••••1111", "••••1111", "••••1111", "••••1111", "pay ••••1111"), row.Row);
        Assert.Equal(6, row.Faults.Count(static fault => fault.Error.Is("CardNumberInText")));
        Assert.DoesNotContain(row.Faults.SelectMany(static fault => fault.Error.Arguments), static argument => $"{argument}".Contains(CardNumber, StringComparison.Ordinal));
    }

    [Fact]
    public void A_fingerprint_is_the_reference_where_there_is_one_else_the_amount_and_currency()
    {
        Assert.Equal(FingerprintOf(Good), FingerprintOf(Good with { Amount = "77", Note = "other", Line = 8 }));
        Assert.NotEqual(FingerprintOf(Good), FingerprintOf(Good with { ClientReference = "inv-1" }), StringComparer.Ordinal);
        Assert.NotEqual(FingerprintOf(Good), FingerprintOf(Good with { Account = "c-2" }), StringComparer.Ordinal);

        var bare = Good with { ClientReference = "", Amount = "10" };
        Assert.Single(new[] { "10", "10.0", "10.00", " 010 " }.Select(amount => FingerprintOf(bare with { Amount = amount })).Distinct(StringComparer.Ordinal));
        Assert.Equal(FingerprintOf(bare), FingerprintOf(bare with { Currency = "usd", Note = "other" }));
        Assert.Equal(5, new[] { bare with { Amount = "10.01" }, bare with { Amount = "ALL" }, bare with { ProviderAccount = "UnCash:main" }, bare, Good }.Select(FingerprintOf).Distinct(StringComparer.Ordinal).Count());
    }

    [Fact]
    public void A_fingerprint_cannot_be_forged_by_a_reference_and_stays_what_it_is()
    {
        var (provider, account) = (new Guid("0197a000-0000-7000-8000-000000000001"), new Guid("0197a000-0000-7000-8000-000000000002"));
        Assert.NotEqual(
            RowFingerprint.WithoutReference(provider, account, RowAmount.Parse("10").Value, "USD"),
            RowFingerprint.WithReference(provider, account, "amount=5:10.00\ncurrency=3:USD"),
            StringComparer.Ordinal);
        Assert.Equal(RowFingerprint.WithoutReference(provider, account, RowAmount.All, "USD"), RowFingerprint.WithoutReference(provider, account, RowAmount.All, " usd "));
        Assert.Equal(RowFingerprint.WithReference(provider, account, "caf\u00E9"), RowFingerprint.WithReference(provider, account, "cafe\u0301"));
        // Stored for ever: another form would let every earlier row through once more.
        Assert.Equal("811900a064cf2ed12c0ebaf0884918c29ee546325029538008ae560339bfc03b", RowFingerprint.WithReference(provider, account, "INV-1"));
        Assert.Equal("8ea4704f003d8e8d0861109774ca7dc271e8ed2cebc45f9850db7b7eff145185", RowFingerprint.WithoutReference(provider, account, RowAmount.All, "USD"));
    }

    [Fact]
    public void Checking_again_what_was_kept_changes_nothing()
    {
        var first = One(Good with { ClientReference = "'" + CardNumber, Note = " x ", Amount = "'10.00" });
        Assert.Equal(("••••1111", "x", "10.00"), (first.Row.ClientReference, first.Row.Note, first.Row.Amount));
        Assert.Equal(first.Faults.Select(static fault => $"{fault}"), One(first.Row).Faults.Select(static fault => $"{fault}"), StringComparer.Ordinal);
    }

    [Fact]
    public void Ten_thousand_rows_are_checked_at_once()
    {
        var accounts = Enumerable.Range(0, 10_000).Select(static i => Account($"c-{i}", "USD")).ToList();
        var book = new BulkBook(new Dictionary<string, BookProvider>(StringComparer.Ordinal)
        {
            ["Uqpay:main"] = Provider("Uqpay:main", Sheets.Windowed, [.. accounts.Select(static account => (account.ExternalId, new[] { account }))]),
        });
        CsvRow[] rows = [.. accounts.Select(static (account, i) => new CsvRow(i + 2, "Uqpay:main", account.ExternalId, $"{i + 1}.50", "USD", $"INV-{i}", $"rent of month {i}"))];
        Assert.All(BulkRowRules.Check(rows, book), static row => Assert.True(row.IsValid));
    }

    [Fact]
    public void Every_fault_that_these_rules_name_has_a_text()
    {
        var folder = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "CashoutConsole");
        var known = XDocument.Load(Path.Combine(folder, "Shell", "Resources", "Strings.resx")).Root!.Elements("data").Select(static data => (string)data.Attribute("name")!).ToHashSet(StringComparer.Ordinal);
        var named = Directory.EnumerateFiles(Path.Combine(folder, "Withdrawals", "Domain", "Bulk"), "*.cs")
            .Select(File.ReadAllText).Where(static source => source.Contains("new Error(", StringComparison.Ordinal))
            .SelectMany(static source => NamedCode().Matches(source)).Select(static match => match.Groups["code"].Value).Distinct(StringComparer.Ordinal).ToList();
        Assert.True(named.Count > 30, $"{named.Count} codes were read.");
        Assert.DoesNotContain(named, code => !known.Contains("Error_" + code));
    }

    private static string ThisFile([CallerFilePath] string file = "") => file;

    private static string? FingerprintOf(CsvRow row) => One(row).Fingerprint;

    private static CheckedRow One(CsvRow row) => Assert.Single(BulkRowRules.Check([row], Book));

    private static BookAccount Account(string id, string currency) => new(Guid.NewGuid(), id, "•••• " + id, currency, ByCard: false);

    private static BookProvider Provider(string name, CashoutConsole.Providers.Contracts.ProviderSheet? sheet, params (string Text, BookAccount[] Accounts)[] accounts) => new(
        Guid.NewGuid(), name, sheet, IsActive: true, accounts.ToDictionary(static entry => entry.Text, static IReadOnlyList<BookAccount> (entry) => entry.Accounts, StringComparer.Ordinal));

    /// <summary>Error codes are the only texts of several capitalised words in those files.</summary>
    [GeneratedRegex("(?<!=)\"(?<code>[A-Z][a-z]+[A-Z][A-Za-z]+)\"", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex NamedCode();
}
